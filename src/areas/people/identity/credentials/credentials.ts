import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../../core/context.ts'
import { isoTime } from '../../../../db/json.ts'
import { one, type Statement } from '../../../../db/unit.ts'
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
import { newVerifier } from '../passwords/hashing.ts'
import { checkPassword } from '../passwords/rules.ts'
import {
  attemptOfProof,
  proofOf,
  readOwnPassword,
  refuseProof,
  type SelfProof,
} from '../passwords/sign-in.ts'

export interface Credentials {
  phone: string | null
  email: string | null
  emailVerifiedAt: string | null
  username: string | null
  hasPassword: boolean
  passwordChangedAt: string | null
  lastSignInAt: string | null
  failedAttempts: number
  mfaFactors: { id: string; kind: 'totp'; label: string; createdAt: string; lastUsedAt: string | null }[]
  backupCodesLeft: number
  isMfaRequired: boolean
}

const credentialsView = (userId: string, isMfaRequired: boolean): Statement<Credentials> => sql`
  select u.phone, u.email, ${isoTime(sql`u.email_verified_at`)} as "emailVerifiedAt", u.username,
         c.password_changed_at is not null as "hasPassword", ${isoTime(sql`c.password_changed_at`)} as "passwordChangedAt",
         ${isoTime(sql`c.last_sign_in_at`)} as "lastSignInAt", coalesce(c.failed_attempts, 0) as "failedAttempts",
         (select coalesce(json_agg(json_build_object('id', f.id, 'kind', f.kind, 'label', f.label,
                   'createdAt', ${isoTime(sql`f.created_at`)}, 'lastUsedAt', ${isoTime(sql`f.last_used_at`)}) order by f.id), '[]')
            from mfa_factors f where f.user_id = u.id) as "mfaFactors",
         (select count(*) from mfa_backup_codes b where b.user_id = u.id and b.used_at is null) as "backupCodesLeft",
         ${isMfaRequired}::boolean as "isMfaRequired"
    from users u left join user_credentials c on c.user_id = u.id where u.id = ${userId}`

export async function getCredentials(ctx: Context<UserActor>): Promise<Credentials> {
  return one(await ctx.db.read(credentialsView(ctx.actor.userId, isStaff(ctx.actor))))
}

/** Runs a change that only its owner may make: `work` gets who, in which session, with which proof. */
async function change(
  ctx: Context<UserActor>,
  attempt: string | null,
  work: (self: SQL) => SQL,
): Promise<void> {
  const { userId, sessionId } = ctx.actor
  const self = sql`${userId}, ${sessionId}, ${attempt}::jsonb, ${passwordPolicy.recentSeconds}`
  const rows = await ctx.db.write<{ outcome: string; retryAfter: number | null }>(
    [],
    sql`select r.outcome, r.retry_after as "retryAfter" from ${work(self)} r`,
  )
  const { outcome, retryAfter } = one(rows)
  refuseProof(outcome, retryAfter)
}

export interface ChangePassword extends SelfProof {
  newPassword: string
}

/** Sets or changes the password; every other session ends. */
export async function changePassword(ctx: Context<UserActor>, input: ChangePassword): Promise<void> {
  const own = await readOwnPassword(ctx)
  await checkPassword(input.newPassword, own.names)
  const verifier = JSON.stringify(newVerifier(ctx, input.newPassword))
  const attempt = attemptOfProof(ctx, input, own)
  await change(ctx, attempt, (self) => sql`khidma.change_password(${self}, ${verifier}::jsonb)`)
}

export interface ChangeUsername extends SelfProof {
  username: string
}

export async function changeUsername(ctx: Context<UserActor>, input: ChangeUsername): Promise<void> {
  const attempt = await proofOf(ctx, input)
  await change(ctx, attempt, (self) => sql`khidma.change_username(${self}, ${input.username})`)
}

export interface ChangeEmail extends SelfProof {
  email: string
}

/** The address changes when the new one is proven. The answer is the same whether or not somebody else has it. */
export async function changeEmail(ctx: Context<UserActor>, input: ChangeEmail): Promise<EmailCodeRequested> {
  const { email } = input
  const { userId, sessionId } = ctx.actor
  const attempt = await proofOf(ctx, input)
  const code = await newEmailCode(ctx, email)
  const rows = await ctx.db.write<EmailCodeRow & { outcome: string; retryAfter: number | null }>(
    [],
    sql`select r.outcome, r.retry_after as "retryAfter", ${emailCodeColumns(code)} from khidma.request_email_change(
          ${userId}, ${sessionId}, ${attempt}::jsonb, ${passwordPolicy.recentSeconds},
          ${code.id}, ${email}, ${code.hash}, ${code.limits}) r`,
  )
  const row = one(rows)
  refuseProof(row.outcome, row.retryAfter)
  return toRequested(row)
}

export async function verifyEmail(
  ctx: Context<UserActor>,
  { verificationId, code }: { verificationId: string; code: string },
): Promise<void> {
  const hash = emailCodeHashOf(ctx, verificationId, code)
  const [row] = await ctx.db.write<{ outcome: string }>(
    [],
    sql`select khidma.confirm_email(${verificationId}, ${ctx.actor.userId}, ${hash}) as outcome`,
  )
  refuseCode(row?.outcome)
}
