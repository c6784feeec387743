import { newRoutes } from '../../../http/mount.ts'
import { ownRoutes } from './own-routes.ts'
import { reviewRoutes } from './review-routes.ts'

export const routes = newRoutes()
routes.route('/', ownRoutes)
routes.route('/', reviewRoutes)
