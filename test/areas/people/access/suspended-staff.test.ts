import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { recordedReads } from '../../../../src/http/recorded-reads.ts'
import { all, call, named } from '../../../contract/call.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, actorOf, anAdmin, anOps, ok } from '../../../support/story.ts'
import { aClerk, aRole, dismiss, grant, roleIdOf, statusOf } from './support.ts'

const suspend = (as: Caller, who: Caller) =>
  statusOf(api(`/v1/users/${who.userId}/suspend`, { as, body: { reason: 'An audit' } }))
const reinstate = (as: Caller, who: Caller) =>
  statusOf(api(`/v1/users/${who.userId}/reinstate`, { as, body: { reason: 'An audit' } }))

describe('a suspended member of staff with an unexpired token', () => {
  it('cannot reinstate themselves or others, or do anything else', async () => {
    const [gone, boss, other, user] = [await anAdmin(), await anAdmin(), await anOps(), await aClient()]
    const support = await roleIdOf('support')
    expect(await suspend(boss, other)).toBe('200')
    expect(await suspend(boss, gone)).toBe('200')
    expect(await reinstate(gone, gone)).toBe('403 account_suspended')
    expect(await reinstate(gone, other)).toBe('403 account_suspended')
    expect(await suspend(gone, boss)).toBe('403 account_suspended')
    expect(await statusOf(grant(gone, user.userId, support))).toBe('403 account_suspended')
    const asked = api('/v1/me/role-requests', { as: gone, body: { role: 'support', reason: 'Please' } })
    expect(await statusOf(asked)).toBe('403 account_suspended')
    const [account] = await database().read<{ status: string }>(
      sql`select status from users where id = ${gone.userId}`,
    )
    expect(account?.status).toBe('suspended')
    expect(await reinstate(boss, gone)).toBe('200')
    // New sign-in: suspension has ended the sessions there were.
    expect(await reinstate(await staffToken({ ...gone, sessionId: newId() }), other)).toBe('200')
  })
})

describe('an account', () => {
  it('cannot be suspended or reinstated by its owner', async () => {
    const admin = await anAdmin()
    expect(await suspend(admin, admin)).toBe('403 own_account')
    expect(await reinstate(admin, admin)).toBe('403 own_account')
  })

  it('of staff is reinstated only by holders of all its permissions', async () => {
    const [clerk, ops, user, boss] = [
      await aClerk(['users.manage']),
      await anOps(),
      await aClient(),
      await anAdmin(),
    ]
    expect(await suspend(clerk, ops)).toBe('403 not_held')
    expect(await suspend(boss, ops)).toBe('200')
    expect(await reinstate(clerk, ops)).toBe('403 not_held')
    expect(await suspend(clerk, user)).toBe('200')
    expect(await reinstate(clerk, user)).toBe('200')
  })

  it('is guarded by the database as well', async () => {
    const [clerk, user] = [await aClerk(['users.read']), await aClient()]
    const change = (who: Caller, as: Caller) =>
      database(actorOf(as)).write([sql`update users set status = 'suspended' where id = ${who.userId}`])
    await expect(change(user, clerk)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(change(clerk, await anAdmin())).resolves.toEqual([])
    const admin = await anAdmin()
    await expect(change(admin, admin)).rejects.toMatchObject({ code: 'own_account' })
  })
})

/** Changes by staff, and reads that are recorded. Other reads stay possible until the token ends. */
const writes = all.filter(
  ({ operationId, policy, method }) =>
    policy !== 'public' &&
    policy.permission &&
    policy.roles.includes('admin') &&
    (method !== 'get' || operationId === 'audit.export' || operationId in recordedReads),
)

describe('an admin whose grant was revoked, with an unexpired token', () => {
  it.each(named(writes))('%s asks the database what they may', async (_operationId, operation) => {
    const gone = await anAdmin()
    await dismiss(gone.userId)
    const { status, body } = await call(operation, { as: gone })
    expect([status, (body as { code: string }).code], JSON.stringify(body)).toEqual([
      403,
      'permission_missing',
    ])
  })

  it('gets no replayed answer', async () => {
    const [gone, user, roleId] = [await anAdmin(), await aClient(), await roleIdOf('support')]
    const again = () =>
      api('/v1/user-roles', {
        as: gone,
        body: { userId: user.userId, roleId },
        headers: { 'idempotency-key': key },
      })
    const key = newId()
    expect(await statusOf(again())).toBe('201')
    expect(await statusOf(again())).toBe('201')
    await dismiss(gone.userId)
    expect(await statusOf(again())).toBe('403 permission_missing')
  })

  it('has the access of an ordinary user, and no more', async () => {
    const gone = await anOps()
    await dismiss(gone.userId)
    await ok(api('/v1/me/role-requests', { as: gone, body: { role: 'support', reason: 'Back again' } }))
    const [entry] = await database().read<{ actor_role: string }>(
      sql`select actor_role from audit_log where actor_user_id = ${gone.userId} and target_type = 'user_roles'`,
    )
    expect(entry?.actor_role).toBe('client')
  })

  it('keeps the permissions of another role', async () => {
    const [user, boss] = [await aClient(), await anAdmin()]
    await ok(grant(boss, user.userId, await aRole(['organisation.manage'], boss)))
    const { id } = (await ok(grant(boss, user.userId, await roleIdOf('support')))).body
    const clerk = await staffToken(user)
    await ok(api(`/v1/user-roles/${id}/revoke`, { as: boss, body: { reason: 'No more' } }))
    const department = (code: string) =>
      api('/v1/departments', { as: clerk, body: { name: `D ${code}`, code } })
    expect(await statusOf(department(`D${newId().slice(-8)}`))).toBe('201')
    const open = api(`/v1/reports/${newId()}/investigate`, { as: clerk, method: 'POST' })
    expect(await statusOf(open)).toBe('403 permission_missing')
  })
})
