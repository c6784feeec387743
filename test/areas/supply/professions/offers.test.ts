import { describe, expect, it } from 'vitest'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { aFile } from '../../../support/profiles.ts'
import { aDraftProfile, aListedProfile, pathOf } from '../../../support/role-profiles.ts'
import { aTasker, ok } from '../../../support/story.ts'
import { aTrade, codeOf } from '../../../support/work.ts'
import { uploadedMedia } from '../../../support/world/platform.ts'

const serviceOf = async (fields: object = {}) => ({
  name: 'Wedding day',
  category: (await aTrade()).slug,
  priceType: 'fixed',
  priceAmount: 800_000,
  currency: 'EGP',
  durationMinutes: 480,
  ...fields,
})

const addService = async (as: Caller, id: string, fields: object = {}) =>
  api(pathOf(id, 'services'), { as, body: await serviceOf(fields) })

const addItem = (as: Caller, id: string, fields: object = {}) =>
  api(pathOf(id, 'portfolio'), { as, body: { title: 'A wedding by the Nile', ...fields } })

describe('services', () => {
  it('are listed to everybody while they are active and the profile is listed', async () => {
    const { id, tasker } = await aListedProfile()
    const extras = [{ name: 'Second photographer', priceAmount: 200_000, minutes: 30 }]
    const shown = (await ok(addService(tasker, id, { extras }))).body
    await ok(addService(tasker, id, { name: 'Not now', isActive: false }))
    const { body } = await ok(api(pathOf(id, 'services')))
    expect(body.data).toMatchObject([{ id: shown.id, name: 'Wedding day', extras: [extras[0]] }])
    expect((await ok(api(pathOf(id, 'services'), { as: tasker }))).body.data).toHaveLength(2)
    await ok(api(pathOf(id), { as: tasker, method: 'PATCH', body: { isPublic: false } }))
    expect(await codeOf(api(pathOf(id, 'services')))).toBe('404 not_found')
  })

  it('need a unit for a price per unit, and none for others', async () => {
    const tasker = await aTasker()
    const id = await aDraftProfile(tasker)
    expect(await codeOf(addService(tasker, id, { priceType: 'per_unit' }))).toBe('422 service_unit_refused')
    expect(await codeOf(addService(tasker, id, { unitName: 'picture' }))).toBe('422 service_unit_refused')
    const { body } = await ok(addService(tasker, id, { priceType: 'per_unit', unitName: 'picture' }))
    const path = `/v1/services/${body.id}`
    const changed = await ok(api(path, { as: tasker, method: 'PATCH', body: { priceType: 'hourly' } }))
    expect(changed.body).toMatchObject({ priceType: 'hourly', unitName: null })
  })

  it('are changed and deleted by their owner only', async () => {
    const [{ id, tasker }, stranger] = [await aListedProfile(), await signedIn('client')]
    const { body } = await ok(addService(tasker, id))
    const path = `/v1/services/${body.id}`
    const patch = (as: Caller) => api(path, { as, method: 'PATCH', body: { priceAmount: 900_000 } })
    expect(await codeOf(patch(stranger))).toBe('404 not_found')
    expect((await ok(patch(tasker))).body.priceAmount).toBe(900_000)
    expect(await codeOf(api(path, { as: stranger, method: 'DELETE' }))).toBe('404 not_found')
    expect((await api(path, { as: tasker, method: 'DELETE' })).status).toBe(204)
    expect(await codeOf(patch(tasker))).toBe('404 not_found')
    expect((await ok(api(pathOf(id, 'services')))).body.data).toEqual([])
  })

  it('refuse links in their texts, those of extras too, and unknown categories', async () => {
    const tasker = await aTasker()
    const id = await aDraftProfile(tasker)
    const extras = [{ name: 'See www.example.com', priceAmount: 1, minutes: 0 }]
    expect(await codeOf(addService(tasker, id, { extras }))).toBe('422 contacts_refused')
    expect(await codeOf(addService(tasker, id, { description: 'mona@example.com' }))).toBe(
      '422 contacts_refused',
    )
    expect(await codeOf(addService(tasker, id, { category: 'no-such-category' }))).toBe(
      '422 unknown_category',
    )
  })
})

describe('a portfolio', () => {
  it('shows images by a public address, which keeps as long as the image stays', async () => {
    const { id, tasker } = await aListedProfile()
    const [first, second] = [await uploadedMedia(tasker), await uploadedMedia(tasker)]
    const { body } = await ok(addItem(tasker, id, { imageMediaIds: [first.id, second.id] }))
    expect(body.images.map(({ mediaId }: { mediaId: string }) => mediaId)).toEqual([first.id, second.id])
    const shown = new URL(body.images[0].url).pathname
    const image = await api(shown)
    expect([image.status, image.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600'])
    expect(image.headers.get('content-disposition')).toBe('attachment')
    const path = `/v1/portfolio-items/${body.id}`
    const turned = await ok(
      api(path, { as: tasker, method: 'PATCH', body: { imageMediaIds: [second.id, first.id] } }),
    )
    expect(turned.body.images.map((one: { id: string }) => one.id)).toEqual(
      body.images.map((one: { id: string }) => one.id).reverse(),
    )
    await ok(api(pathOf(id), { as: tasker, method: 'PATCH', body: { isPublic: false } }))
    expect(await codeOf(api(shown))).toBe('404 not_found')
  })

  it('takes uploaded images of its owner only', async () => {
    const [tasker, other] = [await aTasker(), await aTasker()]
    const id = await aDraftProfile(tasker)
    for (const mediaId of [
      await aFile(other),
      await aFile(tasker, 'document'),
      await aFile(tasker, 'image', { uploaded: false }),
    ])
      expect(await codeOf(addItem(tasker, id, { imageMediaIds: [mediaId] }))).toBe('422 media_refused')
  })

  it('is put in order by its owner', async () => {
    const { id, tasker } = await aListedProfile()
    const ids: string[] = []
    for (const title of ['One', 'Two', 'Three']) ids.push((await ok(addItem(tasker, id, { title }))).body.id)
    const order = (itemIds: string[]) =>
      api(pathOf(id, 'portfolio-order'), { as: tasker, method: 'PUT', body: { itemIds } })
    expect(await codeOf(order(ids.slice(1)))).toBe('422 portfolio_incomplete')
    await ok(order([...ids].reverse()))
    const { body } = await ok(api(pathOf(id, 'portfolio')))
    expect(body.data.map(({ title }: { title: string }) => title)).toEqual(['Three', 'Two', 'One'])
  })

  it('refuses links in its texts and tags', async () => {
    const tasker = await aTasker()
    const id = await aDraftProfile(tasker)
    for (const fields of [{ description: 'https://example.com' }, { tags: ['instagram.com/mona'] }])
      expect(await codeOf(addItem(tasker, id, fields))).toBe('422 contacts_refused')
  })
})
