import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { hmacHex, randomDigits, seal } from '../../core/crypto.ts'
import { newId } from '../../core/ids.ts'
import { Problem } from '../../core/problems.ts'
import { isoTime } from '../../db/json.ts'
import { one } from '../../db/unit.ts'
import type { NotificationMessage } from '../../queues/messages.ts'
import { networkOf, numberBlockOf, prefixesOf, toMobileNumber } from './phones.ts'
import { type OtpChannel, otpChannels, otpPolicy } from './policy.ts'
import { type CountedLimit, countedUnder, limitsUnder } from './send-limits.ts'
import { type DeviceAtSignIn, type SignedIn, type SignInRow, signInBy, toSignedIn } from './sessions.ts'

export type OtpMessage = Extract<NotificationMessage, { kind: 'otp' }>

/** What travels sealed: the only place where a code exists besides the phone it goes to. */
export interface SealedCode {
  phone: string
  code: string
  locale: Context['locale']
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

export interface RequestOtp {
  phone: string
  /** The one the caller would like. */
  channel?: OtpChannel | undefined
  /** Those that there are. */
  channels?: readonly OtpChannel[]
}

type RequestRow = Omit<OtpMessage, 'kind'> &
  Omit<CodeRequested, 'message'> & {
    outcome: 'requested' | 'paused'
    pausedSeconds: number | null
    tripped: string | null
  }

/** Makes a code, if the limits of number, block, network and everyone let it. Whether the number has a user plays no part. */
export async function requestOtp(ctx: Context, input: RequestOtp): Promise<CodeRequested> {
  const phone = await toMobileNumber(input.phone)
  const { channel: wanted = 'sms', channels = otpChannels } = input
  const inOrder = [wanted, ...channels.filter((other) => other !== wanted)].filter((one) =>
    channels.includes(one),
  )
  const code = randomDigits(otpPolicy.digits)
  const otpRequestId = newId(ctx.now.getTime())
  const content: SealedCode = { phone, code, locale: ctx.locale }
  const sealed = await seal(ctx.secrets.encryptionKeys, sealPurpose(otpRequestId), JSON.stringify(content))
  const { limits: _, pumped: __, ...rules } = otpPolicy
  const rows = await ctx.db.write<RequestRow>(
    [],
    sql`select ${otpRequestId}::uuid as "otpRequestId", ${sealed}::text as sealed, r.outcome, r.channel, r.tripped,
          ${isoTime(sql`r.code_expires_at`)} as "expiresAt", ${isoTime(sql`r.resend_at`)} as "resendAfter",
          case when r.outcome = 'paused' then ceil(extract(epoch from r.resend_at - now())) end as "pausedSeconds"
        from khidma.request_otp(${otpRequestId}, ${phone}, ${hashOf(ctx, phone, code)}, ${countedUnder(ctx, 'phone', phone)},
          ${JSON.stringify(rules)}::jsonb, ${JSON.stringify(limitsOf(ctx, phone))}::jsonb, ${`{${inOrder.join(',')}}`}::text[],
          ${JSON.stringify(await watchedPrefixes(phone))}::jsonb) r`,
  )
  const { expiresAt, resendAfter, outcome, pausedSeconds, channel, tripped, ...message } = one(rows)
  if (tripped)
    console.error({ message: 'OTP breaker tripped: codes are sent and not typed in', prefix: tripped })
  if (outcome === 'paused') throw new Problem('otp_paused', { retryAfterSeconds: pausedSeconds ?? 60 })
  return { expiresAt, resendAfter, channel, message: { kind: 'otp', ...message } }
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
}

/** Takes one check of the newest code. The right one signs in, and makes a client of a number seen for the first time. */
export async function verifyOtp(ctx: Context, input: VerifyOtp): Promise<SignedIn> {
  const phone = await toMobileNumber(input.phone)
  const userId = newId(ctx.now.getTime())
  const [row] = await ctx.db.write<SignInRow<'invalid' | 'exhausted'>>(
    [],
    signInBy(
      (next) =>
        sql`khidma.verify_otp(${phone}, ${hashOf(ctx, phone, input.code)}, ${otpPolicy.maxChecks}, ${userId}, ${next})`,
      ctx,
      input.device,
    ),
  )
  if (row?.outcome === 'exhausted') throw new Problem('otp_exhausted')
  return toSignedIn(ctx, row, () => new Problem('otp_invalid'))
}
