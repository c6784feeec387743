import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { type EventRow, toEnvelope } from '../../../core/events.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime } from '../../../db/json.ts'
import { notificationsFor, type Recipient } from '../../contact/notifications/templates.ts'

export interface LoadedEvent {
  event: EventRow
  dispatched: boolean
  recipients: Recipient[]
  /** Webhook subscriptions that want it. */
  subscriptions: string[]
  /** Where the parties of its booking talk. */
  conversationId: string | null
}

/** The event with everything its fan-out needs, in one trip; undefined for an id that is no (longer an) event. */
export async function loadEvent(ctx: Context, eventId: string): Promise<LoadedEvent | undefined> {
  const [loaded] = await ctx.db.read<LoadedEvent>(sql`
    select json_build_object('id', o.id, 'type', o.type, 'createdAt', ${isoTime(sql`o.created_at`)}, 'seq', o.seq,
             'objectType', o.object_type, 'objectId', o.object_id, 'objectSeq', o.object_seq, 'data', o.data) as event,
           o.dispatched_at is not null as dispatched, f.recipients, f.subscriptions,
           (select c.id from conversations c where c.booking_id = (o.data ->> 'bookingId')::uuid) as "conversationId"
      from outbox o cross join lateral khidma.event_for_fan_out(o.id) f where o.id = ${eventId}`)
  return loaded
}

/** Ids of what is to be sent. */
export interface FannedOut {
  notifications: string[]
  deliveries: string[]
}

/**
 * Writes down whom the event goes to, and that this is done, in one transaction. A second run finds what the first wrote:
 * a notification is unique per (person, event), a delivery per (subscription, event, round).
 */
export async function recordFanOut(ctx: Context, loaded: LoadedEvent): Promise<FannedOut> {
  const { event, recipients, subscriptions } = loaded
  const notes = await notificationsFor(event, recipients)
  const planned = notes.map((note) => ({ ...note, id: newId() }))
  const deliveries = subscriptions.map((subscriptionId) => ({ id: newId(), subscriptionId }))
  const effects = [
    sql`update outbox set dispatched_at = now() where id = ${event.id} and dispatched_at is null`,
  ]
  if (planned.length > 0) {
    effects.push(sql`
      insert into notifications (id, user_id, event_id, kind, title, body, data)
      select n.id, n."userId", ${event.id}, ${event.type}, n.title, n.body, ${JSON.stringify(event.data)}::jsonb
        from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb) as n (id uuid, "userId" uuid, title text, body text)
      on conflict (user_id, event_id) do nothing`)
  }
  if (deliveries.length > 0) {
    effects.push(sql`
      insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload)
      select d.id, d."subscriptionId", ${event.id}, ${event.type}, ${JSON.stringify(toEnvelope(event))}::jsonb
        from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as d (id uuid, "subscriptionId" uuid)
        join webhook_subscriptions s on s.id = d."subscriptionId"
      on conflict (subscription_id, event_id, round) do nothing`)
  }
  const [written] = await ctx.db.write<FannedOut>(
    effects,
    sql`select (select coalesce(json_agg(n.id), '[]') from notifications n
                 where n.event_id = ${event.id} and n.delivered_at is null) as notifications,
               (select coalesce(json_agg(d.id), '[]') from webhook_deliveries d
                 where d.event_id = ${event.id} and d.round = 1 and d.status = 'pending') as deliveries`,
  )
  return written ?? { notifications: [], deliveries: [] }
}
