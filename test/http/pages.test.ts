import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../support/api.ts'

let admin: Caller
let parentId: string
const count = 7

const add = (sortOrder: number) =>
  api('/v1/categories', {
    as: admin,
    body: { slug: `page-${newId()}`, names: { en: 'Page', ar: 'Page' }, parentId, sortOrder },
  })

beforeAll(async () => {
  admin = await signedIn('admin')
  parentId = (
    await api('/v1/categories', {
      as: admin,
      body: { slug: `pages-${newId()}`, names: { en: 'Pages', ar: 'Pages' } },
    })
  ).body.id
  for (let n = 0; n < count; n += 1) await add(Math.floor(n / 3))
})

const list = (query: string) => api(`/v1/categories?parentId=${parentId}${query}`)

async function readAll(limit: number, between = async () => {}) {
  const seen: { id: string; sortOrder: number }[] = []
  let cursor: string | null = null
  do {
    const { status, body }: { status: number; body: { data: typeof seen; nextCursor: string | null } } =
      await list(`&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`)
    expect(status).toBe(200)
    expect(body.data.length).toBeLessThanOrEqual(limit)
    seen.push(...body.data)
    cursor = body.nextCursor
    await between()
  } while (cursor)
  return seen
}

describe('a list', () => {
  it('is read to its end in order, each row once, whatever the page size', async () => {
    for (const limit of [1, 2, 3, count, count + 1]) {
      const seen = await readAll(limit)
      expect(new Set(seen.map(({ id }) => id)).size).toBe(count)
      const keys = seen.map(({ sortOrder, id }) => `${sortOrder} ${id}`)
      expect(keys).toEqual([...keys].sort())
    }
  })

  it('skips and repeats nothing while rows are added', async () => {
    const before = await readAll(100)
    const seen = await readAll(2, async () => void (await add(0)))
    const ids = seen.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id } of before) expect(ids).toContain(id)
  })

  it('returns 20 rows by default, at most 100', async () => {
    const asked = await Promise.all(['', '&limit=100', '&limit=100000'].map(list))
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 200])
    for (const limit of ['0', '-1', '1.5', 'all', ''])
      expect((await list(`&limit=${limit}`)).status).toBe(400)
  })

  it('accepts a cursor for its own list and filters only', async () => {
    const { body } = await list('&limit=1')
    const cursor = body.nextCursor as string
    const others = [`/v1/categories?cursor=${cursor}`, `/v1/categories?parentId=${newId()}&cursor=${cursor}`]
    for (const path of others) {
      const answer = await api(path)
      expect([answer.status, answer.body.code]).toEqual([400, 'cursor_mismatch'])
    }
    expect((await list(`&limit=3&cursor=${cursor}`)).status).toBe(200)
  })

  it('refuses a changed cursor', async () => {
    const { body } = await list('&limit=1')
    const [payload = '', mac = ''] = (body.nextCursor as string).split('.')
    const other = Buffer.from(JSON.stringify(['x', ["'; drop table users"]])).toString('base64url')
    for (const cursor of [
      `${other}.${mac}`,
      payload,
      `${payload}.`,
      `${payload}.${mac}.x`,
      `${payload}.${mac}=`,
      'x',
      '.',
    ]) {
      const answer = await list(`&cursor=${cursor}`)
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_cursor'])
    }
  })
})
