import { sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { Problem } from '../../../../core/problems.ts'
import { carried, carry } from '../../../../core/signed-tokens.ts'
import { isoTime } from '../../../../db/json.ts'
import { one } from '../../../../db/unit.ts'
import {
  type EmailCodeRequested,
  type EmailCodeRow,
  emailCodeColumns,
  emailCodeHashOf,
  newEmailCode,
  refuseCode,
  toRequested,
} from '../codes/email-codes.ts'
import { passwordPolicy } from '../limits.ts'
import { newVerifier } from './hashing.ts'
import { checkPassword } from './rules.ts'
import { nameKeyOf } from './sign-in.ts'

/** Sends a code where the address is a proven one; the answer is the same where it is not. */
export async function requestPasswordReset(
  ctx: Context,
  { email }: { email: string },
): Promise<EmailCodeRequested> {
  const code = await newEmailCode(ctx, email)
  const rows = await ctx.db.write<EmailCodeRow>(
    [],
    sql`select ${emailCodeColumns(code)} from khidma.request_email_code(
          ${code.id}, 'reset', ${email}, null, ${code.hash}, '{}', ${code.limits}) r`,
  )
  return toRequested(one(rows))
}

/** Carries the names of the account: they are not to be in the new password, and it lifts their blocks. */
interface Reset {
  id: string
  userId: string
  names: string[]
  expiresAt: string
}

const purpose = 'password-reset'

export interface ResetAllowed {
  resetToken: string
  expiresAt: string
}

export async function verifyPasswordReset(
  ctx: Context,
  { resetId, code }: { resetId: string; code: string },
): Promise<ResetAllowed> {
  const [row] = await ctx.db.write<{ outcome: string } & Omit<Reset, 'id'>>(
    [],
    sql`select r.outcome, r.user_id as "userId", r.names,
          ${isoTime(sql`(r.verified_at + make_interval(secs => ${passwordPolicy.resetSeconds}))`)} as "expiresAt"
        from khidma.verify_reset(${resetId}, ${emailCodeHashOf(ctx, resetId, code)}) r`,
  )
  if (row?.outcome !== 'right') refuseCode(row?.outcome ?? 'wrong')
  const { userId, names, expiresAt } = one(row ? [row] : [])
  return {
    resetToken: carry<Reset>(ctx, purpose, { id: resetId, userId, names, expiresAt }),
    expiresAt,
  }
}

export interface ResetPassword {
  resetToken: string
  newPassword: string
}

/** The new password stands, everybody who was signed in is signed out, and whoever guessed at the names is forgotten. */
export async function resetPassword(ctx: Context, { resetToken, newPassword }: ResetPassword): Promise<void> {
  const reset = carried<Reset>(ctx, purpose, resetToken)
  if (!reset) throw new Problem('code_invalid')
  const { id, userId, names } = reset
  await checkPassword(newPassword, names)
  const verifier = JSON.stringify(newVerifier(ctx, newPassword))
  const keys = `{${names.map((name) => nameKeyOf(ctx, name)).join(',')}}`
  const [row] = await ctx.db.write<{ outcome: 'reset' | 'invalid' }>(
    [],
    sql`select khidma.reset_password(${id}, ${userId}, ${verifier}::jsonb, ${keys}::text[],
          ${passwordPolicy.resetSeconds}) as outcome`,
  )
  if (row?.outcome !== 'reset') throw new Problem('code_invalid')
}
