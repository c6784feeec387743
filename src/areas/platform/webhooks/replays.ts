import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { json, rowsOf } from '../../../db/rows.ts'
import { textArray } from '../../../db/sql.ts'
import { one } from '../../../db/unit.ts'

/** Events that one replay queues at most. */
export const replayLimit = 1_000

/** One of `since` and `sinceEventId`. */
export interface ReplayRange {
  since?: string | undefined
  /** The last event that the endpoint has. */
  sinceEventId?: string | undefined
  until?: string | undefined
  types?: string[] | undefined
  onlyUndelivered?: boolean | undefined
}

export interface Replay {
  queued: number
  /** Where to go on. */
  lastEventId: string | null
  hasMore: boolean
  /** Deliveries for which there are places: each that ends wakes the next. */
  first: string[]
}

/** Queues past events for an endpoint once more (`khidma.replay_events`). */
export async function replayEvents(
  ctx: Context<UserActor>,
  subscriptionId: string,
  { since, sinceEventId, until, types, onlyUndelivered = false }: ReplayRange,
  limit = replayLimit,
): Promise<Replay> {
  const replay = sql`khidma.replay_events(${subscriptionId}, ${ctx.actor.userId}, ${since ?? null}::timestamptz,
    ${sinceEventId ?? null}::uuid, ${until ?? null}::timestamptz, ${types ? textArray(types) : null}::text[],
    ${onlyUndelivered}::boolean, ${limit}::int)`
  const rows = await ctx.db.write(
    [sql`select set_config('khidma.taken', (${replay})::text, true)`],
    rowsOf({ replay: json<Replay>() })`select current_setting('khidma.taken')::json as replay`,
  )
  return one(rows).replay
}
