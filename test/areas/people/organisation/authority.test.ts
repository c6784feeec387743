import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'
import { aClerk, aRole, changeRole, grant, roleIdOf, statusOf } from '../access/support.ts'
import { aKey, bearer } from '../api-keys/keys.ts'

const aCode = () => newId().slice(-12)
const made = async (as: Caller, path: string, body: object): Promise<string> =>
  (await ok(api(path, { as, body }))).body.id
const aDepartment = (as: Caller, more: object = {}) =>
  made(as, '/v1/departments', { name: `Authority ${newId()}`, code: aCode(), ...more })
const aDesignation = async (as: Caller, more: object = {}) => {
  const departmentId = await aDepartment(as)
  return made(as, '/v1/designations', { name: `A ${newId()}`, code: aCode(), departmentId, ...more })
}
const employ = (as: Caller, userId: string, more: object = {}) =>
  made(as, '/v1/employees', { userId, employeeCode: aCode(), ...more })
const change = (as: Caller, path: string, body: object) =>
  statusOf(api(path, { as, method: 'PATCH', body, headers: { 'if-match': '*' } }))

describe('`canManageTeam` of a designation', () => {
  const permissions = ['organisation.manage', 'organisation.read', 'roles.assign', 'tasks.read']

  it('decides which employees change the organisation and grant roles', async () => {
    const boss = await anAdmin()
    const clerk = await aClerk(permissions, boss)
    const hired = { userId: (await aClient()).userId, roleId: await aRole(['tasks.read'], boss) }
    const designationId = await aDesignation(boss)
    const departmentId = await aDepartment(boss)
    const found = () =>
      statusOf(api('/v1/departments', { as: clerk, body: { name: aCode(), code: aCode() } }))
    expect(await found()).toBe('201')
    const employeeId = await employ(boss, clerk.userId)
    expect(await found()).toBe('201')
    await ok(
      api(`/v1/employees/${employeeId}`, {
        ...{ as: boss, method: 'PATCH', body: { designationId }, headers: { 'if-match': '*' } },
      }),
    )
    const refused = '403 team_not_permitted'
    const hire = { userId: (await aClient()).userId, employeeCode: aCode() }
    const title = { name: aCode(), code: aCode(), departmentId }
    expect(await found()).toBe(refused)
    expect(await change(clerk, `/v1/departments/${departmentId}`, { description: 'Mine' })).toBe(refused)
    expect(await change(clerk, `/v1/employees/${employeeId}`, { designationId: null })).toBe(refused)
    expect(await statusOf(api('/v1/designations', { as: clerk, body: title }))).toBe(refused)
    expect(await change(clerk, `/v1/designations/${designationId}`, { canManageTeam: true })).toBe(refused)
    expect(await statusOf(api('/v1/employees', { as: clerk, body: hire }))).toBe(refused)
    expect(await statusOf(grant(clerk, hired.userId, hired.roleId))).toBe(refused)
    expect(await statusOf(api(`/v1/departments/${departmentId}`, { as: clerk }))).toBe('200')
    expect(await change(boss, `/v1/designations/${designationId}`, { canManageTeam: true })).toBe('200')
    expect(await found()).toBe('201')
    expect(await statusOf(grant(clerk, hired.userId, hired.roleId))).toBe('201')
  })

  it('counts while the designation and the employment are active', async () => {
    const boss = await anAdmin()
    const clerk = await aClerk(permissions, boss)
    const designationId = await aDesignation(boss, { canManageTeam: true })
    const employeeId = await employ(boss, clerk.userId, { designationId })
    const found = () =>
      statusOf(api('/v1/departments', { as: clerk, body: { name: aCode(), code: aCode() } }))
    expect(await found()).toBe('201')
    await change(boss, `/v1/designations/${designationId}`, { isActive: false })
    expect(await found()).toBe('403 team_not_permitted')
    await change(boss, `/v1/designations/${designationId}`, { isActive: true })
    expect(await found()).toBe('201')
    await change(boss, `/v1/employees/${employeeId}`, { employmentStatus: 'inactive' })
    expect(await found()).toBe('403 team_not_permitted')
  })

  it('is not needed by administrators, whatever their designation', async () => {
    const [boss, other] = [await anAdmin(), await anAdmin()]
    await employ(boss, other.userId, { designationId: await aDesignation(boss) })
    await aDepartment(other)
  })
})

describe('`canManageSystemSettings` of a role', () => {
  const settings = ['catalog.manage', 'config.manage', 'gateways.manage']
  const entry = { key: 'bookings.answer_hours', value: 24, scope: {} }
  const writes = (as: Caller) =>
    Promise.all([
      statusOf(api('/v1/config/previews', { as, body: entry })),
      statusOf(
        api('/v1/languages/fr', {
          ...{ as, method: 'PATCH', body: { nativeName: 'Français' }, headers: { 'if-match': '*' } },
        }),
      ),
      statusOf(api(`/v1/gateway-configs/${newId()}/retire`, { as, method: 'POST' })),
    ])

  it('decides who changes configuration, gateways and languages', async () => {
    const boss = await anAdmin()
    const clerk = await aClerk(settings, boss)
    expect(await writes(clerk)).toEqual(Array(3).fill('403 settings_not_permitted'))
    await ok(grant(boss, clerk.userId, await aRole([], boss, { canManageSystemSettings: true })))
    expect(await writes(clerk)).toEqual(['200', '200', '404 not_found'])
  })

  it('counts while the role is active and granted', async () => {
    const boss = await anAdmin()
    const user = await aClient()
    await ok(grant(boss, user.userId, await aRole(settings, boss)))
    const role = await aRole([], boss, { canManageSystemSettings: true })
    const { id } = (await ok(grant(boss, user.userId, role))).body
    const clerk = await staffToken(user)
    expect((await writes(clerk))[0]).toBe('200')
    await ok(changeRole(boss, role, { isActive: false }))
    expect((await writes(clerk))[0]).toBe('403 settings_not_permitted')
    await ok(changeRole(boss, role, { isActive: true }))
    expect((await writes(clerk))[0]).toBe('200')
    await ok(api(`/v1/user-roles/${id}/revoke`, { as: boss, body: { reason: 'Over' } }))
    expect((await writes(clerk))[0]).toBe('403 settings_not_permitted')
  })

  it('is asked of the owner of an API key as well', async () => {
    const boss = await anAdmin()
    const clerk = await aClerk(settings, boss)
    const { key } = await aKey(['config:write'], { owner: clerk })
    const preview = () => statusOf(api('/v1/config/previews', { headers: bearer(key), body: entry }))
    expect(await preview()).toBe('403 settings_not_permitted')
    await ok(grant(boss, clerk.userId, await aRole([], boss, { canManageSystemSettings: true })))
    expect(await preview()).toBe('200')
  })

  it('is passed on only by those who have it', async () => {
    const boss = await anAdmin()
    const clerk = await aClerk(['roles.manage', 'roles.assign'], boss)
    const refused = '403 settings_not_permitted'
    const own = await aRole([], clerk)
    const flagged = { name: `f_${aCode().replace(/\d/g, 'x')}`, displayName: 'F', permissions: [] }
    const body = { ...flagged, canManageSystemSettings: true }
    expect(await statusOf(api('/v1/roles', { as: clerk, body }))).toBe(refused)
    expect(await statusOf(changeRole(clerk, own, { canManageSystemSettings: true }))).toBe(refused)
    const powerful = await aRole([], boss, { canManageSystemSettings: true })
    const { userId } = await aClient()
    expect(await statusOf(grant(clerk, userId, powerful))).toBe(refused)
    expect(await statusOf(grant(clerk, userId, own))).toBe('201')
    await ok(grant(boss, clerk.userId, powerful))
    expect(await statusOf(grant(clerk, userId, powerful))).toBe('201')
  })

  it('is held by administrators and finance, not by operations', async () => {
    const boss = await anAdmin()
    const { data } = (await ok(api('/v1/roles', { as: boss }))).body
    const held = async (name: string) => {
      const id = await roleIdOf(name)
      return data.find((role: { id: string }) => role.id === id).canManageSystemSettings
    }
    expect([await held('admin'), await held('finance'), await held('ops')]).toEqual([true, true, false])
  })
})

describe('`visibility` of a department', () => {
  it('shows active external departments to every user, internal ones to staff only', async () => {
    const [boss, ops, client] = [await anAdmin(), await signedIn('ops'), await aClient()]
    const [inside, outside] = [await aDepartment(boss), await aDepartment(boss, { visibility: 'external' })]
    const seen = (as: Caller, id: string) => statusOf(api(`/v1/departments/${id}`, { as }))
    expect([await seen(ops, inside), await seen(ops, outside)]).toEqual(['200', '200'])
    expect([await seen(client, inside), await seen(client, outside)]).toEqual(['404 not_found', '200'])
    const { data } = (await ok(api('/v1/departments?limit=100', { as: client }))).body
    expect(data.every(({ visibility }: { visibility: string }) => visibility === 'external')).toBe(true)
    await change(boss, `/v1/departments/${outside}`, { isActive: false })
    expect([await seen(client, outside), await seen(ops, outside)]).toEqual(['404 not_found', '200'])
    await change(boss, `/v1/departments/${outside}`, { isActive: true, visibility: 'internal' })
    expect(await seen(client, outside)).toBe('404 not_found')
    expect(await statusOf(api('/v1/employees', { as: client }))).toBe('403 forbidden')
  })
})

describe('`transfersEnabled` of a department', () => {
  it('decides whether employees move out of and into it, not whether they are hired into it', async () => {
    const boss = await anAdmin()
    const [open, shut] = [await aDepartment(boss), await aDepartment(boss, { transfersEnabled: false })]
    const { userId } = await aClient()
    const path = `/v1/employees/${await employ(boss, userId, { departmentId: open })}`
    const theirs = `/v1/employees/${await employ(boss, (await aClient()).userId, { departmentId: shut })}`
    const refused = await api(path, {
      ...{ as: boss, method: 'PATCH', body: { departmentId: shut }, headers: { 'if-match': '*' } },
    })
    expect(refused).toMatchObject({ status: 409, body: { code: 'transfers_disabled' } })
    expect(refused.body.errors).toMatchObject([{ pointer: '/departmentId' }])
    for (const departmentId of [open, null])
      expect(await change(boss, theirs, { departmentId })).toBe('409 transfers_disabled')
    expect(await change(boss, theirs, { departmentId: shut, joiningDate: '2026-01-01' })).toBe('200')
    // Nor by way of no department at all.
    expect(await change(boss, path, { departmentId: null })).toBe('200')
    expect(await change(boss, path, { departmentId: shut })).toBe('409 transfers_disabled')
    expect(await change(boss, `/v1/departments/${shut}`, { transfersEnabled: true })).toBe('200')
    expect(await change(boss, path, { departmentId: shut })).toBe('200')
    expect(await change(boss, theirs, { departmentId: open })).toBe('200')
  })
})
