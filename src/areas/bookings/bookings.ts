import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, userIdOf } from '../../core/context.ts'
import { type JsonRow, rowColumns } from '../../db/json.ts'
import { newestFirst, oldestFirst, type PageRequest } from '../../db/keyset.ts'
import { type bookingEvents, bookings } from '../../db/schema/bookings.ts'
import type { paymentIntents } from '../../db/schema/money.ts'
import type { tasks } from '../../db/schema/tasks.ts'
import { one, type Statement } from '../../db/unit.ts'
import type { BookingStatus } from './machine.ts'

type TaskRow = JsonRow<typeof tasks>
type PaymentRow = JsonRow<typeof paymentIntents>

/** A booking with what both of its parties need to see of it: the task, each other, the chat, how it is paid. */
export interface BookingRow extends Omit<JsonRow<typeof bookings>, 'scheduledDuring'> {
  scheduledFrom: string
  scheduledUntil: string
  clientName: string | null
  taskerName: string | null
  /** Null while the booking is only offered. */
  conversationId: string | null
  task: Pick<
    TaskRow,
    | 'category'
    | 'description'
    | 'address'
    | 'city'
    | 'district'
    | 'lat'
    | 'lng'
    | 'startsAt'
    | 'pricingModel'
    | 'estMinutes'
    | 'estMinAmount'
    | 'estMaxAmount'
    | 'currency'
    | 'state'
  >
  payment: Pick<PaymentRow, 'id' | 'method' | 'status'> | null
}

export type BookingEventRow = JsonRow<typeof bookingEvents>

/** Who may see a booking: its two parties, staff, and the system. To others it does not exist. */
export function bookingVisibleTo(actor: Actor): SQL {
  if (isStaff(actor) || actor.kind === 'system') return sql`true`
  return sql`${userIdOf(actor)}::uuid in (b.client_id, b.tasker_id)`
}

/** Bookings as their `get` shows them, with `b` for the booking in `where`. The result of every booking write, too. */
export const bookingView = (actor: Actor, where: SQL): Statement<BookingRow> => sql`
  select ${rowColumns(bookings, 'b')},
         lower(b.scheduled_during) as "scheduledFrom", upper(b.scheduled_during) as "scheduledUntil",
         client.full_name as "clientName", tasker.full_name as "taskerName",
         chat.id as "conversationId",
         json_build_object('category', t.category, 'description', t.description, 'address', t.address, 'city', t.city,
           'district', t.district, 'lat', t.lat, 'lng', t.lng, 'startsAt', t.starts_at, 'pricingModel', t.pricing_model,
           'estMinutes', t.est_minutes, 'estMinAmount', t.est_min_amount, 'estMaxAmount', t.est_max_amount,
           'currency', t.currency, 'state', t.state) as task,
         case when pay.id is not null
           then json_build_object('id', pay.id, 'method', pay.method, 'status', pay.status) end as payment
    from bookings b
    join tasks t on t.id = b.task_id
    join users client on client.id = b.client_id
    join users tasker on tasker.id = b.tasker_id
    left join conversations chat on chat.booking_id = b.id
    left join payment_intents pay on pay.booking_id = b.id
   where ${bookingVisibleTo(actor)} and ${where}`

/** What the caller is to a booking, as the machine's tables name it. */
export function bookingPartyOf(
  actor: Actor,
  booking: Pick<BookingRow, 'clientId' | 'taskerId'>,
): string | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === booking.clientId) return 'client'
  return userId === booking.taskerId ? 'tasker' : null
}

export async function getBooking(ctx: Context, bookingId: string): Promise<BookingRow> {
  return one(await ctx.db.read(bookingView(ctx.actor, sql`b.id = ${bookingId}`)))
}

export interface BookingFilters {
  status?: BookingStatus | undefined
  role?: 'client' | 'tasker' | undefined
}

export function listBookings(
  ctx: Context,
  { status, role }: BookingFilters,
  page: PageRequest,
): Promise<BookingRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`b.id`)
  const me = userIdOf(ctx.actor)
  const inStatus = status ? sql`b.status = ${status}` : sql`true`
  const inRole = role ? sql`${role === 'client' ? sql`b.client_id` : sql`b.tasker_id`} = ${me}` : sql`true`
  return ctx.db.read(bookingView(ctx.actor, sql`${inStatus} and ${inRole} and ${after} ${orderAndLimit}`))
}
