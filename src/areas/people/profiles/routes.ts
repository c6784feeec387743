import { newRoutes } from '../../../http/mount.ts'
import { businessRoutes } from './business-routes.ts'
import { companyReviewRoutes } from './company-review-routes.ts'
import { favouriteRoutes } from './favourite-routes.ts'
import { languageRoutes } from './language-routes.ts'
import { personalRoutes } from './personal-routes.ts'
import { placeRoutes } from './place-routes.ts'

export const routes = newRoutes()

routes.route('/', personalRoutes)
routes.route('/', favouriteRoutes)
routes.route('/', businessRoutes)
routes.route('/', companyReviewRoutes)
routes.route('/', placeRoutes)
routes.route('/', languageRoutes)
