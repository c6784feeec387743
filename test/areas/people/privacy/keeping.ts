import { type SQL, sql } from 'drizzle-orm'
import { newId } from '../../../../src/core/ids.ts'
import { createUnit } from '../../../../src/db/unit.ts'
import { type Caller, database, env } from '../../../support/api.ts'

/** Time that has passed, as no path leads there at once: without triggers, which only the owner of the cluster can do. */
export async function asOwner(...effects: SQL[]): Promise<void> {
  const url = new URL(env.DATABASE_URL)
  url.username = 'postgres'
  const actor = { kind: 'system', job: 'test' } as const
  const owner = createUnit({ env: { ...env, DATABASE_URL: url.href }, actor, requestId: newId() })
  await owner.write([sql`set local session_replication_role = replica`, ...effects])
}

export async function hold({ userId }: Caller): Promise<string> {
  const id = newId()
  await database().write([
    sql`insert into legal_holds (id, user_id, reason) values (${id}, ${userId}, 'A case')`,
  ])
  return id
}

export const release = (id: string) =>
  database().write([
    sql`update legal_holds set released_at = now(), release_reason = 'Closed' where id = ${id}`,
  ])

/** So long ago, by the database's clock. */
export const at = (ago: string) => sql`now() - ${ago}::interval`
