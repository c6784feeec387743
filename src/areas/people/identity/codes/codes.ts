import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { beginningsIn } from '../../../../core/countries.ts'
import { hmacHex, randomDigits, seal } from '../../../../core/crypto.ts'
import { newId } from '../../../../core/ids.ts'
import { logAlarm } from '../../../../core/log.ts'
import type { NotificationMessage } from '../../../../core/messages.ts'
import { Problem } from '../../../../core/problems.ts'
import { isoTime, rowColumns } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import {
  bool,
  columnsOf,
  either,
  int,
  nullable,
  nullables,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../../db/rows.ts'
import { otpBreakers } from '../../../../db/schema/people/credentials.ts'
import { one, type Statement } from '../../../../db/unit.ts'
import { emailCodePolicy, type OtpChannel, otpChannels, otpPolicy } from '../limits.ts'
import { type DeviceAtSignIn, type SignedIn, signInBy, toSignedIn } from '../sessions/sessions.ts'
import {
  type CountedRequest,
  countedAtSignIn,
  countedUnder,
  countryOf,
  limitsUnder,
  networkOf,
  prefixesOf,
  type Requester,
  toMobileNumber,
} from './counted.ts'

export type OtpMessage = Extract<NotificationMessage, { kind: 'otp' }>

/** A code of one purpose is worth nothing for the other. */
export type CodePurpose = 'sign_in' | 'change'

/** Content that travels sealed: the only place where the code exists besides the phone that it goes to. */
export interface SealedCode {
  phone: string
  code: string
  locale: Context['locale']
  /** Without one it signs in. */
  purpose?: CodePurpose
}

export interface CodeRequested {
  /** The code is valid only together with it, and only its requester gets it: others cannot use up its checks. */
  verificationId: string
  expiresAt: string
  resendAfter: string
  channel: OtpChannel
  /** For the queue, on a replay too: the first call may have died before it got there. A code is sent once all the same. */
  message: OtpMessage
}

/** Bound to its request: sealed text moved to another message does not open. */
export const sealPurpose = (otpRequestId: string): string => `otp:${otpRequestId}`

export const signInHashOf = (ctx: Context, id: string, code: string): string =>
  hmacHex(ctx.secrets.pepper, 'otp', `${id}\0${code}`)

/** Not that of a code that signs in, so that neither does what the other is for. */
export const changeHashOf = (ctx: Context, id: string, code: string): string =>
  hmacHex(ctx.secrets.pepper, 'otp-change', `${id}\0${code}`)

export interface SentCode {
  phone: string
  /** The one the caller would like. */
  channel?: OtpChannel | undefined
  /** Those that there are. */
  channels?: readonly OtpChannel[]
}

export interface RequestOtp extends SentCode, Requester {}

export const codeIds = {
  otpRequestId: uuid,
  sealed: text,
  pausedSeconds: nullable(int),
  tripped: nullable(text),
}
export const codeTravels = { channel: oneOf(otpChannels), expiresAt: time, resendAfter: time }
export const requestedCode = { ...codeIds, ...codeTravels, outcome: oneOf(['requested']) }
export const pausedCode = { ...codeIds, ...nullables(codeTravels), outcome: oneOf(['paused']) }
const requestRow = either(requestedCode, pausedCode)
export type RequestRow = RowOf<typeof requestRow>

export interface NewCode {
  id: string
  sealed: string
  /** The arguments of `khidma.request_otp`. */
  request: SQL
}

/** A code and how it may travel: the channel that is wanted, then the others there are. */
export async function newCode(
  ctx: Context,
  { phone, channel: wanted = 'sms', channels = otpChannels }: SentCode,
  purpose: CodePurpose,
  counted: CountedRequest,
): Promise<NewCode> {
  const inOrder = [wanted, ...channels.filter((other) => other !== wanted)].filter((one) =>
    channels.includes(one),
  )
  const code = randomDigits(otpPolicy.digits)
  const id = newId(ctx.now.getTime())
  const content: SealedCode = { phone, code, locale: ctx.locale, ...(purpose === 'change' && { purpose }) }
  const hash = purpose === 'change' ? changeHashOf(ctx, id, code) : signInHashOf(ctx, id, code)
  const { limits: _, guesses: __, pumped: ___, ...rules } = otpPolicy
  return {
    id,
    sealed: await seal(ctx.secrets.encryptionKeys, sealPurpose(id), JSON.stringify(content)),
    request: sql`${id}, ${phone}, ${hash}, ${JSON.stringify(counted)}::jsonb, ${JSON.stringify(rules)}::jsonb, ${`{${inOrder.join(',')}}`}::text[],
      ${JSON.stringify(await watchedPrefixes(phone))}::jsonb`,
  }
}

/** Columns of `r`, the row that `khidma.request_otp` returns. */
export const codeColumns = ({ id, sealed }: NewCode): SQL => sql`
  ${id}::uuid as "otpRequestId", ${sealed}::text as sealed, r.outcome, r.channel, r.tripped,
  ${isoTime(sql`r.code_expires_at`)} as "expiresAt", ${isoTime(sql`r.resend_at`)} as "resendAfter",
  case when r.outcome = 'paused' then ceil(extract(epoch from r.resend_at - now())) end as "pausedSeconds"`

export function toCodeRequested(row: RequestRow): CodeRequested {
  if (row.tripped) logAlarm('otp_breaker.tripped', { prefix: row.tripped })
  if (row.outcome === 'paused')
    throw new Problem('otp_paused', { retryAfterSeconds: row.pausedSeconds ?? 60 })
  const { expiresAt, resendAfter, channel, otpRequestId, sealed } = row
  const message = { kind: 'otp', otpRequestId, sealed } as const
  return { verificationId: otpRequestId, expiresAt, resendAfter, channel, message }
}

/**
 * Makes a code, if the limits of requester, number, block, network and everyone let it. Whether the number has a user plays no
 * part.
 */
export async function requestOtp(ctx: Context, input: RequestOtp): Promise<CodeRequested> {
  const phone = await toMobileNumber(input.phone)
  const code = await newCode(ctx, { ...input, phone }, 'sign_in', countedAtSignIn(ctx, phone, input))
  const rows = await ctx.db.write(
    [],
    rowsOf(requestRow)`select ${codeColumns(code)} from khidma.request_otp(${code.request}) r`,
  )
  return toCodeRequested(one(rows))
}

async function watchedPrefixes(phone: string): Promise<object[]> {
  const { country, range } = await prefixesOf(phone)
  const { pumped } = otpPolicy
  return [
    { prefix: country, ...pumped.country },
    { prefix: range, ...pumped.range },
  ]
}

export interface VerifyOtp {
  phone: string
  verificationId: string
  code: string
  device?: DeviceAtSignIn | undefined
  acceptLanguage?: string | null
}

/**
 * Takes one check of a code, from wherever: networks change between the two calls. The right one signs in, and makes a client of a number seen for the first time, who is at
 * home where the number is.
 */
export async function verifyOtp(ctx: Context, input: VerifyOtp): Promise<SignedIn> {
  const phone = await toMobileNumber(input.phone)
  const userId = newId(ctx.now.getTime())
  const { verificationId, code, acceptLanguage = null } = input
  const begins = JSON.stringify(beginningsIn({ country: await countryOf(phone), acceptLanguage }))
  const [row] = await ctx.db.write(
    [],
    signInBy(
      ['invalid', 'exhausted', 'spent'],
      (next) =>
        sql`khidma.verify_otp(${verificationId}, ${phone}, ${signInHashOf(ctx, verificationId, code)}, ${otpPolicy.maxChecks},
          ${userId}, ${begins}::jsonb, ${next})`,
      ctx,
      input.device,
    ),
  )
  refuseCheck(row?.outcome, row?.retryAfter)
  return toSignedIn(ctx, row, () => new Problem('otp_invalid'))
}

/** Throws the refusals of `khidma.check_otp`, but for `invalid`. */
export function refuseCheck(outcome: string | undefined, retryAfter: number | null | undefined): void {
  if (outcome === 'exhausted') throw new Problem('otp_exhausted')
  if (outcome === 'spent') throw new Problem('rate_limited', { retryAfterSeconds: retryAfter ?? 60 })
}

export type EmailCodeMessage = Extract<NotificationMessage, { kind: 'email_code' }>

/** Content that travels sealed: the only place where the code exists besides the mailbox that it goes to. */
export interface SealedEmailCode {
  email: string
  code: string
  locale: Context['locale']
}

export interface EmailCodeRequested {
  /** The code is worth something together with it only: a code that somebody else caused opens nothing of theirs. */
  id: string
  expiresAt: string
  resendAfter: string
  message: EmailCodeMessage
}

export const emailSealPurpose = (id: string): string => `email-code:${id}`

export const emailCodeHashOf = (ctx: Context, id: string, code: string): string =>
  hmacHex(ctx.secrets.pepper, 'email-code', `${id}\0${code}`)

export interface NewEmailCode {
  id: string
  hash: string
  sealed: string
  /** The last arguments of the function that writes the code down: main key, rules, limits. */
  limits: SQL
}

export async function newEmailCode(ctx: Context, email: string): Promise<NewEmailCode> {
  const id = newId(ctx.now.getTime())
  const code = randomDigits(emailCodePolicy.digits)
  const content: SealedEmailCode = { email, code, locale: ctx.locale }
  const { limits, ...rules } = emailCodePolicy
  const network = networkOf(ctx.ipAddress)
  const requester = `${email}\0${network}`
  const counted = [
    // Pauses are per requester: requests by strangers delay no one else.
    ...limitsUnder(ctx, 'mail-requester', requester, limits.requester),
    ...limitsUnder(ctx, 'address', email, limits.address),
    ...limitsUnder(ctx, 'mail-network', network, limits.network),
    ...limits.everyone.map((limit) => ({ ...limit, key: 'mail-everyone', exact: false })),
  ]
  return {
    id,
    hash: emailCodeHashOf(ctx, id, code),
    sealed: await seal(ctx.secrets.encryptionKeys, emailSealPurpose(id), JSON.stringify(content)),
    limits: sql`${countedUnder(ctx, 'mail-requester', requester)}, ${JSON.stringify(rules)}::jsonb, ${JSON.stringify(counted)}::jsonb`,
  }
}

export const emailCodeRow = { emailCodeId: uuid, sealed: text, expiresAt: time, resendAfter: time }
export type EmailCodeRow = RowOf<typeof emailCodeRow>

/** Columns of a function `r` that returns `code_expires_at` and `resend_at`. */
export const emailCodeColumns = ({ id, sealed }: NewEmailCode): SQL => sql`
  ${id}::uuid as "emailCodeId", ${sealed}::text as sealed,
  ${isoTime(sql`r.code_expires_at`)} as "expiresAt", ${isoTime(sql`r.resend_at`)} as "resendAfter"`

export const toRequested = ({
  emailCodeId,
  sealed,
  expiresAt,
  resendAfter,
}: EmailCodeRow): EmailCodeRequested => ({
  id: emailCodeId,
  expiresAt,
  resendAfter,
  message: { kind: 'email_code', emailCodeId, sealed },
})

/** Refusals of a code that came by mail; `taken`: somebody else has proven the address meanwhile. */
export const codeRefusals = ['wrong', 'exhausted', 'taken'] as const
export type CodeRefusal = (typeof codeRefusals)[number]

export function refusalOfCode(outcome: CodeRefusal): Problem {
  if (outcome === 'exhausted') return new Problem('otp_exhausted')
  return new Problem(outcome === 'taken' ? 'already_exists' : 'code_invalid')
}

const otpBreakerRow = { ...columnsOf(otpBreakers), channel: oneOf(otpChannels), active: bool }
export type OtpBreakerRow = RowOf<typeof otpBreakerRow>

/** By the clock, as pauses end by it: `now()` of a transaction that waited for another is in the past. */
const isActive = sql`b.paused_until > clock_timestamp()`

const breakerView = (where: SQL): Statement<OtpBreakerRow> =>
  rowsOf(otpBreakerRow)`
      select ${rowColumns(otpBreakers, 'b')}, ${isActive} as active from otp_breakers b where ${where}`

export interface OtpBreakerFilters {
  channel?: OtpChannel | undefined
  active?: boolean | undefined
}

export function listOtpBreakers(
  ctx: Context<UserActor>,
  { channel, active }: OtpBreakerFilters,
  page: PageRequest,
): Promise<OtpBreakerRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`b.id`)
  const conditions = [after]
  if (channel) conditions.push(sql`b.channel = ${channel}`)
  if (active !== undefined) conditions.push(sql`(${isActive}) = ${active}`)
  return ctx.db.read(breakerView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

/**
 * Ends a pause. Earlier counts have no effect any more (`khidma.otp_pause` counts from the end of the last pause); the number of
 * pauses is kept, so that the next one is twice as long. Of two concurrent calls, one is refused.
 */
export async function resetOtpBreaker(
  ctx: Context<UserActor>,
  id: string,
  reason: string,
): Promise<OtpBreakerRow> {
  const effects = [
    sql`select khidma.give_reason(${reason})`,
    // A statement of its own: the next one sees what whoever held the row has made of it.
    sql`select 1 from otp_breakers b where b.id = ${id} for update`,
    sql`select khidma.refuse(409, 'otp_breaker_not_paused') from otp_breakers b where b.id = ${id} and not ${isActive}`,
    // Later than the start of any waiting request that would open the breaker again with its earlier counts.
    sql`update otp_breakers set paused_until = clock_timestamp(), reset_at = clock_timestamp() where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, breakerView(sql`b.id = ${id}`)))
}
