import { randomBytes } from 'node:crypto'
import { describe, inject } from 'vitest'
import { connectServer, type RealDatabase, type RealServer } from '../../tools/database/real.ts'
import './provided.ts'

const provided = inject('realPostgres')

/** The run's real server, or undefined where the machine has none. */
export const realPostgres: RealServer | undefined = provided ? connectServer(provided) : undefined

/** A suite that needs the real server: skipped without it. */
export const describeReal = describe.skipIf(!realPostgres)

function uniqueName(server: RealServer): string {
  return `${server.template}_${randomBytes(5).toString('hex')}`
}

function server(): RealServer {
  if (!realPostgres) throw new Error('There is no real Postgres: wrap the suite in describeReal.')
  return realPostgres
}

/** A migrated database of one's own. It goes with the run. */
export function freshDatabase(): Promise<RealDatabase> {
  return server().createDatabase(uniqueName(server()))
}

export function emptyDatabase(): Promise<RealDatabase> {
  return server().createEmptyDatabase(uniqueName(server()))
}
