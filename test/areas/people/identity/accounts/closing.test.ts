import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { runJobs } from '../../../../../src/scheduled.ts'
import { api, type Caller, database, env, signedIn } from '../../../../support/api.ts'
import { aBooking, anAdmin, aPostedTask, aTasker, ok } from '../../../../support/story.ts'
import { codeOf } from '../../../../support/work.ts'
import { passes, signIn } from '../sign-in.ts'

const close = (as: Caller, body: object = {}) => api('/v1/me/close', { as, body })
const reason = { reason: 'Asked for by post' }
const byStaff = (as: Caller, what: string, of: { userId: string }) =>
  api(`/v1/users/${of.userId}/${what}`, { as, body: reason })
const stateOf = async (userId: string) =>
  (await database().read<{ status: string }>(sql`select u.status from users u where u.id = ${userId}`))[0]
    ?.status
const windowPasses = (userId: string) =>
  database().write([sql`update users set restorable_until = now() where id = ${userId}`])

describe('closing an account', () => {
  it('ends its sessions and open tasks, and says until when it can be restored', async () => {
    const { client, taskId } = await aPostedTask()
    const { body } = await ok(close(client))
    expect(body).toMatchObject({ id: client.userId, status: 'closed' })
    const days = (Date.parse(body.restorableUntil) - Date.parse(body.deletedAt)) / 86_400_000
    expect(Math.round(days)).toBe(30)
    expect(await codeOf(api('/v1/me', { as: client, method: 'PATCH', body: { locale: 'en' } }))).toBe(
      '401 session_ended',
    )
    const [task] = await database().read<{ state: string }>(
      sql`select t.state from tasks t where t.id = ${taskId}`,
    )
    expect(task?.state).toBe('canceled_by_client')
  })

  it('hides a tasker from clients', async () => {
    const tasker = await aTasker()
    await ok(close(tasker))
    expect((await api(`/v1/taskers/${tasker.userId}`)).status).toBe(404)
    const [index] = await database().read<{ rows: number }>(
      sql`select count(*)::int as rows from match_index where tasker_id = ${tasker.userId}`,
    )
    expect(index?.rows).toBe(0)
  })

  it.each(['accepted', 'in_progress'] as const)(
    'is refused to both parties of a booking that is %s',
    async (state) => {
      const { client, tasker } = await aBooking({ state })
      for (const as of [client, tasker]) {
        const { status, body } = await close(as)
        expect([status, body.code]).toEqual([409, 'account_not_closable'])
        expect(body.detail).toContain('open_booking')
        expect(await stateOf(as.userId)).toBe('active')
      }
    },
  )

  it('is refused while money is owed to its owner, or by them', async () => {
    const { tasker } = await aBooking({ state: 'settled' })
    expect((await close(tasker)).body.detail).toContain('unpaid_debt')
    const { client } = await aBooking({ state: 'completed' })
    expect((await close(client)).body.detail).toContain('unpaid_booking')
  })

  it('is for staff too, but not of their own account', async () => {
    const [admin, user] = [await anAdmin(), await signedIn()]
    expect(await codeOf(byStaff(admin, 'close', admin))).toBe('403 own_account')
    expect((await ok(byStaff(admin, 'close', user))).body).toMatchObject({ status: 'closed' })
    expect(await codeOf(byStaff(admin, 'close', user))).toBe('409 account_not_in_state')
  })

  it('is no way out for a member of staff', async () => {
    expect((await close(await anAdmin())).status).toBe(403)
  })
})

describe('restoring a closed account', () => {
  it('happens by signing in within the window', async () => {
    const person = await signIn()
    await ok(api('/v1/me/close', { body: {}, headers: { authorization: `Bearer ${person.accessToken}` } }))
    await passes(person.phone, 120)
    const again = await signIn({ phone: person.phone })
    expect(again.user).toMatchObject({ id: person.user.id, status: 'active' })
    expect(await stateOf(person.user.id)).toBe('active')
  })

  it('is for staff within the window, and lets clients find the tasker again', async () => {
    const [admin, tasker] = [await anAdmin(), await aTasker()]
    await ok(close(tasker))
    const { body } = await ok(byStaff(admin, 'restore', tasker))
    expect(body).toMatchObject({ status: 'active', deletedAt: null, restorableUntil: null })
    expect(body.restoredAt).not.toBeNull()
    expect((await api(`/v1/taskers/${tasker.userId}`)).status).toBe(200)
  })

  it('is over after the window: sign-in is refused, and the account is erased', async () => {
    const [admin, user] = [await anAdmin(), await signedIn()]
    await ok(close(user))
    await windowPasses(user.userId)
    expect(await codeOf(byStaff(admin, 'restore', user))).toBe('409 account_not_restorable')
    const session = sql`insert into sessions (id, user_id) values (${newId()}, ${user.userId})`
    await expect(database().write([session])).rejects.toMatchObject({ code: 'account_closed' })
    await runJobs(env, ['eraseClosed'])
    const requests = await database().read<{ reason: string }>(
      sql`select r.reason from erasure_requests r where r.user_id = ${user.userId}`,
    )
    expect(requests).toEqual([{ reason: 'account_closed' }])
  })
})

describe('an account that nobody uses', () => {
  it('becomes inactive after a year, and active again by signing in', async () => {
    const person = await signIn()
    const unused = await signedIn()
    await database().write([
      sql`update users set created_at = now() - interval '2 years' where id in (${unused.userId}, ${person.user.id})`,
      sql`update sessions set last_used_at = now() - interval '366 days' where user_id = ${unused.userId}`,
    ])
    // A run looks at a thousand accounts: the next one begins here.
    await database().write([
      sql`update unused_account_progress set reached = (select id from users where id < ${unused.userId} order by id desc limit 1)`,
    ])
    await runJobs(env, ['deactivateUnused'])
    expect(await stateOf(unused.userId)).toBe('inactive')
    expect(await stateOf(person.user.id)).toBe('active')
    const actor = { kind: 'user', userId: unused.userId, role: 'client', sessionId: newId() } as const
    await database(actor).write([
      sql`insert into sessions (id, user_id) values (${newId()}, ${unused.userId})`,
    ])
    expect(await stateOf(unused.userId)).toBe('active')
  })
})
