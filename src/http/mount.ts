import { OpenAPIHono } from '@hono/zod-openapi'
import type { AreaName } from '../areas/index.ts'
import type { AppEnv } from './app-env.ts'
import { operations } from './operation.ts'
import { refuseInvalid } from './problem.ts'

/** The routes of one area. */
export const newRoutes = () => new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid })

type Routes = ReturnType<typeof newRoutes>

/** Mounts the routes of an area, whose import has just defined its operations: they are its own. */
export function mount(app: Routes, area: AreaName, routes: object): void {
  for (const operation of operations.values()) operation.area ??= area
  app.route('/', routes as Routes)
}
