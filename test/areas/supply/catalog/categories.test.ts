import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'

let admin: Caller
beforeAll(async () => {
  admin = await signedIn('admin')
})

const slug = () => `test-${newId()}`

async function create(fields: object = {}) {
  const { status, body } = await api('/v1/categories', {
    as: admin,
    body: { slug: slug(), nameEn: 'Wells', ...fields },
  })
  expect(status).toBe(201)
  return body
}

const get = (id: string, as?: Caller) => api(`/v1/categories/${id}`, { as })
const patch = (id: string, body: object) =>
  api(`/v1/categories/${id}`, { as: admin, method: 'PATCH', body, headers: { 'if-match': '*' } })
const remove = (id: string) => api(`/v1/categories/${id}`, { as: admin, method: 'DELETE' })
const restore = (id: string) => api(`/v1/categories/${id}/restore`, { as: admin, method: 'POST' })
const statusesOf = async (ids: string[]) => Promise.all(ids.map(async (id) => (await get(id)).status))

describe('a category', () => {
  it('is returned in the requested language, or in English', async () => {
    const both = await create({ nameAr: 'آبار' })
    const english = await create()
    const inArabic = { headers: { 'accept-language': 'ar-EG' } }
    expect((await api(`/v1/categories/${both.id}`, inArabic)).body.name).toBe('آبار')
    expect((await api(`/v1/categories/${english.id}`, inArabic)).body).toMatchObject({
      name: 'Wells',
      nameAr: null,
    })
  })

  it('has a unique slug', async () => {
    const { slug: taken } = await create()
    const { status, body } = await api('/v1/categories', {
      as: admin,
      body: { slug: taken, nameEn: 'Again' },
    })
    expect([status, body.code]).toEqual([409, 'already_exists'])
  })

  it('requires an existing parent', async () => {
    const parent = await create()
    expect((await create({ parentId: parent.id })).parentId).toBe(parent.id)
    const below = { slug: slug(), nameEn: 'Lost', parentId: newId() }
    expect((await api('/v1/categories', { as: admin, body: below })).body.code).toBe('unknown_category')
    await remove(parent.id)
    const orphan = { ...below, parentId: parent.id }
    expect((await api('/v1/categories', { as: admin, body: orphan })).body.code).toBe('unknown_category')
  })

  it('cannot be its own ancestor', async () => {
    const top = await create()
    const middle = await create({ parentId: top.id })
    const bottom = await create({ parentId: middle.id })
    for (const parentId of [top.id, middle.id, bottom.id]) {
      const { status, body } = await patch(top.id, { parentId })
      expect([status, body.code]).toEqual([409, 'category_cycle'])
    }
    expect((await patch(bottom.id, { parentId: top.id })).body.parentId).toBe(top.id)
    expect((await patch(bottom.id, { parentId: null })).body.parentId).toBeNull()
  })

  it('is hidden from all but staff while it is inactive', async () => {
    const { id } = await create({ active: false })
    expect((await get(id)).status).toBe(404)
    expect((await get(id, await signedIn('client'))).status).toBe(404)
    expect((await get(id, await signedIn('ops'))).status).toBe(200)
  })

  it('is changed by field, and each change is recorded with its actor', async () => {
    const { id } = await create({ nameAr: 'آبار' })
    expect((await patch(id, { nameEn: 'Deep wells' })).body).toMatchObject({
      nameEn: 'Deep wells',
      nameAr: 'آبار',
      version: 2,
    })
    expect((await patch(id, { nameAr: null })).body).toMatchObject({ nameEn: 'Deep wells', nameAr: null })
    const rows = await database().read<{ actor: string; changes: object }>(
      sql`select actor_user_id as actor, meta -> 'changes' as changes from audit_log
          where target_id = ${id} and action = 'task_categories.update' order by id`,
    )
    expect(rows[0]).toEqual({ actor: admin.userId, changes: { name_en: ['Wells', 'Deep wells'] } })
  })
})

describe('deleting', () => {
  it('includes the subcategories, and restoring returns exactly those', async () => {
    const top = await create()
    const middle = await create({ parentId: top.id })
    const bottom = await create({ parentId: middle.id })
    const gone = await create({ parentId: top.id })
    await remove(gone.id)
    const ids = [top.id, middle.id, bottom.id, gone.id]

    expect((await remove(top.id)).status).toBe(204)
    expect(await statusesOf(ids)).toEqual([404, 404, 404, 404])
    expect((await remove(top.id)).status).toBe(404)
    expect((await patch(middle.id, { nameEn: 'x' })).status).toBe(404)

    expect((await restore(middle.id)).body.code).toBe('parent_deleted')
    expect((await restore(top.id)).body.id).toBe(top.id)
    expect(await statusesOf(ids)).toEqual([200, 200, 200, 404])
    expect((await restore(top.id)).status).toBe(200)
    expect((await restore(newId())).status).toBe(404)
  })

  it('can require the version that was read', async () => {
    const { id } = await create()
    const headers = { 'if-match': '"v7.en"' }
    expect((await api(`/v1/categories/${id}`, { as: admin, method: 'DELETE', headers })).status).toBe(412)
    expect((await get(id)).status).toBe(200)
  })
})

describe('the list', () => {
  it('shows existing categories, below a parent or at the top', async () => {
    const parent = await create()
    const [second, first] = [
      await create({ parentId: parent.id, sortOrder: 2 }),
      await create({ parentId: parent.id, sortOrder: 1 }),
    ]
    await create({ parentId: parent.id, active: false })
    await remove((await create({ parentId: parent.id })).id)
    const below = await api(`/v1/categories?parentId=${parent.id}`)
    expect(below.body.data.map(({ id }: { id: string }) => id)).toEqual([first.id, second.id])
    const forStaff = await api(`/v1/categories?parentId=${parent.id}`, { as: admin })
    expect(forStaff.body.data).toHaveLength(3)
    const top = await api('/v1/categories?topLevel=true&limit=100')
    expect(top.body.data.every(({ parentId }: { parentId: string | null }) => parentId === null)).toBe(true)
  })
})
