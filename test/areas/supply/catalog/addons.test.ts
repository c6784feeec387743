import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

let admin: Caller
beforeAll(async () => {
  admin = await signedIn('admin')
})

const names = { en: 'Ironing', ar: 'كي الملابس', hi: 'इस्त्री' }
async function aCategory(fields: object = {}): Promise<string> {
  const body = { slug: `extra-${newId()}`, names: { en: 'Extra', ar: 'إضافي' }, ...fields }
  return (await ok(api('/v1/categories', { as: admin, body }))).body.id
}
const create = async (categoryId: string, fields: object = {}) => {
  const body = { categoryId, names, priceMinor: 5_000, currency: 'EGP', ...fields }
  return (await ok(api('/v1/addons', { as: admin, body }))).body
}
const get = (id: string, as?: Caller, headers = {}) => api(`/v1/addons/${id}`, { as, headers })
const patch = (id: string, body: object, tag = '*') =>
  api(`/v1/addons/${id}`, { as: admin, method: 'PATCH', body, headers: { 'if-match': tag } })
const remove = (id: string, headers = {}) => api(`/v1/addons/${id}`, { as: admin, method: 'DELETE', headers })
const restore = (id: string) => api(`/v1/addons/${id}/restore`, { as: admin, method: 'POST' })
const list = async (query: string, as?: Caller): Promise<string[]> =>
  (await ok(api(`/v1/addons?${query}`, { as }))).body.data.map(({ id }: { id: string }) => id)

describe('an add-on', () => {
  it('is shown to everyone in their language, with its price', async () => {
    const { id } = await create(await aCategory(), { descriptions: { en: 'Ten pieces.' } })
    expect((await get(id)).body).toMatchObject({
      name: 'Ironing',
      description: 'Ten pieces.',
      priceMinor: 5_000,
    })
    const { body, headers } = await get(id, undefined, { 'accept-language': 'hi-IN' })
    expect(body).toMatchObject({ name: 'इस्त्री', description: 'Ten pieces.', names })
    expect([headers.get('etag'), headers.get('content-language')]).toEqual(['"v1.hi-en"', 'hi'])
  })

  it('belongs to a category that is not deleted, and costs something or nothing', async () => {
    const categoryId = await aCategory()
    const refused = (fields: object) =>
      codeOf(
        api('/v1/addons', {
          as: admin,
          body: { categoryId, names, priceMinor: 5_000, currency: 'EGP', ...fields },
        }),
      )
    expect(await refused({ categoryId: newId() })).toBe('422 unknown_category')
    expect(await refused({ priceMinor: -1 })).toBe('400 invalid_request')
    expect(await refused({ currency: 'USD' })).toBe('400 invalid_request')
    expect((await create(categoryId, { priceMinor: 0 })).priceMinor).toBe(0)
  })

  it('changes under its current version only, and each change is recorded', async () => {
    const { id } = await create(await aCategory())
    expect((await ok(patch(id, { priceMinor: 6_000 }, '"v1.en"'))).body).toMatchObject({
      priceMinor: 6_000,
      names,
      version: 2,
    })
    expect((await patch(id, { priceMinor: 1 }, '"v1.en"')).status).toBe(412)
    const { status } = await api(`/v1/addons/${id}`, { as: admin, method: 'PATCH', body: {} })
    expect(status).toBe(428)
    const rows = await database().read<{ actor: string; changes: object }>(
      sql`select actor_user_id as actor, meta -> 'changes' as changes from audit_log
           where target_id = ${id} and action = 'service_addons.update'`,
    )
    expect(rows).toEqual([{ actor: admin.userId, changes: { price_amount: [5_000, 6_000] } }])
  })

  it('is written with `catalog.manage`', async () => {
    const body = { categoryId: await aCategory(), names, priceMinor: 1, currency: 'EGP' }
    expect(await codeOf(api('/v1/addons', { as: await signedIn('ops'), body }))).toBe(
      '403 permission_missing',
    )
    expect(await codeOf(api('/v1/addons', { as: await signedIn('client'), body }))).toBe('403 forbidden')
  })

  it('is deleted and restored', async () => {
    const { id } = await create(await aCategory())
    expect((await remove(id, { 'if-match': '"v7.en"' })).status).toBe(412)
    expect((await remove(id)).status).toBe(204)
    expect([(await remove(id)).status, (await get(id, admin)).status]).toEqual([404, 404])
    expect((await patch(id, { active: false })).status).toBe(404)
    const { body } = await ok(restore(id))
    expect(body.restoredAt).toBe(body.updatedAt)
    expect((await get(id)).status).toBe(200)
    expect((await ok(restore(id))).body.version).toBe(body.version)
    expect((await restore(newId())).status).toBe(404)
  })

  it('goes and comes back with its category', async () => {
    const categoryId = await aCategory()
    const [kept, gone] = [await create(categoryId), await create(categoryId)]
    await remove(gone.id)
    await api(`/v1/categories/${categoryId}`, { as: admin, method: 'DELETE' })
    expect([(await get(kept.id, admin)).status, (await patch(kept.id, { active: false })).status]).toEqual([
      404, 404,
    ])
    expect(await codeOf(restore(gone.id))).toBe('409 parent_deleted')
    await api(`/v1/categories/${categoryId}/restore`, { as: admin, method: 'POST' })
    expect(await list(`categoryId=${categoryId}`)).toEqual([kept.id])
  })
})

describe('the list of add-ons', () => {
  it('has those of a category in their order, and hides inactive ones from all but staff', async () => {
    const categoryId = await aCategory()
    const [second, first, inactive, cedis] = [
      await create(categoryId, { sortOrder: 2 }),
      await create(categoryId, { sortOrder: 1 }),
      await create(categoryId, { sortOrder: 3, active: false }),
      await create(categoryId, { sortOrder: 4, currency: 'GHS' }),
    ]
    expect(await list(`categoryId=${categoryId}`)).toEqual([first.id, second.id, cedis.id])
    expect(await list(`categoryId=${categoryId}&currency=EGP`)).toEqual([first.id, second.id])
    expect(await list(`categoryId=${categoryId}`, admin)).toEqual([
      first.id,
      second.id,
      inactive.id,
      cedis.id,
    ])
    expect((await get(inactive.id)).status).toBe(404)
  })
})
