import type { MiddlewareHandler } from 'hono'
import { negotiateLocale } from '../core/i18n.ts'
import { newId } from '../core/ids.ts'
import { Problem } from '../core/problems.ts'
import type { AppEnv, Call } from './app-env.ts'
import { nullCharacter } from './body.ts'

const requestIdPattern = /^[A-Za-z0-9._:-]{8,128}$/

const traceparentPattern = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/

/**
 * Reads the larger operation that, as the caller says, this call is part of: a name of their own, or the trace of W3C Trace
 * Context.
 */
function correlationIdOf(c: Call): string | null {
  const own = c.req.header('x-correlation-id')
  if (own && requestIdPattern.test(own)) return own
  return traceparentPattern.exec(c.req.header('traceparent') ?? '')?.[1] ?? null
}

/** Names the call, its moment and its language. An id that came with the call is kept if it is harmless in a log. */
export const identify: MiddlewareHandler<AppEnv> = async (c, next) => {
  const startedAt = new Date()
  const incoming = c.req.header('x-request-id')
  c.set('requestId', incoming && requestIdPattern.test(incoming) ? incoming : newId(startedAt.getTime()))
  c.set('correlationId', correlationIdOf(c))
  c.set('startedAt', startedAt)
  c.set('locale', negotiateLocale(c.req.header('accept-language')))
  await next()
}

/** Postgres can store no null character, and no path or filter of ours means one. */
export const refuseNullBytes: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.raw.url.includes('%00')) {
    throw new Problem('invalid_request', {
      errors: [{ pointer: 'path', message: nullCharacter }],
    })
  }
  await next()
}
