import { newRoutes } from '../../../http/mount.ts'
import { accountRoutes } from './accounts/routes.ts'
import { otpBreakerRoutes } from './codes/breaker-routes.ts'
import { authRoutes } from './codes/routes.ts'
import { credentialRoutes } from './credentials/routes.ts'
import { meRoutes } from './me/routes.ts'
import { mfaRoutes } from './mfa/routes.ts'
import { passwordRoutes } from './passwords/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'

export const routes = newRoutes()

routes.route('/', authRoutes)
routes.route('/', passwordRoutes)
routes.route('/', mfaRoutes)
routes.route('/', meRoutes)
routes.route('/', credentialRoutes)
routes.route('/', sessionRoutes)
routes.route('/', otpBreakerRoutes)
routes.route('/', accountRoutes)
