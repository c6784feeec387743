import { sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { type EventRow, type EventTypeName, eventTypes } from '../../../core/events.ts'
import { isoTime } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { int, json, narrowed, oneOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'

/** An event, whose type decides what its data is. */
export const eventColumns = {
  id: uuid,
  type: oneOf(Object.keys(eventTypes) as EventTypeName[]),
  createdAt: time,
  seq: int,
  objectType: text,
  objectId: uuid,
  objectSeq: int,
  data: json<Record<string, unknown>>(),
}

/** `xid`: the writing transaction, as text, the first part of the list's order. */
export type ListedEvent = EventRow & { xid: string }
const listedEvent = narrowed<ListedEvent>({ ...eventColumns, xid: text })

export interface EventFilters {
  /** Sequence of the last event the caller has; the list goes on behind it. */
  after?: number | undefined
  types?: string[] | undefined
}

/**
 * Events in the order (transaction, sequence), never past what a running transaction could still insert below: who goes
 * on behind the last one misses none. A user reads what concerns them, staff everything.
 */
export function listEvents(
  ctx: Context<UserActor>,
  { after, types }: EventFilters,
  page: PageRequest,
): Promise<ListedEvent[]> {
  const mine = !isStaff(ctx.actor)
  // A user's events are found by their own index, in the same order.
  const key = mine ? { xid: sql`r.xid`, seq: sql`r.seq` } : { xid: sql`o.xid`, seq: sql`o.seq` }
  const { after: afterCursor, orderAndLimit } = keyset(page, [
    { by: key.xid, type: 'xid8', direction: 'asc' },
    { by: key.seq, type: 'bigint', direction: 'asc' },
  ])
  const conditions = [sql`${key.xid} < pg_snapshot_xmin(pg_current_snapshot())`, afterCursor]
  if (mine) conditions.push(sql`r.user_id = ${ctx.actor.userId}`)
  if (types) conditions.push(sql`o.type in ${types}`)
  if (after) {
    // An event that retention has taken no longer says where it stood: its number must do.
    conditions.push(sql`coalesce((select (${key.xid}, ${key.seq}) > (p.xid, p.seq) from outbox p where p.seq = ${after}),
      ${key.seq} > ${after})`)
  }
  const source = mine ? sql`outbox_recipients r join outbox o on o.id = r.event_id` : sql`outbox o`
  return ctx.db.read(rowsOf(listedEvent)`
    select o.id, o.type, ${isoTime(sql`o.created_at`)} as "createdAt", o.seq, o.xid::text as xid,
           o.object_type as "objectType", o.object_id as "objectId", o.object_seq as "objectSeq", o.data
      from ${source} where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`)
}
