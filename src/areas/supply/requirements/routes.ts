import { newRoutes } from '../../../http/mount.ts'
import { checklistRoutes } from './checklist-routes.ts'
import { configurationRoutes } from './configuration-routes.ts'

export const routes = newRoutes()
routes.route('/', checklistRoutes)
routes.route('/', configurationRoutes)
