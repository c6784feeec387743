import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'
import { aClerk, aRole, changeRole, claimsOf, grant, roleIdOf, statusOf } from '../access/support.ts'

const aCode = () => newId().slice(-12)
const create = (path: string, as: Caller, body: object) => api(path, { as, body })
const change = (path: string, as: Caller, body: object) =>
  api(path, { as, method: 'PATCH', body, headers: { 'if-match': '*' } })

async function anEmployee(
  boss: Caller,
  more: object = {},
): Promise<{ user: Caller; path: string; id: string }> {
  const user = await aClient()
  const body = { userId: user.userId, employeeCode: aCode(), ...more }
  const { id } = (await ok(create('/v1/employees', boss, body))).body
  return { user, id, path: `/v1/employees/${id}` }
}

const terminate = (as: Caller, path: string) => statusOf(change(path, as, { employmentStatus: 'terminated' }))

const grantsOf = async (boss: Caller, { userId }: Caller): Promise<string[]> => {
  const { data } = (await ok(api(`/v1/user-roles?userId=${userId}`, { as: boss }))).body
  return data.map(({ role, status }: { role: string; status: string }) => `${role} ${status}`)
}

describe('an employee whose employment ends', () => {
  it('loses staff roles, and keeps customer roles', async () => {
    const boss = await anAdmin()
    const { user, path } = await anEmployee(boss)
    const outside = await aRole([], boss, { audience: 'external' })
    await ok(grant(boss, user.userId, await roleIdOf('support')))
    await ok(grant(boss, user.userId, outside))
    const staff = await staffToken(user)
    expect((await api('/v1/users', { as: staff })).status).toBe(200)
    expect(await terminate(boss, path)).toBe('200')
    expect((await grantsOf(boss, user)).filter((grant) => grant.endsWith('approved'))).toHaveLength(1)
    expect(await grantsOf(boss, user)).toContain('support revoked')
    expect(await claimsOf(user.userId)).toMatchObject({ role: 'client', permissions: [] })
    expect((await api('/v1/users', { as: staff })).status).toBe(403)
  })

  it('cannot be granted staff roles again', async () => {
    const boss = await anAdmin()
    const { user, path } = await anEmployee(boss)
    await ok(change(path, boss, { employmentStatus: 'terminated' }))
    const support = await roleIdOf('support')
    expect(await statusOf(grant(boss, user.userId, support))).toBe('409 employment_ended')
    await ok(grant(boss, user.userId, await aRole([], boss, { audience: 'external' })))
    await ok(change(path, boss, { employmentStatus: 'active' }))
    expect(await statusOf(grant(boss, user.userId, support))).toBe('201')
  })

  it('is not made staff by a customer role that becomes internal', async () => {
    const boss = await anAdmin()
    const { user, path } = await anEmployee(boss)
    const role = await aRole(['tasks.read'], boss, { audience: 'external' })
    await ok(grant(boss, user.userId, role))
    expect(await terminate(boss, path)).toBe('200')
    await ok(changeRole(boss, role, { audience: 'internal' }))
    expect(await claimsOf(user.userId)).toMatchObject({ role: 'client' })
  })

  it('requires permission to revoke the roles that end with it', async () => {
    const [boss, clerk] = [await anAdmin(), await aClerk(['organisation.manage', 'organisation.read'])]
    const { user, path } = await anEmployee(boss)
    await ok(grant(boss, user.userId, await roleIdOf('support')))
    expect(await terminate(clerk, path)).toBe('403 forbidden')
    const mayAssign = await aClerk(['organisation.manage', 'organisation.read', 'roles.assign'])
    expect(await terminate(mayAssign, path)).toBe('403 not_held')
    expect(await grantsOf(boss, user)).toEqual(['support approved'])
    const { path: other } = await anEmployee(boss)
    expect(await terminate(clerk, other)).toBe('200')
  })
})

describe('references within the organisation', () => {
  it('must exist, and managers form no circle', async () => {
    const boss = await anAdmin()
    const [first, second] = [await anEmployee(boss), await anEmployee(boss)]
    await ok(change(first.path, boss, { managerEmployeeId: second.id }))
    const circles = [
      [second.path, first.id],
      [first.path, first.id],
    ] as const
    for (const [path, managerEmployeeId] of circles)
      expect(await statusOf(change(path, boss, { managerEmployeeId }))).toBe('409 manager_circle')
    for (const name of ['managerEmployeeId', 'departmentId', 'designationId'])
      expect([name, await statusOf(change(first.path, boss, { [name]: newId() }))]).toEqual([
        name,
        '422 unknown_reference',
      ])
    const twice = { userId: first.user.userId, employeeCode: aCode() }
    expect(await statusOf(create('/v1/employees', boss, twice))).toBe('409 already_exists')
  })
})
