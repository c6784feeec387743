import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { insertion } from '../../../db/patch.ts'
import { columnsOf, list, nullable, oneOf, pick, type RowOf, rowsOf, text, time } from '../../../db/rows.ts'
import { payoutParties } from '../../../db/schema/people/companies.ts'
import { companyHandovers } from '../../../db/schema/work/assignment.ts'
import { bookings } from '../../../db/schema/work/bookings.ts'
import { one } from '../../../db/unit.ts'
import { actFor, actsFor } from '../../people/companies/members.ts'
import type { BookingStatus } from '../bookings/machine.ts'

/**
 * Work of a company in the hands of its people: they see the bookings that their members have made while they worked for it, and give one
 * to another member. The rule of who is free and what can be taken back is that of staff (`khidma.reassign_task`).
 */

const companyBookingRow = {
  ...pick(columnsOf(bookings), 'id', 'taskId', 'taskerId', 'status', 'createdAt', 'updatedAt', 'version'),
  taskerName: nullable(text),
  payoutTo: oneOf(payoutParties),
  category: text,
  title: nullable(text),
  city: text,
  district: nullable(text),
  scheduledFrom: time,
  scheduledUntil: time,
}
export type CompanyBookingRow = RowOf<typeof companyBookingRow>

const columns = sql`
  b.id, b.task_id as "taskId", b.tasker_id as "taskerId", b.status, k.full_name as "taskerName", b.payout_to as "payoutTo", t.category, t.title,
  t.city, t.district, ${isoTime(sql`lower(b.scheduled_during)`)} as "scheduledFrom",
  ${isoTime(sql`upper(b.scheduled_during)`)} as "scheduledUntil", ${isoTime(sql`b.created_at`)} as "createdAt",
  ${isoTime(sql`b.updated_at`)} as "updatedAt", b.version`
const joined = sql`bookings b join tasks t on t.id = b.task_id join users k on k.id = b.tasker_id`

export interface CompanyBookingFilters {
  status?: BookingStatus | undefined
  taskerId?: string | undefined
}

export async function listCompanyBookings(
  ctx: Context<UserActor>,
  companyId: string,
  { status, taskerId }: CompanyBookingFilters,
  page: PageRequest,
): Promise<CompanyBookingRow[]> {
  const { within, orderAndLimit } = listing(page, 'b')
  const conditions = [sql`b.company_id = ${companyId}`, within]
  if (status) conditions.push(sql`b.status = ${status}`)
  if (taskerId) conditions.push(sql`b.tasker_id = ${taskerId}`)
  const rows = await ctx.db.read(rowsOf({ bookings: list(companyBookingRow) })`
    select coalesce((select json_agg(x) from (
             select ${columns} from ${joined} where ${sql.join(conditions, sql` and `)} ${orderAndLimit}) x), '[]') as bookings
      from ${actsFor(ctx, companyId, 'seeWork')} own`)
  return one(rows).bookings
}

/** Takes a booking of the company from its tasker and gives it to a member, by the handover that the reassignment follows from. */
export async function handOver(
  ctx: Context<UserActor>,
  companyId: string,
  bookingId: string,
  { taskerId, reason }: { taskerId: string; reason: string },
): Promise<CompanyBookingRow> {
  const id = newId(ctx.now.getTime())
  const row = { id, companyId, bookingId, taskerId, givenBy: ctx.actor.userId, reason }
  const effects = [
    ...actFor(ctx, companyId, 'assignWork'),
    sql`insert into company_handovers ${insertion(companyHandovers, row)}`,
  ]
  return one(
    await ctx.db.write(
      effects,
      rowsOf(companyBookingRow)`
        select ${columns} from ${joined}
         where b.task_id = (select o.task_id from bookings o where o.id = ${bookingId}) and b.tasker_id = ${taskerId}
         order by b.id desc limit 1`,
    ),
  )
}
