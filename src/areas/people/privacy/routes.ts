import { newArea } from '../../../http/area.ts'
import { consentRoutes } from './consents/routes.ts'
import { erasureRoutes } from './erasure/routes.ts'
import { exportRoutes } from './exports/routes.ts'
import { holdRoutes } from './holds/routes.ts'
import { retentionRoutes } from './retention/routes.ts'

export const privacyRoutes = newArea()

privacyRoutes.route('/', erasureRoutes)
privacyRoutes.route('/', retentionRoutes)
privacyRoutes.route('/', exportRoutes)
privacyRoutes.route('/', consentRoutes)
privacyRoutes.route('/', holdRoutes)
