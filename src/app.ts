import { cors } from 'hono/cors'
import { auditRoutes } from './areas/audit/routes.ts'
import { bookingRoutes } from './areas/bookings/routes.ts'
import { catalogRoutes } from './areas/catalog/routes.ts'
import { ledgerRoutes } from './areas/ledger/routes.ts'
import { paymentRoutes } from './areas/payments/routes.ts'
import { mountDevTools } from './areas/platform/dev-routes.ts'
import { platformRoutes } from './areas/platform/routes.ts'
import { reviewRoutes } from './areas/reviews/routes.ts'
import { trustRoutes } from './areas/trust/routes.ts'
import { newArea } from './http/area.ts'
import { authentication } from './http/auth.ts'
import { corsOptions } from './http/cors.ts'
import { onError, onNotFound } from './http/problem.ts'
import { rateLimits } from './http/rate-limit.ts'
import { identify, refuseNullBytes } from './http/request.ts'
import { responseHeaders } from './http/response-headers.ts'

export const app = newArea()

app.use(identify)
app.use(responseHeaders)
app.use(cors(corsOptions))
app.use(authentication)
app.use(rateLimits)
app.use(refuseNullBytes)
// Then, for each operation: policy, preconditions, body, idempotency key, validation (`defineOperation`).

app.route('/', catalogRoutes)
app.route('/', bookingRoutes)
app.route('/', paymentRoutes)
app.route('/', ledgerRoutes)
app.route('/', reviewRoutes)
app.route('/', trustRoutes)
app.route('/', auditRoutes)
app.route('/', platformRoutes)
if (typeof __DEV_TOOLS__ !== 'undefined' && __DEV_TOOLS__) mountDevTools(app)

app.notFound(onNotFound(app))
app.onError(onError)
