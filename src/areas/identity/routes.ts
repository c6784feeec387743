import { newArea } from '../../http/area.ts'
import { authRoutes } from './auth-routes.ts'
import { meRoutes } from './me-routes.ts'

export const identityRoutes = newArea()

identityRoutes.route('/', authRoutes)
identityRoutes.route('/', meRoutes)
