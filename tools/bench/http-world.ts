import type pg from 'pg'
import { inHours, newTask as sceneTask } from '../../test/support/scenes.ts'
import type { LoadPlan } from './load-process.ts'
import { insertPeople, type Person, tokenOf } from './people.ts'
import type { WorkerSecrets } from './runtime.ts'
import { insertAcceptedBookings, insertActiveTaskers, insertTasks, PLACE } from './scenes.ts'
import type { Operation } from './script-recorder.ts'
import { say } from './section.ts'

/** One caller each. */
export const CONNECTIONS = 32
const TASKERS = 64
const TASKS_EACH = 40

export const newTask = () => {
  // A lean application knows no district.
  const { district, ...task } = sceneTask(PLACE, {
    city: PLACE.city,
    startsAt: inHours(7 * 24),
    estMinutes: 60,
  })
  return task
}

export const operations: Operation[] = [
  { operationId: 'tasks.get', method: 'GET', path: '/v1/tasks/{id}', status: 200 },
  {
    operationId: 'tasks.create',
    method: 'POST',
    path: '/v1/tasks',
    body: JSON.stringify(newTask()),
    status: 201,
  },
  { operationId: 'bookings.confirm', method: 'POST', path: '/v1/bookings/{id}/confirm', status: 200 },
]

/** Objects that the operations work on. */
export interface HttpWorld {
  clients: Person[]
  tasks: string[][]
  /** Each can be confirmed once: taken from the front. */
  bookings: string[][]
}

export async function prepareHttpWorld(owner: pg.Client, bookings: number): Promise<HttpWorld> {
  say(`preparing ${bookings.toLocaleString('en-US')} bookings`)
  const clients = await insertPeople(owner, 'client', CONNECTIONS)
  const taskers = await insertActiveTaskers(owner, TASKERS)
  const perClient = Math.ceil(bookings / CONNECTIONS)
  const { bookingIds } = await insertAcceptedBookings(owner, clients, taskers, perClient)
  return { clients, tasks: await insertTasks(owner, clients, TASKS_EACH), bookings: bookingIds }
}

/** Returns the headers of each caller. Tokens live for 15 minutes: to be asked for anew before each measurement. */
export function headersOf({ clients }: HttpWorld, secrets: WorkerSecrets): Promise<Record<string, string>[]> {
  return Promise.all(
    clients.map(async (client) => ({
      authorization: `Bearer ${await tokenOf(client, secrets)}`,
      'x-user-id': client.userId,
    })),
  )
}

export function takeIds(
  world: HttpWorld,
  { operationId }: Operation,
  client: number,
  count: number,
): string[] {
  if (operationId === 'tasks.get') return world.tasks[client] ?? []
  if (operationId !== 'bookings.confirm') return []
  const taken = world.bookings[client]?.splice(0, count) ?? []
  if (taken.length < count)
    throw new Error(`There are ${taken.length} bookings left of the ${count} to confirm.`)
  return taken
}

export function planOf(
  origin: string,
  { operationId, method, path, body, status }: Operation,
  headers: Record<string, string>[],
  idsOf: (client: number) => string[],
  count: number,
): LoadPlan {
  return {
    origin,
    method,
    path,
    ...(body !== undefined && { body }),
    callers: headers.map((own, client) => ({
      headers: { ...own, 'x-script': operationId },
      ids: idsOf(client),
      requests: count / headers.length,
    })),
    expectedStatus: status,
  }
}
