import { scryptSync } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { hmac, hmacHex, randomToken, sha256Hex, toBase64Url } from '../../../../core/crypto.ts'
import { lazy } from '../../../../core/lazy.ts'
import { Problem } from '../../../../core/problems.ts'
import { carried, carry } from '../../../../core/signed-tokens.ts'
import { isoTime } from '../../../../db/json.ts'
import {
  either,
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
  type EmailCodeRequested,
  emailCodeColumns,
  emailCodeHashOf,
  emailCodeRow,
  newEmailCode,
  refusalOfCode,
  toRequested,
} from '../codes/codes.ts'
import { networkOf } from '../codes/counted.ts'
import { passwordPolicy } from '../limits.ts'
import { type DeviceAtSignIn, type SignedIn, signInBy, toSignedIn } from '../sessions/sessions.ts'

interface Scheme {
  algorithm: string
  cost: { N: number; r: number; p: number }
}

const scrypt = (ln: number, r: number, p: number): Scheme => ({
  algorithm: `scrypt ln=${ln} r=${r} p=${p}`,
  cost: { N: 2 ** ln, r, p },
})

/**
 * The first stores; all verify, and what an older one verified is stored anew by the same call: put a stronger one in front,
 * and take the old one away when no row names it. OWASP holds ln=17 p=1 (128 MiB), ln=16 p=2, ln=15 p=3, ln=14 p=5 (16 MiB)
 * for equally strong; of these an isolate of 128 MiB that may already hold 95 has room for the last ones only. The weak one
 * is for tests of something else, which hash hundreds of passwords on the way: see `vitest.config.ts`.
 */
const schemes = [
  typeof __QUICK_PASSWORDS__ !== 'undefined' && __QUICK_PASSWORDS__ ? scrypt(4, 8, 1) : scrypt(14, 8, 5),
] as const

const saltBytes = 16
const keyBytes = 32
/** Scrypt fills 128 · N · r bytes. */
const maxmem = 64 * 1024 * 1024

export interface PasswordHash {
  algorithm: string
  hash: string
}

/** The stored form of a password. */
export interface Verifier extends PasswordHash {
  salt: string
}

/** The hash is an HMAC of the derived key, worthless to whoever has stolen the database alone. */
function hashOf(ctx: Context, salt: string, password: string, { algorithm, cost }: Scheme): PasswordHash {
  const key = scryptSync(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), keyBytes, {
    ...cost,
    maxmem,
  })
  return { algorithm, hash: hmacHex(ctx.secrets.pepper, 'password-verifier', key.toString('hex')) }
}

/** Under every scheme that may be stored, the newest first: the same work whichever of them a name has, if any. */
export const hashesOf = (ctx: Context, salt: string, password: string): PasswordHash[] =>
  schemes.map((scheme) => hashOf(ctx, salt, password, scheme))

export function newVerifier(ctx: Context, password: string): Verifier {
  const salt = randomToken(saltBytes)
  return { salt, ...hashOf(ctx, salt, password, schemes[0]) }
}

/** For a name that opens nothing: always the same one, so that it is hashed like any other. */
export const madeUpSalt = (ctx: Context, name: string): string =>
  toBase64Url(hmac(ctx.secrets.pepper, 'password-salt', name).slice(0, saltBytes))

const commonList = lazy(() => import('./common-passwords.ts'))
let hashes: Uint32Array | undefined

/**
 * NIST SP 800-63B: length, no rules of composition, and nothing that is guessed first. Lengths count code points of the
 * NFKC form, which is also what is hashed, so that one password is one password on every keyboard.
 */
export async function checkPassword(
  password: string,
  names: readonly (string | null | undefined)[],
): Promise<void> {
  const normal = password.normalize('NFKC')
  const length = [...normal].length
  if (length < passwordPolicy.minLength || length > passwordPolicy.maxLength) refuse('length')
  const lower = normal.toLowerCase()
  if (names.some((name) => name && holds(lower, name.toLowerCase()))) refuse('name')
  if (new Set(lower).size < 4 || (await isCommon(lower))) refuse('common')
}

const refuse = (reason: 'length' | 'name' | 'common'): never => {
  const { minLength, maxLength } = passwordPolicy
  throw new Problem('password_refused', { values: { reason, minLength, maxLength } })
}

/** Whether the password contains the name, or its part before the @; short names are ignored, as many good passwords contain them. */
function holds(password: string, name: string): boolean {
  const [local = ''] = name.split('@')
  return password.includes(name) || (local.length >= 4 && password.includes(local))
}

/** On the list, or on it but for digits and signs around: "Football2026!" is guessed right after "football". */
async function isCommon(lower: string): Promise<boolean> {
  const bare = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const isDressed = bare.length >= 8 && lower.length - bare.length <= 6
  return (await isListed(lower)) || (isDressed && (await isListed(bare)))
}

async function isListed(password: string): Promise<boolean> {
  if (!hashes) {
    const { commonPasswords } = await commonList()
    const bytes = Buffer.from(commonPasswords, 'base64')
    hashes = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  }
  const wanted = Buffer.from(sha256Hex(password).slice(0, 8), 'hex').readUInt32LE()
  let [low, high] = [0, hashes.length - 1]
  while (low <= high) {
    const middle = (low + high) >>> 1
    const value = hashes[middle] as number
    if (value === wanted) return true
    if (value < wanted) low = middle + 1
    else high = middle - 1
  }
  return false
}

const keyOf = (ctx: Context, kind: string, value: string): string =>
  `${kind}:${hmacHex(ctx.secrets.pepper, 'sign-in-attempts', value)}`

/** Under which failures at a name are counted, from wherever they come. */
export const nameKeyOf = (ctx: Context, name: string): string => keyOf(ctx, 'name', name)

/** For `khidma.check_password`. */
function attemptOf(ctx: Context, name: string, salt: string | null | undefined, password: string): string {
  const network = networkOf(ctx.ipAddress)
  const { pair, name: nameRule, network: networkRule, knownSeconds } = passwordPolicy
  return JSON.stringify({
    name,
    hashes: hashesOf(ctx, salt ?? madeUpSalt(ctx, name), password),
    keys: {
      name: nameKeyOf(ctx, name),
      pair: keyOf(ctx, 'pair', `${name}\0${network}`),
      network: keyOf(ctx, 'network', network),
    },
    rules: { pair, name: nameRule, network: networkRule, knownSeconds },
  })
}

/** Does the same work, and takes the same way through the database, whether or not the name is known. */
async function attemptAt(ctx: Context, identifier: string, password: string): Promise<string> {
  // As names are stored and compared.
  const name = identifier.trim().normalize('NFKC').toLowerCase()
  const [row] = await ctx.db.readAhead(
    rowsOf({
      salt: nullable(text),
    })`select c.password_salt as salt from user_credentials c where c.user_id = khidma.user_by_sign_in_name(${name})`,
  )
  return attemptOf(ctx, name, row?.salt, password)
}

/** How somebody who is signed in shows that it is they: by the password, where there is one. */
export interface SelfProof {
  currentPassword?: string | undefined
}

const ownPassword = {
  /** Null: there is none. */
  salt: nullable(text),
  /** The names that sign in with it. */
  names: list(text),
}
export type OwnPassword = RowOf<typeof ownPassword>

export async function readOwnPassword(ctx: Context<UserActor>): Promise<OwnPassword> {
  const [row] = await ctx.db.readAhead(
    rowsOf(ownPassword)`select c.password_salt as salt, khidma.sign_in_names(u.id) as names
          from users u left join user_credentials c on c.user_id = u.id where u.id = ${ctx.actor.userId}`,
  )
  return row ?? { salt: null, names: [] }
}

/** For `khidma.prove_self`: counted with the guesses at the first of their names. */
export function attemptOfProof(
  ctx: Context<UserActor>,
  { currentPassword }: SelfProof,
  { salt, names }: OwnPassword,
): string | null {
  return currentPassword === undefined
    ? null
    : attemptOf(ctx, names[0] ?? ctx.actor.userId, salt, currentPassword)
}

/** The same, reading the salt only if a password is shown. */
export const proofOf = async (ctx: Context<UserActor>, proof: SelfProof): Promise<string | null> =>
  proof.currentPassword === undefined ? null : attemptOfProof(ctx, proof, await readOwnPassword(ctx))

/** Outcomes of `khidma.prove_self` that are refusals. */
export const proofRefusals = ['wrong', 'missing', 'blocked'] as const
export type ProofRefusal = (typeof proofRefusals)[number]

export function refusalOfProof(outcome: ProofRefusal, retryAfter: number | null): Problem {
  if (outcome === 'wrong') return new Problem('password_wrong')
  if (outcome === 'missing') return new Problem('password_required', { fields: ['currentPassword'] })
  return new Problem('sign_in_blocked', { retryAfterSeconds: retryAfter ?? 1 })
}

export interface Login {
  identifier: string
  password: string
  device?: DeviceAtSignIn | undefined
}

/** Signs in, or asks for the second factor. Wrong names and wrong passwords cannot be distinguished, by answer or by time. */
export async function login(ctx: Context, { identifier, password, device }: Login): Promise<SignedIn> {
  const attempt = await attemptAt(ctx, identifier, password)
  const [row] = await ctx.db.write(
    [],
    signInBy(
      ['wrong', 'blocked'],
      (next) => sql`khidma.sign_in_by_password(${attempt}::jsonb, ${next})`,
      ctx,
      device,
    ),
  )
  if (row?.outcome === 'blocked') {
    throw new Problem('sign_in_blocked', { retryAfterSeconds: row.retryAfter ?? 1 })
  }
  return toSignedIn(ctx, row, () => new Problem('invalid_credentials'))
}

/** Sends a code where the address is a proven one; the answer is the same where it is not. */
export async function requestPasswordReset(
  ctx: Context,
  { email }: { email: string },
): Promise<EmailCodeRequested> {
  const code = await newEmailCode(ctx, email)
  const rows = await ctx.db.write(
    [],
    rowsOf(emailCodeRow)`select ${emailCodeColumns(code)} from khidma.request_email_code(
          ${code.id}, 'reset', ${email}, null, ${code.hash}, '{}', ${code.limits}) r`,
  )
  return toRequested(one(rows))
}

const verifiedReset = { userId: uuid, names: list(text), expiresAt: time }
const resetCheck = either(
  { ...verifiedReset, outcome: oneOf(['right']) },
  { ...nullables(verifiedReset), outcome: oneOf(['wrong', 'exhausted']) },
)

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
  const [row] = await ctx.db.write(
    [],
    rowsOf(resetCheck)`select r.outcome, r.user_id as "userId", r.names,
          ${isoTime(sql`(r.verified_at + make_interval(secs => ${passwordPolicy.resetSeconds}))`)} as "expiresAt"
        from khidma.verify_reset(${resetId}, ${emailCodeHashOf(ctx, resetId, code)}) r`,
  )
  if (row?.outcome !== 'right') throw refusalOfCode(row?.outcome ?? 'wrong')
  const { userId, names, expiresAt } = row
  return {
    resetToken: carry<Reset>(ctx, purpose, { id: resetId, userId, names, expiresAt }),
    expiresAt,
  }
}

export interface ResetPassword {
  resetToken: string
  newPassword: string
}

/** Sets the new password, ends all sessions, and clears the failed attempts counted against the names. */
export async function resetPassword(ctx: Context, { resetToken, newPassword }: ResetPassword): Promise<void> {
  const reset = carried<Reset>(ctx, purpose, resetToken)
  if (!reset) throw new Problem('code_invalid')
  const { id, userId, names } = reset
  await checkPassword(newPassword, names)
  const verifier = JSON.stringify(newVerifier(ctx, newPassword))
  const keys = `{${names.map((name) => nameKeyOf(ctx, name)).join(',')}}`
  const [row] = await ctx.db.write(
    [],
    rowsOf({
      outcome: oneOf(['reset', 'invalid']),
    })`select khidma.reset_password(${id}, ${userId}, ${verifier}::jsonb, ${keys}::text[],
          ${passwordPolicy.resetSeconds}) as outcome`,
  )
  if (row?.outcome !== 'reset') throw new Problem('code_invalid')
}
