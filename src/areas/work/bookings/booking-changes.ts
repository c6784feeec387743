import { type SQL, sql } from 'drizzle-orm'
import type { Actor, Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { columnsOf, list, oneOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { bookingChangeStatus } from '../../../db/schema/enums.ts'
import { bookingChanges } from '../../../db/schema/work/bookings.ts'
import { one } from '../../../db/unit.ts'
import { bookingVisibleTo, lockBooking } from './bookings.ts'
import type { BookingChangeStatus } from './machine.ts'

const bookingChangeRow = {
  ...columnsOf(bookingChanges),
  proposer: oneOf(['client', 'tasker'] as const),
  currency: text,
  /** The status at this instant: past its deadline a proposal has expired, before the sweep writes it down. */
  statusNow: oneOf(bookingChangeStatus.enumValues),
}
export type BookingChangeRow = RowOf<typeof bookingChangeRow>

/** The columns of a change `c` of booking `b`. */
const changeColumns = sql`
  ${rowColumns(bookingChanges, 'c')}, case c.proposed_by when b.client_id then 'client' else 'tasker' end as proposer,
  b.agreed_rate_currency as currency,
  case when c.status = 'pending' and c.expires_at <= now() then 'expired' else c.status::text end as "statusNow"`

const theChange = (actor: Actor, bookingId: string, changeId: string) => rowsOf(bookingChangeRow)`
  select ${changeColumns} from booking_changes c join bookings b on b.id = c.booking_id
   where c.id = ${changeId} and b.id = ${bookingId} and ${bookingVisibleTo(actor)}`

/** One row for the booking that holds the page, so that an unknown booking (404) differs from an empty page. */
export async function listBookingChanges(
  ctx: Context,
  bookingId: string,
  page: PageRequest,
): Promise<BookingChangeRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`c.id`)
  const rows = await ctx.db.read(
    rowsOf({ changes: list(bookingChangeRow) })`select coalesce((select json_agg(p) from (
            select ${changeColumns} from booking_changes c where c.booking_id = b.id and ${after} ${orderAndLimit}) p), '[]') as changes
          from bookings b where b.id = ${bookingId} and ${bookingVisibleTo(ctx.actor)}`,
  )
  return one(rows).changes
}

/** Terms that are absent stay as they are. */
export interface ProposedTerms {
  /** For an hour, or for the whole where the price is fixed. */
  rateAmount?: number | undefined
  minutes?: number | undefined
  startsAt?: string | undefined
}

/**
 * Keeps the terms that it would replace beside those that it would bring. Nothing but an accepted change moves them, and one is pending
 * at a time: they are still those of the booking when the other side accepts.
 */
export async function proposeChange(
  ctx: Context<UserActor>,
  bookingId: string,
  { rateAmount, minutes, startsAt }: ProposedTerms,
  reason: string,
): Promise<BookingChangeRow> {
  const id = newId(ctx.now.getTime())
  const me = sql`${ctx.actor.userId}::uuid`
  const effects = [
    lockBooking(bookingId),
    sql`insert into booking_changes (id, booking_id, proposed_by, proposed_to, reason, expires_at, was_rate_amount, was_minutes,
                                     was_starts_at, was_maximum_amount, rate_amount, minutes, starts_at, maximum_amount)
        select ${id}, b.id, ${me}, case ${me} when b.client_id then b.tasker_id else b.client_id end, ${reason},
               now() + make_interval(mins => khidma.config_of_task('bookings.change_answer_minutes', t.id)::int),
               b.agreed_rate_amount, w.minutes, lower(b.scheduled_during), b.agreed_maximum_amount, n.rate, n.minutes, n.starts_at,
               khidma.changed_maximum(t.pricing_model, b.agreed_maximum_amount, khidma.labour_minutes(b, w.minutes),
                                      khidma.labour_minutes(b, n.minutes), n.rate)
          from bookings b join tasks t on t.id = b.task_id
         cross join lateral (select khidma.agreed_minutes(b)) w (minutes)
         cross join lateral (select coalesce(${rateAmount ?? null}::bigint, b.agreed_rate_amount),
                                    coalesce(${minutes ?? null}::int, w.minutes),
                                    coalesce(${startsAt ?? null}::timestamptz, lower(b.scheduled_during))) n (rate, minutes, starts_at)
         where b.id = ${bookingId} and ${me} in (b.client_id, b.tasker_id)`,
  ]
  return one(await ctx.db.write(effects, theChange(ctx.actor, bookingId, id)))
}

interface Which {
  bookingId: string
  changeId: string
}

/**
 * The booking is locked first, as by whatever ends it. The triggers refuse the wrong side (403), the wrong state and an answer that comes
 * too late (409), and carry an accepted change over to the booking.
 */
async function end(
  ctx: Context,
  { bookingId, changeId }: Which,
  status: Exclude<BookingChangeStatus, 'pending' | 'expired'>,
): Promise<BookingChangeRow> {
  const ended: SQL = sql`update booking_changes set status = ${status}
                          where id = ${changeId} and booking_id = ${bookingId}`
  return one(await ctx.db.write([lockBooking(bookingId), ended], theChange(ctx.actor, bookingId, changeId)))
}

export const acceptChange = (ctx: Context, which: Which): Promise<BookingChangeRow> =>
  end(ctx, which, 'accepted')
export const rejectChange = (ctx: Context, which: Which): Promise<BookingChangeRow> =>
  end(ctx, which, 'rejected')
export const withdrawChange = (ctx: Context, which: Which): Promise<BookingChangeRow> =>
  end(ctx, which, 'withdrawn')
