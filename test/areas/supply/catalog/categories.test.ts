import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { one } from '../../../../src/db/unit.ts'
import { api, type Caller, database, send, signedIn } from '../../../support/api.ts'
import { tahrir } from '../../../support/places.ts'
import { aFile } from '../../../support/profiles.ts'
import { aClient, ok } from '../../../support/story.ts'
import { aTrade, codeOf, draftOf } from '../../../support/work.ts'
import { pngBytes, uploadedMedia } from '../../../support/world/platform.ts'

let admin: Caller
beforeAll(async () => {
  admin = await signedIn('admin')
})

const names = { en: 'Wells', ar: 'آبار' }
const slug = () => `test-${newId()}`

async function create(fields: object = {}) {
  const { status, body } = await api('/v1/categories', {
    as: admin,
    body: { slug: slug(), names, ...fields },
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
  it('is returned in the requested language, else in English, else in Arabic', async () => {
    const { id } = await create({
      names: { ...names, ru: 'Колодцы' },
      descriptions: { ar: 'حفر وتنظيف', ky: 'Казуу' },
    })
    const inLanguage = async (language: string) => {
      const { body, headers } = await api(`/v1/categories/${id}`, {
        headers: { 'accept-language': language },
      })
      return [body.name, body.description, headers.get('content-language')]
    }
    expect(await inLanguage('ar-EG')).toEqual(['آبار', 'حفر وتنظيف', 'ar'])
    expect(await inLanguage('ru, en;q=0.5')).toEqual(['Колодцы', 'حفر وتنظيف', 'ru'])
    expect(await inLanguage('ky')).toEqual(['Wells', 'Казуу', 'ky'])
    expect(await inLanguage('de')).toEqual(['Wells', 'حفر وتنظيف', 'en'])
    expect((await get((await create()).id)).body.description).toBeNull()
  })

  it('is shown in the default language where it lacks that of the reader, or the reader names none', async () => {
    const { id } = await create({
      names: { ...names, ru: 'Колодцы' },
      descriptions: { en: 'Digging', ru: 'Копаем' },
    })
    const read = async (language: string, tag?: string) => {
      const headers = { 'accept-language': language, ...(tag && { 'if-none-match': tag }) }
      return api(`/v1/categories/${id}`, { headers })
    }
    const makeDefault = (code: string) =>
      ok(
        api(`/v1/languages/${code}`, {
          as: admin,
          method: 'PATCH',
          body: { isDefault: true },
          headers: { 'if-match': '*' },
        }),
      )
    const before = await read('ky')
    expect(before.body).toMatchObject({ name: 'Wells', description: 'Digging' })
    await makeDefault('ru')
    try {
      const after = await read('ky', before.headers.get('etag') ?? '')
      expect(after.status).toBe(200)
      expect(after.body).toMatchObject({ name: 'Колодцы', description: 'Копаем' })
      expect((await read('ky', after.headers.get('etag') ?? '')).status).toBe(304)
      expect((await read('ar')).body).toMatchObject({ name: 'آبار', description: 'Копаем' })
      const { body, headers } = await read('de')
      expect([body.name, headers.get('content-language')]).toEqual(['Колодцы', 'ru'])
      const tree = (await ok(api('/v1/category-tree', { headers: { 'accept-language': 'hi' } }))).body.data
      expect(tree.find((node: { id: string }) => node.id === id).name).toBe('Колодцы')
      // The tag of any representation names the version that a change requires.
      const change = { as: admin, method: 'PATCH', body: { sortOrder: 3 } }
      await ok(
        api(`/v1/categories/${id}`, {
          ...change,
          headers: { 'if-match': after.headers.get('etag') ?? '' },
        }),
      )
    } finally {
      await makeDefault('en')
    }
  })

  it('has a name in English and Arabic, and texts in no language but the five', async () => {
    const refused = async (fields: object) =>
      (await api('/v1/categories', { as: admin, body: { slug: slug(), names, ...fields } })).status
    expect(await refused({ names: { en: 'Wells' } })).toBe(400)
    expect(await refused({ names: { ...names, de: 'Brunnen' } })).toBe(400)
    expect(await refused({ names: { ...names, hi: ' ' } })).toBe(400)
    expect(await refused({ descriptions: { de: 'Brunnen' } })).toBe(400)
    expect(await refused({ color: 'teal' })).toBe(400)
    const insert = (column: string, value: unknown) =>
      database().write([
        sql`insert into task_categories (id, slug, names, descriptions) values (${newId()}, ${slug()},
              ${JSON.stringify(column === 'names' ? value : names)}::jsonb, ${JSON.stringify(column === 'names' ? {} : value)}::jsonb)`,
      ])
    for (const value of [
      { en: 'Wells' },
      { ...names, de: 'x' },
      { ...names, ru: '' },
      { ...names, ru: 7 },
      [],
    ])
      await expect(insert('names', value)).rejects.toThrow()
    for (const value of [{ de: 'x' }, { ru: '' }, [], 7])
      await expect(insert('descriptions', value)).rejects.toThrow()
  })

  it('has a unique slug', async () => {
    const { slug: taken } = await create()
    const { status, body } = await api('/v1/categories', {
      as: admin,
      body: { slug: taken, names },
    })
    expect([status, body.code]).toEqual([409, 'already_exists'])
  })

  it('requires an existing parent', async () => {
    const parent = await create()
    expect((await create({ parentId: parent.id })).parentId).toBe(parent.id)
    const below = { slug: slug(), names, parentId: newId() }
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
    const { id } = await create({ color: '#1d7874' })
    const changed = { ...names, en: 'Deep wells' }
    expect((await patch(id, { names: changed })).body).toMatchObject({
      names: changed,
      name: 'Deep wells',
      color: '#1d7874',
      version: 2,
    })
    expect((await patch(id, { color: null })).body).toMatchObject({ names: changed, color: null })
    const rows = await database().read<{ actor: string; changes: object }>(
      sql`select actor_user_id as actor, meta -> 'changes' as changes from audit_log
          where target_id = ${id} and action = 'task_categories.update' order by id`,
    )
    expect(rows[0]).toEqual({ actor: admin.userId, changes: { names: [names, changed] } })
  })

  it('has an icon that everyone can see from its address, for as long as it is shown', async () => {
    const [{ id: iconMediaId }, { id: next }] = [await uploadedMedia(admin), await uploadedMedia(admin)]
    expect((await api(`/v1/category-icons/${iconMediaId}`)).status).toBe(404)
    const category = await create({ iconMediaId })
    const { pathname } = new URL(category.iconUrl)
    const icon = await send(pathname)
    expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(icon.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(new Uint8Array(await icon.arrayBuffer())).toEqual(pngBytes)

    const fileOf = async (mediaId: string) =>
      one(
        await database().read<{ owner: string | null; expires: boolean }>(
          sql`select user_id as owner, expires_at is not null as expires from media_files where id = ${mediaId}`,
        ),
      )
    expect(await fileOf(iconMediaId)).toEqual({ owner: null, expires: false })
    expect((await patch(category.id, { iconMediaId })).status).toBe(200)
    await patch(category.id, { iconMediaId: next })
    expect((await api(pathname)).status).toBe(404)
    expect(await fileOf(iconMediaId)).toEqual({ owner: null, expires: true })
    expect((await patch(category.id, { iconMediaId: null })).body.iconUrl).toBeNull()
  })

  it('takes no file of another user, no other kind, none that is not uploaded or shown elsewhere as its icon', async () => {
    const stranger = await signedIn('client')
    const { id: avatarMediaId } = await uploadedMedia(admin)
    const body = { avatarMediaId }
    await ok(api('/v1/me/profile', { as: admin, method: 'PATCH', body }))
    const refused = [
      (await uploadedMedia(stranger)).id,
      avatarMediaId,
      await aFile(admin, 'document'),
      await aFile(admin, 'image', { uploaded: false }),
      newId(),
    ]
    for (const iconMediaId of refused) {
      const { status, body } = await api('/v1/categories', {
        as: admin,
        body: { slug: slug(), names, iconMediaId },
      })
      expect([status, body.code, body.errors]).toMatchObject([
        422,
        'media_refused',
        [{ pointer: '/iconMediaId' }],
      ])
    }
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
    expect((await patch(middle.id, { sortOrder: 2 })).status).toBe(404)

    expect((await restore(middle.id)).body.code).toBe('parent_deleted')
    const { body: restored } = await restore(top.id)
    expect([restored.id, restored.restoredAt]).toEqual([top.id, restored.updatedAt])
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

describe('a category below one that is switched off', () => {
  it('is active for nobody: not shown, not priced, and no task, tasker or add-on reaches it', async () => {
    const top = await aTrade()
    const middle = await aTrade({ parentId: top.id })
    const low = await aTrade({ parentId: middle.id })
    const addon = { categoryId: low.id, names, priceMinor: 100, currency: 'EGP' }
    const { id: addonId } = (await ok(api('/v1/addons', { as: admin, body: addon }))).body
    const client = await aClient()
    const shown = async () => {
      const list = (await ok(api(`/v1/categories?parentId=${middle.id}`))).body.data
      const addons = (await ok(api(`/v1/addons?categoryId=${low.id}`))).body.data
      const tree = (await ok(api('/v1/category-tree'))).body.data
      return [list, addons, tree.filter(({ id }: { id: string }) => id === low.id)].map(
        ({ length }) => length,
      )
    }
    const answers = async () => {
      const draft = (fields: object) => codeOf(api('/v1/tasks', { as: client, body: draftOf(low, fields) }))
      return [
        (await get(low.id)).status,
        (await api(`/v1/addons/${addonId}`)).status,
        await codeOf(
          api('/v1/price-estimates', { body: { categoryId: low.id, city: 'Cairo', estMinutes: 60 } }),
        ),
        await draft({}),
        await draft({ category: middle.slug, subcategory: low.slug }),
        await codeOf(
          api('/v1/me/tasker-profile', {
            as: await aClient(),
            body: { categories: [low.slug], serviceArea: { ...tahrir, radiusKm: 10 } },
          }),
        ),
      ]
    }
    expect([await shown(), await answers()]).toEqual([
      [1, 1, 1],
      [200, 200, '200', '201', '201', '201'],
    ])
    await ok(patch(top.id, { active: false }))
    const unknown = '422 unknown_category'
    expect([await shown(), await answers()]).toEqual([
      [0, 0, 0],
      [404, 404, '404 price_unavailable', unknown, unknown, unknown],
    ])
    expect((await get(low.id, admin)).status).toBe(200)
    await ok(patch(top.id, { active: true }))
    expect(await shown()).toEqual([1, 1, 1])
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

  it('finds categories by a part of their name, in any language and case', async () => {
    const mark = newId()
    const { id } = await create({ names: { en: `Wells ${mark}`, ar: 'آبار', ru: `Колодцы ${mark}` } })
    const found = async (name: string) => {
      const { body } = await api(`/v1/categories?name=${encodeURIComponent(name)}`)
      return body.data.map((category: { id: string }) => category.id)
    }
    expect(await found(`WELLS ${mark}`)).toEqual([id])
    expect(await found(`колодцы ${mark}`)).toEqual([id])
    expect(await found(`%${mark}`)).toEqual([])
  })
})
