import { newArea } from '../../../http/area.ts'
import { roleRoutes } from './role-routes.ts'
import { userRoleRoutes } from './user-role-routes.ts'
import { userRoutes } from './user-routes.ts'

export const accessRoutes = newArea().route('/', roleRoutes).route('/', userRoleRoutes).route('/', userRoutes)
