import { newRoutes } from '../../../http/mount.ts'
import { checkRoutes } from './check-routes.ts'
import { openingRoutes } from './opening-routes.ts'
import { ownRoutes } from './own-routes.ts'
import { reviewRoutes } from './review-routes.ts'

export const routes = newRoutes()
routes.route('/', ownRoutes)
routes.route('/', reviewRoutes)
routes.route('/', openingRoutes)
routes.route('/', checkRoutes)
