import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { Problem } from '../../../../core/problems.ts'
import { one } from '../../../../db/unit.ts'
import {
  type CodeRequested,
  changeHashOf,
  codeColumns,
  newCode,
  type RequestRow,
  toCodeRequested,
} from '../codes/one-time-codes.ts'
import { type OtpChannel, otpPolicy, passwordPolicy } from '../limits.ts'
import { attemptOfProof, refuseProof, type SelfProof } from '../passwords/sign-in.ts'
import { toMobileNumber } from '../phones.ts'
import { sealingLetter } from '../security-letters.ts'

export interface ChangePhone extends SelfProof {
  phone: string
  channel?: OtpChannel | undefined
  /** Those that there are. */
  channels?: readonly OtpChannel[]
}

export interface PhoneChangeRequested extends CodeRequested {
  /** The code is worth something together with it only. */
  id: string
}

/** The number changes when the new one is proven. The answer is the same whether or not somebody else has it. */
export async function changePhone(
  ctx: Context<UserActor>,
  { phone, channel, channels, ...proof }: ChangePhone,
): Promise<PhoneChangeRequested> {
  const { userId, sessionId } = ctx.actor
  const number = await toMobileNumber(phone)
  const code = await newCode(ctx, { phone: number, channel, ...(channels && { channels }) }, 'change')
  const rows = await ctx.db.write<RequestRow & { proof: string; retryAfter: number | null }>(
    [],
    sql`select r.outcome as proof, r.retry_after as "retryAfter", ${codeColumns(code)} from khidma.request_phone_change(
          ${userId}, ${sessionId}, ${attemptOfProof(ctx, proof)}::jsonb, ${passwordPolicy.recentSeconds}, ${code.request}) r`,
  )
  const row = one(rows)
  refuseProof(row.proof, row.retryAfter, proof)
  return { ...toCodeRequested(row), id: row.otpRequestId }
}

type Outcome = 'changed' | 'invalid' | 'exhausted' | 'taken'

/** Takes one check of the newest code. The right one brings the number, and ends all other sessions. */
export async function verifyPhone(
  ctx: Context<UserActor>,
  { verificationId, code }: { verificationId: string; code: string },
): Promise<void> {
  const { userId, sessionId } = ctx.actor
  const hash = changeHashOf(ctx, verificationId, code)
  const rows = await ctx.db.write<{ outcome: Outcome }>(
    [sealingLetter(ctx)],
    sql`select khidma.confirm_phone(${verificationId}, ${userId}, ${sessionId}, ${hash}, ${otpPolicy.maxChecks}) as outcome`,
  )
  const { outcome } = one(rows)
  if (outcome === 'invalid') throw new Problem('code_invalid')
  if (outcome === 'exhausted') throw new Problem('otp_exhausted')
  if (outcome === 'taken') throw new Problem('phone_taken')
}
