import type pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { openWorld, type Person } from './integrity-world.ts'
import { type NodeContexts, openContexts } from './node-context.ts'

type Opened = Awaited<ReturnType<typeof openWorld>>

/** A world on a database of its own, and so many connections to it. Called where tests are described: it opens and closes itself. */
export function raceWorld(width: number) {
  // Filled as it opens.
  const world = {} as Opened
  let contexts: NodeContexts
  beforeAll(async () => {
    Object.assign(world, await openWorld())
    contexts = await openContexts(world.ownerUrl, width)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })
  return {
    world,
    as: (person: Person) => contexts.contextOf(person),
    /** As the owner of the database. */
    query: async <Row extends pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<Row[]> =>
      (await world.connection.query<Row>(text, params)).rows,
  }
}
