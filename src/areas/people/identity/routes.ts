import { newRoutes } from '../../../http/mount.ts'
import { accountRoutes } from './accounts/routes.ts'
import { codeRoutes } from './codes/routes.ts'
import { mfaRoutes } from './mfa/routes.ts'
import { passwordRoutes } from './passwords/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'

export const routes = newRoutes()

routes.route('/', codeRoutes)
routes.route('/', sessionRoutes)
routes.route('/', passwordRoutes)
routes.route('/', mfaRoutes)
routes.route('/', accountRoutes)
