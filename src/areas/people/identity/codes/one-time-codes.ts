import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { beginningsIn } from '../../../../core/countries.ts'
import { hmacHex, randomDigits, seal } from '../../../../core/crypto.ts'
import { newId } from '../../../../core/ids.ts'
import { logAlarm } from '../../../../core/log.ts'
import type { NotificationMessage } from '../../../../core/messages.ts'
import { Problem } from '../../../../core/problems.ts'
import { isoTime } from '../../../../db/json.ts'
import { one } from '../../../../db/unit.ts'
import {
  type CountedLimit,
  countedUnder,
  limitsUnder,
  type OtpChannel,
  otpChannels,
  otpPolicy,
} from '../limits.ts'
import { countryOf, networkOf, numberBlockOf, prefixesOf, toMobileNumber } from '../phones.ts'
import {
  type DeviceAtSignIn,
  type SignedIn,
  type SignInRow,
  signInBy,
  toSignedIn,
} from '../sessions/sessions.ts'

export type OtpMessage = Extract<NotificationMessage, { kind: 'otp' }>

/** A code of one purpose is worth nothing for the other. */
export type CodePurpose = 'sign_in' | 'change'

/** What travels sealed: the only place where a code exists besides the phone it goes to. */
export interface SealedCode {
  phone: string
  code: string
  locale: Context['locale']
  /** Without one it signs in. */
  purpose?: CodePurpose
}

export interface CodeRequested {
  expiresAt: string
  resendAfter: string
  channel: OtpChannel
  /** For the queue, on a replay too: the first call may have died before it got there. A code is sent once all the same. */
  message: OtpMessage
}

/** Bound to its request: sealed text moved to another message does not open. */
export const sealPurpose = (otpRequestId: string): string => `otp:${otpRequestId}`

const hashOf = (ctx: Context, phone: string, code: string): string =>
  hmacHex(ctx.secrets.pepper, 'otp', `${phone}\0${code}`)

/** Not that of a code that signs in, so that neither does what the other is for. */
export const changeHashOf = (ctx: Context, id: string, code: string): string =>
  hmacHex(ctx.secrets.pepper, 'otp-change', `${id}\0${code}`)

export interface RequestOtp {
  phone: string
  /** The one the caller would like. */
  channel?: OtpChannel | undefined
  /** Those that there are. */
  channels?: readonly OtpChannel[]
}

export interface RequestRow extends Omit<OtpMessage, 'kind'>, Omit<CodeRequested, 'message'> {
  outcome: 'requested' | 'paused'
  pausedSeconds: number | null
  tripped: string | null
}

export interface NewCode {
  id: string
  sealed: string
  /** The arguments of `khidma.request_otp`. */
  request: SQL
}

/** A code and how it may travel: the channel that is wanted, then the others there are. */
export async function newCode(
  ctx: Context,
  { phone, channel: wanted = 'sms', channels = otpChannels }: RequestOtp,
  purpose: CodePurpose = 'sign_in',
): Promise<NewCode> {
  const inOrder = [wanted, ...channels.filter((other) => other !== wanted)].filter((one) =>
    channels.includes(one),
  )
  const code = randomDigits(otpPolicy.digits)
  const id = newId(ctx.now.getTime())
  const content: SealedCode = { phone, code, locale: ctx.locale, ...(purpose === 'change' && { purpose }) }
  const hash = purpose === 'change' ? changeHashOf(ctx, id, code) : hashOf(ctx, phone, code)
  const { limits: _, pumped: __, ...rules } = otpPolicy
  return {
    id,
    sealed: await seal(ctx.secrets.encryptionKeys, sealPurpose(id), JSON.stringify(content)),
    request: sql`${id}, ${phone}, ${hash}, ${countedUnder(ctx, 'phone', phone)},
      ${JSON.stringify(rules)}::jsonb, ${JSON.stringify(limitsOf(ctx, phone))}::jsonb, ${`{${inOrder.join(',')}}`}::text[],
      ${JSON.stringify(await watchedPrefixes(phone))}::jsonb`,
  }
}

/** Of what `khidma.request_otp` returns, as `r`. */
export const codeColumns = ({ id, sealed }: NewCode): SQL => sql`
  ${id}::uuid as "otpRequestId", ${sealed}::text as sealed, r.outcome, r.channel, r.tripped,
  ${isoTime(sql`r.code_expires_at`)} as "expiresAt", ${isoTime(sql`r.resend_at`)} as "resendAfter",
  case when r.outcome = 'paused' then ceil(extract(epoch from r.resend_at - now())) end as "pausedSeconds"`

export function toCodeRequested(row: RequestRow): CodeRequested {
  const { expiresAt, resendAfter, outcome, pausedSeconds, channel, tripped, otpRequestId, sealed } = row
  if (tripped) logAlarm('otp_breaker.tripped', { prefix: tripped })
  if (outcome === 'paused') throw new Problem('otp_paused', { retryAfterSeconds: pausedSeconds ?? 60 })
  return { expiresAt, resendAfter, channel, message: { kind: 'otp', otpRequestId, sealed } }
}

/** Makes a code, if the limits of number, block, network and everyone let it. Whether the number has a user plays no part. */
export async function requestOtp(ctx: Context, input: RequestOtp): Promise<CodeRequested> {
  const code = await newCode(ctx, { ...input, phone: await toMobileNumber(input.phone) })
  const rows = await ctx.db.write<RequestRow>(
    [],
    sql`select ${codeColumns(code)} from khidma.request_otp(${code.request}) r`,
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

const limitsOf = (ctx: Context, phone: string): CountedLimit[] => [
  ...limitsUnder(ctx, 'phone', phone, otpPolicy.limits.phone),
  ...limitsUnder(ctx, 'block', numberBlockOf(phone), otpPolicy.limits.block),
  ...limitsUnder(ctx, 'network', networkOf(ctx.ipAddress), otpPolicy.limits.network),
  ...otpPolicy.limits.everyone.map((limit) => ({ ...limit, key: 'everyone', exact: false })),
]

export interface VerifyOtp {
  phone: string
  code: string
  device?: DeviceAtSignIn | undefined
  acceptLanguage?: string | null
}

/**
 * Takes one check of the newest code. The right one signs in, and makes a client of a number seen for the first time, who is at
 * home where the number is.
 */
export async function verifyOtp(ctx: Context, input: VerifyOtp): Promise<SignedIn> {
  const phone = await toMobileNumber(input.phone)
  const userId = newId(ctx.now.getTime())
  const { acceptLanguage = null } = input
  const begins = JSON.stringify(beginningsIn({ country: await countryOf(phone), acceptLanguage }))
  const [row] = await ctx.db.write<SignInRow<'invalid' | 'exhausted'>>(
    [],
    signInBy(
      (next) =>
        sql`khidma.verify_otp(${phone}, ${hashOf(ctx, phone, input.code)}, ${otpPolicy.maxChecks}, ${userId}, ${begins}::jsonb, ${next})`,
      ctx,
      input.device,
    ),
  )
  if (row?.outcome === 'exhausted') throw new Problem('otp_exhausted')
  return toSignedIn(ctx, row, () => new Problem('otp_invalid'))
}
