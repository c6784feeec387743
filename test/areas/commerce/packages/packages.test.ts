import { beforeAll, describe, expect, it } from 'vitest'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { aPackage } from '../../../support/commerce.ts'
import { anAdmin, anOps, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

let admin: Caller
beforeAll(async () => {
  admin = await anAdmin()
})

const sale = {
  kind: 'credit_bundle',
  names: { en: 'A hundred credits', ar: 'مئة رصيد' },
  country: 'EG',
  priceMinor: 100_000,
  currency: 'EGP',
  credits: 100,
}
const create = (fields: object = {}, as = admin) => api('/v1/packages', { as, body: { ...sale, ...fields } })
const change = (id: string, body: object, tag = '*') =>
  api(`/v1/packages/${id}`, { as: admin, method: 'PATCH', body, headers: { 'if-match': tag } })
const idsOf = async (query: string, as?: Caller): Promise<string[]> =>
  (await ok(api(`/v1/packages?limit=100&${query}`, as ? { as } : {}))).body.data.map(
    ({ id }: { id: string }) => id,
  )

describe('a package', () => {
  it('is shown to everybody in their language, by kind and country', async () => {
    const { body } = await ok(create())
    expect(body).toMatchObject({ ...sale, postings: 0, validityDays: null, active: true, version: 1 })
    expect(await idsOf('kind=credit_bundle&country=EG')).toContain(body.id)
    expect(await idsOf('kind=job_posting&country=EG')).not.toContain(body.id)
    expect(await idsOf('country=NG')).not.toContain(body.id)
    const arabic = await ok(api(`/v1/packages/${body.id}`, { headers: { 'accept-language': 'ar' } }))
    expect(arabic.body.name).toBe('مئة رصيد')
  })

  it('gives at least one of what its kind names, and may give the rest', async () => {
    expect(await codeOf(create({ credits: 0, postings: 5 }))).toBe('422 package_gives_nothing')
    expect((await ok(create({ postings: 1, contactViews: 2 }))).body).toMatchObject({
      postings: 1,
      contactViews: 2,
      credits: 100,
    })
  })

  it('is sold in the currency of its country alone', async () => {
    expect(await codeOf(create({ currency: 'NGN' }))).toBe('422 package_currency')
    expect(await codeOf(create({ country: 'NG' }))).toBe('422 package_currency')
    expect(await codeOf(create({ country: 'FR' }))).toBe('400 invalid_request')
    await ok(create({ country: 'NG', currency: 'NGN' }))
  })

  it('is changed by those who hold the permission, at the version that they saw', async () => {
    const { id } = await aPackage()
    expect(await codeOf(create({}, await anOps()))).toBe('403 permission_missing')
    expect(await codeOf(change(id, { priceMinor: 1 }, '"v9.en"'))).toBe('412 precondition_failed')
    expect((await ok(change(id, { priceMinor: 230_000 }))).body).toMatchObject({
      priceMinor: 230_000,
      version: 2,
    })
  })

  it('that is inactive or retired is hidden from all but staff, and a retired one stays as it is', async () => {
    const { id } = await aPackage()
    await ok(change(id, { active: false }))
    expect(await codeOf(api(`/v1/packages/${id}`))).toBe('404 not_found')
    await ok(change(id, { active: true }))
    await ok(api(`/v1/packages/${id}`))
    const retire = () => api(`/v1/packages/${id}/retire`, { as: admin, method: 'POST' })
    const first = (await ok(retire())).body
    expect(first).toMatchObject({ active: false, version: 4 })
    expect((await ok(retire())).body).toEqual(first)
    expect(await codeOf(change(id, { priceMinor: 1 }))).toBe('409 package_retired')
    expect(await codeOf(api(`/v1/packages/${id}`))).toBe('404 not_found')
    expect(await idsOf('kind=job_posting', admin)).toContain(id)
    expect(await idsOf('kind=job_posting')).not.toContain(id)
  })
})

it('the list is not sent again to whoever has it', async () => {
  await aPackage()
  const path = '/v1/packages?kind=job_posting&country=EG&limit=1'
  const first = await ok(api(path))
  const etag = first.headers.get('etag') ?? ''
  expect((await api(path, { headers: { 'if-none-match': etag } })).status).toBe(304)
})

it('a client cannot create a package', async () => {
  expect(await codeOf(create({}, await signedIn('client')))).toBe('403 forbidden')
})
