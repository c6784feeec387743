import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { Problem } from '../../../../core/problems.ts'
import { one } from '../../../../db/unit.ts'
import { countedAtChange } from '../codes/counted.ts'
import {
  type CodeRequested,
  changeHashOf,
  codeColumns,
  newCode,
  type RequestRow,
  refuseCheck,
  toCodeRequested,
} from '../codes/one-time-codes.ts'
import { type OtpChannel, otpPolicy, passwordPolicy } from '../limits.ts'
import { proofOf, refuseProof, type SelfProof } from '../passwords/sign-in.ts'
import { toMobileNumber } from '../phones.ts'

export interface ChangePhone extends SelfProof {
  phone: string
  channel?: OtpChannel | undefined
  /** Those that there are. */
  channels?: readonly OtpChannel[]
}

/** The number changes when the new one is proven. The answer is the same whether or not somebody else has it. */
export async function changePhone(
  ctx: Context<UserActor>,
  { phone, channel, channels, ...proof }: ChangePhone,
): Promise<CodeRequested> {
  const { userId, sessionId } = ctx.actor
  const number = await toMobileNumber(phone)
  const attempt = await proofOf(ctx, proof)
  const wanted = { phone: number, channel, ...(channels && { channels }) }
  const code = await newCode(ctx, wanted, 'change', countedAtChange(ctx, number, userId))
  const rows = await ctx.db.write<RequestRow & { proof: string; retryAfter: number | null }>(
    [],
    sql`select r.outcome as proof, r.retry_after as "retryAfter", ${codeColumns(code)} from khidma.request_phone_change(
          ${userId}, ${sessionId}, ${attempt}::jsonb, ${passwordPolicy.recentSeconds}, ${code.request}) r`,
  )
  const row = one(rows)
  refuseProof(row.proof, row.retryAfter)
  return toCodeRequested(row)
}

type Outcome = 'changed' | 'invalid' | 'exhausted' | 'spent' | 'taken'

/** Takes one check of the newest code. The right one brings the number, and ends all other sessions. */
export async function verifyPhone(
  ctx: Context<UserActor>,
  { verificationId, code }: { verificationId: string; code: string },
): Promise<void> {
  const { userId, sessionId } = ctx.actor
  const hash = changeHashOf(ctx, verificationId, code)
  const rows = await ctx.db.write<{ outcome: Outcome; retryAfter: number | null }>(
    [],
    sql`select c.outcome, c.retry_after as "retryAfter"
          from khidma.confirm_phone(${verificationId}, ${userId}, ${sessionId}, ${hash}, ${otpPolicy.maxChecks}) c`,
  )
  const { outcome, retryAfter } = one(rows)
  refuseCheck(outcome, retryAfter)
  if (outcome === 'invalid') throw new Problem('code_invalid')
  if (outcome === 'taken') throw new Problem('phone_taken')
}
