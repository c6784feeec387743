import { newRoutes } from '../../../http/mount.ts'
import { companyRoutes } from './company-routes.ts'
import { exportRoutes } from './export-routes.ts'
import { invoiceRoutes } from './invoice-routes.ts'
import { settingsRoutes } from './settings-routes.ts'
import { withholdingRoutes } from './withholding-routes.ts'

export const routes = newRoutes()
routes.route('/', invoiceRoutes)
routes.route('/', companyRoutes)
routes.route('/', exportRoutes)
routes.route('/', settingsRoutes)
routes.route('/', withholdingRoutes)
