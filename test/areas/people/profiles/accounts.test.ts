import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { insertion } from '../../../../src/db/patch.ts'
import { sessions } from '../../../../src/db/schema/people/identity.ts'
import { offers } from '../../../../src/db/schema/work/matching.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { actorOf, anAdmin, aPostedTask, aTasker, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'
import { aKey, withKey } from '../api-keys/keys.ts'
import { otherThan, passes, refresh, requestCode, signIn, verify } from '../identity/sign-in.ts'
import { logIn, registeredByEmail } from '../identity/sign-in-methods.ts'

type Status = 'active' | 'suspended' | 'closed'
const move = async ({ userId }: Caller, status: Status, by?: Caller) =>
  database(by ? actorOf(by) : undefined).write([
    sql`update users set status = ${status} where id = ${userId}`,
  ])

/** With a session that nobody has ended: what is asked of the account itself must keep them out. */
const byAnother = (caller: Caller): Caller => ({ ...caller, sessionId: newId() })

const openSession = ({ userId }: Caller) =>
  database().write([sql`insert into sessions ${insertion(sessions, { id: newId(), userId })}`])

describe('a suspended account', () => {
  it('has no session until it is reinstated', async () => {
    const [user, admin] = [await signedIn(), await anAdmin()]
    await openSession(user)
    await move(user, 'suspended', admin)
    const rows = await database().read<{ reason: string | null }>(
      sql`select revoked_reason as reason from sessions where user_id = ${user.userId}`,
    )
    expect(rows).toEqual([{ reason: 'account_suspended' }, { reason: 'account_suspended' }])
    const told = await database().read<{ count: number }>(
      sql`select count(*)::int as count from outbox where type = 'session.revoked' and data ->> 'userId' = ${user.userId}`,
    )
    expect(told).toEqual([{ count: 2 }])
    await expect(openSession(user)).rejects.toMatchObject({ code: 'account_suspended' })
    await move(user, 'active', admin)
    await openSession(user)
  })

  it('is refused with a code, a password and a refresh token', async () => {
    const [byCode, byPassword] = [await signIn(), await registeredByEmail()]
    const logged = (await logIn(byPassword.email, byPassword.password)).body
    for (const id of [byCode.user.id, logged.user.id]) {
      await database().write([sql`update users set status = 'suspended' where id = ${id}`])
    }
    await passes(byCode.phone, 3_600)
    const { code } = await requestCode(byCode.phone)
    const wrong = await verify(byCode.phone, otherThan(code))
    const right = await verify(byCode.phone, code)
    expect([wrong, right].map(({ body }) => body.code)).toEqual(['otp_invalid', 'account_suspended'])
    expect(await codeOf(logIn(byPassword.email, byPassword.password))).toBe('403 account_suspended')
    for (const { refreshToken } of [byCode, logged]) {
      expect(await codeOf(refresh(refreshToken))).toBe('401 invalid_refresh_token')
    }
  })

  it('cannot be reinstated once closed, when its window has passed', async () => {
    const user = await signedIn()
    await move(user, 'closed', user)
    await database().write([sql`update users set restorable_until = now() where id = ${user.userId}`])
    await expect(openSession(user)).rejects.toMatchObject({ code: 'account_closed' })
    await expect(move(user, 'active', byAnother(user))).rejects.toMatchObject({
      code: 'account_not_restorable',
    })
  })

  it('is suspended and reinstated by staff only', async () => {
    const [user, other] = [await signedIn(), await signedIn('tasker')]
    await expect(move(user, 'suspended', other)).rejects.toMatchObject({ code: 'not_found' })
    await expect(move(user, 'closed', other)).rejects.toMatchObject({ code: 'not_found' })
    await move(user, 'suspended')
    await expect(move(user, 'active', byAnother(user))).rejects.toMatchObject({ code: 'invalid_transition' })
    await expect(move(user, 'closed', byAnother(user))).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  it('cannot write with an unexpired token', async () => {
    const { taskId, client: user } = await aPostedTask()
    await move(user, 'suspended')
    const attempts = [
      api(`/v1/tasks/${taskId}/cancel`, { as: user, body: { reason: 'No longer needed.' } }),
      api('/v1/me', { as: user, method: 'PATCH', body: { fullName: 'Somebody else' } }),
      api('/v1/me/settings', { as: user, method: 'PATCH', body: { theme: 'dark' } }),
      api('/v1/me/addresses', { as: user, body: { label: 'Home', address: '1 Nile St', city: 'Cairo' } }),
      api('/v1/me/languages', { as: user, method: 'PUT', body: { languages: [] } }),
      api('/v1/me/company-profile', { as: user, method: 'PUT', body: { companyName: 'Nile' } }),
    ]
    for (const attempt of attempts) expect(await codeOf(attempt)).toBe('403 account_suspended')
    const as = await staffToken(byAnother(user))
    const renamed = api('/v1/me', { as, method: 'PATCH', body: { fullName: 'Somebody else' } })
    expect(await codeOf(renamed)).toBe('403 account_suspended')
    expect((await ok(api('/v1/me', { as: user }))).body.status).toBe('suspended')
  })

  it('is revealed to holders of its API keys only', async () => {
    const owner = await signedIn()
    const made = await aKey(['tasks:read'], { owner })
    await move(owner, 'suspended')
    expect(await codeOf(withKey('/v1/tasks', made.key))).toBe('403 account_suspended')
    const forged = made.key.replace(/...$/, (end) => (end === 'abc' ? 'cba' : 'abc'))
    expect(await codeOf(withKey('/v1/tasks', forged))).toBe('401 invalid_api_key')
  })

  it('loses its open offers and is not matched', async () => {
    const [{ taskId }, tasker, offerId] = [await aPostedTask(), await aTasker(), newId()]
    const offer = { id: offerId, taskId, taskerId: tasker.userId, wave: 1 }
    await database().write([
      sql`insert into offers ${insertion(offers, { ...offer, expiresAt: sql`now() + interval '1 minute'` })}`,
    ])
    const state = async () => {
      const [row] = await database().read<{ offer: string; found: number }>(sql`
        select (select status from offers where id = ${offerId}) as offer,
               (select count(*)::int from match_index where tasker_id = ${tasker.userId}) as found`)
      return row
    }
    expect(await state()).toEqual({ offer: 'pending', found: 1 })
    await move(tasker, 'suspended', await anAdmin())
    expect(await state()).toEqual({ offer: 'withdrawn', found: 0 })
    expect(await codeOf(api(`/v1/taskers/${tasker.userId}`))).toBe('404 not_found')
    await move(tasker, 'active', await anAdmin())
    expect(await state()).toEqual({ offer: 'withdrawn', found: 1 })
  })
})
