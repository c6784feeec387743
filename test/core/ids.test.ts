import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { database } from '../support/api.ts'

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const millisecondOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

function expectAscending(ids: string[]) {
  expect(ids.filter((id) => !version7.test(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(ids.toSorted())
}

describe('ids of an isolate', () => {
  it('start with their millisecond, also after a clock that was far ahead', () => {
    const now = Date.now()
    for (const ms of [now + 3_600_000, now + 1_000_000, now]) {
      expect(millisecondOf(newId(ms + 0.9))).toBe(ms)
    }
  })

  it('ascend within a millisecond, past its counter, and when the clock goes back a little', () => {
    const now = Date.now()
    const inOne = Array.from({ length: 10_000 }, () => newId(now))
    expectAscending([...inOne, newId(now - 900.5), newId(now), newId(now + 5.5), newId(now + 6.1), newId()])
  })
})

describe('ids of a transaction', () => {
  it('ascend, and begin with their millisecond', async () => {
    const [row] = await database().read<{ ids: string[]; ms: string }>(sql`
      select array_agg(id order by n) as ids, extract(epoch from now()) * 1000 as ms
        from (select n, khidma.uuid_v7() as id from generate_series(1, 5000) n) made`)
    expectAscending(row?.ids ?? [])
    expect(Math.abs(millisecondOf(row?.ids[0] ?? '') - Number(row?.ms))).toBeLessThan(60_000)
  })
})
