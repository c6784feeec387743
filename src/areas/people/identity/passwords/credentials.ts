import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../../core/context.ts'
import { beginningsIn, type Origin } from '../../../../core/countries.ts'
import { newId } from '../../../../core/ids.ts'
import { Problem } from '../../../../core/problems.ts'
import { isoTime } from '../../../../db/json.ts'
import {
  bool,
  either,
  int,
  list,
  nullable,
  nullables,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../../db/rows.ts'
import { one } from '../../../../db/unit.ts'
import {
  type CodeRequested,
  changeHashOf,
  codeColumns,
  codeIds,
  codeRefusals,
  codeTravels,
  type EmailCodeRequested,
  emailCodeColumns,
  emailCodeHashOf,
  emailCodeRow,
  newCode,
  newEmailCode,
  pausedCode,
  refusalOfCode,
  refuseCheck,
  requestedCode,
  toCodeRequested,
  toRequested,
} from '../codes/codes.ts'
import { countedAtChange, toMobileNumber } from '../codes/counted.ts'
import { type OtpChannel, otpPolicy, passwordPolicy } from '../limits.ts'
import { type DeviceAtSignIn, type SignedIn, signInBy, toSignedIn } from '../sessions/sessions.ts'
import {
  attemptOfProof,
  checkPassword,
  newVerifier,
  proofOf,
  proofRefusals,
  readOwnPassword,
  refusalOfProof,
  type SelfProof,
} from './passwords.ts'

export interface Registration {
  email: string
  password: string
  username?: string | undefined
  fullName?: string | undefined
  /** Where they are, as far as it is known. */
  origin?: Origin
}

/** Keeps what the account will be until its address is proven. Whether the address has one already plays no part. */
export async function register(ctx: Context, input: Registration): Promise<EmailCodeRequested> {
  const { email, password, username, fullName, origin = { country: null, acceptLanguage: null } } = input
  await checkPassword(password, [email, username])
  const verifier = newVerifier(ctx, password)
  const fields = JSON.stringify({ username, fullName, ...beginningsIn(origin), verifier })
  const code = await newEmailCode(ctx, email)
  const rows = await ctx.db.write(
    [
      sql`select khidma.refuse(409, 'username_taken') where exists (select from users where username = ${username ?? null})`,
    ],
    rowsOf(emailCodeRow)`select ${emailCodeColumns(code)} from khidma.request_email_code(
          ${code.id}, 'register', ${email}, null, ${code.hash}, ${fields}::jsonb, ${code.limits}) r`,
  )
  return toRequested(one(rows))
}

export interface ConfirmRegistration {
  registrationId: string
  code: string
  device?: DeviceAtSignIn | undefined
}

/** The address is proven: the account begins, and its owner is signed in. */
export async function confirmRegistration(ctx: Context, input: ConfirmRegistration): Promise<SignedIn> {
  const { registrationId, code, device } = input
  const hash = emailCodeHashOf(ctx, registrationId, code)
  const userId = newId(ctx.now.getTime())
  const [row] = await ctx.db.write(
    [],
    signInBy(
      ['wrong', 'exhausted', 'taken'],
      (next) => sql`khidma.confirm_registration(${registrationId}, ${hash}, ${userId}, ${next})`,
      ctx,
      device,
    ),
  )
  const refusal = codeRefusals.find((outcome) => outcome === row?.outcome)
  if (refusal) throw refusalOfCode(refusal)
  return toSignedIn(ctx, row, () => new Problem('code_invalid'))
}

const credentials = {
  phone: nullable(text),
  email: nullable(text),
  emailVerifiedAt: nullable(time),
  username: nullable(text),
  hasPassword: bool,
  passwordChangedAt: nullable(time),
  lastSignInAt: nullable(time),
  failedAttempts: int,
  mfaFactors: list({
    id: uuid,
    kind: oneOf(['totp']),
    label: text,
    createdAt: time,
    lastUsedAt: nullable(time),
  }),
  backupCodesLeft: int,
  isMfaRequired: bool,
}
export type Credentials = RowOf<typeof credentials>

const credentialsView = (userId: string, isMfaRequired: boolean) => rowsOf(credentials)`
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
  const rows = await ctx.db.write(
    [],
    rowsOf({ outcome: oneOf(['changed', ...proofRefusals]), retryAfter: nullable(int) })`
        select r.outcome, r.retry_after as "retryAfter" from ${work(self)} r`,
  )
  const { outcome, retryAfter } = one(rows)
  if (outcome !== 'changed') throw refusalOfProof(outcome, retryAfter)
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

const emailChange = either(
  { ...emailCodeRow, outcome: oneOf(['requested']), retryAfter: nullable(int) },
  { ...nullables(emailCodeRow), outcome: oneOf(proofRefusals), retryAfter: nullable(int) },
)

/** The address changes when the new one is proven. The answer is the same whether or not somebody else has it. */
export async function changeEmail(ctx: Context<UserActor>, input: ChangeEmail): Promise<EmailCodeRequested> {
  const { email } = input
  const { userId, sessionId } = ctx.actor
  const attempt = await proofOf(ctx, input)
  const code = await newEmailCode(ctx, email)
  const rows = await ctx.db.write(
    [],
    rowsOf(emailChange)`
        select r.outcome, r.retry_after as "retryAfter", ${emailCodeColumns(code)} from khidma.request_email_change(
          ${userId}, ${sessionId}, ${attempt}::jsonb, ${passwordPolicy.recentSeconds},
          ${code.id}, ${email}, ${code.hash}, ${code.limits}) r`,
  )
  const row = one(rows)
  if (row.outcome !== 'requested') throw refusalOfProof(row.outcome, row.retryAfter)
  return toRequested(row)
}

export async function verifyEmail(
  ctx: Context<UserActor>,
  { verificationId, code }: { verificationId: string; code: string },
): Promise<void> {
  const hash = emailCodeHashOf(ctx, verificationId, code)
  const [row] = await ctx.db.write(
    [],
    rowsOf({
      outcome: oneOf(['changed', ...codeRefusals]),
    })`select khidma.confirm_email(${verificationId}, ${ctx.actor.userId}, ${hash}) as outcome`,
  )
  if (row && row.outcome !== 'changed') throw refusalOfCode(row.outcome)
}

export interface ChangePhone extends SelfProof {
  phone: string
  channel?: OtpChannel | undefined
  /** Those that there are. */
  channels?: readonly OtpChannel[]
}

const phoneChange = either(
  { ...requestedCode, retryAfter: nullable(int) },
  { ...pausedCode, retryAfter: nullable(int) },
  { ...codeIds, ...nullables(codeTravels), outcome: oneOf(proofRefusals), retryAfter: nullable(int) },
)

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
  const rows = await ctx.db.write(
    [],
    rowsOf(phoneChange)`
        select r.retry_after as "retryAfter", ${codeColumns(code)} from khidma.request_phone_change(
          ${userId}, ${sessionId}, ${attempt}::jsonb, ${passwordPolicy.recentSeconds}, ${code.request}) r`,
  )
  const row = one(rows)
  if (row.outcome === 'requested' || row.outcome === 'paused') return toCodeRequested(row)
  throw refusalOfProof(row.outcome, row.retryAfter)
}

const phoneCheck = {
  outcome: oneOf(['changed', 'invalid', 'exhausted', 'spent', 'taken']),
  retryAfter: nullable(int),
}

/** Takes one check of the newest code. The right one brings the number, and ends all other sessions. */
export async function verifyPhone(
  ctx: Context<UserActor>,
  { verificationId, code }: { verificationId: string; code: string },
): Promise<void> {
  const { userId, sessionId } = ctx.actor
  const hash = changeHashOf(ctx, verificationId, code)
  const rows = await ctx.db.write(
    [],
    rowsOf(phoneCheck)`select c.outcome, c.retry_after as "retryAfter"
          from khidma.confirm_phone(${verificationId}, ${userId}, ${sessionId}, ${hash}, ${otpPolicy.maxChecks}) c`,
  )
  const { outcome, retryAfter } = one(rows)
  refuseCheck(outcome, retryAfter)
  if (outcome === 'invalid') throw new Problem('code_invalid')
  if (outcome === 'taken') throw new Problem('phone_taken')
}
