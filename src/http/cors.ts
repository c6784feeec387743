import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './app-env.ts'

/** Any web page may call: callers are known by a token that no browser adds by itself, never by a cookie. */
const shared: [string, string][] = [
  ['Access-Control-Allow-Origin', '*'],
  [
    'Access-Control-Expose-Headers',
    'ETag,Idempotency-Replayed,Link,Location,RateLimit,RateLimit-Policy,Retry-After,Server-Timing,X-Request-Id',
  ],
]

const preflight: [string, string][] = [
  ['Access-Control-Allow-Methods', 'GET,HEAD,POST,PUT,PATCH,DELETE'],
  [
    'Access-Control-Allow-Headers',
    'Accept-Language,Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,Traceparent,X-Correlation-Id,X-Request-Id',
  ],
  ['Access-Control-Max-Age', '86400'],
]

export const cors: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.method === 'OPTIONS')
    return new Response(null, { status: 204, headers: [...shared, ...preflight] })
  await next()
  // After the handler: who asks Hono for a response earlier gets an empty one, whose headers are then copied over.
  if (c.res.status !== 101) for (const [name, value] of shared) c.res.headers.set(name, value)
  return undefined
}
