import type { MiddlewareHandler } from 'hono'
import { negotiateLocale } from '../core/i18n.ts'
import { newId } from '../core/ids.ts'
import { Problem } from '../core/problems.ts'
import type { AppEnv } from './app-env.ts'

const requestIdPattern = /^[A-Za-z0-9._:-]{8,128}$/

/** Names the call, its moment and its language. An id that came with the call is kept if it is harmless in a log. */
export const identify: MiddlewareHandler<AppEnv> = async (c, next) => {
  const startedAt = new Date()
  const incoming = c.req.header('x-request-id')
  c.set('requestId', incoming && requestIdPattern.test(incoming) ? incoming : newId(startedAt.getTime()))
  c.set('startedAt', startedAt)
  c.set('locale', negotiateLocale(c.req.header('accept-language')))
  await next()
}

/** Postgres can store no null character, and no path or filter of ours means one. */
export const refuseNullBytes: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.raw.url.includes('%00')) {
    throw new Problem('invalid_request', {
      errors: [{ pointer: 'path', message: 'a null character is not allowed' }],
    })
  }
  await next()
}
