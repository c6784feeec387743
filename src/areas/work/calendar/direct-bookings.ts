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
