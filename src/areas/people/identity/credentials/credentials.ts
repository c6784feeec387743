import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../../core/context.ts'
import { Problem } from '../../../../core/problems.ts'
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
import { toSignInName, type Verifier, verifierOf } from '../passwords/hashing.ts'
import { checkPassword } from '../passwords/rules.ts'
import { attemptOfProof, refuseProof, type SelfProof } from '../passwords/sign-in.ts'

export interface Credentials {
  phone: string | null
  email: string | null
  emailVerifiedAt: string | null
  username: string | null
  signInNames: string[]
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
         (select coalesce(json_agg(n.name order by n.kind), '[]') from khidma.sign_in_names(u.id) n) as "signInNames",
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
async function change<Outcome extends string>(
  ctx: Context<UserActor>,
  proof: SelfProof,
  work: (self: SQL) => SQL,
): Promise<Outcome> {
  const { userId, sessionId } = ctx.actor
  const self = sql`${userId}, ${sessionId}, ${attemptOfProof(ctx, proof)}::jsonb, ${passwordPolicy.recentSeconds}`
  const [row] = await ctx.db.write<{ outcome: Outcome; retryAfter: number | null }>(
    [],
    sql`select r.outcome, r.retry_after as "retryAfter" from ${work(self)} r`,
  )
  refuseProof(row?.outcome, row?.retryAfter, proof)
  return one(row ? [row] : []).outcome
}

export interface ChangePassword {
  /** All of them: the password is stored once for each, salted by it. */
  signInNames: string[]
  currentPassword?: string | undefined
  newPassword: string
}

/** Sets or changes the password; every other session ends. */
export async function changePassword(ctx: Context<UserActor>, input: ChangePassword): Promise<void> {
  const { signInNames, currentPassword, newPassword } = input
  await checkPassword(newPassword, signInNames)
  const verifiers = signInNames.map((name) => verifierOf(ctx, toSignInName(name), newPassword))
  const proof = { signInName: signInNames[0], currentPassword }
  const outcome = await change<'changed' | 'names_differ'>(
    ctx,
    proof,
    (self) => sql`khidma.change_password(${self}, ${JSON.stringify(verifiers)}::jsonb)`,
  )
  if (outcome === 'names_differ') throw new Problem('sign_in_names_differ')
}

export interface ChangeUsername extends SelfProof {
  username: string
}

export async function changeUsername(ctx: Context<UserActor>, input: ChangeUsername): Promise<void> {
  const verifier = JSON.stringify(verifierWithProof(ctx, input.username, input))
  await change(
    ctx,
    input,
    (self) => sql`khidma.change_username(${self}, ${input.username}, ${verifier}::jsonb)`,
  )
}

/** The password that was just shown opens the new name, too. */
const verifierWithProof = (ctx: Context, name: string, { currentPassword }: SelfProof): Verifier | null =>
  currentPassword === undefined ? null : verifierOf(ctx, toSignInName(name), currentPassword)

export interface ChangeEmail extends SelfProof {
  email: string
}

/** The address changes when the new one is proven. The answer is the same whether or not somebody else has it. */
export async function changeEmail(ctx: Context<UserActor>, input: ChangeEmail): Promise<EmailCodeRequested> {
  const { email } = input
  const { userId, sessionId } = ctx.actor
  const fields = JSON.stringify({ verifier: verifierWithProof(ctx, email, input) })
  const code = await newEmailCode(ctx, email)
  const rows = await ctx.db.write<EmailCodeRow & { outcome: string; retryAfter: number | null }>(
    [],
    sql`select r.outcome, r.retry_after as "retryAfter", ${emailCodeColumns(code)} from khidma.request_email_change(
          ${userId}, ${sessionId}, ${attemptOfProof(ctx, input)}::jsonb, ${passwordPolicy.recentSeconds},
          ${code.id}, ${email}, ${code.hash}, ${fields}::jsonb, ${code.limits}) r`,
  )
  const row = one(rows)
  refuseProof(row.outcome, row.retryAfter, input)
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
