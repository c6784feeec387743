import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { blocksLimit } from '../../../../src/areas/supply/taskers/availability.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aClient, ok } from '../../../support/story.ts'
import { anApplicant, aTrade, codeOf, inHours, readAll, type Trade } from '../../../support/work.ts'

const path = '/v1/me/availability'
let trade: Trade

beforeAll(async () => {
  trade = await aTrade()
})

/** Counted from one moment: as long as it says, to the millisecond. */
function block(from: number, until: number, kind = 'available') {
  const startsAt = inHours(from)
  const endsAt = new Date(Date.parse(startsAt) + (until - from) * 3_600_000).toISOString()
  return { kind, startsAt, endsAt }
}
const add = (as: Caller, body: object) => api(path, { as, body })

describe('availability', () => {
  it('is added, listed soonest first, and removed', async () => {
    const tasker = await anApplicant(trade)
    const added = []
    for (const hours of [30, 10, 20, 10]) added.push((await ok(add(tasker, block(hours, hours + 2)))).body)
    const sorted = added.toSorted((a, b) => a.startsAt.localeCompare(b.startsAt) || a.id.localeCompare(b.id))
    for (const limit of [1, 2, 10]) expect(await readAll(`${path}?limit=${limit}`, tasker)).toEqual(sorted)

    const [{ id }] = sorted
    expect((await api(`${path}/${id}`, { as: tasker, method: 'DELETE' })).status).toBe(204)
    expect(await codeOf(api(`${path}/${id}`, { as: tasker, method: 'DELETE' }))).toBe('404 not_found')
    expect(await readAll(`${path}?limit=10`, tasker)).toEqual(sorted.slice(1))
  })

  it('accepts times in any offset, and returns them in UTC', async () => {
    const tasker = await anApplicant(trade)
    const { startsAt, endsAt } = block(48, 50)
    const inCairo = (time: string) =>
      new Date(Date.parse(time) + 14 * 3_600_000).toISOString().replace('Z', '+14:00')
    const answer = await ok(
      add(tasker, { kind: 'unavailable', startsAt: inCairo(startsAt), endsAt: inCairo(endsAt) }),
    )
    expect(answer.body).toMatchObject({ kind: 'unavailable', startsAt, endsAt })
  })

  it('refuses invalid and past times', async () => {
    const tasker = await anApplicant(trade)
    const refused = [
      [block(5, 5), '400 invalid_request'],
      [block(5, 4), '400 invalid_request'],
      [block(5, 5 + 31 * 24 + 1), '400 invalid_request'],
      [{ ...block(5, 6), kind: 'perhaps' }, '400 invalid_request'],
      [{ ...block(5, 6), startsAt: 'tomorrow' }, '400 invalid_request'],
      [block(-5, -4), '422 starts_at_refused'],
      [block(366 * 24 + 1, 366 * 24 + 2), '422 starts_at_refused'],
    ] as const
    for (const [body, code] of refused) expect(await codeOf(add(tasker, body))).toBe(code)
    expect(await readAll(`${path}?limit=10`, tasker)).toEqual([])
  })

  it('is visible to its tasker only', async () => {
    const tasker = await anApplicant(trade)
    const { id } = (await ok(add(tasker, block(5, 6)))).body
    const other = await anApplicant(trade)
    expect(await codeOf(api(`${path}/${id}`, { as: other, method: 'DELETE' }))).toBe('404 not_found')
    const client = await aClient()
    expect(await codeOf(api(path, { as: client }))).toBe('403 not_a_tasker')
    expect(await codeOf(add(client, block(5, 6)))).toBe('403 not_a_tasker')
    expect(await codeOf(api(`${path}/${id}`, { as: client, method: 'DELETE' }))).toBe('403 not_a_tasker')
    expect(await readAll(`${path}?limit=10`, tasker)).toHaveLength(1)
  })

  it('is limited in number, as matching reads all of it', async () => {
    const tasker = await anApplicant(trade)
    const ids = Array.from({ length: blocksLimit }, () => newId())
    await database().write([
      sql`insert into tasker_availability_blocks (id, tasker_id, starts_at, ends_at)
          select id, ${tasker.userId}, now() + interval '1 day', now() + interval '2 days'
            from unnest(${sql.param(ids)}::uuid[]) id`,
    ])
    expect(await codeOf(add(tasker, block(5, 6)))).toBe('409 limit_reached')
    await ok(api(`${path}/${ids[0]}`, { as: tasker, method: 'DELETE' }))
    await ok(add(tasker, block(5, 6)))
  })
})
