import { chatRoutes } from './areas/contact/chat/routes.ts'
import { notificationRoutes } from './areas/contact/notifications/routes.ts'
import { ledgerRoutes } from './areas/money/ledger/routes.ts'
import { paymentRoutes } from './areas/money/payments/routes.ts'
import { pricingRoutes } from './areas/money/pricing/routes.ts'
import { accessRoutes } from './areas/people/access/routes.ts'
import { apiKeyRoutes } from './areas/people/api-keys/routes.ts'
import { identityRoutes } from './areas/people/identity/routes.ts'
import { organisationRoutes } from './areas/people/organisation/routes.ts'
import { privacyRoutes } from './areas/people/privacy/routes.ts'
import { profileRoutes } from './areas/people/profiles/routes.ts'
import { eventRoutes } from './areas/platform/events/routes.ts'
import { mediaRoutes } from './areas/platform/media/routes.ts'
import { deadLetterRoutes } from './areas/platform/system/dead-letter-routes.ts'
import { mountDevTools } from './areas/platform/system/dev-routes.ts'
import { systemRoutes } from './areas/platform/system/routes.ts'
import { webhookRoutes } from './areas/platform/webhooks/routes.ts'
import { catalogRoutes } from './areas/supply/catalog/routes.ts'
import { taskerRoutes } from './areas/supply/taskers/routes.ts'
import { verificationRoutes } from './areas/supply/verification/routes.ts'
import { logAttempts } from './areas/trust/audit/attempts.ts'
import { auditRoutes } from './areas/trust/audit/routes.ts'
import { disputeRoutes } from './areas/trust/disputes/routes.ts'
import { reportRoutes } from './areas/trust/reports/routes.ts'
import { reviewRoutes } from './areas/trust/reviews/routes.ts'
import { bookingRoutes } from './areas/work/bookings/routes.ts'
import { matchingRoutes } from './areas/work/matching/routes.ts'
import { taskRoutes } from './areas/work/tasks/routes.ts'
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
app.route('/', verificationRoutes)
app.route('/', catalogRoutes)
app.route('/', pricingRoutes)
app.route('/', taskerRoutes)
app.route('/', taskRoutes)
app.route('/', matchingRoutes)
app.route('/', bookingRoutes)
app.route('/', paymentRoutes)
app.route('/', ledgerRoutes)
app.route('/', reviewRoutes)
app.route('/', reportRoutes)
app.route('/', disputeRoutes)
app.route('/', chatRoutes)
app.route('/', notificationRoutes)
app.route('/', mediaRoutes)
app.route('/', webhookRoutes)
app.route('/', eventRoutes)
app.route('/', auditRoutes)
app.route('/', privacyRoutes)
app.route('/', deadLetterRoutes)
app.route('/', systemRoutes)
if (typeof __DEV_TOOLS__ !== 'undefined' && __DEV_TOOLS__) mountDevTools(app)

app.notFound(onNotFound(app))
app.onError(onError)
