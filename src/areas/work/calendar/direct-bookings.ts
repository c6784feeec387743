import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { one } from '../../../db/unit.ts'
import { type BookingRow, bookingView } from '../bookings/bookings.ts'
import { openBooking } from '../bookings/openings.ts'
import { postingOf, startAt } from '../tasks/tasks.ts'

/**
 * Asks the tasker of a held slot, and nobody else, to do a drafted task: it is posted for the start of the slot, and its booking offered to
 * them. The time of the booking takes the place of the hold (`khidma.keep_visit_item`).
 */
export async function bookHold(ctx: Context<UserActor>, holdId: string, taskId: string): Promise<BookingRow> {
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const effects = [
    sql`select khidma.assert_hold_books(${holdId}::uuid, ${me}::uuid, ${taskId}::uuid)`,
    startAt(taskId, sql`(select lower(i.during) from calendar_items i where i.id = ${holdId})`),
    ...postingOf(ctx, taskId),
    openBooking(offerToHeld(id, holdId, taskId)),
  ]
  return one(await ctx.db.write(effects, bookingView(ctx.actor, sql`b.id = ${id}`)))
}

/** At the rate of the tasker, where they name one. */
const offerToHeld = (bookingId: string, holdId: string, taskId: string): SQL => sql`
  select ${bookingId}::uuid, ${taskId}::uuid, i.tasker_id, p.hourly_rate_amount,
         case when p.hourly_rate_amount is not null then p.hourly_rate_currency end, 'offered', null::bigint, null::int
    from calendar_items i join tasker_profiles p on p.user_id = i.tasker_id where i.id = ${holdId}`

export interface ServiceOrder {
  startsAt: string
  quantity?: number | undefined
  extraIds: string[]
  /** A saved address, or words and place; what the client says about it. */
  details: Record<string, unknown>
}

/**
 * Asks the tasker of a service to do it: a task under the terms that the service has now, posted for a slot that passes, and its booking
 * offered to them, as of a held slot. What is agreed is kept on the task; the locks keep edits of the service out until then.
 */
export async function bookService(
  ctx: Context<UserActor>,
  serviceId: string,
  { startsAt, quantity, extraIds, details }: ServiceOrder,
): Promise<BookingRow> {
  const me = ctx.actor.userId
  const nowMs = ctx.now.getTime()
  const [taskId, id] = [newId(nowMs), newId(nowMs)]
  const effects = [
    sql`select khidma.order_service(${taskId}::uuid, ${serviceId}::uuid, ${me}::uuid, ${quantity ?? null}::int, ${sql.param(extraIds)}::uuid[],
          ${startsAt}::timestamptz, ${JSON.stringify(details)}::jsonb)`,
    sql`select khidma.assert_slot(p.user_id, tstzrange(t.starts_at, t.starts_at + make_interval(mins => khidma.minutes_of_task(t))), ${me}::uuid)
          from tasks t join services s on s.id = t.service_id join role_profiles p on p.id = s.profile_id where t.id = ${taskId}`,
    ...postingOf(ctx, taskId),
    openBooking(offerOfService(id, taskId)),
  ]
  return one(await ctx.db.write(effects, bookingView(ctx.actor, sql`b.id = ${id}`)))
}

/** At the price of the service. */
const offerOfService = (bookingId: string, taskId: string): SQL => sql`
  select ${bookingId}::uuid, t.id, p.user_id, null::bigint, t.currency, 'offered', (t.service_terms ->> 'agreedAmount')::bigint, t.est_minutes
    from tasks t join services s on s.id = t.service_id join role_profiles p on p.id = s.profile_id where t.id = ${taskId}`
