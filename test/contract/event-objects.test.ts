import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { eventObjects } from '../../src/core/event-objects.ts'
import { shapeOf } from '../../tools/openapi/lint-events.ts'
import { database } from '../support/api.ts'
import { world } from '../support/world.ts'
import { document, parameterNames } from './call.ts'

const gets = Object.entries(document.paths).filter(([, item]) => item.get)
/** They come into being without an event: the first one comes later. */
const silent = ['case', 'company', 'export', 'task_series', 'user', 'user_role', 'webhook']

/** Paths of objects by their id, as the spec has them. */
const byId = Object.entries(eventObjects).flatMap(([type, paths]) =>
  (silent.includes(type) ? [] : paths)
    .filter((path) => path.includes('{object.id}'))
    .map((path) => [type, gets.find(([known]) => shapeOf(known) === shapeOf(path))?.[0] ?? path] as const),
)

it.each(byId)('an event about a %s has the id that GET %s takes', async (type, path) => {
  const name = parameterNames(path)[0] ?? ''
  const { operationId = '' } = document.paths[path]?.get ?? {}
  const made = await (world[operationId] ?? world[name])?.()
  const id = made?.params[name] ?? null
  const [found] = await database().read<{ events: number }>(
    sql`select count(*)::int as events from outbox where object_type = ${type} and object_id = ${id}::uuid`,
  )
  expect(found?.events, `${type} ${id}`).toBeGreaterThan(0)
})
