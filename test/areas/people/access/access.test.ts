import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { expireGrants } from '../../../../src/areas/people/access/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { permissions, systemRoles } from '../../../../src/core/permissions.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, anOps, aPostedTask, ok } from '../../../support/story.ts'
import { aRole, claimsOf, grant, roleIdOf, statusOf } from './support.ts'

describe('system roles', () => {
  it('have the same permissions in the database and in the code', async () => {
    const rows = await database().read<{ name: string; description: string }>(
      sql`select name, description from permissions order by name`,
    )
    expect(Object.fromEntries(rows.map(({ name, description }) => [name, description]))).toEqual(permissions)
    for (const [role, held] of Object.entries(systemRoles)) {
      const inDatabase = await database().read<{ name: string }>(
        sql`select p.name from role_permissions rp join roles r on r.id = rp.role_id join permissions p on p.id = rp.permission_id
             where r.name = ${role} order by p.name`,
      )
      expect([role, inDatabase.map(({ name }) => name)]).toEqual([role, [...held].sort()])
    }
  })

  it('cannot be changed', async () => {
    const [admin, support] = [await anAdmin(), await roleIdOf('support')]
    const change = (body: object) =>
      statusOf(
        api(`/v1/roles/${support}`, { as: admin, method: 'PATCH', body, headers: { 'if-match': '*' } }),
      )
    expect(await change({ displayName: 'Mine' })).toBe('409 system_role')
    expect(await change({ permissions: ['ledger.read'] })).toBe('409 system_role')
  })
})

describe('a request for a role', () => {
  it('grants the permissions of the role only once another member of staff approves it', async () => {
    const [user, admin] = [await aClient(), await anAdmin()]
    const body = { role: 'support', reason: 'Night shift' }
    const { id, status } = (await ok(api('/v1/me/role-requests', { as: user, body }))).body
    expect(status).toBe('pending')
    expect(await claimsOf(user.userId)).toEqual({ role: 'client', permissions: [] })
    expect(await statusOf(api('/v1/me/role-requests', { as: user, body }))).toBe('409 already_exists')

    const decide = (action: string, as: Caller) =>
      statusOf(api(`/v1/user-roles/${id}/${action}`, { as, body: { reason: 'So be it' } }))
    expect(await decide('approve', await anOps())).toBe('403 permission_missing')
    expect(await decide('approve', admin)).toBe('200')
    expect(await decide('approve', admin)).toBe('409 not_pending')
    expect(await claimsOf(user.userId)).toEqual({ role: 'ops', permissions: [...systemRoles.support].sort() })
    expect(await decide('revoke', admin)).toBe('200')
    expect(await claimsOf(user.userId)).toEqual({ role: 'client', permissions: [] })
  })

  it('can be repeated after a rejection, and returns 404 for an unknown role', async () => {
    const [user, admin] = [await aClient(), await anAdmin()]
    const ask = (role: string) => api('/v1/me/role-requests', { as: user, body: { role, reason: 'Please' } })
    expect(await statusOf(ask('emperor'))).toBe('404 not_found')
    const { id } = (await ok(ask('support'))).body
    await ok(api(`/v1/user-roles/${id}/reject`, { as: admin, body: { reason: 'Not now' } }))
    expect(await statusOf(ask('support'))).toBe('201')
  })
})

describe('a grant', () => {
  it('adds the permissions of the role to the token, and no others', async () => {
    const [user, { taskId }] = [await aClient(), await aPostedTask()]
    await ok(grant(await anAdmin(), user.userId, await aRole(['tasks.read'])))
    const clerk = await staffToken(user)
    expect(await statusOf(api(`/v1/tasks/${taskId}`, { as: clerk }))).toBe('200')
    expect(await statusOf(api('/v1/ledger/entries', { as: clerk }))).toBe('403 permission_missing')
    expect(await statusOf(api('/v1/bookings', { as: clerk }))).toBe('403 permission_missing')
  })

  it('is refused for permissions the grantor lacks, for oneself, and twice', async () => {
    const [user, other, boss] = [await aClient(), await aClient(), await anAdmin()]
    await ok(grant(boss, user.userId, await aRole(['roles.assign', 'roles.manage', 'tasks.read'])))
    const assigner = await staffToken(user)
    const [narrow, wide] = [await aRole(['tasks.read']), await aRole(['tasks.read', 'ledger.read'])]
    expect(await statusOf(grant(assigner, other.userId, wide))).toBe('403 not_held')
    expect(await statusOf(grant(assigner, other.userId, await roleIdOf('admin')))).toBe('403 not_held')
    expect(await statusOf(grant(assigner, user.userId, narrow))).toBe('403 own_role')
    expect(await statusOf(grant(assigner, other.userId, narrow))).toBe('201')
    expect(await statusOf(grant(assigner, other.userId, narrow))).toBe('409 already_exists')
    expect(await statusOf(grant(assigner, newId(), narrow))).toBe('404 not_found')

    const shape = (names: string[]) =>
      statusOf(
        api(`/v1/roles/${narrow}`, {
          as: assigner,
          method: 'PATCH',
          body: { permissions: names },
          headers: { 'if-match': '*' },
        }),
      )
    expect(await shape(['tasks.read', 'ledger.read'])).toBe('403 not_held')
    expect(await shape(['tasks.read', 'roles.assign'])).toBe('200')
    expect((await claimsOf(other.userId))?.permissions).toEqual(['roles.assign', 'tasks.read'])
  })

  it('has no effect once expired, before and after the job ran', async () => {
    const user = await aClient()
    await ok(
      grant(await anAdmin(), user.userId, await aRole(['tasks.read']), {
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    )
    expect(await claimsOf(user.userId)).toEqual({ role: 'ops', permissions: ['tasks.read'] })
    await database().write([
      sql`update user_roles set expires_at = now() - interval '1 second' where user_id = ${user.userId}`,
    ])
    expect((await claimsOf(user.userId))?.permissions).toEqual([])
    await expireGrants(systemContext(env, 'test'), 1_000)
    expect(await claimsOf(user.userId)).toEqual({ role: 'client', permissions: [] })
  })

  it('with an expiry in the past is refused', async () => {
    const [user, admin] = [await aClient(), await anAdmin()]
    const expiresAt = '2025-01-01T00:00:00.000Z'
    expect(await statusOf(grant(admin, user.userId, await roleIdOf('support'), { expiresAt }))).toBe(
      '422 time_in_the_past',
    )
  })
})

describe('an account', () => {
  it('is found by a prefix of its number, address or name', async () => {
    const [user, ops] = [await aClient(), await anOps()]
    const find = async (search: string) =>
      (await ok(api(`/v1/users?search=${encodeURIComponent(search)}`, { as: ops }))).body.data.map(
        ({ id }: { id: string }) => id,
      )
    expect(await find(user.phone)).toEqual([user.userId])
    expect(await find(`${user.phone.slice(0, -1)}%`)).toEqual([])
  })

  it('has no sessions and permissions while suspended', async () => {
    const [user, admin] = [await anOps(), await anAdmin()]
    const act = (action: string, id: string) =>
      statusOf(api(`/v1/users/${id}/${action}`, { as: admin, body: { reason: 'An audit' } }))
    expect(await act('suspend', admin.userId)).toBe('403 own_account')
    expect(await act('suspend', user.userId)).toBe('200')
    expect(await act('suspend', user.userId)).toBe('409 account_not_in_state')
    expect((await claimsOf(user.userId))?.permissions).toEqual([])
    const live = await database().read(
      sql`select id from sessions where user_id = ${user.userId} and revoked_at is null`,
    )
    expect(live).toEqual([])
    expect(await act('reinstate', user.userId)).toBe('200')
    expect((await claimsOf(user.userId))?.permissions).toEqual([...systemRoles.ops].sort())
  })

  it('becomes staff by a grant only, never by an update', async () => {
    const user = await signedIn('client')
    const promote = database({ ...(await anAdminActor()) }).write([
      sql`update users set role = 'admin' where id = ${user.userId}`,
    ])
    await expect(promote).rejects.toMatchObject({ code: 'own_role' })
  })
})

async function anAdminActor() {
  const { userId, sessionId } = await anAdmin()
  return { kind: 'user', userId, sessionId, role: 'admin' } as const
}
