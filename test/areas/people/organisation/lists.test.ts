import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'
import { statusOf } from '../access/support.ts'

const aCode = () => newId().slice(-12)
const made = async (as: Caller, path: string, body: object) => (await ok(api(path, { as, body }))).body.id
const aDepartment = (as: Caller, more: object = {}): Promise<string> =>
  made(as, '/v1/departments', { name: `Lists ${newId()}`, code: aCode(), ...more })
const aDesignation = (as: Caller, departmentId: string, more: object = {}): Promise<string> =>
  made(as, '/v1/designations', { name: `Lists ${newId()}`, code: aCode(), departmentId, ...more })
const employ = async (as: Caller, more: object = {}) => {
  const { userId } = await aClient()
  const id: string = await made(as, '/v1/employees', { userId, employeeCode: aCode(), ...more })
  return { id, userId }
}
const change = (as: Caller, path: string, body: object) =>
  statusOf(api(path, { as, method: 'PATCH', body, headers: { 'if-match': '*' } }))

describe('the lists of the organisation', () => {
  const idsOf = async (as: Caller, query: string): Promise<string[]> =>
    (await ok(api(`/v1/${query}`, { as }))).body.data.map(({ id }: { id: string }) => id)

  it('filter employees by department, person, manager and employment', async () => {
    const boss = await anAdmin()
    const departmentId = await aDepartment(boss)
    const head = await employ(boss, { departmentId })
    const below = await employ(boss, { departmentId, managerEmployeeId: head.id })
    const gone = await employ(boss, { managerEmployeeId: head.id, employmentStatus: 'inactive' })
    expect(await idsOf(boss, `employees?departmentId=${departmentId}`)).toEqual([head.id, below.id])
    expect(await idsOf(boss, `employees?userId=${gone.userId}`)).toEqual([gone.id])
    expect(await idsOf(boss, `employees?managerId=${head.id}`)).toEqual([below.id, gone.id])
    expect(await idsOf(boss, `employees?managerId=${head.id}&isActive=true`)).toEqual([below.id])
    expect(await idsOf(boss, `employees?managerId=${head.id}&isActive=false`)).toEqual([gone.id])
    expect(await statusOf(api('/v1/employees?isActive=perhaps', { as: boss }))).toBe('400 invalid_request')
  })

  it('filter departments and designations by use and department', async () => {
    const boss = await anAdmin()
    const departmentId = await aDepartment(boss)
    const [used, old] = [
      await aDesignation(boss, departmentId),
      await aDesignation(boss, departmentId, { isActive: false }),
    ]
    const of = `designations?departmentId=${departmentId}`
    expect(await idsOf(boss, of)).toEqual([used, old])
    expect(await idsOf(boss, `${of}&isActive=true`)).toEqual([used])
    expect(await idsOf(boss, `${of}&isActive=false`)).toEqual([old])
    await aDepartment(boss, { isActive: false })
    for (const isActive of [true, false]) {
      const { data } = (await ok(api(`/v1/departments?isActive=${isActive}`, { as: boss }))).body
      expect(data.length).toBeGreaterThan(0)
      expect(data.every((department: { isActive: boolean }) => department.isActive === isActive)).toBe(true)
    }
  })
})

describe('a designation', () => {
  it('must belong to the department of its employee', async () => {
    const boss = await anAdmin()
    const [here, there] = [await aDepartment(boss), await aDepartment(boss)]
    const designationId = await aDesignation(boss, there)
    const { userId } = await aClient()
    const body = { userId, employeeCode: aCode(), departmentId: here, designationId }
    const refused = await api('/v1/employees', { as: boss, body })
    expect([refused.status, refused.body.code]).toEqual([409, 'designation_elsewhere'])
    const { id } = await employ(boss, { departmentId: here })
    const path = `/v1/employees/${id}`
    expect(await change(boss, path, { designationId })).toBe('409 designation_elsewhere')
    expect(await change(boss, path, { designationId, departmentId: there })).toBe('200')
    expect(await change(boss, path, { departmentId: here })).toBe('409 designation_elsewhere')
    const moved = { departmentId: here }
    expect(await change(boss, `/v1/designations/${designationId}`, moved)).toBe('409 designation_elsewhere')
    expect(await change(boss, path, { designationId: null })).toBe('200')
    expect(await change(boss, `/v1/designations/${designationId}`, moved)).toBe('200')
  })
})
