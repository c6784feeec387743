import { newRoutes } from '../../../http/mount.ts'
import { roleRoutes } from './role-routes.ts'
import { userRoleRoutes } from './user-role-routes.ts'

export const routes = newRoutes().route('/', roleRoutes).route('/', userRoleRoutes)
