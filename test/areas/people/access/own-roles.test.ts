import { describe, expect, it } from 'vitest'
import { api, type Caller } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'
import { claimsOf, grant, roleIdOf, statusOf } from './support.ts'

const own = async (as: Caller): Promise<string[]> =>
  (await ok(api('/v1/me/roles', { as }))).body.data.map(
    ({ role, status }: { role: string; status: string }) => `${role} ${status}`,
  )
const giveBack = (as: Caller, id: string) => api(`/v1/me/roles/${id}/give-back`, { as, method: 'POST' })

describe('one’s own roles', () => {
  it('are visible to their owner, with requests and decisions', async () => {
    const [user, boss] = [await aClient(), await anAdmin()]
    expect(await own(user)).toEqual([])
    const body = { role: 'support', reason: 'Please' }
    const { id } = (await ok(api('/v1/me/role-requests', { as: user, body }))).body
    expect(await own(user)).toEqual(['support pending'])
    await ok(api(`/v1/user-roles/${id}/reject`, { as: boss, body: { reason: 'No' } }))
    await ok(grant(boss, user.userId, await roleIdOf('ops')))
    expect(await own(user)).toEqual(['ops approved', 'support rejected'])
  })

  it('are given back, and requests withdrawn, without any permission', async () => {
    const [user, boss] = [await aClient(), await anAdmin()]
    const body = { role: 'ops', reason: 'Please' }
    const request = (await ok(api('/v1/me/role-requests', { as: user, body }))).body
    expect((await ok(giveBack(user, request.id))).body.status).toBe('revoked')
    const { id } = (await ok(grant(boss, user.userId, await roleIdOf('support')))).body
    const staff = await staffToken(user)
    expect((await ok(giveBack(staff, id))).body).toMatchObject({ id, role: 'support', status: 'revoked' })
    expect(await claimsOf(user.userId)).toMatchObject({ role: 'client', permissions: [] })
    expect(await statusOf(giveBack(user, id))).toBe('409 not_pending')
  })

  it('cannot be given back by others', async () => {
    const [user, other, boss] = [await aClient(), await aClient(), await anAdmin()]
    const { id } = (await ok(grant(boss, user.userId, await roleIdOf('support')))).body
    for (const as of [other, boss]) expect(await statusOf(giveBack(as, id))).toBe('404 not_found')
    expect(await own(user)).toEqual(['support approved'])
  })
})
