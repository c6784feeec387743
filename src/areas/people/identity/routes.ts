import { newArea } from '../../../http/area.ts'
import { otpBreakerRoutes } from './codes/breaker-routes.ts'
import { authRoutes } from './codes/routes.ts'
import { credentialRoutes } from './credentials/routes.ts'
import { meRoutes } from './me/routes.ts'
import { mfaRoutes } from './mfa/routes.ts'
import { passwordRoutes } from './passwords/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'

export const identityRoutes = newArea()

identityRoutes.route('/', authRoutes)
identityRoutes.route('/', passwordRoutes)
identityRoutes.route('/', mfaRoutes)
identityRoutes.route('/', meRoutes)
identityRoutes.route('/', credentialRoutes)
identityRoutes.route('/', sessionRoutes)
identityRoutes.route('/', otpBreakerRoutes)
