import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { expireGrants } from '../../../../src/areas/people/access/jobs.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { type Answer, api, type Caller, database, env } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'
import { aClerk, aRole, grant, roleIdOf, statusOf } from './support.ts'

const asked = async (user: Caller, reason = 'Please') =>
  (await ok(api('/v1/me/role-requests', { as: user, body: { role: 'support', reason } }))).body

const decide = (id: string, action: string, as: Caller, reason: string) =>
  ok(api(`/v1/user-roles/${id}/${action}`, { as, body: { reason } }))

const ownGrant = async (user: Caller) => (await ok(api('/v1/me/roles', { as: user }))).body.data[0]

const allowedOf = ({ allowedActions }: { allowedActions: { action: string; allowed: boolean }[] }) =>
  allowedActions.flatMap(({ action, allowed }) => (allowed ? [action] : []))

describe('a decision on a role request or grant', () => {
  it('keeps the reason of the request, and shows its owner the reason of the rejection', async () => {
    const [user, admin] = [await aClient(), await anAdmin()]
    const { id } = await asked(user)
    const { body } = await decide(id, 'reject', admin, 'No thanks')
    expect(body).toMatchObject({
      status: 'rejected',
      reason: 'Please',
      decidedBy: admin.userId,
      decisionReason: 'No thanks',
      assignedBy: null,
      assignedAt: null,
      endedAt: null,
    })
    expect(body.decidedAt).toBe(body.updatedAt)
    const own = await ownGrant(user)
    expect(own).toMatchObject({ reason: 'Please', decisionReason: 'No thanks', decidedAt: body.decidedAt })
    for (const name of ['assignedBy', 'decidedBy', 'endedBy']) expect(own).not.toHaveProperty(name)
  })

  it('keeps the grantor when another member of staff revokes the grant', async () => {
    const [user, giver, taker] = [await aClient(), await anAdmin(), await anAdmin()]
    const { id } = await asked(user)
    const approved = (await decide(id, 'approve', giver, 'Welcome')).body
    expect(approved).toMatchObject({ assignedBy: giver.userId, decidedBy: giver.userId, endedBy: null })
    const { body } = await decide(id, 'revoke', taker, 'Has left')
    expect(body).toMatchObject({
      status: 'revoked',
      reason: 'Please',
      assignedBy: giver.userId,
      assignedAt: approved.assignedAt,
      decidedBy: giver.userId,
      decisionReason: 'Welcome',
      endedBy: taker.userId,
      endReason: 'Has left',
    })
    expect(body.endedAt).toBe(body.updatedAt)
    const granted = (await ok(grant(giver, user.userId, await roleIdOf('support'), { reason: 'Back' }))).body
    expect(granted).toMatchObject({
      reason: 'Back',
      assignedBy: giver.userId,
      decidedBy: null,
      decidedAt: null,
    })
    expect((await decide(granted.id, 'revoke', taker, 'Again')).body).toMatchObject({
      reason: 'Back',
      assignedBy: giver.userId,
      endedBy: taker.userId,
      endReason: 'Again',
    })
  })

  it('names what ended it: its owner, its expiry, or the end of the employment', async () => {
    const [user, boss] = [await aClient(), await anAdmin()]
    const support = await roleIdOf('support')
    const given = async (as: Caller) => (await ok(grant(boss, as.userId, support))).body.id as string
    const stored = async (id: string) => (await ok(api(`/v1/user-roles/${id}`, { as: boss }))).body
    const back = await given(user)
    expect(
      (await ok(api(`/v1/me/roles/${back}/give-back`, { as: user, method: 'POST' }))).body.endedAt,
    ).toBeTruthy()
    expect(await stored(back)).toMatchObject({
      assignedBy: boss.userId,
      endedBy: user.userId,
      endReason: null,
    })

    const late = await given(user)
    await database().write([
      sql`update user_roles set expires_at = now() - interval '1 second' where id = ${late}`,
    ])
    await expireGrants(systemContext(env, 'test'), 1_000)
    const expired = await stored(late)
    expect(expired).toMatchObject({ status: 'expired', assignedBy: boss.userId, endedBy: null })
    expect(expired.endedAt).toBeTruthy()

    const worker = await aClient()
    const held = await given(worker)
    const other = await anAdmin()
    const body = {
      userId: worker.userId,
      employeeCode: worker.userId.slice(-12),
      employmentStatus: 'terminated',
    }
    await ok(api('/v1/employees', { as: other, body }))
    expect(await stored(held)).toMatchObject({
      status: 'revoked',
      assignedBy: boss.userId,
      endedBy: other.userId,
    })
  })
})

describe('a grant as a resource', () => {
  it('has an ETag of its version in every response', async () => {
    const [user, admin] = [await aClient(), await anAdmin()]
    const tagOf = ({ headers, body }: Answer<{ version: number }>) => [headers.get('etag'), body.version]
    const request = await ok(
      api('/v1/me/role-requests', { as: user, body: { role: 'support', reason: 'Please' } }),
    )
    expect(tagOf(request)).toEqual(['"v1.en"', 1])
    const { id } = request.body
    expect(tagOf(await api(`/v1/user-roles/${id}`, { as: admin }))).toEqual(['"v1.en"', 1])
    expect(tagOf(await decide(id, 'approve', admin, 'Yes'))).toEqual(['"v2.en"', 2])
    expect(tagOf(await decide(id, 'revoke', admin, 'No more'))).toEqual(['"v3.en"', 3])
    const granted = await ok(grant(admin, user.userId, await roleIdOf('support')))
    expect(tagOf(granted)).toEqual(['"v1.en"', 1])
    const back = await api(`/v1/me/roles/${granted.body.id}/give-back`, { as: user, method: 'POST' })
    expect(tagOf(back)).toEqual(['"v2.en"', 2])
  })

  it('lists the actions allowed to its reader', async () => {
    const [user, admin, reader] = [await aClient(), await anAdmin(), await aClerk(['roles.read'])]
    const weak = await aClerk(['roles.read', 'roles.assign'])
    const { id, allowedActions } = await asked(user)
    expect(allowedActions).toEqual([{ action: 'give-back', allowed: true }])
    const seen = async (as: Caller) => (await ok(api(`/v1/user-roles/${id}`, { as }))).body
    expect(allowedOf(await seen(admin))).toEqual(['approve', 'reject'])
    expect((await seen(admin)).allowedActions[2]).toEqual({
      action: 'revoke',
      allowed: false,
      reason: 'wrong_state',
    })
    for (const as of [reader, weak]) expect(allowedOf(await seen(as))).toEqual([])
    expect(await statusOf(api(`/v1/user-roles/${id}/approve`, { as: weak, body: {} }))).toBe('403 not_held')
    expect(allowedOf((await decide(id, 'approve', admin, 'Yes')).body)).toEqual(['revoke'])
    const { data } = (await ok(api(`/v1/user-roles?userId=${user.userId}`, { as: admin }))).body
    expect(data.map(allowedOf)).toEqual([['revoke']])
    expect(allowedOf(await ownGrant(user))).toEqual(['give-back'])
    await decide(id, 'revoke', admin, 'No more')
    expect(allowedOf(await seen(admin))).toEqual([])
    expect(allowedOf(await ownGrant(user))).toEqual([])
  })

  it('of one’s own can be given back but not decided', async () => {
    const [user, boss] = [await aClient(), await anAdmin()]
    const role = await aRole(['roles.assign', 'roles.read'], boss)
    const { id } = (await ok(grant(boss, user.userId, role))).body
    const own = await staffToken(user)
    expect(allowedOf((await ok(api(`/v1/user-roles/${id}`, { as: own }))).body)).toEqual(['revoke'])
    const pending = await asked(own)
    expect(allowedOf((await ok(api(`/v1/user-roles/${pending.id}`, { as: own }))).body)).toEqual([])
  })
})

describe('a suspended account', () => {
  it('shows staff since when, by whom and why, until it is reinstated', async () => {
    const [user, admin] = [await aClient(), await anAdmin()]
    const act = async (action: string) =>
      (await ok(api(`/v1/users/${user.userId}/${action}`, { as: admin, body: { reason: 'An audit' } }))).body
    const seen = async () => (await ok(api(`/v1/users/${user.userId}`, { as: admin }))).body
    const nothing = { suspendedAt: null, suspendedBy: null, suspensionReason: null }
    expect(await seen()).toMatchObject(nothing)
    const suspended = await act('suspend')
    expect(suspended).toMatchObject({ suspendedBy: admin.userId, suspensionReason: 'An audit' })
    expect(Date.parse(suspended.suspendedAt)).toBeGreaterThan(Date.now() - 60_000)
    expect(await seen()).toEqual(suspended)
    expect(await act('reinstate')).toMatchObject(nothing)
    const [entry] = await database().read<{ changes: object; reason: string }>(
      sql`select meta -> 'changes' as changes, meta ->> 'reason' as reason from audit_log
           where target_type = 'users' and target_id = ${user.userId} and meta #>> '{changes,status,1}' = 'suspended'`,
    )
    expect(entry).toEqual({ changes: { status: ['active', 'suspended'] }, reason: 'An audit' })
  })
})
