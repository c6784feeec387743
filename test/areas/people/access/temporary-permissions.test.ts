import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'
import { aClerk, aRole, changeRole, grant, roleIdOf, statusOf } from './support.ts'

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

/** An administrator until then, and no longer. */
async function aStandIn(hours: number): Promise<Caller> {
  const user = await aClient()
  await ok(grant(await anAdmin(), user.userId, await roleIdOf('admin'), { expiresAt: inHours(hours) }))
  return staffToken(user)
}

describe('a holder of a temporary permission', () => {
  it('cannot grant it beyond its own expiry', async () => {
    const [standIn, friend] = [await aStandIn(2), await aClient()]
    for (const role of [await roleIdOf('admin'), await roleIdOf('support')]) {
      expect(await statusOf(grant(standIn, friend.userId, role))).toBe('403 not_held_so_long')
      const longer = { expiresAt: inHours(3) }
      expect(await statusOf(grant(standIn, friend.userId, role, longer))).toBe('403 not_held_so_long')
    }
    const until = { expiresAt: inHours(1) }
    expect(await statusOf(grant(standIn, friend.userId, await roleIdOf('admin'), until))).toBe('201')
    expect((await api('/v1/users', { as: await staffToken(friend) })).status).toBe(200)
  })

  it('cannot approve a request beyond its own expiry', async () => {
    const [standIn, friend] = [await aStandIn(2), await aClient()]
    const body = { role: 'support', reason: 'Please' }
    const { id } = (await ok(api('/v1/me/role-requests', { as: friend, body }))).body
    const approve = (more: object) =>
      statusOf(api(`/v1/user-roles/${id}/approve`, { as: standIn, body: more }))
    expect(await approve({})).toBe('403 not_held_so_long')
    expect(await approve({ expiresAt: inHours(1) })).toBe('200')
  })

  it('cannot add it to, or activate, a role that others hold for longer', async () => {
    const [standIn, boss, friend] = [await aStandIn(2), await anAdmin(), await aClient()]
    const role = await aRole(['tasks.read'], boss)
    await ok(grant(boss, friend.userId, role))
    const more = { permissions: ['tasks.read', 'audit.read'] }
    expect(await statusOf(changeRole(standIn, role, more))).toBe('403 not_held_so_long')
    await ok(changeRole(boss, role, { isActive: false }))
    expect(await statusOf(changeRole(standIn, role, { isActive: true }))).toBe('403 not_held_so_long')
    const nobodys = await aRole(['tasks.read'], boss)
    expect(await statusOf(changeRole(standIn, nobodys, more))).toBe('200')
  })

  it('can revoke and reject, and counts with the longer of two grants', async () => {
    const [standIn, boss, friend] = [await aStandIn(2), await anAdmin(), await aClient()]
    const { id } = (await ok(grant(boss, friend.userId, await roleIdOf('support')))).body
    const reason = 'The shift is over'
    expect(await statusOf(api(`/v1/user-roles/${id}/revoke`, { as: standIn, body: { reason } }))).toBe('200')

    const clerk = await aClerk(['roles.assign', 'tasks.read'], boss)
    const again = await aRole(['tasks.read'], boss)
    await ok(grant(boss, clerk.userId, again, { expiresAt: inHours(1) }))
    expect(await statusOf(grant(clerk, friend.userId, again))).toBe('201')
  })
})

describe('a closed account', () => {
  it('cannot be granted a role', async () => {
    const [boss, user] = [await anAdmin(), await aClient()]
    await database().write([sql`update users set status = 'closed' where id = ${user.userId}`])
    const granted = grant(boss, user.userId, await roleIdOf('support'))
    expect(await statusOf(granted)).toBe('409 account_not_in_state')
    expect(await statusOf(grant(boss, newId(), await roleIdOf('support')))).toBe('404 not_found')
  })
})
