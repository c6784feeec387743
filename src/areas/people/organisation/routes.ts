import { newRoutes } from '../../../http/mount.ts'
import { departmentRoutes } from './department-routes.ts'
import { designationRoutes } from './designation-routes.ts'
import { employeeRoutes } from './employee-routes.ts'

export const routes = newRoutes()
  .route('/', departmentRoutes)
  .route('/', designationRoutes)
  .route('/', employeeRoutes)
