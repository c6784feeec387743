import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { hmacHex, open } from '../../../../core/crypto.ts'
import { mfaSecretPurpose } from '../../../../core/encryption.ts'
import { lazy } from '../../../../core/lazy.ts'
import { logAlarm } from '../../../../core/log.ts'
import type { MfaChallenge } from '../../../../core/problems.ts'
import { carried, carry } from '../../../../core/signed-tokens.ts'
import { type RowOf, text, uuid } from '../../../../db/rows.ts'
import { mfaPolicy } from '../limits.ts'

const otpauth = lazy(() => import('otpauth'))

const issuer = 'Khidma'
const secretBytes = 20

/** RFC 6238 as every authenticator app speaks it: SHA-1, six digits, thirty seconds. */
const settings = { algorithm: 'SHA1', digits: 6, period: 30 } as const

/** Base32. */
export async function newTotpSecret(): Promise<string> {
  const { Secret } = await otpauth()
  return new Secret({ size: secretBytes }).base32
}

/** `otpauth://totp/…`, what the QR code shows. */
export async function totpUri(secret: string, label: string): Promise<string> {
  const { TOTP } = await otpauth()
  return new TOTP({ issuer, label, secret, ...settings }).toString()
}

/** The time step that the code belongs to, near now; null for a wrong code. */
export async function matchTotp(secret: string, code: string, now: Date): Promise<number | null> {
  const { TOTP } = await otpauth()
  const timestamp = now.getTime()
  const totp = new TOTP({ secret, ...settings })
  const delta = totp.validate({ token: code, window: mfaPolicy.window, timestamp })
  return delta === null ? null : totp.counter({ timestamp }) + delta
}

/** A factor as it is stored: its secret encrypted for its row. */
export const sealedFactor = { id: uuid, secret: text }
export type SealedFactor = RowOf<typeof sealedFactor>

/**
 * Content that travels with the caller from the challenge to the answer: it holds the sealed secrets, so that the answer
 * takes one round trip.
 */
interface CarriedChallenge {
  id: string
  userId: string
  factors: SealedFactor[]
  expiresAt: string
}

const purpose = 'mfa-challenge'

export const factorsOf = (userId: SQL): SQL => sql`
  (select json_agg(json_build_object('id', f.id, 'secret', f.secret) order by f.id) from mfa_factors f where f.user_id = ${userId})`

export interface ChallengeParts {
  challengeId?: string | null | undefined
  challengeUntil?: string | null | undefined
  factors?: SealedFactor[] | null | undefined
  user?: { id: string } | null
}

export function toChallenge(
  ctx: Context,
  { challengeId, challengeUntil, factors, user }: ChallengeParts,
): MfaChallenge {
  if (!challengeId || !challengeUntil || !factors || !user) throw new Error('A challenge without its factors')
  const content = { id: challengeId, userId: user.id, factors, expiresAt: challengeUntil }
  return {
    token: carry<CarriedChallenge>(ctx, purpose, content),
    expiresAt: challengeUntil,
    methods: ['totp', 'backup_code'],
  }
}

export interface Answer {
  challengeId: string
  userId: string
  /** For `khidma.take_second_factor`: what the code fits, `{}` where it fits nothing. */
  proof: { factorId: string; counter: number } | { backupHash: string } | Record<string, never>
  /** The code fits nothing, but there was an app that it could not be held against. */
  isUndecided: boolean
}

/** Checks a code as the answer to a challenge; null for a challenge that we never made, or that is over. */
export async function readAnswer(ctx: Context, token: string, code: string): Promise<Answer | null> {
  const content = carried<CarriedChallenge>(ctx, purpose, token)
  if (!content) return null
  const { id, userId, factors } = content
  return { challengeId: id, userId, ...(await proofOf(ctx, userId, factors, code)) }
}

async function proofOf(
  ctx: Context,
  userId: string,
  factors: SealedFactor[],
  code: string,
): Promise<Pick<Answer, 'proof' | 'isUndecided'>> {
  if (!/^[0-9]{6}$/.test(code)) {
    return { proof: { backupHash: backupHashOf(ctx, userId, code) }, isUndecided: false }
  }
  let isUndecided = false
  for (const factor of factors) {
    const counter = await counterOf(ctx, factor, code)
    if (typeof counter === 'number') return { proof: { factorId: factor.id, counter }, isUndecided: false }
    if (counter === 'unopenable') isUndecided = true
  }
  return { proof: {}, isUndecided }
}

/** The time step of the code; null where it fits none. A secret that is damaged, or whose key is missing, decides nothing. */
async function counterOf(
  ctx: Context,
  { id, secret }: SealedFactor,
  code: string,
): Promise<number | null | 'unopenable'> {
  try {
    const plain = await open(ctx.secrets.encryptionKeys, mfaSecretPurpose(id), secret)
    return await matchTotp(plain, code, ctx.now)
  } catch {
    // Not the error: it might quote what it could not read.
    logAlarm('mfa.factor_unopenable', { factorId: id, key: keyIdIn(secret) })
    return 'unopenable'
  }
}

/** Which key it asks for, where it says so in the form that we give them: it may be the key that is missing. */
const keyIdIn = (sealed: string): string | null => /^([\w-]{1,40})\.[\w-]+\.[\w-]+$/.exec(sealed)?.[1] ?? null

/** However it is written down: without dashes and spaces, in capitals. */
export const backupHashOf = (ctx: Context, userId: string, code: string): string =>
  hmacHex(ctx.secrets.pepper, 'mfa-backup-code', `${userId}\0${code.replace(/[\s-]/g, '').toUpperCase()}`)
