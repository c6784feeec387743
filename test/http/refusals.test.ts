import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { api, send, signedIn } from '../support/api.ts'

const inArabic = { 'accept-language': 'ar' }

describe('a refused value', () => {
  it('is explained in plain language', async () => {
    const as = await signedIn('admin')
    const body = { slug: 'Not A Slug', names: 7, colour: 'red' }
    const { body: english } = await api('/v1/categories', { as, body })
    expect(english.errors).toEqual([
      {
        pointer: '/slug',
        code: 'wrong_format',
        message: expect.stringMatching(/^must consist of lower-case letters and digits/),
      },
      { pointer: '/names', code: 'wrong_type', message: 'must be an object' },
      { pointer: '/colour', code: 'unknown_field', message: 'is unknown' },
    ])
    const { body: arabic } = await api('/v1/categories', { as, body, headers: inArabic })
    for (const { message } of arabic.errors) expect(message).toMatch(/^(يجب|غير)/)
  })

  it('that is missing is reported as required only', async () => {
    const as = await signedIn('admin')
    const { body } = await api('/v1/categories', { as, body: {} })
    expect(body.errors).toEqual([
      { pointer: '/slug', code: 'required', message: 'is required' },
      { pointer: '/names', code: 'required', message: 'is required' },
    ])
    const arabic = await api('/v1/categories', { as, body: {}, headers: inArabic })
    expect(arabic.body.errors[0]).toEqual({ pointer: '/slug', code: 'required', message: 'مطلوب' })
  })

  it('is pointed at in the path as in the body', async () => {
    const as = await signedIn()
    const { status, body } = await api('/v1/me/consents/foo', { as, method: 'DELETE' })
    expect([status, body.errors]).toEqual([
      400,
      [{ pointer: 'path/kind', code: 'unknown_value', message: 'must be one of terms, privacy, marketing' }],
    ])
  })

  it('is pointed at where the database refuses it', async () => {
    const as = await signedIn('admin')
    const slug = `twice-${newId()}`
    const body = { slug, names: { en: 'Twice', ar: 'Twice' } }
    expect((await api('/v1/categories', { as, body })).status).toBe(201)
    const again = await api('/v1/categories', { as, body })
    expect(again.body).toMatchObject({
      code: 'already_exists',
      errors: [{ pointer: '/slug', message: 'Already exists' }],
    })
    const unknown = await api('/v1/designations', {
      as,
      body: { name: slug, code: slug.slice(0, 30), departmentId: as.userId },
      headers: inArabic,
    })
    expect(unknown.body).toMatchObject({ code: 'unknown_reference', errors: [{ pointer: '/departmentId' }] })
    expect(unknown.body.errors[0].message).toBe(unknown.body.title)
  })

  it('is pointed at where a rule refuses it', async () => {
    const phone = await api('/v1/auth/otp/request', { body: { phone: '+2012345678' } })
    expect(phone.body).toMatchObject({ code: 'invalid_phone', errors: [{ pointer: '/phone' }] })
    const body = { email: `weak-${newId()}@example.com`, password: 'aaaaaaaaaaaaaaaa' }
    const password = await api('/v1/auth/register', { body })
    expect(password.body).toMatchObject({ code: 'password_refused', errors: [{ pointer: '/password' }] })
  })
})

describe('an optional body', () => {
  it('may be omitted, with or without a content type', async () => {
    for (const options of [{}, { body: '' }]) {
      const as = await signedIn()
      const { status, body } = await api('/v1/me/erasure', { as, method: 'POST', ...options })
      expect([status, body.status], JSON.stringify(options)).toEqual([201, 'scheduled'])
    }
  })

  it('must be JSON where present', async () => {
    const as = await signedIn()
    const options = { as, body: '{}', headers: { 'content-type': 'text/plain' } }
    expect((await api('/v1/me/erasure', options)).status).toBe(415)
  })

  it('is required where it would replace the resource', async () => {
    const as = await signedIn()
    expect((await api('/v1/me/candidate-profile', { as, method: 'PUT' })).status).toBe(415)
  })
})

describe('a created resource', () => {
  it('has a Location', async () => {
    const as = await signedIn('admin')
    const body = { slug: `place-${newId()}`, names: { en: 'Place', ar: 'Place' } }
    const key = { 'idempotency-key': body.slug }
    const made = await api('/v1/categories', { as, body, headers: key })
    const place = made.headers.get('location') ?? ''
    expect(place).toBe(`/v1/categories/${made.body.id}`)
    expect((await api(place)).body).toEqual(made.body)
    const repeated = await api('/v1/categories', { as, body, headers: key })
    expect(repeated.headers.get('location')).toBe(place)
  })

  it('has the path of its creation where there is only one', async () => {
    const as = await signedIn()
    const made = await api('/v1/me/erasure', { as, method: 'POST' })
    expect(made.headers.get('location')).toBe('/v1/me/erasure')
    expect((await api('/v1/me/erasure', { as })).body).toEqual(made.body)
  })
})

describe('an expired or revoked credential', () => {
  it('is distinguished from a missing one', async () => {
    const as = await signedIn()
    const body = { name: 'Short', scopes: ['tasks:read'], expiresInDays: 1 }
    const { body: made } = await api('/v1/me/api-keys', { as, body })
    await api(`/v1/me/api-keys/${made.id}`, { as, method: 'DELETE' })
    const headers = { authorization: `Bearer ${made.key}` }
    const revoked = await api('/v1/tasks', { headers })
    expect([revoked.status, revoked.body.code]).toEqual([401, 'invalid_api_key'])
    expect(revoked.headers.get('www-authenticate')).toBe('Bearer realm="khidma", error="invalid_token"')
    const none = await api('/v1/tasks')
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="khidma"')
  })
})

describe('the root path', () => {
  it('links to the reference for people and programs', async () => {
    const page = await send('/', { headers: { accept: 'text/html,application/xhtml+xml' } })
    expect([page.status, page.headers.get('location')]).toEqual([302, '/docs'])
    const { status, body } = await api('/')
    expect([status, body.reference, body.openapi]).toEqual([200, '/docs', '/openapi.json'])
  })
})
