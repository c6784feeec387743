import { newRoutes } from '../../../http/mount.ts'
import { consentRoutes } from './consents/routes.ts'
import { erasureRoutes } from './erasure/routes.ts'
import { exportRoutes } from './exports/routes.ts'
import { holdRoutes } from './holds/routes.ts'
import { retentionRoutes } from './retention/routes.ts'

export const routes = newRoutes()

routes.route('/', erasureRoutes)
routes.route('/', retentionRoutes)
routes.route('/', exportRoutes)
routes.route('/', consentRoutes)
routes.route('/', holdRoutes)
