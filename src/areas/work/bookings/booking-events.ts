import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import { oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { columnsOf, list, type RowOf, rowsOf } from '../../../db/rows.ts'
import { bookingEvents } from '../../../db/schema/work/bookings.ts'
import { one } from '../../../db/unit.ts'
import { bookingVisibleTo } from './bookings.ts'

const bookingEventRow = columnsOf(bookingEvents)
export type BookingEventRow = RowOf<typeof bookingEventRow>

/** One row for the booking that holds the page, so that an unknown booking (404) differs from an empty page. */
export async function listBookingEvents(
  ctx: Context,
  bookingId: string,
  page: PageRequest,
): Promise<BookingEventRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`e.id`)
  const rows = await ctx.db.read(
    rowsOf({ events: list(bookingEventRow) })`select coalesce((select json_agg(p) from (
            select ${rowColumns(bookingEvents, 'e')} from booking_events e
             where e.booking_id = b.id and ${after} ${orderAndLimit}) p), '[]') as events
          from bookings b where b.id = ${bookingId} and ${bookingVisibleTo(ctx.actor)}`,
  )
  return one(rows).events
}
