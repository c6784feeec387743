import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { aFile } from '../../../support/profiles.ts'
import { ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const patch = (path: string, as: Caller, body: object, headers: Record<string, string> = {}) =>
  api(path, { as, method: 'PATCH', body, headers })

const defaults = {
  '/v1/me/profile': {
    bio: null,
    dateOfBirth: null,
    gender: null,
    avatarMediaId: null,
    jobTitle: null,
    websiteUrl: null,
    linkedinUrl: null,
    twitterHandle: null,
  },
  '/v1/me/settings': {
    theme: 'system',
    textSize: 'medium',
    reduceMotion: false,
    distanceUnit: 'km',
    timeFormat: '24h',
    weekStartsOn: 'saturday',
    startScreen: 'home',
  },
  '/v1/me/client-profile': {
    displayName: null,
    city: null,
    district: null,
    preferredPaymentMethod: null,
    contactPreference: 'any',
    noteForTaskers: null,
  },
}
const changes: Record<keyof typeof defaults, object[]> = {
  '/v1/me/profile': [
    { bio: 'I restore old houses.', dateOfBirth: '1990-04-23', gender: 'female' },
    { jobTitle: 'Architect', websiteUrl: 'https://mona.example/', twitterHandle: 'mona_example' },
    { linkedinUrl: 'https://www.linkedin.com/in/mona-example', bio: null },
  ],
  '/v1/me/settings': [{ theme: 'dark' }, { reduceMotion: true, timeFormat: '12h' }, { startScreen: 'tasks' }],
  '/v1/me/client-profile': [
    { displayName: 'منى', city: 'Cairo', district: 'Zamalek' },
    { preferredPaymentMethod: 'cash', contactPreference: 'chat' },
    { preferredPaymentMethod: null, noteForTaskers: 'Ring twice.' },
  ],
}

describe.each(Object.keys(defaults) as (keyof typeof defaults)[])('%s', (path) => {
  it('has defaults before the first change', async () => {
    const as = await signedIn()
    const { body, headers } = await ok(api(path, { as }))
    const stamps = { version: 0, updatedAt: expect.any(String) }
    expect(body).toEqual({ ...defaults[path], ...stamps })
    expect(headers.get('etag')).toBe('"v0.en"')
    expect((await ok(patch(path, as, {}))).body).toEqual(body)
  })

  it('changes what was sent and nothing else', async () => {
    const as = await signedIn()
    let before = (await ok(api(path, { as }))).body
    for (const change of changes[path]) {
      const { body: after } = await ok(patch(path, as, change))
      expect(after).toEqual({
        ...before,
        ...change,
        version: before.version + 1,
        updatedAt: expect.any(String),
      })
      expect((await ok(api(path, { as }))).body).toEqual(after)
      before = after
    }
    expect((await ok(api(path, { as: await signedIn() }))).body).toMatchObject(defaults[path])
  })

  it('refuses a change of an outdated version, including the first', async () => {
    const as = await signedIn()
    const [first = {}, second = {}] = changes[path]
    const unborn = { 'if-match': '"v0.en"' }
    expect((await patch(path, as, first, unborn)).status).toBe(200)
    expect(await codeOf(patch(path, as, second, unborn))).toBe('412 precondition_failed')
    expect((await patch(path, as, second, { 'if-match': '"v1.en"' })).status).toBe(200)
    const { headers } = await ok(api(path, { as }))
    const again = await api(path, { as, headers: { 'if-none-match': headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it('admits one of two concurrent first changes', async () => {
    const as = await signedIn()
    const [first = {}, second = {}] = changes[path]
    const both = [first, second].map((body) => patch(path, as, body, { 'if-match': '"v0.en"' }))
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 412])
  })

  it.each([
    { userId: newId() },
    { id: newId() },
    { version: 7 },
    { role: 'admin' },
    { status: 'active' },
    { createdAt: '2020-01-01T00:00:00.000Z' },
  ])('takes no %j', async (body) => {
    const as = await signedIn()
    expect(await codeOf(patch(path, as, body))).toBe('400 invalid_request')
    expect((await ok(api(path, { as }))).body.version).toBe(0)
  })
})

describe('me', () => {
  const me = '/v1/me'

  it('has an account type, a time zone, a currency and a status', async () => {
    const as = await signedIn()
    const { body } = await ok(api(me, { as }))
    expect(body).toMatchObject({
      accountType: 'individual',
      timezone: 'Africa/Cairo',
      currency: 'EGP',
      status: 'active',
    })
    const change = { accountType: 'company', timezone: 'Asia/Bishkek', currency: 'KGS', locale: 'ky' }
    expect((await ok(patch(me, as, change))).body).toMatchObject(change)
  })

  it.each([
    [{ timezone: 'Cairo' }, '400 invalid_request'],
    [{ timezone: 'Africa/Atlantis' }, '422 unknown_timezone'],
    [{ timezone: 'XYZ+3' }, '400 invalid_request'],
    // Names that Postgres reads as custom time zone rules.
    [{ timezone: 'Mars/Olympus+3' }, '400 invalid_request'],
    [{ timezone: 'Africa/Nowhere2' }, '400 invalid_request'],
    [{ timezone: 'Africa/Nowhere-2' }, '400 invalid_request'],
    [{ timezone: 'Etc/GMT+99' }, '400 invalid_request'],
    [{ currency: 'USD' }, '400 invalid_request'],
    [{ accountType: 'bank' }, '400 invalid_request'],
    [{ status: 'suspended' }, '400 invalid_request'],
    [{ status: 'closed' }, '400 invalid_request'],
    [{ role: 'admin' }, '400 invalid_request'],
    [{ phone: '+201234567890' }, '400 invalid_request'],
    [{ email: 'somebody@example.com' }, '400 invalid_request'],
    [{ username: 'somebody' }, '400 invalid_request'],
  ] as const)('does not take %j', async (body, code) => {
    const as = await signedIn()
    expect(await codeOf(patch(me, as, body))).toBe(code)
    expect((await ok(api(me, { as }))).body.version).toBe(1)
  })
})

describe('pictures', () => {
  it('must be uploaded images of the user', async () => {
    const [as, other] = [await signedIn(), await signedIn()]
    const avatarMediaId = await aFile(as)
    expect((await ok(patch('/v1/me/profile', as, { avatarMediaId }))).body.avatarMediaId).toBe(avatarMediaId)
    const refused = [
      await aFile(other),
      await aFile(as, 'document'),
      await aFile(as, 'image', { uploaded: false }),
      newId(),
    ]
    for (const id of refused) {
      expect(await codeOf(patch('/v1/me/profile', as, { avatarMediaId: id }))).toBe('422 media_refused')
    }
    expect((await ok(patch('/v1/me/profile', as, { avatarMediaId: null }))).body.avatarMediaId).toBeNull()
  })

  it('are visible to others while in use', async () => {
    const [as, other] = [await signedIn(), await signedIn()]
    const avatarMediaId = await aFile(as)
    const look = () => api(`/v1/media/${avatarMediaId}`, { as: other })
    expect(await codeOf(look())).toBe('404 not_found')
    await ok(patch('/v1/me/profile', as, { avatarMediaId }))
    expect((await ok(look())).body.id).toBe(avatarMediaId)
    await ok(patch('/v1/me/profile', as, { avatarMediaId: null }))
    expect(await codeOf(look())).toBe('404 not_found')
  })

  it.each([
    ['https:www.linkedin.com/in/mona', 'https://www.linkedin.com/in/mona'],
    ['https://www.linkedin.com\\@evil.example', 'https://www.linkedin.com/@evil.example'],
    ['HTTPS://WWW.LINKEDIN.COM/in/mona', 'https://www.linkedin.com/in/mona'],
  ])('and a link is kept as it was understood, not as it was written: %s', async (linkedinUrl, kept) => {
    const { body } = await ok(patch('/v1/me/profile', await signedIn(), { linkedinUrl }))
    expect(body.linkedinUrl).toBe(kept)
  })

  it.each([
    { dateOfBirth: '2999-01-01' },
    { dateOfBirth: '1899-12-31' },
    { dateOfBirth: '1990-02-30' },
    { websiteUrl: 'http://plain.example' },
    { websiteUrl: 'javascript:alert(1)' },
    { linkedinUrl: 'https://linkedin.com.evil.example/in/x' },
    { twitterHandle: '@mona' },
    { gender: 'x' },
  ])('and facts have their form: %j', async (body) => {
    expect(await codeOf(patch('/v1/me/profile', await signedIn(), body))).toBe('400 invalid_request')
  })
})
