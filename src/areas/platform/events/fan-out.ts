import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import type { EventRow } from '../../../core/events.ts'
import { isoTime } from '../../../db/json.ts'
import { bool, list, narrowed, nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { eventColumns } from './events.ts'

const loadedEvent = {
  event: narrowed<EventRow>(eventColumns),
  dispatched: bool,
  /** `locale`: BCP 47. */
  recipients: list({ userId: uuid, locale: text, timezone: text }),
  /** Webhook subscriptions that want it. */
  subscriptions: list(uuid),
  /** The conversation of its booking. */
  conversationId: nullable(uuid),
}
export type LoadedEvent = RowOf<typeof loadedEvent>

/** The event with everything its fan-out needs, in one round trip; undefined for an id that is no (longer an) event. */
export async function loadEvent(ctx: Context, eventId: string): Promise<LoadedEvent | undefined> {
  const [loaded] = await ctx.db.read(rowsOf(loadedEvent)`
    select json_build_object('id', o.id, 'type', o.type, 'createdAt', ${isoTime(sql`o.created_at`)}, 'seq', o.seq,
             'objectType', o.object_type, 'objectId', o.object_id, 'objectSeq', o.object_seq, 'data', o.data) as event,
           o.dispatched_at is not null as dispatched, f.recipients, f.subscriptions,
           (select c.id from conversations c where c.booking_id = (o.data ->> 'bookingId')::uuid) as "conversationId"
      from outbox o cross join lateral khidma.event_for_fan_out(o.id) f where o.id = ${eventId}`)
  return loaded
}

/** Marks an event whose consequences are written down: the sweep need not look at it again. */
export const markDispatched = (eventId: string): SQL =>
  sql`update outbox set dispatched_at = now() where id = ${eventId} and dispatched_at is null`
