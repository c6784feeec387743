import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { hmacHex } from '../../../core/crypto.ts'
import { isoTime } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { bool, int, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount, mediaStand } from '../../people/profiles/own-rows.ts'
import { type VerificationStatus, verificationMachine } from './machine.ts'

export const documentTypes = ['national_id', 'passport', 'residence_permit', 'driving_licence'] as const
export type DocumentType = (typeof documentTypes)[number]

const documents = {
  frontMediaId: nullable(uuid),
  backMediaId: nullable(uuid),
  selfieMediaId: nullable(uuid),
}
export type Documents = RowOf<typeof documents>

/** As its owner sees it. */
const verificationRow = {
  /** The user's. */
  id: uuid,
  status: oneOf(verificationMachine.states),
  phoneVerified: bool,
  documentType: nullable(oneOf(documentTypes)),
  documentCountry: nullable(text),
  documentLast4: nullable(text),
  documents,
  submittedAt: nullable(time),
  reviewedAt: nullable(time),
  verifiedAt: nullable(time),
  rejectionReason: nullable(text),
  version: int,
  createdAt: time,
  updatedAt: time,
}
export type VerificationRow = RowOf<typeof verificationRow>

/** As staff see it. */
const reviewedVerificationRow = {
  ...verificationRow,
  fullName: nullable(text),
  reviewedBy: nullable(uuid),
  /** How many other accounts have claimed or proved the same document number. */
  otherAccounts: int,
}
export type ReviewedVerificationRow = RowOf<typeof reviewedVerificationRow>

export interface Submission {
  documentType: DocumentType
  /** Country that issued the document. */
  country: string
  /** As `normalNumber` leaves it. */
  number: string
  frontMediaId: string
  backMediaId?: string | null | undefined
  selfieMediaId?: string | null | undefined
}

/** One spelling a number: Arabic-Indic digits, case and separators do not make another one of it. */
export const normalNumber = (text: string): string =>
  text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\s./-]/g, '')
    .toUpperCase()

/** The kind of document is no part of it: a licence that bears the national number proves the same person. */
const hashOf = (ctx: Context, { country, number }: Submission): string =>
  hmacHex(ctx.secrets.pepper, 'national-id', `${country}:${number}`)

const columns = sql`
  u.id, coalesce(v.verification_status, 'unverified') as status, coalesce(v.phone_verified, false) as "phoneVerified",
  v.document_type as "documentType", v.document_country as "documentCountry", v.national_id_last4 as "documentLast4",
  json_build_object('frontMediaId', v.front_media_id, 'backMediaId', v.back_media_id,
                    'selfieMediaId', v.selfie_media_id) as documents,
  ${isoTime(sql`v.submitted_at`)} as "submittedAt", ${isoTime(sql`v.reviewed_at`)} as "reviewedAt",
  ${isoTime(sql`v.verified_at`)} as "verifiedAt", v.rejection_reason as "rejectionReason",
  coalesce(v.version, 0) as version, ${isoTime(sql`coalesce(v.created_at, u.created_at)`)} as "createdAt",
  ${isoTime(sql`coalesce(v.updated_at, u.created_at)`)} as "updatedAt"`

const ownView = (userId: string): Statement<VerificationRow> =>
  rowsOf(verificationRow)`
      select ${columns} from users u left join user_verifications v on v.user_id = u.id where u.id = ${userId}`

const reviewView = (where: SQL, orderAndLimit: SQL = sql``) => rowsOf(reviewedVerificationRow)`
  select ${columns}, u.full_name as "fullName", v.reviewed_by as "reviewedBy",
         (select count(*)::int from user_verifications o where o.national_id_hash = v.national_id_hash
             and o.user_id <> v.user_id and o.verification_status in ('pending', 'verified')) as "otherAccounts"
    from user_verifications v join users u on u.id = v.user_id where ${where} ${orderAndLimit}`

export async function getOwnVerification(ctx: Context<UserActor>): Promise<VerificationRow> {
  return one(await ctx.db.read(ownView(ctx.actor.userId)))
}

/** Sent again as it waits already (the answer was lost), it goes on waiting; the trigger refuses anything else. */
export async function submitVerification(
  ctx: Context<UserActor>,
  submission: Submission,
  expectedVersion: number | null,
): Promise<VerificationRow> {
  const { userId } = ctx.actor
  const { documentType, country, number, frontMediaId, backMediaId = null, selfieMediaId = null } = submission
  const hash = hashOf(ctx, submission)
  const isSame = sql`v.verification_status = 'pending' and v.national_id_hash = ${hash}
    and v.document_type = ${documentType} and v.document_country = ${country}
    and v.front_media_id is not distinct from ${frontMediaId}::uuid
    and v.back_media_id is not distinct from ${backMediaId}::uuid
    and v.selfie_media_id is not distinct from ${selfieMediaId}::uuid`
  const effects = [
    ...lockAccount(userId),
    ...mediaStand(userId, [frontMediaId, backMediaId, selfieMediaId], ['image', 'document']),
    sql`select khidma.assert_version(
          coalesce((select v.version from user_verifications v where v.user_id = ${userId}), 0), ${expectedVersion})`,
    sql`insert into user_verifications (user_id) values (${userId}) on conflict do nothing`,
    sql`update user_verifications v
           set verification_status = 'pending', document_type = ${documentType}, document_country = ${country},
               national_id_hash = ${hash}, national_id_last4 = ${number.slice(-4)}, front_media_id = ${frontMediaId},
               back_media_id = ${backMediaId}, selfie_media_id = ${selfieMediaId},
               submitted_at = date_trunc('milliseconds', now()), reviewed_at = null, reviewed_by = null,
               rejection_reason = null
         where v.user_id = ${userId} and not (${isSame})`,
  ]
  return one(await ctx.db.write(effects, ownView(userId)))
}

/** Lists all verifications that were ever submitted, longest waiting first. */
export function listVerifications(
  ctx: Context<UserActor>,
  { status }: { status?: VerificationStatus | undefined },
  page: PageRequest,
): Promise<ReviewedVerificationRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`v.submitted_at`, type: 'timestamptz', direction: 'asc' },
    { by: sql`v.user_id`, type: 'uuid', direction: 'asc' },
  ])
  const withStatus = status ? sql`v.verification_status = ${status}` : sql`true`
  return ctx.db.read(
    reviewView(sql`v.submitted_at is not null and ${withStatus} and ${after}`, orderAndLimit),
  )
}

export async function getVerification(
  ctx: Context<UserActor>,
  userId: string,
): Promise<ReviewedVerificationRow> {
  return one(await ctx.db.read(reviewView(sql`v.user_id = ${userId}`)))
}

/** That nobody else is verified by the same number is an index; that nobody checks their own papers is a constraint. */
export function approveVerification(
  ctx: Context<UserActor>,
  userId: string,
  expectedVersion: number | null,
): Promise<ReviewedVerificationRow> {
  const outcome = sql`verification_status = 'verified', verified_at = now(), rejection_reason = null`
  return decide(ctx, userId, outcome, expectedVersion)
}

export function rejectVerification(
  ctx: Context<UserActor>,
  userId: string,
  reason: string,
  expectedVersion: number | null,
): Promise<ReviewedVerificationRow> {
  const outcome = sql`verification_status = 'rejected', rejection_reason = ${reason}`
  return decide(ctx, userId, outcome, expectedVersion)
}

async function decide(
  ctx: Context<UserActor>,
  userId: string,
  outcome: SQL,
  expectedVersion: number | null,
): Promise<ReviewedVerificationRow> {
  const effects = [
    sql`select khidma.assert_version(v.version, ${expectedVersion}) from user_verifications v
         where v.user_id = ${userId} for update`,
    sql`update user_verifications set ${outcome}, reviewed_at = now(), reviewed_by = ${ctx.actor.userId}
         where user_id = ${userId}`,
  ]
  return one(await ctx.db.write(effects, reviewView(sql`v.user_id = ${userId}`)))
}

/** Returns the caller's party to a verification, as its machine names it. */
export function verificationPartyOf(actor: Actor, id: string): 'owner' | 'ops' | null {
  if (isStaff(actor)) return 'ops'
  return userIdOf(actor) === id ? 'owner' : null
}
