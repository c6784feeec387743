import { createExecutionContext } from 'cloudflare:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { app } from '../../../../src/app.ts'
import { escapeHtml } from '../../../../src/core/html.ts'
import { type ProblemCode, problems } from '../../../../src/core/problems.ts'
import { pageContentSecurityPolicy } from '../../../../src/http/page.ts'
import { type Document, operationsOf, slugOf } from '../../../../tools/openapi/json.ts'
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

const codes = Object.keys(problems) as ProblemCode[]

describe('the problem pages', () => {
  const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

  it.each(codes)('/problems/%s is served as JSON and as HTML, in both languages', async (code) => {
    const { title, detail, status, cause, remedy } = problems[code]
    const program = await api(`/problems/${code}`)
    expect(program.body).toEqual({
      code,
      type: `${env.API_ORIGIN}/problems/${code}`,
      status,
      cause,
      remedy,
      texts: { en: { title: title.en, detail: detail.en }, ar: { title: title.ar, detail: detail.ar } },
      operations: expect.any(Array),
    })
    const person = await api<string>(`/problems/${code}`, { headers: asBrowser })
    expect(person.headers.get('content-type')).toContain('text/html')
    expect(person.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(person.body).toContain(title.ar)
    expect(person.body).toContain('dir="rtl"')
    for (const text of [cause, remedy])
      expect(person.body).toContain(`<p>${escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
  })

  it('say more than the texts for people, in sentences', () => {
    for (const code of codes) {
      const { title, detail, cause, remedy } = problems[code]
      for (const text of [cause, remedy]) {
        expect(text, code).toMatch(/^[A-Z`].{8,}\.$/)
        expect([title.en, detail.en], code).not.toContain(text)
      }
    }
  })

  it('link to the operations, and the reference links to them', async () => {
    const operations = await api('/problem-operations.json')
    expect(operations.status).toBe(404)
    for (const code of codes) {
      const page = (await api<string>(`/problems/${code}`, { headers: asBrowser })).body
      const { body } = await api(`/problems/${code}`)
      const links = [...page.matchAll(/<a href="(\/docs\/[a-z-]+)#([\w.]+)">/g)]
      expect(
        links.map(([, , operationId]) => operationId),
        code,
      ).toEqual(body.operations)
    }
    const page = (await api<string>('/problems/offer_taken', { headers: asBrowser })).body
    const [, path = '', operationId] = /<a href="(\/docs\/[a-z-]+)#([\w.]+)">/.exec(page) ?? []
    const reference = (await api<string>(path)).body
    expect(reference).toContain(`id="${operationId}"`)
    expect(reference).toContain('href="/problems/offer_taken"')
  })

  it('name the operations that answer them', async () => {
    expect((await api('/problems/offer_taken')).body.operations).toEqual([
      'offers.accept',
      'bids.award',
      'bids.accept',
      'leadRequests.accept',
    ])
    const page = (await api<string>('/problems/offer_taken', { headers: asBrowser })).body
    expect(page).toContain('<a href="/docs/offers#offers.accept"><code>offers.accept</code></a>')
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
    for (const path of ['/docs', '/docs/offers']) {
      const page = await api<string>(path)
      expect(page.status).toBe(200)
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(page.headers.get('content-security-policy')).toBe(pageContentSecurityPolicy)
      expect(page.body).not.toMatch(/<script|(?:src|href)="(?:https?:)?\/\//)
    }
    const explorer = await api<string>('/docs/explorer')
    expect(explorer.status).toBe(200)
    expect(explorer.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(explorer.body).not.toMatch(/https?:\/\//)
    const scripts = [...explorer.body.matchAll(/src="([^"]+)"/g)].map(([, path]) => path as string)
    expect(scripts).toHaveLength(2)
    for (const path of scripts) {
      const script = await api<string>(path)
      expect([path, script.status]).toEqual([path, 200])
      expect(script.headers.get('content-type')).toContain('javascript')
      const isHashed = /\.[0-9a-f]{16}\.js$/.test(path)
      expect(script.headers.get('cache-control')).toBe(
        isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
      )
    }
  })

  it('show every operation on the page of its tag, and no link leads nowhere', async () => {
    const spec = (await api('/openapi.json')).body as Document
    const pages = new Map<string, string>()
    for (const path of ['/docs', ...spec.tags.map(({ name }) => `/docs/${slugOf(name)}`)])
      pages.set(path, (await api<string>(path)).body)
    for (const [, , { operationId, tags }] of operationsOf(spec))
      expect(pages.get(`/docs/${slugOf(tags[0] ?? '')}`)).toContain(`id="${operationId}"`)
    for (const [own, html] of pages) {
      for (const [, path, anchor] of html.matchAll(/href="(\/docs(?:\/[\w-]+)?|)(?:#([\w.]+))?"/g)) {
        const target = path === '/docs/explorer' ? '' : pages.get(path || own)
        expect(target, `${own} links to ${path}`).toBeDefined()
        if (anchor) expect(target, `${own} links to ${path}#${anchor}`).toContain(`id="${anchor}"`)
      }
      for (const [, code = ''] of html.matchAll(/href="\/problems\/(\w+)"/g))
        expect(codes, own).toContain(code)
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
