import { OpenAPIHono } from '@hono/zod-openapi'
import { METHOD_NAME_ALL } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'
import { type AreaName, areas } from '../areas/index.ts'
import { areaByPath } from '../areas/paths.ts'
import type { AppEnv } from './app-env.ts'
import { refuseInvalid } from './problem.ts'

/** The routes of one area. */
export const newRoutes = () => new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid })

export type Routes = ReturnType<typeof newRoutes>

const loaded = new Map<AreaName, Routes>()

/**
 * Imports the routes of an area, and with them its schemas; none for an area that answers no request. What is kept are the routes and
 * never the promise of them (see `lazy`): of several first requests each imports for itself.
 */
export async function routesOf(name: AreaName): Promise<Routes | undefined> {
  const known = loaded.get(name)
  if (known) return known
  const area = areas.find((one) => one.name === name)
  if (!(area && 'routes' in area)) return undefined
  const routes = (await area.routes()).routes as Routes
  loaded.set(name, routes)
  return routes
}

/** Imports the routes of every area, for what must know all operations. */
export async function allRoutes(): Promise<[AreaName, Routes][]> {
  const loaded: [AreaName, Routes][] = []
  for (const { name } of areas) {
    const routes = await routesOf(name)
    if (routes) loaded.push([name, routes])
  }
  return loaded
}

const owners = new TrieRouter<AreaName>()
for (const [path, name] of Object.entries(areaByPath)) owners.add(METHOD_NAME_ALL, path, name)

/** Names the area that answers a path, whose routes need not be loaded; undefined where none does. */
export const areaOf = (path: string): AreaName | undefined => owners.match('GET', path)[0][0]?.[0]
