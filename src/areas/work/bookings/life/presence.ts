import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { one } from '../../../../db/unit.ts'
import { type BookingRow, bookingView } from '../bookings.ts'

export interface Position {
  lat: number
  lng: number
}

/** The functions refuse strangers (404), the wrong party (403) and another stage (409), and tell the other side. */
const moved = async (ctx: Context, bookingId: string, effect: SQL): Promise<BookingRow> =>
  one(await ctx.db.write([effect], bookingView(ctx.actor, sql`b.id = ${bookingId}`)))

export const setOut = (ctx: Context, bookingId: string): Promise<BookingRow> =>
  moved(ctx, bookingId, sql`select khidma.set_out(${bookingId})`)

export const runLate = (ctx: Context, bookingId: string, minutes: number): Promise<BookingRow> =>
  moved(ctx, bookingId, sql`select khidma.run_late(${bookingId}, ${minutes})`)

/** The position itself is not kept, only its distance from the task. */
export const arrive = (ctx: Context, bookingId: string, position?: Position): Promise<BookingRow> =>
  moved(
    ctx,
    bookingId,
    sql`select khidma.arrive(${bookingId}, ${position?.lat ?? null}::double precision, ${position?.lng ?? null}::double precision)`,
  )

/** The client is content. From then on only staff open a dispute about the work in their favour. */
export const acceptWork = (ctx: Context, bookingId: string): Promise<BookingRow> =>
  moved(
    ctx,
    bookingId,
    sql`select khidma.accept_work((khidma.take_booking(${bookingId}, array['client'], array['completed'])).id, 'client')`,
  )
