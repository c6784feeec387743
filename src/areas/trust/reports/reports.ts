import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, json, list, nullable, omit, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import {
  type dismissedOutcomes,
  type reportSubjects,
  reports,
  type resolvedOutcomes,
} from '../../../db/schema/trust/reports.ts'
import { one } from '../../../db/unit.ts'

const reportRow = {
  ...omit(columnsOf(reports), 'snapshot'),
  /** Shown to staff, as are the case and who works on it. */
  snapshot: nullable(json<Record<string, unknown>>()),
  caseId: nullable(uuid),
  assigneeId: nullable(uuid),
  mediaIds: list(uuid),
}
export type ReportRow = RowOf<typeof reportRow>

/** The open case about what report `r` reports, else its last one. */
const caseOf = sql`
  left join lateral (select c.id, c.assignee_id from cases c cross join khidma.case_subject_of(r) a
                      where c.kind = 'report' and c.subject_id = a.subject_id
                      order by c.status = 'closed', c.id desc limit 1) k on true`

/** Reporters see their own, staff all. Who is reported never learns of it here. */
const reportView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``) => rowsOf(reportRow)`
  select ${rowColumns(reports, 'r')},
         ${isStaff(actor) ? sql`k.id` : sql`null::uuid`} as "caseId", ${isStaff(actor) ? sql`k.assignee_id` : sql`null::uuid`} as "assigneeId",
         coalesce((select json_agg(e.media_id order by e.id) from report_evidence e where e.report_id = r.id), '[]') as "mediaIds"
    from reports r ${isStaff(actor) ? caseOf : sql``}
   where ${isStaff(actor) ? sql`true` : sql`r.reporter_id = ${userIdOf(actor)}`} and (${where}) ${orderAndLimit}`

export interface ReportFields {
  reportedUserId?: string | undefined
  bookingId?: string | undefined
  reviewId?: string | undefined
  messageId?: string | undefined
  taskId?: string | undefined
  kind: string
  description: string
  mediaIds?: string[] | undefined
}

/** The thing that a body names, as `reports.subject_type` calls it; else the person. */
function subjectOf(fields: ReportFields): [type: (typeof reportSubjects)[number], id: string] {
  const { reviewId, messageId, taskId, bookingId, reportedUserId = '' } = fields
  if (reviewId !== undefined) return ['review', reviewId]
  if (messageId !== undefined) return ['message', messageId]
  if (taskId !== undefined) return ['task', taskId]
  return bookingId === undefined ? ['user', reportedUserId] : ['booking', bookingId]
}

/** About a user, a booking of one's own, or something that one sees: then it is about the person who answers for it. */
export async function createReport(ctx: Context<UserActor>, fields: ReportFields): Promise<ReportRow> {
  const { actor } = ctx
  const { reportedUserId, kind, description, mediaIds = [] } = fields
  if (reportedUserId === actor.userId) {
    const errors = [{ pointer: '/reportedUserId', message: valueTexts.notYourself }]
    throw new Problem('invalid_request', { errors })
  }
  const id = newId(ctx.now.getTime())
  const [type, subjectId] = subjectOf(fields)
  const named = type === 'booking' ? (reportedUserId ?? null) : null
  const create = sql`
    select khidma.create_report(${id}, ${actor.userId}, ${type}, ${subjectId}, ${named}::uuid, ${kind}, ${description},
                                ${sql.param(mediaIds)}::uuid[])`
  return one(await ctx.db.write([create], reportView(actor, sql`r.id = ${id}`)))
}

export async function addReportEvidence(
  ctx: Context<UserActor>,
  reportId: string,
  mediaId: string,
): Promise<ReportRow> {
  const add = sql`select khidma.add_report_evidence(${reportId}, ${mediaId})`
  return one(await ctx.db.write([add], reportView(ctx.actor, sql`r.id = ${reportId}`)))
}

export async function getReport(ctx: Context, reportId: string): Promise<ReportRow> {
  return one(await ctx.db.read(reportView(ctx.actor, sql`r.id = ${reportId}`)))
}

export interface ReportFilters {
  status?: ReportRow['status'] | undefined
  bookingId?: string | undefined
  reporterId?: string | undefined
  reportedUserId?: string | undefined
  subjectId?: string | undefined
}

export function listReports(
  ctx: Context,
  { status, bookingId, reporterId, reportedUserId, subjectId }: ReportFilters,
  page: PageRequest,
): Promise<ReportRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const conditions = [within]
  if (status) conditions.push(sql`r.status = ${status}`)
  if (bookingId) conditions.push(sql`r.booking_id = ${bookingId}`)
  if (reporterId) conditions.push(sql`r.reporter_id = ${reporterId}`)
  if (reportedUserId) conditions.push(sql`r.reported_user_id = ${reportedUserId}`)
  if (subjectId) conditions.push(sql`r.subject_id = ${subjectId}`)
  return ctx.db.read(reportView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

const changed = async (ctx: Context, reportId: string, effects: SQL[]): Promise<ReportRow> =>
  one(await ctx.db.write(effects, reportView(ctx.actor, sql`r.id = ${reportId}`)))

export const investigateReport = (ctx: Context, reportId: string): Promise<ReportRow> =>
  changed(ctx, reportId, [sql`update reports set status = 'investigating' where id = ${reportId}`])

export interface ReportDecision<Outcome = NonNullable<ReportRow['outcome']>> {
  outcome?: Outcome | undefined
  /** For the reporter. */
  message?: string | undefined
}

const decide = (
  reportId: string,
  status: 'resolved' | 'dismissed',
  { outcome, message }: ReportDecision,
): SQL => sql`
  update reports set status = ${status}, outcome = ${outcome ?? null}, outcome_text = ${message ?? null} where id = ${reportId}`

export const resolveReport = (
  ctx: Context,
  reportId: string,
  decision: ReportDecision<(typeof resolvedOutcomes)[number]>,
): Promise<ReportRow> => changed(ctx, reportId, [decide(reportId, 'resolved', decision)])

export const dismissReport = (
  ctx: Context,
  reportId: string,
  decision: ReportDecision<(typeof dismissedOutcomes)[number]>,
): Promise<ReportRow> => changed(ctx, reportId, [decide(reportId, 'dismissed', decision)])

/** Resolves the report by suspending the account, by its own transition, in one transaction: both, or neither. */
export const resolveBySuspension = (
  ctx: Context<UserActor>,
  reportId: string,
  { reason, message }: { reason: string; message?: string | undefined },
): Promise<ReportRow> =>
  changed(ctx, reportId, [
    sql`select khidma.suspend_reported(${reportId}, ${reason})`,
    decide(reportId, 'resolved', { outcome: 'suspended', message }),
  ])
