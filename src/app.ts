import { areas } from './areas/index.ts'
import { mountDevTools } from './areas/platform/system/dev-routes.ts'
import { logAttempts } from './areas/trust/audit/attempts.ts'
import { authentication } from './http/auth.ts'
import { cors } from './http/cors.ts'
import { mount, newRoutes } from './http/mount.ts'
import { onError, onNotFound } from './http/problem.ts'
import { rateLimits } from './http/rate-limit.ts'
import { tellRefusals } from './http/refusals.ts'
import { identify, refuseNullBytes } from './http/request.ts'
import { responseHeaders } from './http/response-headers.ts'
import { systemContext } from './system-context.ts'

export const app = newRoutes()

app.use(identify)
app.use(responseHeaders)
app.use(cors)
app.use(tellRefusals((env, attempt) => logAttempts(systemContext(env, 'audit'), [attempt])))
app.use(authentication)
app.use(rateLimits)
app.use(refuseNullBytes)
// Then, for each operation: policy, preconditions, body, idempotency key, validation (`defineOperation`).

for (const area of areas) mount(app, area.name, (await area.routes()).routes)
if (typeof __DEV_TOOLS__ !== 'undefined' && __DEV_TOOLS__) mountDevTools(app)

app.notFound(onNotFound(app))
app.onError(onError)
