import { sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'

let admin: Caller
beforeAll(async () => {
  admin = await signedIn('admin')
})

const names = { en: 'Branch', ar: 'فرع', ky: 'Бутак' }
const create = async (path: string, body: object): Promise<string> =>
  (await ok(api(path, { as: admin, body: { names, ...body } }))).body.id
const category = (fields: object = {}) => create('/v1/categories', { slug: `tree-${newId()}`, ...fields })
const addon = (categoryId: string, fields: object = {}) =>
  create('/v1/addons', { categoryId, priceMinor: 5_000, currency: 'EGP', ...fields })

interface Node {
  id: string
  parentId: string | null
  depth: number
  name: string
  addons: { id: string; name: string }[]
}
/** The nodes of these categories, in the order of the tree. */
async function nodesOf(ids: string[], headers = {}): Promise<Node[]> {
  const { body } = await ok(api('/v1/category-tree', { headers }))
  return body.data.filter(({ id }: Node) => ids.includes(id))
}

it('the tree has every active category after its parent, siblings in their order, with its add-ons', async () => {
  const top = await category()
  const [second, first] = [
    await category({ parentId: top, sortOrder: 2 }),
    await category({ parentId: top, sortOrder: 1 }),
  ]
  const below = await category({ parentId: first })
  const inactive = await category({ parentId: top, active: false })
  const hidden = await category({ parentId: inactive })
  const deleted = await category({ parentId: top })
  await api(`/v1/categories/${deleted}`, { as: admin, method: 'DELETE' })
  const [late, early] = [await addon(first, { sortOrder: 2 }), await addon(first, { sortOrder: 1 })]
  await addon(first, { active: false })
  await api(`/v1/addons/${await addon(first)}`, { as: admin, method: 'DELETE' })

  const nodes = await nodesOf([top, second, first, below, inactive, hidden, deleted], {
    'accept-language': 'ky',
  })
  expect(nodes.map(({ id, parentId, depth }) => [id, parentId, depth])).toEqual([
    [top, null, 0],
    [first, top, 1],
    [below, first, 2],
    [second, top, 1],
  ])
  expect(nodes.map(({ name }) => name)).toEqual(Array(4).fill('Бутак'))
  expect(nodes[1]?.addons.map(({ id, name }) => [id, name])).toEqual([
    [early, 'Бутак'],
    [late, 'Бутак'],
  ])
})

it('the tree has exactly the categories that are active for lists, prices and tasks', async () => {
  const top = await category()
  const off = await category({ parentId: top, active: false })
  await category({ parentId: await category({ parentId: off }) })
  const active = await database().read<{ id: string }>(
    sql`select id from task_categories c where khidma.is_category_active(c.id)`,
  )
  const { data } = (await ok(api('/v1/category-tree'))).body
  expect(data.map(({ id }: Node) => id).toSorted()).toEqual(active.map(({ id }) => id).toSorted())
})

it('the tree is cacheable by language, and is not sent again until it has changed', async () => {
  const read = (language: string, tag?: string) =>
    api('/v1/category-tree', {
      headers: { 'accept-language': language, ...(tag && { 'if-none-match': tag }) },
    })
  await category()
  const { headers } = await read('ar')
  expect(headers.get('cache-control')).toBe('public, max-age=300')
  expect(headers.get('vary')).toContain('Accept-Language')
  expect(headers.get('content-language')).toBe('ar')
  const tag = headers.get('etag') ?? ''
  const again = await read('ar', tag)
  expect([again.status, again.body]).toEqual([304, ''])
  expect(again.headers.get('cache-control')).toBe('public, max-age=300')
  expect((await read('en', tag)).status).toBe(200)
  await category()
  expect((await read('ar', tag)).status).toBe(200)
})
