import { getPath } from 'hono/utils/url'
import type { AreaName } from './areas/index.ts'
import { logAttempts } from './areas/trust/audit/attempts.ts'
import type { Env } from './env.ts'
import { authentication } from './http/auth.ts'
import { cors } from './http/cors.ts'
import { allRoutes, areaOf, newRoutes, type Routes, routesOf } from './http/mount.ts'
import { onError, onNotFound } from './http/problem.ts'
import { rateLimits } from './http/rate-limit.ts'
import { tellRefusals } from './http/refusals.ts'
import { identify, refuseNullBytes } from './http/request.ts'
import { responseHeaders } from './http/response-headers.ts'
import { systemContext } from './system-context.ts'

const middleware = [
  identify,
  responseHeaders,
  cors,
  tellRefusals((env, attempt) => logAttempts(systemContext(env, 'audit'), [attempt])),
  authentication,
  rateLimits,
  refuseNullBytes,
  // Then, for each operation: policy, preconditions, body, idempotency key, validation (`defineOperation`).
] as const

/** Puts the middleware that every request passes before the routes. */
function appOf(routes: readonly Routes[]): Routes {
  const made = newRoutes()
  for (const each of middleware) made.use(each)
  for (const each of routes) made.route('/', each)
  made.notFound(onNotFound(made))
  made.onError(onError)
  return made
}

/** Every operation in one app: for the spec, and for tests. */
export async function wholeApp(): Promise<Routes> {
  return appOf((await allRoutes()).map(([, routes]) => routes))
}

/** The routes that belong to no area: none, unless this is a development build. */
export async function otherRoutes(): Promise<Routes> {
  const routes = newRoutes()
  if (typeof __DEV_TOOLS__ !== 'undefined' && __DEV_TOOLS__) {
    const { mountDevTools } = await import('./areas/platform/system/dev-routes.ts')
    mountDevTools(routes)
    const { mountSubscriptionClock } = await import('./areas/commerce/subscriptions/dev-routes.ts')
    mountSubscriptionClock(routes)
  }
  return routes
}

const apps = new Map<AreaName | undefined, Routes>()

/**
 * An app for each area: the first request to an area loads its schemas and those of no other, which would be most of the time
 * that a new isolate takes to answer. A path of no area is answered by an app without routes.
 */
async function appFor(area: AreaName | undefined): Promise<Routes> {
  let found = apps.get(area)
  if (!found) {
    found = appOf([(area && (await routesOf(area))) ?? (await otherRoutes())])
    apps.set(area, found)
  }
  return found
}

export const app = {
  async fetch(request: Request, env: Env, ctx?: ExecutionContext): Promise<Response> {
    return (await appFor(areaOf(getPath(request)))).fetch(request, env, ctx)
  },
}
