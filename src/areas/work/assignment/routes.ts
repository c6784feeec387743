import { newRoutes } from '../../../http/mount.ts'
import { answerRoutes } from './answer-routes.ts'
import { assignRoutes } from './assign-routes.ts'
import { companyWorkRoutes } from './company-work-routes.ts'
import { dispatchRoutes } from './dispatch-routes.ts'

export const routes = newRoutes()
  .route('/', dispatchRoutes)
  .route('/', assignRoutes)
  .route('/', answerRoutes)
  .route('/', companyWorkRoutes)
