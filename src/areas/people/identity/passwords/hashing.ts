import { scryptSync } from 'node:crypto'
import type { Context } from '../../../../core/context.ts'
import { hmac, hmacHex, randomToken, toBase64Url } from '../../../../core/crypto.ts'

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
