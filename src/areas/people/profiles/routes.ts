import { newArea } from '../../../http/area.ts'
import { businessRoutes } from './business-routes.ts'
import { companyReviewRoutes } from './company-review-routes.ts'
import { favouriteRoutes } from './favourite-routes.ts'
import { personalRoutes } from './personal-routes.ts'
import { placeRoutes } from './place-routes.ts'

export const profileRoutes = newArea()

profileRoutes.route('/', personalRoutes)
profileRoutes.route('/', favouriteRoutes)
profileRoutes.route('/', businessRoutes)
profileRoutes.route('/', companyReviewRoutes)
profileRoutes.route('/', placeRoutes)
