import { newArea } from '../../http/area.ts'
import { disputeRoutes } from './dispute-routes.ts'
import { reportRoutes } from './report-routes.ts'

export const trustRoutes = newArea()

trustRoutes.route('/', reportRoutes)
trustRoutes.route('/', disputeRoutes)
