import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { areaNames } from '../../../../src/areas/index.ts'
import { newId } from '../../../../src/core/ids.ts'
import { areaOf } from '../../../../src/http/mount.ts'
import { all } from '../../../contract/call.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { inAMinuteOfItsOwn } from '../../../support/minutes.ts'
import { aClient, anAdmin, anOps, ok } from '../../../support/story.ts'

interface Entry {
  action: string
  status: string
}

/** Attempts are written after the answer. */
async function entriesOf(query: string, count: number): Promise<Entry[]> {
  const as = await anAdmin()
  return eventually(`${count} entries`, async () => {
    const { data } = (await ok(api(`/v1/audit-log?${query}`, { as }))).body
    return data.length >= count && data
  })
}

const outcomesOf = async (actor: Caller, module: string, count: number) =>
  (await entriesOf(`actorUserId=${actor.userId}&module=${module}`, count)).map(
    ({ action, status }) => `${action} ${status}`,
  )

describe('the module of an entry', () => {
  it('is the same for changes of a resource and refused attempts', async () => {
    const [boss, clerk, user] = [await anAdmin(), await anOps(), await aClient()]
    const body = { name: `D ${newId()}`, code: newId().slice(9) }
    await ok(api('/v1/departments', { as: boss, body }))
    expect(await outcomesOf(boss, 'organisation', 1)).toEqual(['departments.insert succeeded'])
    const refused = await inAMinuteOfItsOwn(() => api('/v1/departments', { as: clerk, body }))
    expect(refused.status).toBe(403)
    expect(await outcomesOf(clerk, 'organisation', 1)).toEqual(['departments.create refused'])

    const suspension = { body: { reason: 'An audit' } }
    await ok(api(`/v1/users/${user.userId}/suspend`, { as: boss, ...suspension }))
    expect(await outcomesOf(boss, 'identity', 1)).toContain('users.update succeeded')
    const outsider = await aClient()
    const attempt = await inAMinuteOfItsOwn(() =>
      api(`/v1/users/${user.userId}/suspend`, { as: outsider, ...suspension }),
    )
    expect(attempt.status).toBe(403)
    expect(await outcomesOf(outsider, 'identity', 1)).toEqual(['users.suspend refused'])
  })

  it('is known for every operation', () => {
    expect(all.filter(({ path }) => !areaOf(path)).map(({ operationId }) => operationId)).toEqual([])
  })

  it('is that of the table where an operation is named like one', async () => {
    const tables = await database().read<{ name: string; module: string }>(sql`
      select c.relname as name, khidma.audit_module(c.relname) as module from pg_class c
       where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`)
    const moduleOf = new Map(tables.map(({ name, module }) => [name, module]))
    const wrong = all.flatMap((operation) => {
      const table = operation.operationId.split('.')[0]?.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`) ?? ''
      const expected = moduleOf.get(table)
      const isOfPerson = table === 'users' && operation.path.endsWith('/erasure')
      const known = areaOf(operation.path)
      // Ways to a booking, and its time, act on tasks, bookings and services, which stay the others'.
      if (
        ['bids', 'leads', 'assignment', 'calendar'].includes(known ?? '') &&
        ['tasks', 'bookings', 'professions'].includes(expected ?? '')
      )
        return []
      return expected && !isOfPerson && expected !== 'system' && expected !== known
        ? [[table, expected, known]]
        : []
    })
    expect(wrong).toEqual([])
    expect(moduleOf.size).toBeGreaterThan(50)
    const unknown = tables.filter(({ module }) => !areaNames.includes(module as 'audit'))
    expect(unknown).toEqual([])
  })

  it('must be a known one in a filter', async () => {
    const as = await anAdmin()
    for (const path of ['/v1/audit-log', '/v1/audit-log/export']) {
      const { status, body } = await api(`${path}?module=acces`, { as })
      expect([status, body.errors?.[0]?.pointer]).toEqual([400, 'query/module'])
    }
  })
})
