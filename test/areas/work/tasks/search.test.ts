import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aClient, anAdmin, anOps, ok } from '../../../support/story.ts'
import { aDraft, aTrade, codeOf, readAll, type Trade } from '../../../support/work.ts'

let trade: Trade
let client: Caller
let ops: Caller
/** A word of this run alone. */
const mark = `zq${newId().replaceAll('-', '').slice(-10)}`

beforeAll(async () => {
  trade = await aTrade()
  client = await aClient()
  ops = await anOps()
})

const search = async (q: string, more = ''): Promise<string[]> =>
  (await ok(api(`/v1/task-search?limit=100&q=${encodeURIComponent(q)}${more}`, { as: ops }))).body.data.map(
    ({ id }: { id: string }) => id,
  )
const draft = async (fields: object): Promise<string> => (await aDraft(client, trade, fields)).id

describe('a search', () => {
  it('puts words of the title before those of the description, and these before the category', async () => {
    const named = await aTrade()
    await ok(
      api(`/v1/categories/${named.id}`, {
        as: await anAdmin(),
        method: 'PATCH',
        body: { names: { en: mark, ar: mark } },
        headers: { 'if-match': '*' },
      }),
    )
    const byCategory = (await aDraft(client, named, { description: 'Something' })).id
    const byTitle = await draft({ title: mark, description: 'Something' })
    const byDescription = await draft({ title: 'Another', description: `Something ${mark}` })
    expect(await search(mark)).toEqual([byTitle, byDescription, byCategory])
    expect(await search(mark, `&category=${named.slug}`)).toEqual([byCategory])
    expect(await search(mark, '&state=posted')).toEqual([])
    expect(await search(mark, '&city=Luxor')).toEqual([])
    const paged = await readAll(`/v1/task-search?limit=1&q=${mark}`, ops)
    expect(paged.map(({ id }) => id)).toEqual([byTitle, byDescription, byCategory])
  })

  it('finds other forms of a word, in each language', async () => {
    const texts: [string, string][] = [
      ['The kitchen taps are leaking', 'leak tap'],
      ['إصلاح حنفيات المطبخ', 'مطبخ'],
      ['Протекают краны на кухне', 'протекал кран'],
      ['रसोई की नलियाँ टपकती हैं', 'नली'],
    ]
    for (const [description, q] of texts) {
      const id = await draft({ description: `${description} ${mark}x` })
      expect([q, await search(`${q} ${mark}x`)]).toEqual([q, [id]])
    }
    expect(await search(`${mark}x -tap`)).toHaveLength(3)
  })

  it('follows changes, and knows nothing of deleted tasks nor of what only staff may read', async () => {
    const id = await draft({ description: `First ${mark}y` })
    await ok(
      api(`/v1/tasks/${id}`, { as: client, method: 'PATCH', body: { description: `Second ${mark}y` } }),
    )
    expect(await search(`first ${mark}y`)).toEqual([])
    expect(await search(`second ${mark}y`)).toEqual([id])
    await database().write([sql`update tasks set internal_notes = ${`${mark}secret`} where id = ${id}`])
    expect(await search(`${mark}secret`)).toEqual([])
    await ok(api(`/v1/tasks/${id}`, { as: client, method: 'DELETE' }))
    expect(await search(`second ${mark}y`)).toEqual([])
  })

  it('is for staff', async () => {
    expect(await codeOf(api(`/v1/task-search?q=${mark}`, { as: client }))).toBe('403 forbidden')
    expect(await codeOf(api('/v1/task-search?q=a', { as: ops }))).toBe('400 invalid_request')
  })
})
