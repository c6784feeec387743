import { accessRoutes } from './areas/access/routes.ts'
import { apiKeyRoutes } from './areas/api-keys/routes.ts'
import { logAttempts } from './areas/audit/attempts.ts'
import { auditRoutes } from './areas/audit/routes.ts'
import { bookingRoutes } from './areas/bookings/routes.ts'
import { catalogRoutes } from './areas/catalog/routes.ts'
import { chatRoutes } from './areas/chat/routes.ts'
import { eventRoutes } from './areas/events/routes.ts'
import { identityRoutes } from './areas/identity/routes.ts'
import { ledgerRoutes } from './areas/ledger/routes.ts'
import { matchingRoutes } from './areas/matching/routes.ts'
import { mediaRoutes } from './areas/media/routes.ts'
import { notificationRoutes } from './areas/notifications/routes.ts'
import { organisationRoutes } from './areas/organisation/routes.ts'
import { paymentRoutes } from './areas/payments/routes.ts'
import { deadLetterRoutes } from './areas/platform/dead-letter-routes.ts'
import { mountDevTools } from './areas/platform/dev-routes.ts'
import { platformRoutes } from './areas/platform/routes.ts'
import { privacyRoutes } from './areas/privacy/routes.ts'
import { profileRoutes } from './areas/profiles/routes.ts'
import { reviewRoutes } from './areas/reviews/routes.ts'
import { taskerRoutes } from './areas/taskers/routes.ts'
import { taskRoutes } from './areas/tasks/routes.ts'
import { trustRoutes } from './areas/trust/routes.ts'
import { webhookRoutes } from './areas/webhooks/routes.ts'
import { newArea } from './http/area.ts'
import { authentication } from './http/auth.ts'
import { cors } from './http/cors.ts'
import { onError, onNotFound } from './http/problem.ts'
import { rateLimits } from './http/rate-limit.ts'
import { tellRefusals } from './http/refusals.ts'
import { identify, refuseNullBytes } from './http/request.ts'
import { responseHeaders } from './http/response-headers.ts'
import { systemContext } from './system-context.ts'

export const app = newArea()

app.use(identify)
app.use(responseHeaders)
app.use(cors)
app.use(tellRefusals((env, attempt) => logAttempts(systemContext(env, 'audit'), [attempt])))
app.use(authentication)
app.use(rateLimits)
app.use(refuseNullBytes)
// Then, for each operation: policy, preconditions, body, idempotency key, validation (`defineOperation`).

app.route('/', identityRoutes)
app.route('/', apiKeyRoutes)
app.route('/', accessRoutes)
app.route('/', organisationRoutes)
app.route('/', profileRoutes)
app.route('/', catalogRoutes)
app.route('/', taskerRoutes)
app.route('/', taskRoutes)
app.route('/', matchingRoutes)
app.route('/', bookingRoutes)
app.route('/', paymentRoutes)
app.route('/', ledgerRoutes)
app.route('/', reviewRoutes)
app.route('/', trustRoutes)
app.route('/', chatRoutes)
app.route('/', notificationRoutes)
app.route('/', mediaRoutes)
app.route('/', webhookRoutes)
app.route('/', eventRoutes)
app.route('/', auditRoutes)
app.route('/', privacyRoutes)
app.route('/', deadLetterRoutes)
app.route('/', platformRoutes)
if (typeof __DEV_TOOLS__ !== 'undefined' && __DEV_TOOLS__) mountDevTools(app)

app.notFound(onNotFound(app))
app.onError(onError)
