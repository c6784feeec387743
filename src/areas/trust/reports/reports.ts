import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { reports } from '../../../db/schema/trust/reports.ts'
import { one } from '../../../db/unit.ts'
import { bookingVisibleTo } from '../../work/bookings/bookings.ts'

const reportRow = columnsOf(reports)
export type ReportRow = RowOf<typeof reportRow>

/** Reporters see their own, staff all. Who is reported never learns of it here. */
const reportView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``) => rowsOf(reportRow)`
  select ${rowColumns(reports, 'r')} from reports r
   where ${isStaff(actor) ? sql`true` : sql`r.reporter_id = ${userIdOf(actor)}`} and (${where}) ${orderAndLimit}`

export interface ReportFields {
  reportedUserId?: string | undefined
  bookingId?: string | undefined
  kind: string
  description: string
}

/** About a user, or about a booking of one's own: then it is about the other party, if nobody else is named. */
export async function createReport(
  ctx: Context<UserActor>,
  { reportedUserId, bookingId, kind, description }: ReportFields,
): Promise<ReportRow> {
  const { actor } = ctx
  if (reportedUserId === actor.userId) {
    const errors = [{ pointer: '/reportedUserId', message: valueTexts.notYourself }]
    throw new Problem('invalid_request', { errors })
  }
  const id = newId(ctx.now.getTime())
  const otherParty = isStaff(actor)
    ? sql`null::uuid`
    : sql`(select case when b.client_id = ${actor.userId} then b.tasker_id else b.client_id end
             from bookings b where b.id = ${bookingId ?? null})`
  const rows = await ctx.db.write(
    [
      refuseUnknown(actor, reportedUserId, bookingId),
      sql`insert into reports (id, reporter_id, reported_user_id, booking_id, kind, description)
          values (${id}, ${actor.userId}, coalesce(${reportedUserId ?? null}::uuid, ${otherParty}), ${bookingId ?? null},
                  ${kind}, ${description})`,
    ],
    reportView(actor, sql`r.id = ${id}`),
  )
  return one(rows)
}

const refuseUnknown = (
  actor: Actor,
  userId = null as string | null,
  bookingId = null as string | null,
): SQL => sql`
  select khidma.refuse(404, 'not_found')
   where (${userId}::uuid is not null and not exists (select from users u where u.id = ${userId}))
      or (${bookingId}::uuid is not null and not exists (
            select from bookings b where b.id = ${bookingId} and ${bookingVisibleTo(actor)}))`

export async function getReport(ctx: Context, reportId: string): Promise<ReportRow> {
  return one(await ctx.db.read(reportView(ctx.actor, sql`r.id = ${reportId}`)))
}

export interface ReportFilters {
  status?: ReportRow['status'] | undefined
  bookingId?: string | undefined
  reporterId?: string | undefined
  reportedUserId?: string | undefined
}

export function listReports(
  ctx: Context,
  { status, bookingId, reporterId, reportedUserId }: ReportFilters,
  page: PageRequest,
): Promise<ReportRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const conditions = [within]
  if (status) conditions.push(sql`r.status = ${status}`)
  if (bookingId) conditions.push(sql`r.booking_id = ${bookingId}`)
  if (reporterId) conditions.push(sql`r.reporter_id = ${reporterId}`)
  if (reportedUserId) conditions.push(sql`r.reported_user_id = ${reportedUserId}`)
  return ctx.db.read(reportView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

async function move(ctx: Context, reportId: string, status: ReportRow['status']): Promise<ReportRow> {
  const effects = [sql`update reports set status = ${status} where id = ${reportId}`]
  return one(await ctx.db.write(effects, reportView(ctx.actor, sql`r.id = ${reportId}`)))
}

export const investigateReport = (ctx: Context, reportId: string): Promise<ReportRow> =>
  move(ctx, reportId, 'investigating')
export const resolveReport = (ctx: Context, reportId: string): Promise<ReportRow> =>
  move(ctx, reportId, 'resolved')
export const dismissReport = (ctx: Context, reportId: string): Promise<ReportRow> =>
  move(ctx, reportId, 'dismissed')
