import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { hmacHex } from '../../../core/crypto.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { insertion } from '../../../db/patch.ts'
import {
  bool,
  columnsOf,
  int,
  list,
  nullable,
  oneOf,
  pick,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import {
  type documentParts,
  identityStandings,
  verificationDocuments,
  verificationRequests,
} from '../../../db/schema/supply/verification.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount, mediaStand } from '../../people/profiles/own-rows.ts'
import type { DocumentType, VerificationType } from './documents.ts'
import { type SealedFile, sealFiles } from './sealing.ts'

/** Verification of a user by all their identity requests. */
const standingRow = {
  id: uuid,
  status: oneOf(identityStandings),
  phoneVerified: bool,
  documentLast4: nullable(text),
  verifiedAt: nullable(time),
  expiresAt: nullable(time),
  version: int,
  updatedAt: time,
}
export type StandingRow = RowOf<typeof standingRow>

/** One that has ended is lapsed, whether a job has noted it or not. */
export async function getStanding(ctx: Context<UserActor>): Promise<StandingRow> {
  return one(
    await ctx.db.read(rowsOf(standingRow)`
      select u.id, case when v.verification_status = 'verified' and v.expires_at <= now() then 'lapsed'
                        else coalesce(v.verification_status, 'unverified') end as status,
             coalesce(v.phone_verified, false) as "phoneVerified", v.national_id_last4 as "documentLast4",
             ${isoTime(sql`v.verified_at`)} as "verifiedAt", ${isoTime(sql`v.expires_at`)} as "expiresAt",
             coalesce(v.version, 0) as version, ${isoTime(sql`coalesce(v.updated_at, u.created_at)`)} as "updatedAt"
        from users u left join user_verifications v on v.user_id = u.id where u.id = ${ctx.actor.userId}`),
  )
}

const documentRow = columnsOf(verificationDocuments)
export type DocumentRow = RowOf<typeof documentRow>

export const requestColumns = columnsOf(verificationRequests)

/** As its owner sees it. */
export const requestRow = {
  ...pick(
    requestColumns,
    'id',
    'userId',
    'subjectType',
    'subjectId',
    'verificationType',
    'documentType',
    'documentCountry',
    'numberLast4',
    'status',
    'submittedAt',
    'reviewedAt',
    'remarks',
    'expiresAt',
    'answerUntil',
    'version',
    'createdAt',
    'updatedAt',
  ),
  documents: list(documentRow),
}
export type RequestRow = RowOf<typeof requestRow>

/** The documents of the request `r`, in the order in which they came. */
export const documentsOf: SQL = sql`
  (select coalesce(json_agg(f order by f.id), '[]') from (
     select ${rowColumns(verificationDocuments, 'd')} from verification_documents d where d.request_id = r.id) f)`

export const sharedColumns: SQL = sql`
  r.id, r.user_id as "userId", r.subject_type as "subjectType", r.subject_id as "subjectId",
  r.verification_type as "verificationType", r.document_type as "documentType", r.document_country as "documentCountry",
  r.number_last4 as "numberLast4", r.status, ${isoTime(sql`r.submitted_at`)} as "submittedAt",
  ${isoTime(sql`r.reviewed_at`)} as "reviewedAt", r.remarks, ${isoTime(sql`r.expires_at`)} as "expiresAt",
  ${isoTime(sql`r.answer_until`)} as "answerUntil", r.version,
  ${isoTime(sql`r.created_at`)} as "createdAt", ${isoTime(sql`r.updated_at`)} as "updatedAt", ${documentsOf} as documents`

const ownRequests = (userId: string, where: SQL, orderAndLimit: SQL = sql``): Statement<RequestRow> =>
  rowsOf(requestRow)`
    select ${sharedColumns} from verification_requests r where r.user_id = ${userId} and ${where} ${orderAndLimit}`

export function listOwnRequests(ctx: Context<UserActor>, page: PageRequest): Promise<RequestRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`r.id`)
  return ctx.db.read(ownRequests(ctx.actor.userId, after, orderAndLimit))
}

export async function getOwnRequest(ctx: Context<UserActor>, id: string): Promise<RequestRow> {
  return one(await ctx.db.read(ownRequests(ctx.actor.userId, sql`r.id = ${id}`)))
}

export interface Paper {
  type: (typeof documentParts)[number]
  mediaId: string
}

export interface Submission {
  type: VerificationType
  subject?: 'user' | 'company' | undefined
  documentType: DocumentType
  /** Country that issued the document. */
  country: string
  /** As `normalNumber` leaves it. */
  number?: string | undefined
  expiresAt?: string | undefined
  documents: Paper[]
}

/** The kind of document is no part of it: a licence that bears the national number proves the same person. */
const hashOf = (ctx: Context, country: string, number: string): string =>
  hmacHex(ctx.secrets.pepper, 'national-id', `${country}:${number}`)

const insertPapers = (ctx: Context, requestId: string, papers: Paper[]): SQL => {
  const rows = papers.map((paper) => ({ ...paper, id: newId(ctx.now.getTime()) }))
  return sql`
    insert into verification_documents (id, request_id, document_type, media_id)
    select p.id, ${requestId}, p.type, p."mediaId"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) p (id uuid, type text, "mediaId" uuid)`
}

const papersStand = (userId: string, papers: Paper[]): SQL[] =>
  mediaStand(
    userId,
    papers.map(({ mediaId }) => mediaId),
    ['image', 'document'],
  )

/** Submits papers. An index lets a single request wait for one kind of them; a company is verified by its own account. */
export async function submitRequest(
  ctx: Context<UserActor>,
  submission: Submission,
  sealed: SealedFile[],
): Promise<RequestRow> {
  const { userId } = ctx.actor
  const { type, subject = 'user', documentType, country, number, expiresAt, documents } = submission
  const id = newId(ctx.now.getTime())
  const row = {
    id,
    userId,
    subjectType: subject,
    subjectId: userId,
    verificationType: type,
    documentType,
    documentCountry: country,
    numberHash: number === undefined ? null : hashOf(ctx, country, number),
    numberLast4: number?.slice(-4) ?? null,
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
  }
  const effects = [
    ...lockAccount(userId),
    sql`select khidma.refuse(404, 'not_found') where ${subject} = 'company'
          and not exists (select from company_profiles c where c.user_id = ${userId})`,
    ...papersStand(userId, documents),
    sealFiles(sealed),
    sql`insert into verification_requests ${insertion(verificationRequests, row)}`,
    insertPapers(ctx, id, documents),
  ]
  return one(await ctx.db.write(effects, ownRequests(userId, sql`r.id = ${id}`)))
}

/** Adds what staff have asked for; a first approval was of the papers before. */
export async function resubmitRequest(
  ctx: Context<UserActor>,
  id: string,
  documents: Paper[],
  sealed: SealedFile[],
): Promise<RequestRow> {
  const { userId } = ctx.actor
  const effects = [
    ...lockAccount(userId),
    sql`select khidma.refuse(404, 'not_found')
         where not exists (select from verification_requests r where r.id = ${id} and r.user_id = ${userId})`,
    ...papersStand(userId, documents),
    sealFiles(sealed),
    insertPapers(ctx, id, documents),
    sql`update verification_requests set status = 'pending', submitted_at = now(), remarks = null,
               first_approved_by = null, first_approved_at = null where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, ownRequests(userId, sql`r.id = ${id}`)))
}

/** Its files are destroyed as those of a decided request. */
export async function withdrawRequest(ctx: Context<UserActor>, id: string): Promise<RequestRow> {
  const own = sql`r.id = ${id} and r.user_id = ${ctx.actor.userId}`
  const effects = [
    sql`select khidma.refuse(404, 'not_found') where not exists (select from verification_requests r where ${own})`,
    sql`update verification_requests r set status = 'withdrawn', reviewed_at = now(), reviewed_by = null where ${own}`,
  ]
  return one(await ctx.db.write(effects, ownRequests(ctx.actor.userId, sql`r.id = ${id}`)))
}
