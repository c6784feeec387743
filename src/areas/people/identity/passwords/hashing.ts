import { scryptSync } from 'node:crypto'
import type { Context } from '../../../../core/context.ts'
import { hmac, hmacHex } from '../../../../core/crypto.ts'

export interface SignInName {
  kind: 'email' | 'username'
  /** As it is stored and compared. */
  name: string
}

/** Only an address has an @. */
export function toSignInName(text: string): SignInName {
  const name = text.trim().normalize('NFKC').toLowerCase()
  return { kind: name.includes('@') ? 'email' : 'username', name }
}

export const nameHashOf = (ctx: Context, name: string): string =>
  hmacHex(ctx.secrets.pepper, 'sign-in-name', name)

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

const keyBytes = 32
/** What scrypt fills is 128 · N · r bytes. */
const maxmem = 64 * 1024 * 1024

/** What is stored for one of a person's names, and opens the account with it. */
export interface Verifier extends SignInName {
  nameHash: string
  algorithm: string
  hash: string
}

export interface PasswordHash {
  algorithm: string
  hash: string
}

/**
 * The salt is an HMAC with the pepper over the name: known without a read, so that the hash can be made before the one trip
 * in which Postgres compares it. It is nobody else's, and nobody without the pepper can prepare for it. What is stored is an
 * HMAC of the derived key: worthless to who has stolen the database alone.
 */
function hashOf(
  ctx: Context,
  { name }: SignInName,
  password: string,
  { algorithm, cost }: Scheme,
): PasswordHash {
  const salt = hmac(ctx.secrets.pepper, 'password-salt', `${algorithm}\0${name}`)
  const key = scryptSync(password.normalize('NFKC'), salt, keyBytes, { ...cost, maxmem })
  return { algorithm, hash: hmacHex(ctx.secrets.pepper, 'password-verifier', key.toString('hex')) }
}

/** Under every scheme that may be stored, the newest first. */
export const hashesOf = (ctx: Context, name: SignInName, password: string): PasswordHash[] =>
  schemes.map((scheme) => hashOf(ctx, name, password, scheme))

export const verifierOf = (ctx: Context, name: SignInName, password: string): Verifier => ({
  ...name,
  nameHash: nameHashOf(ctx, name.name),
  ...hashOf(ctx, name, password, schemes[0]),
})
