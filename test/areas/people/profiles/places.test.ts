import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { addressesLimit } from '../../../../src/areas/people/profiles/addresses.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const addresses = '/v1/me/addresses'
const home = { label: 'Home', address: '14 Hassan Sabry St', city: 'Cairo' }
const place = { lat: 30.0626, lng: 31.2197 }

const add = (as: Caller, fields: object = {}) => api(addresses, { as, body: { ...home, ...fields } })
// biome-ignore lint/suspicious/noExplicitAny: as in `api`
const all = async (as: Caller): Promise<any[]> => (await ok(api(addresses, { as }))).body.data
const defaultsOf = async (as: Caller): Promise<string[]> =>
  (await all(as)).filter(({ isDefault }) => isDefault).map(({ id }) => id)

describe('addresses', () => {
  it('are stored as given; the first is the default', async () => {
    const as = await signedIn()
    const { status, body, headers } = await add(as, { district: 'Zamalek', location: place, country: 'EG' })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      ...home,
      district: 'Zamalek',
      region: null,
      postalCode: null,
      country: 'EG',
      instructions: null,
      location: place,
      isDefault: true,
      version: 1,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
    expect(headers.get('etag')).toBe('"v1.en"')
    expect((await ok(api(`${addresses}/${body.id}`, { as }))).body).toEqual(body)
    const [near] = await database().read<{ near: boolean }>(
      sql`select st_dwithin(location, st_setsrid(st_makepoint(31.2197, 30.0626), 4326)::geography, 1) as near
            from addresses where id = ${body.id}`,
    )
    expect(near?.near).toBe(true)
  })

  it('have at most one default', async () => {
    const as = await signedIn()
    const first = (await ok(add(as))).body
    const second = (await ok(add(as, { label: 'Office' }))).body
    expect(second.isDefault).toBe(false)
    const third = (await ok(add(as, { label: 'Parents', isDefault: true }))).body
    expect(await defaultsOf(as)).toEqual([third.id])
    const moved = await ok(api(`${addresses}/${first.id}/set-default`, { as, method: 'POST' }))
    expect(moved.body.isDefault).toBe(true)
    expect(await defaultsOf(as)).toEqual([first.id])
    const again = await ok(api(`${addresses}/${first.id}/set-default`, { as, method: 'POST' }))
    expect(again.body.version).toBe(moved.body.version)
    await ok(api(`${addresses}/${first.id}`, { as, method: 'DELETE' }))
    expect(await defaultsOf(as)).toEqual([])
  })

  it('change by field, under their current version only', async () => {
    const as = await signedIn()
    const { body: before } = await ok(add(as, { location: place }))
    const path = `${addresses}/${before.id}`
    const patch = (body: object, headers = {}) => api(path, { as, method: 'PATCH', body, headers })
    const { body: after } = await ok(patch({ location: null, label: 'Old home' }))
    expect(after).toEqual({
      ...before,
      location: null,
      label: 'Old home',
      version: 2,
      updatedAt: after.updatedAt,
    })
    const stale = { 'if-match': '"v1.en"' }
    expect(await codeOf(patch({ label: 'New' }, stale))).toBe('412 precondition_failed')
    expect(await codeOf(api(path, { as, method: 'DELETE', headers: stale }))).toBe('412 precondition_failed')
    await ok(api(path, { as, method: 'DELETE', headers: { 'if-match': '"v2.en"' } }))
    expect(await codeOf(api(path, { as }))).toBe('404 not_found')
    expect(await codeOf(api(path, { as, method: 'DELETE' }))).toBe('404 not_found')
  })

  it('are visible to their owner only', async () => {
    const [owner, other] = [await signedIn(), await signedIn()]
    const { id } = (await ok(add(owner))).body
    const path = `${addresses}/${id}`
    const attempts = [
      api(path, { as: other }),
      api(path, { as: other, method: 'PATCH', body: { label: 'Mine' } }),
      api(path, { as: other, method: 'DELETE' }),
      api(`${path}/set-default`, { as: other, method: 'POST' }),
    ]
    for (const attempt of attempts) expect(await codeOf(attempt)).toBe('404 not_found')
    const own = (await ok(add(other))).body
    await api(`${path}/set-default`, { as: other, method: 'POST' })
    expect(await defaultsOf(other)).toEqual([own.id])
    expect((await all(owner)).map(({ label }) => label)).toEqual(['Home'])
  })

  it('are limited to 20', async () => {
    const as = await signedIn()
    for (let n = 0; n < addressesLimit; n += 1) await ok(add(as))
    expect(await codeOf(add(as))).toBe('409 limit_reached')
  })

  it('are created once for one key', async () => {
    const as = await signedIn()
    const headers = { 'idempotency-key': newId() }
    const [one, two] = [
      await ok(api(addresses, { as, body: home, headers })),
      await ok(api(addresses, { as, body: home, headers })),
    ]
    expect(two.body).toEqual(one.body)
    expect(await all(as)).toHaveLength(1)
  })

  it.each([
    { id: newId() },
    { userId: newId() },
    { version: 3 },
    { location: { lat: 91, lng: 0 } },
    { location: { lat: 30 } },
    { lat: 30, lng: 31 },
    { country: 'eg' },
    { label: '' },
    { address: 'x'.repeat(301) },
  ])('take no %j', async (fields) => {
    const as = await signedIn()
    expect(await codeOf(add(as, fields))).toBe('400 invalid_request')
    const { id } = (await ok(add(as))).body
    const patched = api(`${addresses}/${id}`, { as, method: 'PATCH', body: fields })
    expect(await codeOf(patched)).toBe('400 invalid_request')
    const byPatch = api(`${addresses}/${id}`, { as, method: 'PATCH', body: { isDefault: true } })
    expect(await codeOf(byPatch)).toBe('400 invalid_request')
  })
})

describe('languages', () => {
  const set = (as: Caller, languages: object[]) =>
    api('/v1/me/languages', { as, method: 'PUT', body: { languages } })
  const spoken = async (as: Caller) => (await ok(api('/v1/me/languages', { as }))).body.data

  it('of a user are replaced as a whole', async () => {
    const as = await signedIn()
    expect(await spoken(as)).toEqual([])
    const first = await ok(
      set(as, [
        { code: 'en', proficiency: 'fluent' },
        { code: 'ar', proficiency: 'native' },
      ]),
    )
    expect(first.body.data).toEqual([
      { code: 'ar', proficiency: 'native', name: 'Arabic', nativeName: 'العربية' },
      { code: 'en', proficiency: 'fluent', name: 'English', nativeName: 'English' },
    ])
    await ok(
      set(as, [
        { code: 'ru', proficiency: 'basic' },
        { code: 'en', proficiency: 'native' },
      ]),
    )
    expect(await spoken(as)).toMatchObject([
      { code: 'en', proficiency: 'native' },
      { code: 'ru', proficiency: 'basic' },
    ])
    expect((await ok(set(as, []))).body.data).toEqual([])
  })

  it('that are unknown are refused, without a change', async () => {
    const as = await signedIn()
    await ok(set(as, [{ code: 'ar', proficiency: 'native' }]))
    const unknown = [
      { code: 'en', proficiency: 'basic' },
      { code: 'tlh', proficiency: 'native' },
    ]
    expect(await codeOf(set(as, unknown))).toBe('422 unknown_language')
    expect(await spoken(as)).toMatchObject([{ code: 'ar' }])
  })

  it.each([
    [[{ code: 'ar', proficiency: 'perfect' }]],
    [
      [
        { code: 'ar', proficiency: 'basic' },
        { code: 'ar', proficiency: 'native' },
      ],
    ],
    [[{ code: 'ar', proficiency: 'native', userId: newId() }]],
    [[{ code: 'Arabic', proficiency: 'native' }]],
  ])('take no %j', async (languages) => {
    expect(await codeOf(set(await signedIn(), languages))).toBe('400 invalid_request')
  })
})
