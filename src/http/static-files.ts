import type { Call } from './app-env.ts'

/** The page loads its script and the spec from here and nothing from anywhere else. The viewer sets styles inline. */
const docsContentSecurityPolicy = [
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

/** A file of `public/`, or 404 where the build has not put it there. */
export async function serveFile(c: Call, path: string): Promise<Response> {
  const request = new Request(new URL(path, c.req.url), { headers: conditionsOf(c) })
  const found = await c.env.ASSETS.fetch(request)
  if (found.status !== 200 && found.status !== 304) return c.notFound()
  const response = new Response(found.body, found)
  response.headers.set('Cache-Control', `public, max-age=${maxAgeSeconds}`)
  if (path.startsWith('/docs')) response.headers.set('Content-Security-Policy', docsContentSecurityPolicy)
  return response
}

function conditionsOf(c: Call): HeadersInit {
  const known = c.req.header('if-none-match')
  return known === undefined ? {} : { 'if-none-match': known }
}
