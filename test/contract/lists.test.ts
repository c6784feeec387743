import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import type { Caller } from '../support/api.ts'
import type { WorldObject } from '../support/world/object.ts'
import { all, call, callersOf, named, objectFor } from './call.ts'

const lists = all.filter(({ query }) => query && 'cursor' in query.shape)
const pagesLimit = 25

interface Page {
  data: { id?: string }[]
  nextCursor: string | null
}

/** Those of an allowed role who are also of the right party. There must be somebody. */
async function readersOf(operation: Operation, object: WorldObject | null): Promise<(Caller | undefined)[]> {
  const readers: (Caller | undefined)[] = []
  for (const as of await callersOf(operation, object)) {
    const { status, body } = await call(operation, { as, params: object?.params ?? {} })
    expect([200, 403, 404], JSON.stringify(body)).toContain(status)
    if (status === 200) readers.push(as)
  }
  expect(readers.length).toBeGreaterThan(0)
  return readers
}

describe.each(named(lists))('%s', (_operationId, operation) => {
  it('returns each row once, page by page', async () => {
    const object = await objectFor(operation)
    for (const as of await readersOf(operation, object)) {
      const seen: string[] = []
      let cursor: string | null = null
      for (let page = 0; page === 0 || (cursor && page < pagesLimit); page += 1) {
        const query: string = cursor ? `limit=2&cursor=${cursor}` : 'limit=2'
        const { status, body } = await call(operation, { as, params: object?.params ?? {}, query })
        expect(status).toBe(200)
        const { data, nextCursor } = body as Page
        expect(data.length).toBeLessThanOrEqual(2)
        if (nextCursor) expect(data).toHaveLength(2)
        seen.push(...data.map((item) => item.id ?? JSON.stringify(item)))
        cursor = nextCursor
      }
      expect(new Set(seen).size).toBe(seen.length)
    }
  })

  it('refuses unknown limits, cursors and filters', async () => {
    const object = await objectFor(operation)
    const [as] = await readersOf(operation, object)
    const codeOf = async (query: string) => {
      const { status, body } = await call(operation, { as, params: object?.params ?? {}, query })
      return [status, (body as { code?: string }).code]
    }
    for (const query of [
      'limit=0',
      'limit=x',
      'limit=1.5',
      'limit=1&limit=2',
      'nothingLikeThis=1',
      'cursor=',
    ]) {
      expect([query, ...(await codeOf(query))]).toEqual([query, 400, 'invalid_request'])
    }
    expect(await codeOf('cursor=abc.def')).toEqual([400, 'invalid_cursor'])
    expect((await codeOf('limit=5000'))[0]).toBe(200)
  })
})
