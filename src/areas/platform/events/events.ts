import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { eventObjectTypes } from '../../../core/event-objects.ts'
import { type EventRow, type EventTypeName, eventTypes } from '../../../core/events.ts'
import { fixed, isoTime } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { createdBetween } from '../../../db/listing.ts'
import { int, json, narrowed, oneOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'

/** An event, whose type decides what its data is. */
export const eventColumns = {
  id: uuid,
  type: oneOf(Object.keys(eventTypes) as EventTypeName[]),
  createdAt: time,
  seq: int,
  objectType: oneOf(eventObjectTypes),
  objectId: uuid,
  objectSeq: int,
  data: json<Record<string, unknown>>(),
}

/** `xid`: the writing transaction, as text, the first part of the list's order. */
export type ListedEvent = EventRow & { xid: string }
const listedEvent = narrowed<ListedEvent>({ ...eventColumns, xid: text })

const listedColumns = fixed(sql`
    o.id, o.type, ${isoTime(sql`o.created_at`)} as "createdAt", o.seq, o.xid::text as xid,
    o.object_type as "objectType", o.object_id as "objectId", o.object_seq as "objectSeq", o.data`)

export interface EventFilters {
  /** Sequence of the last event the caller has; the list goes on behind it. */
  after?: number | undefined
  types?: string[] | undefined
  objectId?: string | undefined
}

/**
 * Events in the order (transaction, sequence), never past what a running transaction could still insert below: who goes
 * on behind the last one misses none. A user reads what concerns them, staff everything.
 */
export function listEvents(
  ctx: Context<UserActor>,
  { after, types, objectId }: EventFilters,
  page: PageRequest,
): Promise<ListedEvent[]> {
  const mine = !isStaff(ctx.actor)
  const direction = page.order ?? 'asc'
  // A user's events are found by their own index, in the same order.
  const key = mine ? { xid: sql`r.xid`, seq: sql`r.seq` } : { xid: sql`o.xid`, seq: sql`o.seq` }
  const { after: afterCursor, orderAndLimit } = keyset(page, [
    { by: key.xid, type: 'xid8', direction },
    { by: key.seq, type: 'bigint', direction },
  ])
  const conditions = [
    sql`${key.xid} < pg_snapshot_xmin(pg_current_snapshot())`,
    afterCursor,
    ...createdBetween('o', page),
    ...transactionsBetween(key.xid, page),
  ]
  if (mine) conditions.push(sql`r.user_id = ${ctx.actor.userId}`)
  if (types) conditions.push(sql`o.type in ${types}`)
  if (objectId) conditions.push(sql`o.object_id = ${objectId}`)
  if (after) {
    // An event that retention has taken no longer says where it stood: its number must do.
    conditions.push(sql`coalesce((select (${key.xid}, ${key.seq}) > (p.xid, p.seq) from outbox p where p.seq = ${after}),
      ${key.seq} > ${after})`)
  }
  const source = mine ? sql`outbox_recipients r join outbox o on o.id = r.event_id` : sql`outbox o`
  return ctx.db.read(rowsOf(listedEvent)`
    select ${listedColumns} from ${source} where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`)
}

/**
 * Bounds on the list's own order that follow from the times, so that its index is entered where they begin. A transaction takes its
 * number after it starts and before it writes: what starts after an event was written has a higher one. None runs for an hour.
 */
function transactionsBetween(xid: SQL, { createdSince, createdUntil }: PageRequest): SQL[] {
  const bounds: SQL[] = []
  if (createdSince !== undefined)
    bounds.push(sql`${xid} >= coalesce((select p.xid from outbox p
      where p.id < khidma.first_uuid_v7(${createdSince}::timestamptz - interval '1 minute') order by p.id desc limit 1), '0'::xid8)`)
  if (createdUntil !== undefined)
    bounds.push(sql`${xid} <= coalesce((select p.xid from outbox p
      where p.id >= khidma.first_uuid_v7(${createdUntil}::timestamptz + interval '1 hour') order by p.id limit 1),
      '18446744073709551615'::xid8)`)
  return bounds
}

/** An event that concerns the caller; staff read each. */
export async function getEvent(ctx: Context<UserActor>, eventId: string): Promise<EventRow> {
  const visible = isStaff(ctx.actor)
    ? sql`true`
    : sql`exists (select from outbox_recipients r where r.event_id = o.id and r.user_id = ${ctx.actor.userId})`
  const rows = await ctx.db.read(
    rowsOf(listedEvent)`select ${listedColumns} from outbox o where o.id = ${eventId} and ${visible}`,
  )
  return one(rows)
}
