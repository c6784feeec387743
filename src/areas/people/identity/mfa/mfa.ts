import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { hmac, open, seal } from '../../../../core/crypto.ts'
import { mfaSecretPurpose } from '../../../../core/encryption.ts'
import { newId } from '../../../../core/ids.ts'
import { type MfaChallenge, Problem } from '../../../../core/problems.ts'
import { carried, carry } from '../../../../core/signed-tokens.ts'
import { stepUpSeconds } from '../../../../core/step-up.ts'
import { isoTime } from '../../../../db/json.ts'
import { either, int, list, nullable, oneOf, rowsOf, text, time, uuid } from '../../../../db/rows.ts'
import { one } from '../../../../db/unit.ts'
import { mfaPolicy } from '../limits.ts'
import {
  accessTokenOf,
  claimsColumns,
  type SignedIn,
  sessionClaims,
  signInBy,
  toSignedIn,
} from '../sessions/sessions.ts'
import {
  backupHashOf,
  factorsOf,
  matchTotp,
  newTotpSecret,
  readAnswer,
  sealedFactor,
  toChallenge,
  totpUri,
} from './challenges.ts'

const failureRule = JSON.stringify(mfaPolicy.failures)

export interface MfaAnswer {
  challenge: string
  code: string
}

/** The second half of a sign-in, whatever the first was. */
export async function verifyMfa(ctx: Context, { challenge, code }: MfaAnswer): Promise<SignedIn> {
  const answer = await readAnswer(ctx, challenge, code)
  if (!answer) throw new Problem('mfa_challenge_invalid')
  const { challengeId, userId, proof, isUndecided } = answer
  const [row] = await ctx.db.write(
    [],
    signInBy(
      ['wrong', 'blocked', 'invalid'],
      (
        next,
      ) => sql`khidma.sign_in_by_second_factor(${challengeId}, ${userId}, ${JSON.stringify(proof)}::jsonb,
        ${failureRule}::jsonb, ${next})`,
      ctx,
      undefined,
    ),
  )
  refuseAnswer(row, isUndecided)
  return toSignedIn(ctx, row, () => new Problem('mfa_challenge_invalid'))
}

function refuseAnswer(
  row: { outcome: string; retryAfter: number | null } | undefined,
  isUndecided: boolean,
): void {
  if (row?.outcome === 'wrong') throw new Problem(isUndecided ? 'mfa_factor_unusable' : 'mfa_code_invalid')
  if (row?.outcome === 'blocked') throw new Problem('mfa_blocked', { retryAfterSeconds: row.retryAfter ?? 1 })
  if (!row || row.outcome === 'invalid') throw new Problem('mfa_challenge_invalid')
}

const challengeRow = {
  challengeId: uuid,
  challengeUntil: time,
  factors: nullable(list(sealedFactor)),
}

/** Asks a session for its second factor. */
export async function challengeMfa(ctx: Context<UserActor>): Promise<MfaChallenge> {
  const { userId, sessionId } = ctx.actor
  const id = newId(ctx.now.getTime())
  const rows = await ctx.db.write(
    [
      sql`select khidma.refuse(409, 'mfa_not_enrolled') where not exists (select from mfa_factors where user_id = ${userId})`,
      sql`insert into mfa_challenges (id, user_id, session_id, first_factor, expires_at)
          select ${id}, ${userId}, s.id, s.first_factor, now() + make_interval(secs => ${mfaPolicy.challengeSeconds})
            from sessions s where s.id = ${sessionId} and s.user_id = ${userId} and s.revoked_at is null`,
      sql`select khidma.refuse_ended(${userId}) where not exists (select from mfa_challenges where id = ${id})`,
    ],
    rowsOf(challengeRow)`
        select c.id as "challengeId", ${isoTime(sql`c.expires_at`)} as "challengeUntil", ${factorsOf(sql`c.user_id`)} as factors
          from mfa_challenges c where c.id = ${id}`,
  )
  return toChallenge(ctx, { ...one(rows), user: { id: userId } })
}

export interface SteppedUp {
  accessToken: string
  expiresIn: number
}

const stepUpRow = either(
  { ...sessionClaims, outcome: oneOf(['right']), retryAfter: nullable(int), issuedAt: time },
  {
    ...sessionClaims,
    outcome: oneOf(['wrong', 'blocked', 'invalid']),
    retryAfter: nullable(int),
    issuedAt: nullable(time),
  },
)

/** The session goes on; its new access token says that it has shown a second factor. */
export async function stepUp(ctx: Context<UserActor>, { challenge, code }: MfaAnswer): Promise<SteppedUp> {
  const { userId, sessionId, role } = ctx.actor
  const answer = await readAnswer(ctx, challenge, code)
  if (!answer || answer.userId !== userId) throw new Problem('mfa_challenge_invalid')
  const [row] = await ctx.db.write(
    [],
    rowsOf(stepUpRow)`
        select r.outcome, r.retry_after as "retryAfter", ${isoTime(sql`r.issued_at`)} as "issuedAt", ${claimsColumns}
          from khidma.step_up(${answer.challengeId}, ${userId}, ${sessionId}, ${JSON.stringify(answer.proof)}::jsonb,
                 ${failureRule}::jsonb) r
          left join lateral khidma.session_claims(${userId}, case when r.outcome = 'right' then ${sessionId}::uuid end) c on true`,
  )
  refuseAnswer(row, answer.isUndecided)
  if (row?.outcome !== 'right') throw new Problem('mfa_challenge_invalid')
  const { issuedAt, ...claims } = row
  return accessTokenOf(ctx, { id: userId, role }, sessionId, claims, issuedAt)
}

interface Enrolment {
  factorId: string
  userId: string
  label: string
  /** Sealed. */
  secret: string
  expiresAt: string
}

const enrolmentPurpose = 'mfa-enrolment'

export interface TotpEnrolment {
  enrolment: string
  /** Base32, for who cannot scan. */
  secret: string
  uri: string
  expiresAt: string
}

/** A new secret. Nothing counts until a code made from it comes back. */
export async function enrolTotp(
  ctx: Context<UserActor>,
  { label }: { label: string },
): Promise<TotpEnrolment> {
  const { userId } = ctx.actor
  const factorId = newId(ctx.now.getTime())
  const keys = ctx.secrets.encryptionKeys
  const sealed = await seal(keys, mfaSecretPurpose(factorId), await newTotpSecret())
  const rows = await ctx.db.write(
    [
      sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${mfaPolicy.factorsAUser}::int))
            where (select count(*) from mfa_factors where user_id = ${userId}) >= ${mfaPolicy.factorsAUser}`,
    ],
    rowsOf({ factorId: uuid, secret: text, account: text, expiresAt: time })`
        select ${factorId}::uuid as "factorId", ${sealed}::text as secret, coalesce(u.email, u.username, u.phone) as account,
          ${isoTime(sql`(now() + make_interval(secs => ${mfaPolicy.enrolmentSeconds}))`)} as "expiresAt"
        from users u where u.id = ${userId}`,
  )
  const { account, ...stored } = one(rows)
  const secret = await open(keys, mfaSecretPurpose(stored.factorId), stored.secret)
  const { expiresAt } = stored
  const enrolment = carry<Enrolment>(ctx, enrolmentPurpose, { ...stored, userId, label })
  return { enrolment, secret, uri: await totpUri(secret, account), expiresAt }
}

export interface TotpConfirmed extends SteppedUp {
  factorId: string
  label: string
  /** With the first factor only. */
  backupCodes: string[] | null
}

const confirmedRow = { ...sessionClaims, factorId: uuid, batchId: nullable(uuid), issuedAt: time }

/** An enrolment whose key was thrown away in its quarter of an hour is over: another begins. */
async function secretOfEnrolment(ctx: Context, { factorId, secret }: Enrolment): Promise<string> {
  try {
    return await open(ctx.secrets.encryptionKeys, mfaSecretPurpose(factorId), secret)
  } catch {
    throw new Problem('mfa_challenge_invalid')
  }
}

/** The app shows the right code: from now on it is asked for. This session has shown it. */
export async function confirmTotp(
  ctx: Context<UserActor>,
  { enrolment, code }: { enrolment: string; code: string },
): Promise<TotpConfirmed> {
  const { userId, sessionId, role } = ctx.actor
  const content = carried<Enrolment>(ctx, enrolmentPurpose, enrolment)
  if (content?.userId !== userId) throw new Problem('mfa_challenge_invalid')
  const { factorId, label, secret } = content
  const plain = await secretOfEnrolment(ctx, content)
  const counter = await matchTotp(plain, code, ctx.now)
  if (counter === null) throw new Problem('mfa_code_invalid')
  const batchId = newId(ctx.now.getTime())
  const factor = JSON.stringify({ id: factorId, label, secret, counter })
  const [row] = await ctx.db.write(
    [
      sql`select khidma.add_mfa_factor(${userId}, ${sessionId}, ${factor}::jsonb, ${batchId}, ${hashesOfCodes(ctx, batchId)}::text[],
            ${mfaPolicy.factorsAUser}, ${stepUpSeconds})`,
    ],
    rowsOf(confirmedRow)`
        select f.id as "factorId", ${isoTime(sql`f.created_at`)} as "issuedAt", ${claimsColumns},
          (select b.batch_id from mfa_backup_codes b where b.user_id = f.user_id and b.batch_id = ${batchId} limit 1) as "batchId"
        from mfa_factors f left join lateral khidma.session_claims(f.user_id, ${sessionId}) c on true where f.id = ${factorId}`,
  )
  const confirmed = one(row ? [row] : [])
  return {
    ...(await accessTokenOf(ctx, { id: userId, role }, sessionId, confirmed, confirmed.issuedAt)),
    factorId,
    label,
    backupCodes: confirmed.batchId === null ? null : codesOf(ctx, confirmed.batchId),
  }
}

/** Ten new ones; the old ones are worth nothing from now on. */
export async function regenerateBackupCodes(ctx: Context<UserActor>): Promise<string[]> {
  const { userId } = ctx.actor
  const batchId = newId(ctx.now.getTime())
  const rows = await ctx.db.write(
    [
      sql`select khidma.store_backup_codes(${userId}, ${batchId}, ${hashesOfCodes(ctx, batchId)}::text[])`,
      sql`select khidma.tell_security('user.backup_codes_changed', ${userId})`,
    ],
    rowsOf({ batchId: uuid })`select ${batchId}::uuid as "batchId"`,
  )
  return codesOf(ctx, one(rows).batchId)
}

export async function removeMfaFactor(ctx: Context<UserActor>, factorId: string): Promise<void> {
  await ctx.db.write([sql`select khidma.remove_mfa_factor(${ctx.actor.userId}, ${factorId})`])
}

/** By staff, for somebody who can show none any more; they sign in with the first factor alone and enrol anew. */
export async function resetMfa(ctx: Context<UserActor>, userId: string, reason: string): Promise<void> {
  await ctx.db.write([sql`select khidma.give_reason(${reason})`, sql`select khidma.reset_mfa(${userId})`])
}

/** Crockford's alphabet: no two characters look alike. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Made from the batch's id with the pepper, so that a replayed answer holds the same codes though only hashes are stored. */
function codesOf(ctx: Context, batchId: string): string[] {
  return Array.from({ length: mfaPolicy.backupCodes }, (_, index) => {
    const bytes = hmac(ctx.secrets.pepper, 'mfa-backup-codes', `${batchId}:${index}`)
    const letters = [...bytes.slice(0, 10)].map((byte) => alphabet[byte % 32]).join('')
    return `${letters.slice(0, 5)}-${letters.slice(5)}`
  })
}

const hashesOfCodes = (ctx: Context<UserActor>, batchId: string): string =>
  `{${codesOf(ctx, batchId)
    .map((code) => backupHashOf(ctx, ctx.actor.userId, code))
    .join(',')}}`
