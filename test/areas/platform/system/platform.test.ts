import { createExecutionContext } from 'cloudflare:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { app } from '../../../../src/app.ts'
import { type ProblemCode, problems } from '../../../../src/core/problems.ts'
import { api, env, signedIn } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'

const inEnvironment = (path: string, changes: object) =>
  app.fetch(new Request(`https://api.test${path}`), { ...env, ...changes }, createExecutionContext())

describe('health', () => {
  it('needs the Worker only', async () => {
    const { status, headers, body } = await api('/healthz')
    expect([status, body]).toEqual([200, { status: 'ok' }])
    expect(headers.get('server-timing')).toContain('round-trips=0')
  })

  it('is ready with database, queue and object', async () => {
    const body = await eventually('each to answer in time', async () => {
      const answer = await api('/readyz')
      return answer.status === 200 && answer.body
    })
    expect(body).toEqual({ status: 'ok', checks: { database: 'ok', queue: 'ok', object: 'ok' } })
  })

  it('names the component that does not respond', async () => {
    const broken = { metrics: async () => Promise.reject(new Error('down')) }
    await eventually('an answer of the object in time', async () => {
      const response = await inEnvironment('/readyz', {
        EVENTS: broken,
        DATABASE_URL: 'postgres://x:y@nowhere/none',
      })
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('5')
      const { code, errors } = await response.json<{ code: string; errors: { pointer: string }[] }>()
      expect(code).toBe('temporarily_unavailable')
      const silent = errors.map(({ pointer }) => pointer)
      expect(silent).toContain('queue')
      return !silent.includes('object')
    })
  })
})

describe('keys', () => {
  it('verify access tokens, and contain no private key', async () => {
    const { body, headers } = await api('/.well-known/jwks.json')
    for (const key of body.keys) {
      expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' })
      expect(key).not.toHaveProperty('d')
    }
    expect(headers.get('cache-control')).toContain('public')
    const { accessToken, userId } = await signedIn('ops')
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet(body))
    expect(payload).toMatchObject({ sub: userId, role: 'ops', aud: 'khidma', iss: env.API_ORIGIN })
  })
})

describe('the problem pages', () => {
  const codes = Object.keys(problems) as ProblemCode[]
  const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

  it.each(codes)('/problems/%s is served as JSON and as HTML, in both languages', async (code) => {
    const { title, detail, status } = problems[code]
    const program = await api(`/problems/${code}`)
    expect(program.body).toEqual({
      code,
      type: `${env.API_ORIGIN}/problems/${code}`,
      status,
      texts: { en: { title: title.en, detail: detail.en }, ar: { title: title.ar, detail: detail.ar } },
      operations: expect.any(Array),
    })
    const person = await api<string>(`/problems/${code}`, { headers: asBrowser })
    expect(person.headers.get('content-type')).toContain('text/html')
    expect(person.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(person.body).toContain(title.ar)
    expect(person.body).toContain('dir="rtl"')
  })

  it('name the operations that answer them', async () => {
    expect((await api('/problems/offer_taken')).body.operations).toEqual(['offers.accept'])
    const page = (await api<string>('/problems/offer_taken', { headers: asBrowser })).body
    expect(page).toContain('<code>offers.accept</code>')
    const { operations } = (await api('/problems/unauthenticated')).body
    expect(operations).toContain('bookings.confirm')
    expect(operations).not.toContain('auth.requestOtp')
  })

  it('are listed', async () => {
    const { body } = await api('/problems')
    expect(body.data.map(({ code }: { code: string }) => code)).toEqual(codes)
    expect((await api<string>('/problems', { headers: asBrowser })).body).toContain('/problems/offer_taken')
  })

  it('return 404 for an unknown code', async () => {
    for (const code of ['nope', 'toString', '__proto__', 'constructor']) {
      expect((await api(`/problems/${code}`)).status).toBe(404)
    }
  })
})

describe('the files', () => {
  it('are the spec and its viewer, from this origin only', async () => {
    const spec = await api('/openapi.json')
    expect(spec.status).toBe(200)
    expect(spec.body.openapi).toMatch(/^3\.1\./)
    const page = await api<string>('/docs')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.body).not.toMatch(/https?:\/\//)
    for (const path of ['/docs/scalar.js', '/docs/start.js']) {
      const script = await api<string>(path)
      expect([path, script.status]).toEqual([path, 200])
      expect(script.headers.get('content-type')).toContain('javascript')
    }
  })

  it('answer 304 to a request with their ETag', async () => {
    const first = await api('/openapi.json')
    const tag = first.headers.get('etag') ?? ''
    const again = await api('/openapi.json', { headers: { 'if-none-match': tag } })
    expect([again.status, again.body]).toEqual([304, ''])
  })

  it('are exactly the listed ones', async () => {
    for (const path of [
      '/docs/nothing.js',
      '/docs/..%2f..%2fwrangler.toml',
      '/docs/.gitignore',
      '/index.html',
    ]) {
      const { status, body } = await api(path)
      expect([path, status, body.code]).toEqual([path, 404, 'not_found'])
    }
  })
})
