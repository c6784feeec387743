import { newArea } from '../../../http/area.ts'
import { authRoutes } from './auth-routes.ts'
import { credentialRoutes } from './credential-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { meRoutes } from './me-routes.ts'
import { mfaRoutes } from './mfa-routes.ts'
import { otpBreakerRoutes } from './otp-breaker-routes.ts'
import { passwordRoutes } from './password-routes.ts'
import { phoneRoutes } from './phone-routes.ts'
import { sessionRoutes } from './session-routes.ts'

export const identityRoutes = newArea()

identityRoutes.route('/', authRoutes)
identityRoutes.route('/', passwordRoutes)
identityRoutes.route('/', mfaRoutes)
identityRoutes.route('/', meRoutes)
identityRoutes.route('/', credentialRoutes)
identityRoutes.route('/', phoneRoutes)
identityRoutes.route('/', sessionRoutes)
identityRoutes.route('/', deviceRoutes)
identityRoutes.route('/', otpBreakerRoutes)
