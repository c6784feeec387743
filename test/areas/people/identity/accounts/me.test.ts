import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secretsOf } from '../../../../../src/core/context.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { signAccessToken } from '../../../../../src/core/tokens.ts'
import { api, type Caller, env, signedIn } from '../../../../support/api.ts'

const patch = (as: Caller, body: object, headers: Record<string, string> = {}) =>
  api('/v1/me', { as, method: 'PATCH', body, headers })

describe('me', () => {
  it('is the caller, with an ETag that answers 304', async () => {
    const as = await signedIn('tasker')
    const { status, body, headers } = await api('/v1/me', { as })
    expect(status).toBe(200)
    expect(body).toEqual({
      id: as.userId,
      role: 'tasker',
      phone: as.phone,
      email: null,
      fullName: 'Test tasker',
      locale: 'ar-EG',
      accountType: 'individual',
      timezone: 'Africa/Cairo',
      currency: 'EGP',
      country: null,
      status: 'active',
      restrictions: [],
      version: 1,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
    const again = await api('/v1/me', { as, headers: { 'if-none-match': headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it('changes exactly the fields that were sent', async () => {
    const as = await signedIn('client')
    const change = fc.record(
      {
        fullName: fc.oneof(fc.constantFrom('منى', 'Ada Lovelace', 'Ой бай'), fc.constant(null)),
        accountType: fc.constantFrom('individual', 'company'),
        timezone: fc.constantFrom('Africa/Cairo', 'Africa/Lagos', 'Asia/Bishkek', 'Asia/Kolkata', 'UTC'),
        currency: fc.constantFrom('EGP', 'NGN', 'KGS', 'INR', 'GHS'),
        locale: fc.constantFrom('ar-EG', 'en', 'ru', 'ky', 'hi-IN', 'zh-Hant-TW', 'es-419'),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(change, async (fields) => {
        const before = (await api('/v1/me', { as })).body
        const { status, body } = await patch(as, fields)
        expect(status).toBe(200)
        const isChange = Object.keys(fields).length > 0
        const version = before.version + (isChange ? 1 : 0)
        expect(body).toEqual({
          ...before,
          ...fields,
          version,
          updatedAt: isChange ? expect.any(String) : before.updatedAt,
        })
        expect((await api('/v1/me', { as })).body).toEqual(body)
      }),
      { numRuns: 30 },
    )
  })

  it('refuses a change of an outdated version', async () => {
    const as = await signedIn('client')
    const { headers } = await api('/v1/me', { as })
    const etag = headers.get('etag') ?? ''
    const first = await patch(as, { fullName: 'First' }, { 'if-match': etag })
    const second = await patch(as, { fullName: 'Second' }, { 'if-match': etag })
    expect([first.status, second.status, second.body.code]).toEqual([200, 412, 'precondition_failed'])
    expect((await api('/v1/me', { as })).body.fullName).toBe('First')
    expect(
      (await patch(as, { fullName: 'Third' }, { 'if-match': first.headers.get('etag') ?? '' })).status,
    ).toBe(200)
  })

  it.each([
    ['a phone', { phone: '+201234567890' }],
    ['a role', { role: 'admin' }],
    ['an empty name', { fullName: '  ' }],
    ['an e-mail address, which is a way in', { email: 'mona@example.com' }],
    ['a locale that is none', { locale: 'Egyptian' }],
    ['no locale', { locale: null }],
  ])('does not take %s', async (_name, body) => {
    const as = await signedIn()
    expect((await patch(as, body)).status).toBe(400)
    expect((await api('/v1/me', { as })).body.version).toBe(1)
  })

  it('returns 401 without a token and for a deleted user', async () => {
    expect((await api('/v1/me')).status).toBe(401)
    const as = await signedIn()
    const subject = { userId: newId(), role: 'client' as const, sessionId: newId() }
    const { accessToken } = await signAccessToken(secretsOf(env), subject, new Date())
    expect((await api('/v1/me', { as: { ...as, accessToken } })).status).toBe(404)
  })
})
