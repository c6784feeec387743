import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { all, call, named } from '../contract/call.ts'
import { api, env, send, signedIn } from '../support/api.ts'

describe('a path', () => {
  it('has no alternative spelling', async () => {
    const client = await signedIn('client')
    for (const path of [
      '/v1//audit-log',
      '//v1/audit-log',
      '/V1/audit-log',
      '/v1/AUDIT-LOG',
      '/v1/audit-log/',
      '/v1/audit-log;/',
      '/v1/audit-log;x=1',
      '/v1/me/../audit-log',
      '/v1/me/%2e%2e/audit-log',
      '/v1/me/..%2faudit-log',
      '/v1/me%2f..%2faudit-log',
      '/v1/%61udit-log',
      '/v1/audit%2dlog',
      '/v1/audit-log%20',
      '/v1/audit-log%0a',
      '/v1/audit-log%00',
      '/v1\\audit-log',
      '/v1/audit-log.json',
      '/v1/audit-log%23',
      '/v1/audit-log%3flimit=1',
      '/%76%31/audit-log',
    ]) {
      const { status } = await api(path, { as: client })
      expect([400, 403, 404], `${path} answered ${status}`).toContain(status)
      const anonymous = (await api(path)).status
      expect([400, 401, 404], `${path} answered ${anonymous}`).toContain(anonymous)
    }
  })

  it('follows from the request line only, not from headers', async () => {
    const client = await signedIn('client')
    for (const headers of [
      { 'x-original-url': '/v1/audit-log' },
      { 'x-rewrite-url': '/v1/audit-log' },
      { 'x-http-method-override': 'DELETE' },
      { 'x-method-override': 'DELETE' },
      { 'x-http-method': 'PATCH' },
      { 'x-forwarded-prefix': '/v1/audit-log' },
    ] as Record<string, string>[]) {
      const { status, body } = await api('/v1/me', { as: client, headers })
      expect([headers, status, body.id]).toEqual([headers, 200, client.userId])
    }
  })

  it('with identity headers does not authenticate a caller', async () => {
    const victim = await signedIn('admin')
    for (const headers of [
      { 'x-user-id': victim.userId },
      { 'x-role': 'admin' },
      { 'x-forwarded-user': victim.userId },
      { 'x-khidma-actor': victim.userId },
      { 'cf-access-authenticated-user-email': 'admin@example.com' },
      { 'cf-worker': 'khidma' },
      { 'x-real-ip': '127.0.0.1', 'x-forwarded-for': '127.0.0.1' },
    ] as Record<string, string>[])
      expect([headers, (await api('/v1/me', { headers })).status]).toEqual([headers, 401])
  })

  it('of the development tools is refused for foreign hosts', async () => {
    for (const headers of [{ host: 'localhost' }, { 'x-forwarded-host': '127.0.0.1' }] as Record<
      string,
      string
    >[]) {
      const { status } = await api('/v1/dead-letters', { headers })
      expect(status).toBe(401)
    }
  })
})

describe('a host', () => {
  it('is never used in URLs of responses', async () => {
    const client = await signedIn('client')
    const evil = 'attacker.example'
    const headers = {
      'x-forwarded-host': evil,
      'x-forwarded-proto': 'http',
      forwarded: `host=${evil}`,
      origin: `https://${evil}`,
    }
    const body = { kind: 'image', mimeType: 'image/png', fileSize: 8 }
    const answers = [
      await api('/v1/nothing', { headers }),
      await api('/problems/not_found', { headers }),
      await api('/v1/media', { as: client, body, headers }),
      await api('/healthz', { headers }),
    ]
    for (const answer of answers) {
      expect(JSON.stringify(answer.body)).not.toContain(evil)
      for (const [name, value] of answer.headers) expect(`${name}: ${value}`).not.toContain(evil)
    }
    expect(answers[0]?.body.type).toBe(`${env.API_ORIGIN}/problems/not_found`)
  })

  it('of a foreign page gets no cookie', async () => {
    const { headers } = await api('/v1/me', { headers: { origin: 'https://attacker.example' } })
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('set-cookie')).toBeNull()
  })
})

/** Values that would end a header and begin another, in every spelling that an HTTP client lets pass. */
const injections = [
  'abcdefgh%0d%0aSet-Cookie:%20owned=1',
  'abcdefgh%0aX-Owned:%201',
  'abcdefgh\\r\\nX-Owned: 1',
  'abcdefgh"; X-Owned: 1',
  '<script>alert(1)</script>',
  'x'.repeat(5_000),
]

describe('a header', () => {
  it('that is echoed is harmless', async () => {
    const client = await signedIn('client')
    const echoed = [
      'x-request-id',
      'x-correlation-id',
      'traceparent',
      'idempotency-key',
      'if-none-match',
      'accept-language',
      'origin',
      'access-control-request-headers',
    ]
    for (const name of echoed) {
      for (const value of injections) {
        const response = await send('/v1/me', { as: client, headers: { [name]: value } })
        expect(response.status, `${name}: ${value}`).toBeLessThan(500)
        expect(response.headers.get('set-cookie')).toBeNull()
        expect(response.headers.get('x-owned')).toBeNull()
        for (const [own, sent] of response.headers) expect(`${own}: ${sent}`).not.toContain(value)
        expect(response.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._:-]{8,128}$/)
        await response.body?.cancel()
      }
    }
  })

  it('cannot be injected by a path or a query', async () => {
    const admin = await signedIn('admin')
    for (const value of injections.slice(0, 2)) {
      for (const path of [
        `/v1/${value}`,
        `/problems/${value}`,
        `/v1/tasks/${value}`,
        `/v1/audit-log?module=${value}`,
        `/v1/me?${value}`,
      ]) {
        const response = await send(path, { as: admin })
        expect(response.status, path).toBeLessThan(500)
        for (const [name, sent] of response.headers) expect(`${name}: ${sent}`).not.toMatch(/owned/i)
        await response.body?.cancel()
      }
    }
  })
})

/** Operations that require sign-in answer anonymous callers alike, whatever the body, query or precondition. */
describe.each(named(all.filter(({ policy }) => policy !== 'public')))('%s', (_operationId, operation) => {
  it('is refused before its body, query or precondition is read', async () => {
    for (const more of [
      { body: {} },
      { query: 'role=admin' },
      { headers: { 'if-match': '"0"', 'idempotency-key': newId() } },
    ]) {
      const { status, body } = await call(operation, more)
      expect([status, (body as { code: string }).code]).toEqual([401, 'unauthenticated'])
    }
  })
})
