import { newRoutes } from '../../../http/mount.ts'
import { memberRoutes } from './member-routes.ts'
import { ownMembershipRoutes } from './own-routes.ts'

export const routes = newRoutes()

routes.route('/', memberRoutes)
routes.route('/', ownMembershipRoutes)
