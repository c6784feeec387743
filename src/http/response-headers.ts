import type { MiddlewareHandler } from 'hono'
import type { AppEnv, Call } from './app-env.ts'
import { answerLocaleOf } from './content-locale.ts'
import { deprecationHeaders } from './deprecation.ts'
import { rateLimitHeaders } from './rate-limit.ts'

const securityHeaders: [string, string][] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'],
  ['Cross-Origin-Resource-Policy', 'cross-origin'],
]

/** JSON that a browser is tricked into rendering can do nothing. Pages for people bring a policy of their own. */
const defaultContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'"

/** Every header that every response carries, success or refusal. */
export const responseHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  // The response of an upgrade belongs to the object that made it, and cannot be changed.
  if (c.res.status === 101) return
  const { headers } = c.res
  headers.set('X-Request-Id', c.get('requestId'))
  headers.set('Server-Timing', serverTiming(c))
  headers.set('Content-Language', answerLocaleOf(c))
  headers.append('Vary', 'Accept-Language')
  for (const [name, value] of securityHeaders) headers.set(name, value)
  if (!headers.has('Content-Security-Policy'))
    headers.set('Content-Security-Policy', defaultContentSecurityPolicy)
  if (!headers.has('Cache-Control'))
    headers.set('Cache-Control', headers.has('ETag') ? 'private, no-cache' : 'no-store')
  const deprecated = c.get('operation')?.deprecated
  if (deprecated) for (const [name, value] of deprecationHeaders(deprecated)) headers.append(name, value)
  const rateLimit = c.get('rateLimit')
  if (rateLimit) for (const [name, value] of rateLimitHeaders(rateLimit)) headers.set(name, value)
  if (c.get('unit')?.replayed) headers.set('Idempotency-Replayed', 'true')
}

function serverTiming(c: Call): string {
  const unit = c.get('unit')
  const { databaseMs = 0, roundTrips = 0, plannedRoundTrips = 0 } = unit ?? {}
  return `db;dur=${databaseMs.toFixed(1)};desc="round-trips=${roundTrips} planned=${plannedRoundTrips}"`
}
