import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, database } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, aTasker, ok } from '../../../support/story.ts'
import { aClerk, aRole, changeRole, claimsOf, grant, roleIdOf, statusOf } from './support.ts'

const theirRole = async (userId: string): Promise<string | undefined> =>
  (await database().read<{ role: string }>(sql`select role from users where id = ${userId}`))[0]?.role

describe('widening a role', () => {
  it('requires all its permissions: to activate it, make it internal or add permissions', async () => {
    const [boss, holder] = [await anAdmin(), await aClient()]
    const shaper = await aClerk(['roles.manage', 'tasks.read'], boss)
    const wide = await aRole(['tasks.read', 'ledger.read'], boss)
    await ok(grant(boss, holder.userId, wide))
    const change = (body: object) => statusOf(changeRole(shaper, wide, body))
    expect(await change({ canApproveRequests: true })).toBe('403 not_held')
    expect(await change({ canManageSystemSettings: true })).toBe('403 not_held')
    expect(await change({ audience: 'external' })).toBe('403 not_held')
    expect(await change({ isActive: false })).toBe('200')
    expect(await claimsOf(holder.userId)).toEqual({ role: 'client', permissions: [] })
    expect(await change({ displayName: 'Still off' })).toBe('200')
    expect(await change({ isActive: true })).toBe('403 not_held')
    expect(await claimsOf(holder.userId)).toEqual({ role: 'client', permissions: [] })
    // Permissions that the same change takes out need not be held.
    expect(await change({ isActive: true, permissions: ['tasks.read'] })).toBe('200')
    expect(await claimsOf(holder.userId)).toEqual({ role: 'ops', permissions: ['tasks.read'] })
  })

  it('does not require permissions that stay in it or are removed', async () => {
    const boss = await anAdmin()
    const shaper = await aClerk(['roles.manage', 'tasks.read'], boss)
    const role = await aRole(['events.read', 'ledger.read'], boss)
    const shape = (permissions: string[]) => changeRole(shaper, role, { permissions })
    expect((await ok(shape(['ledger.read', 'tasks.read']))).body.permissions).toEqual([
      'ledger.read',
      'tasks.read',
    ])
    expect(await statusOf(shape(['events.read', 'ledger.read']))).toBe('403 not_held')
  })

  it('requires the added permissions in an inactive role, and all of them to activate it', async () => {
    const boss = await anAdmin()
    const shaper = await aClerk(['roles.manage', 'tasks.read'], boss)
    const role = await aRole(['tasks.read'], boss, { isActive: false })
    expect(await statusOf(changeRole(shaper, role, { isActive: true, permissions: ['ledger.read'] }))).toBe(
      '403 not_held',
    )
    expect(await statusOf(changeRole(shaper, role, { isActive: true }))).toBe('200')
  })

  it('is refused to holders of the role, who could make a temporary permission permanent', async () => {
    const [boss, user] = [await anAdmin(), await aClient()]
    const lasting = await aRole(['roles.manage', 'tasks.read'], boss)
    await ok(grant(boss, user.userId, lasting))
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    await ok(grant(boss, user.userId, await aRole(['ledger.read'], boss), { expiresAt }))
    const shaper = await staffToken(user)
    const more = { permissions: ['roles.manage', 'tasks.read', 'ledger.read'] }
    expect(await statusOf(changeRole(shaper, lasting, more))).toBe('403 own_role')
    expect(await statusOf(changeRole(shaper, lasting, { canApproveRequests: true }))).toBe('403 own_role')
    expect(await statusOf(changeRole(shaper, lasting, { permissions: ['roles.manage'] }))).toBe('200')
    const off = await aRole(['tasks.read'], boss)
    await ok(grant(boss, user.userId, off))
    await ok(changeRole(boss, off, { isActive: false }))
    expect(await statusOf(changeRole(await staffToken(user), off, { isActive: true }))).toBe('403 own_role')
    expect((await claimsOf(user.userId))?.permissions).toEqual(['ledger.read', 'roles.manage'])
  })
})

describe('a role that is deactivated or made external', () => {
  it('makes no one staff until it is active again', async () => {
    const [boss, user, tasker, both] = [await anAdmin(), await aClient(), await aTasker(), await aClient()]
    const role = await aRole(['tasks.read'], boss)
    for (const { userId } of [user, tasker, both]) await ok(grant(boss, userId, role))
    await ok(grant(boss, both.userId, await roleIdOf('support')))
    const roles = () => Promise.all([user, tasker, both].map(({ userId }) => theirRole(userId)))
    expect(await roles()).toEqual(['ops', 'ops', 'ops'])
    for (const [off, on] of [
      [{ isActive: false }, { isActive: true }],
      [{ audience: 'external' }, { audience: 'internal' }],
    ] as const) {
      await ok(changeRole(boss, role, off))
      expect(await roles()).toEqual(['client', 'tasker', 'ops'])
      await ok(changeRole(boss, role, on))
      expect(await roles()).toEqual(['ops', 'ops', 'ops'])
    }
  })

  it('grants nothing while inactive', async () => {
    const [boss, user, clerk] = [await anAdmin(), await aClient(), await aClient()]
    const role = await aRole(['tasks.read'], boss)
    const [{ name } = { name: '' }] = await database().read<{ name: string }>(
      sql`select name from roles where id = ${role}`,
    )
    const asked = api('/v1/me/role-requests', { as: user, body: { role: name, reason: 'Please' } })
    const { id } = (await ok(asked)).body
    await ok(changeRole(boss, role, { isActive: false }))
    expect(await statusOf(grant(boss, clerk.userId, role))).toBe('404 not_found')
    await ok(api(`/v1/user-roles/${id}/approve`, { as: boss, body: {} }))
    expect(await claimsOf(user.userId)).toEqual({ role: 'client', permissions: [] })
    await ok(changeRole(boss, role, { isActive: true }))
    expect(await claimsOf(user.userId)).toEqual({ role: 'ops', permissions: ['tasks.read'] })
  })

  it('is never the admin role', async () => {
    await anAdmin()
    for (const change of [sql`is_active = false`, sql`audience = 'external'`, sql`name = 'emperor'`]) {
      const attempt = database().write([sql`update roles set ${change} where name = 'admin'`])
      await expect(attempt).rejects.toMatchObject({ code: 'last_admin' })
    }
  })
})

describe('deleting a role', () => {
  const remove = async (roleId: string, as = anAdmin()) =>
    statusOf(api(`/v1/roles/${roleId}`, { as: await as, method: 'DELETE', headers: { 'if-match': '*' } }))

  it('removes a role that was never granted', async () => {
    const role = await aRole(['tasks.read'])
    expect(await remove(role)).toBe('204')
    expect(await remove(role)).toBe('404 not_found')
    expect(await remove(newId())).toBe('404 not_found')
    expect(await database().read(sql`select from role_permissions where role_id = ${role}`)).toEqual([])
  })

  it('is refused for system roles and for roles ever granted or requested', async () => {
    const [boss, user] = [await anAdmin(), await aClient()]
    const role = await aRole(['tasks.read'], boss)
    const { id } = (await ok(grant(boss, user.userId, role))).body
    expect(await remove(role)).toBe('409 role_in_use')
    await ok(api(`/v1/user-roles/${id}/revoke`, { as: boss, body: { reason: 'No more' } }))
    expect(await remove(role)).toBe('409 role_in_use')
    expect(await remove(await roleIdOf('support'))).toBe('409 system_role')
    expect(await remove(await aRole([]), aClerk(['roles.read']))).toBe('403 permission_missing')
  })
})

describe('the owner of a grant', () => {
  it('is notified of every decision by others, and not of their own', async () => {
    const [boss, user] = [await anAdmin(), await aClient()]
    const support = await roleIdOf('support')
    const events = () =>
      database().read<{ type: string; party: string | null; role: string }>(
        sql`select o.type, o.data ->> 'party' as party, o.data ->> 'role' as role from outbox o
              join outbox_recipients r on r.event_id = o.id
             where r.user_id = ${user.userId} and o.object_type = 'user_role' order by o.seq`,
      )
    const decide = (id: string, action: string, as = boss) =>
      ok(api(`/v1/user-roles/${id}/${action}`, { as, body: { reason: 'So be it' } }))
    const ask = async () => {
      const body = { role: 'support', reason: 'Night shift' }
      return (await ok(api('/v1/me/role-requests', { as: user, body }))).body.id as string
    }
    await decide(await ask(), 'reject')
    const approved = await ask()
    await decide(approved, 'approve')
    await decide(approved, 'revoke')
    const { id } = (await ok(grant(boss, user.userId, support))).body
    await database().write([sql`update user_roles set status = 'expired' where id = ${id}`])
    // One's own to give back, where one may decide on roles at all.
    const assigner = await aRole(['roles.assign'], boss)
    const own = (await ok(grant(boss, user.userId, assigner))).body.id
    await decide(own, 'revoke', await staffToken(user))
    const told = (type: string) => ({ type: `user_role.${type}`, party: null, role: 'support' })
    expect((await events()).slice(0, 5)).toEqual([
      told('rejected'),
      told('approved'),
      told('revoked'),
      told('approved'),
      told('expired'),
    ])
    expect((await events()).slice(5).map(({ type, party }) => [type, party])).toEqual([
      ['user_role.approved', null],
      ['user_role.revoked', 'user'],
    ])
  })
})
