import { sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { hmacHex } from '../../../../core/crypto.ts'
import { Problem } from '../../../../core/problems.ts'
import { passwordPolicy } from '../limits.ts'
import { networkOf } from '../phones.ts'
import {
  type DeviceAtSignIn,
  type SignedIn,
  type SignInRow,
  signInBy,
  toSignedIn,
} from '../sessions/sessions.ts'
import { hashesOf, nameHashOf, toSignInName } from './hashing.ts'

const keyOf = (ctx: Context, kind: string, value: string): string =>
  `${kind}:${hmacHex(ctx.secrets.pepper, 'sign-in-attempts', value)}`

/** Under which failures at a name are counted, from wherever they come. */
export const nameKeyOf = (ctx: Context, name: string): string => keyOf(ctx, 'name', name)

/** For `khidma.check_password`: the same work, and the same way through the database, whether or not the name is known. */
export function attemptOf(ctx: Context, identifier: string, password: string): string {
  const signInName = toSignInName(identifier)
  const { name } = signInName
  const network = networkOf(ctx.ipAddress)
  const { pair, name: nameRule, network: networkRule, knownSeconds } = passwordPolicy
  return JSON.stringify({
    nameHash: nameHashOf(ctx, name),
    hashes: hashesOf(ctx, signInName, password),
    keys: {
      name: nameKeyOf(ctx, name),
      pair: keyOf(ctx, 'pair', `${name}\0${network}`),
      network: keyOf(ctx, 'network', network),
    },
    rules: { pair, name: nameRule, network: networkRule, knownSeconds },
  })
}

/** How somebody who is signed in shows that it is they: by the password, where there is one. */
export interface SelfProof {
  /** Any name that the password opens. */
  signInName?: string | undefined
  currentPassword?: string | undefined
}

export const attemptOfProof = (ctx: Context, { signInName, currentPassword }: SelfProof): string | null =>
  signInName !== undefined && currentPassword !== undefined
    ? attemptOf(ctx, signInName, currentPassword)
    : null

/** What `khidma.prove_self` refuses. */
export function refuseProof(
  outcome: string | undefined,
  retryAfter: number | null | undefined,
  proof: SelfProof = {},
): void {
  if (outcome === 'wrong') throw new Problem('password_wrong')
  if (outcome === 'missing') throw missingOf(proof)
  if (outcome === 'blocked') throw new Problem('sign_in_blocked', { retryAfterSeconds: retryAfter ?? 1 })
}

function missingOf({ signInName, currentPassword }: SelfProof): Problem {
  const fields = [
    ...(currentPassword === undefined ? ['currentPassword'] : []),
    ...(signInName === undefined ? ['signInName'] : []),
  ]
  return new Problem('password_required', { fields, values: { missing: fields[0] ?? 'currentPassword' } })
}

export interface Login {
  identifier: string
  password: string
  device?: DeviceAtSignIn | undefined
}

/** Signs in, or asks for the second factor. Wrong names and wrong passwords cannot be told apart, by answer or by time. */
export async function login(ctx: Context, { identifier, password, device }: Login): Promise<SignedIn> {
  const attempt = attemptOf(ctx, identifier, password)
  const [row] = await ctx.db.write<SignInRow<'wrong' | 'blocked'>>(
    [],
    signInBy((next) => sql`khidma.sign_in_by_password(${attempt}::jsonb, ${next})`, ctx, device),
  )
  if (row?.outcome === 'blocked') {
    throw new Problem('sign_in_blocked', { retryAfterSeconds: row.retryAfter ?? 1 })
  }
  return toSignedIn(ctx, row, () => new Problem('invalid_credentials'))
}
