import type { Call } from './app-env.ts'
import { pageContentSecurityPolicy } from './page.ts'

/** The explorer loads its script and the spec from here and nothing from anywhere else. It sets styles inline. */
const explorerContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const maxAgeSeconds = 300
const yearSeconds = 31_536_000

/** A name with a hash of the content: under it, nothing else will ever be served. */
const hashed = /\.[0-9a-f]{16}\.\w+$/

/** A file of `public/`, or 404 where the build has not put it there. */
export async function serveFile(c: Call, path: string): Promise<Response> {
  const request = new Request(new URL(path, c.req.url), { headers: conditionsOf(c) })
  const found = await c.env.ASSETS.fetch(request)
  if (found.status !== 200 && found.status !== 304) return c.notFound()
  const response = new Response(found.body, found)
  const caching = hashed.test(path) ? `max-age=${yearSeconds}, immutable` : `max-age=${maxAgeSeconds}`
  response.headers.set('Cache-Control', `public, ${caching}`)
  if (path.endsWith('.html')) response.headers.set('Content-Security-Policy', policyOf(path))
  return response
}

const policyOf = (path: string): string =>
  path === '/docs/explorer.html' ? explorerContentSecurityPolicy : pageContentSecurityPolicy

function conditionsOf(c: Call): HeadersInit {
  const known = c.req.header('if-none-match')
  return known === undefined ? {} : { 'if-none-match': known }
}
