import { newRoutes } from '../../../http/mount.ts'
import { applicationRoutes } from './application-routes.ts'
import { candidateRoutes } from './candidate-routes.ts'
import { postingRoutes } from './posting-routes.ts'
import { publicJobRoutes } from './public-routes.ts'

export const routes = newRoutes()

routes.route('/', publicJobRoutes)
routes.route('/', postingRoutes)
routes.route('/', applicationRoutes)
routes.route('/', candidateRoutes)
