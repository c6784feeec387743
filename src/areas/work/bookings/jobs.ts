import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Ends proposed changes whose deadline has passed; nobody can accept them already. Reports how many. */
export const expireBookingChanges = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('changes', khidma.expire_booking_changes(${limit}))`)

/** Does what has become due in bookings: their deadlines, and the reminders before them. Nothing depends on when it runs. */
export const collectBookingDeadlines = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.collect_booking_deadlines(${limit})`)

/** Ends bookings that were offered directly, whose tasker was silent; nobody can accept them already. Reports how many. */
export const lapseSilentOffers = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('bookings', khidma.lapse_silent_offers(${limit}))`)

export const jobs = {
  endOfBookingChanges: inDatabase('due', (ctx) => expireBookingChanges(ctx, 500)),
  silentOffers: inDatabase('due', (ctx) => lapseSilentOffers(ctx, 500)),
  bookingDeadlines: inDatabase('due', (ctx) => collectBookingDeadlines(ctx, 500)),
}
