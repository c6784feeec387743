import { sql } from 'drizzle-orm'
import { api, type Caller, database } from './api.ts'
import { eventually } from './eventually.ts'
import { ok } from './story.ts'

/**
 * The list of events ends below the oldest transaction that runs anywhere on the server, be it in another test's
 * database. This waits until it tells of everything that is committed.
 */
export const eventsSettled = () =>
  eventually('the end of what runs beside the events', async () => {
    const [row] = await database().read<{ settled: boolean }>(sql`
      select coalesce(max(xid) < pg_snapshot_xmin(pg_current_snapshot()), true) as settled from outbox`)
    return row?.settled
  })

/** A page of what concerns somebody, with all that has happened. */
export async function pullEvents(as: Caller, query = '') {
  await eventsSettled()
  return (await ok(api(`/v1/events${query}`, { as }))).body
}
