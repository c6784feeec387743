import { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from './app-env.ts'
import { refuseInvalid } from './problem.ts'

/** The routes of one area, mounted by one line of `app.ts`. */
export const newArea = () => new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid })
