import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { hmacHex, randomDigits, seal } from '../../core/crypto.ts'
import { newId } from '../../core/ids.ts'
import { Problem } from '../../core/problems.ts'
import { isoTime } from '../../db/json.ts'
import { one } from '../../db/unit.ts'
import type { NotificationMessage } from '../../queues/messages.ts'
import { networkOf, numberBlockOf, toMobileNumber } from './phones.ts'
import { otpPolicy, type SendLimit, sessionPolicy } from './policy.ts'
import { newRefreshToken } from './refresh-tokens.ts'
import { type DeviceAtSignIn, type SignedIn, type SignInRow, signInColumns, toSignedIn } from './sessions.ts'

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
  /** For the queue, on a replay too: the first call may have died before it got there. A code is sent once all the same. */
  message: OtpMessage
}

/** Bound to its request: sealed text moved to another message does not open. */
export const sealPurpose = (otpRequestId: string): string => `otp:${otpRequestId}`

const hashOf = (ctx: Context, phone: string, code: string): string =>
  hmacHex(ctx.secrets.pepper, 'otp', `${phone}\0${code}`)

/** Makes a code, if the limits of number, block, network and everyone let it. Whether the number has a user plays no part. */
export async function requestOtp(ctx: Context, input: { phone: string }): Promise<CodeRequested> {
  const phone = await toMobileNumber(input.phone)
  const code = randomDigits(otpPolicy.digits)
  const otpRequestId = newId(ctx.now.getTime())
  const content: SealedCode = { phone, code, locale: ctx.locale }
  const sealed = await seal(ctx.secrets.encryptionKeys, sealPurpose(otpRequestId), JSON.stringify(content))
  const { limits: _, ...rules } = otpPolicy
  const rows = await ctx.db.write<Omit<OtpMessage, 'kind'> & Omit<CodeRequested, 'message'>>(
    [],
    sql`select ${otpRequestId}::uuid as "otpRequestId", ${sealed}::text as sealed,
          ${isoTime(sql`r.code_expires_at`)} as "expiresAt", ${isoTime(sql`r.resend_at`)} as "resendAfter"
        from khidma.request_otp(${otpRequestId}, ${phone}, ${hashOf(ctx, phone, code)}, ${countedUnder(ctx, 'phone', phone)},
          ${JSON.stringify(rules)}::jsonb, ${JSON.stringify(limitsOf(ctx, phone))}::jsonb) r`,
  )
  const { expiresAt, resendAfter, ...message } = one(rows)
  return { expiresAt, resendAfter, message: { kind: 'otp', ...message } }
}

interface CountedLimit extends SendLimit {
  key: string
  /** Counted one request after another; the cap on everyone is not worth that. */
  exact: boolean
}

function limitsOf(ctx: Context, phone: string): CountedLimit[] {
  const { limits } = otpPolicy
  const counted = (kind: 'phone' | 'block' | 'network', value: string): CountedLimit[] =>
    limits[kind].map((limit) => ({ ...limit, key: countedUnder(ctx, kind, value), exact: true }))
  return [
    ...counted('phone', phone),
    ...counted('block', numberBlockOf(phone)),
    ...counted('network', networkOf(ctx.ipAddress)),
    ...limits.everyone.map((limit) => ({ ...limit, key: 'everyone', exact: false })),
  ]
}

const countedUnder = (ctx: Context, kind: string, value: string): string =>
  `${kind}:${hmacHex(ctx.secrets.pepper, 'otp-limit', value)}`

export interface VerifyOtp {
  phone: string
  code: string
  device?: DeviceAtSignIn | undefined
}

/** Takes one check of the newest code. The right one signs in, and makes a client of a number seen for the first time. */
export async function verifyOtp(ctx: Context, input: VerifyOtp): Promise<SignedIn> {
  const phone = await toMobileNumber(input.phone)
  const nowMs = ctx.now.getTime()
  const token = newRefreshToken(ctx, nowMs)
  const [row] = await ctx.db.write<SignInRow<'signed_in' | 'invalid' | 'exhausted'>>(
    [],
    sql`select ${signInColumns} from khidma.verify_otp(${phone}, ${hashOf(ctx, phone, input.code)}, ${otpPolicy.maxChecks},
          ${newId(nowMs)}, ${newId(nowMs)}, ${token.id}, ${token.hash}, ${sessionPolicy.refreshTokenSeconds},
          ${input.device ? JSON.stringify(input.device) : null}::jsonb, ${sessionPolicy.devicesAUser}) r
        left join lateral (select (r.account).*) u on true`,
  )
  if (row?.outcome === 'exhausted') throw new Problem('otp_exhausted')
  return toSignedIn(ctx, row, () => new Problem('otp_invalid'))
}
