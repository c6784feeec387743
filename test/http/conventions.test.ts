import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { api, send, signedIn } from '../support/api.ts'

const missing = '/v1/categories/019a2f4e-0000-7000-8000-000000000000'

describe('every response', () => {
  it('has a request id: the given one, or a new one', async () => {
    const kept = await api('/v1/categories', { headers: { 'x-request-id': 'phone-1234.5678' } })
    expect(kept.headers.get('x-request-id')).toBe('phone-1234.5678')
    const made = await api(missing, { headers: { 'x-request-id': 'no good\u00e9' } })
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(made.body.requestId).toBe(made.headers.get('x-request-id'))
  })

  it('reports the round trips and time of the database', async () => {
    const one = await api('/v1/categories')
    expect(one.headers.get('server-timing')).toMatch(/^db;dur=\d+\.\d;desc="round-trips=1 planned=1"$/)
    const none = await api('/v1/nowhere')
    expect(none.headers.get('server-timing')).toBe('db;dur=0.0;desc="round-trips=0 planned=0"')
  })

  it('has rate-limit and security headers', async () => {
    for (const path of ['/v1/categories', '/v1/nowhere']) {
      const { headers } = await api(path, { headers: { 'cf-connecting-ip': `nobody-${newId()}` } })
      expect(headers.get('ratelimit-policy')).toBe('"default";q=600;w=60')
      expect(headers.get('ratelimit')).toMatch(/^"default";r=599;t=([1-9]|[1-5]\d|60)$/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-expose-headers')).toContain('Idempotency-Replayed')
    }
  })

  it('answers preflight requests', async () => {
    const response = await send('/v1/categories', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(response.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('answers HEAD as GET, without the body', async () => {
    const response = await send('/v1/categories', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect(response.headers.get('x-request-id')).not.toBeNull()
  })
})

describe('a problem', () => {
  it('is RFC 9457, with our code and the request id', async () => {
    const { status, headers, body } = await api(missing)
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body).toEqual({
      type: expect.stringMatching(/^https?:\/\/.+\/problems\/not_found$/),
      title: 'Not found',
      status: 404,
      detail: 'It does not exist, or you do not have access to it.',
      code: 'not_found',
      requestId: headers.get('x-request-id'),
    })
  })

  it('is in the requested language', async () => {
    const { headers, body } = await api(missing, {
      headers: { 'accept-language': 'de, ar-EG;q=0.9, en;q=0.1' },
    })
    expect(body.title).toBe('غير موجود')
    expect(headers.get('content-language')).toBe('ar')
    expect(headers.get('vary')).toContain('Accept-Language')
  })

  it('points at each refused value, in both languages', async () => {
    const body = { categoryId: 'x', city: '', estMinutes: 1.5, 'a/b~c': 1 }
    const english = await api('/v1/price-estimates', { body })
    expect(english.status).toBe(400)
    expect(english.body.code).toBe('invalid_request')
    const pointers = english.body.errors.map((error: { pointer: string }) => error.pointer).sort()
    expect(pointers).toEqual(['/a~1b~0c', '/categoryId', '/city', '/estMinutes'])
    const arabic = await api('/v1/price-estimates', { body, headers: { 'accept-language': 'ar' } })
    expect(arabic.body.errors).toHaveLength(4)
    for (const { message } of arabic.body.errors) expect(message).toMatch(/[\u0600-\u06ff]/)
  })

  it('points into query and path', async () => {
    const query = await api('/v1/categories?limit=many')
    expect(query.body.errors).toEqual([
      { pointer: 'query/limit', code: expect.any(String), message: expect.any(String) },
    ])
    const path = await api('/v1/categories/seven')
    expect(path.body.errors).toEqual([
      { pointer: 'path/categoryId', code: 'wrong_format', message: expect.any(String) },
    ])
    const unknown = await api('/v1/categories?colour=red')
    expect(unknown.body.errors).toEqual([
      { pointer: 'query/colour', code: 'unknown_field', message: expect.any(String) },
    ])
  })

  it('distinguishes an unknown path from a wrong method', async () => {
    const unknown = await api('/v1/nowhere')
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found'])
    const wrong = await api('/v1/categories', { method: 'DELETE' })
    expect([wrong.status, wrong.body.code]).toEqual([405, 'method_not_allowed'])
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST')
  })
})

describe('ids in paths', () => {
  it('are case-insensitive', async () => {
    const admin = await signedIn('admin')
    const { body } = await api('/v1/categories', {
      as: admin,
      body: { slug: `caps-${newId()}`, names: { en: 'Caps', ar: 'Caps' } },
    })
    const found = await api(`/v1/categories/${body.id.toUpperCase()}`)
    expect(found.body.id).toBe(body.id)
  })
})
