import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import { oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, int, list, nullable, pick, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { type documentStatuses, verificationLogs } from '../../../db/schema/supply/verification.ts'
import { one, type Statement } from '../../../db/unit.ts'
import type { VerificationType } from './documents.ts'
import type { VerificationStatus } from './machine.ts'
import { requestColumns, requestRow, sharedColumns } from './verifications.ts'

/** As staff see it. */
const reviewedRow = {
  ...requestRow,
  ...pick(requestColumns, 'reviewedBy', 'firstApprovedBy', 'internalNotes'),
  fullName: nullable(text),
  /** Other accounts that have claimed or proved the same document number. */
  otherAccounts: int,
  caseId: nullable(uuid),
}
export type ReviewedRow = RowOf<typeof reviewedRow>

const reviewView = (where: SQL, orderAndLimit: SQL = sql``): Statement<ReviewedRow> => rowsOf(reviewedRow)`
  select ${sharedColumns}, r.reviewed_by as "reviewedBy", r.first_approved_by as "firstApprovedBy",
         r.internal_notes as "internalNotes", u.full_name as "fullName",
         (select count(distinct o.user_id)::int from verification_requests o where o.number_hash = r.number_hash
             and o.user_id <> r.user_id and o.status in ('pending', 'needs_document', 'approved')) as "otherAccounts",
         (select c.id from cases c where c.kind = 'verification' and c.subject_id = r.id order by c.id desc limit 1) as "caseId"
    from verification_requests r join users u on u.id = r.user_id where ${where} ${orderAndLimit}`

const byId = (id: string): SQL => sql`r.id = ${id}`

export interface VerificationFilters {
  status?: VerificationStatus | undefined
  type?: VerificationType | undefined
  userId?: string | undefined
}

/** Longest waiting first. */
export function listVerifications(
  ctx: Context<UserActor>,
  { status, type, userId }: VerificationFilters,
  page: PageRequest,
): Promise<ReviewedRow[]> {
  const { within, orderAndLimit } = listing(page, 'r', [
    { by: sql`date_trunc('milliseconds', r.submitted_at)`, type: 'timestamptz', direction: 'asc' },
    { by: sql`r.id`, type: 'uuid', direction: 'asc' },
  ])
  const conditions = [within]
  if (status) conditions.push(sql`r.status = ${status}`)
  if (type) conditions.push(sql`r.verification_type = ${type}`)
  if (userId) conditions.push(sql`r.user_id = ${userId}`)
  return ctx.db.read(reviewView(sql.join(conditions, sql` and `), orderAndLimit))
}

export async function getVerification(ctx: Context<UserActor>, id: string): Promise<ReviewedRow> {
  return one(await ctx.db.read(reviewView(byId(id))))
}

/** Effects on the version that was reviewed. */
const reviewed = (id: string, expectedVersion: number | null, ...effects: SQL[]): SQL[] => [
  sql`select khidma.assert_version(r.version, ${expectedVersion}) from verification_requests r where ${byId(id)} for update`,
  ...effects,
]

async function change(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
  ...effects: SQL[]
): Promise<ReviewedRow> {
  return one(await ctx.db.write(reviewed(id, expectedVersion, ...effects), reviewView(byId(id))))
}

/** That nobody else is verified by the same number is an index; that nobody checks their own papers is a constraint. */
export const approveVerification = (
  ctx: Context<UserActor>,
  id: string,
  expiresAt: string | undefined,
  expectedVersion: number | null,
): Promise<ReviewedRow> =>
  change(
    ctx,
    id,
    expectedVersion,
    sql`select khidma.approve_verification(${id}, ${expiresAt ?? null}::timestamptz)`,
  )

const decided = (ctx: Context<UserActor>, id: string, status: VerificationStatus, remarks: string): SQL =>
  sql`update verification_requests set status = ${status}, remarks = ${remarks}, reviewed_at = now(),
             reviewed_by = ${ctx.actor.userId} where id = ${id}`

/** Before a decision or, as a revocation, after it. */
export const rejectVerification = (
  ctx: Context<UserActor>,
  id: string,
  remarks: string,
  expectedVersion: number | null,
): Promise<ReviewedRow> => change(ctx, id, expectedVersion, decided(ctx, id, 'rejected', remarks))

export const requestDocument = (
  ctx: Context<UserActor>,
  id: string,
  remarks: string,
  expectedVersion: number | null,
): Promise<ReviewedRow> => change(ctx, id, expectedVersion, decided(ctx, id, 'needs_document', remarks))

export const decideDocument = (
  ctx: Context<UserActor>,
  id: string,
  documentId: string,
  {
    status,
    remarks = null,
  }: { status: Exclude<(typeof documentStatuses)[number], 'pending'>; remarks?: string | null | undefined },
): Promise<ReviewedRow> =>
  change(ctx, id, null, sql`select khidma.decide_document(${id}, ${documentId}, ${status}, ${remarks})`)

export const setInternalNotes = (
  ctx: Context<UserActor>,
  id: string,
  notes: string | null,
  expectedVersion: number | null,
): Promise<ReviewedRow> =>
  change(
    ctx,
    id,
    expectedVersion,
    sql`update verification_requests set internal_notes = ${notes} where id = ${id}`,
  )

const logRow = columnsOf(verificationLogs)
export type LogRow = RowOf<typeof logRow>

export async function listLogs(ctx: Context<UserActor>, id: string, page: PageRequest): Promise<LogRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`l.id`)
  const rows = await ctx.db.read(
    rowsOf({ logs: list(logRow) })`select coalesce((select json_agg(x) from (
            select ${rowColumns(verificationLogs, 'l')} from verification_logs l where l.request_id = r.id and ${after} ${orderAndLimit}) x), '[]') as logs
          from verification_requests r where r.id = ${id}`,
  )
  return one(rows).logs
}
