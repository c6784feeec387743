import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
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
import { hashesOf, madeUpSalt } from './hashing.ts'

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
  const [row] = await ctx.db.readAhead<{ salt: string | null }>(
    sql`select c.password_salt as salt from user_credentials c where c.user_id = khidma.user_by_sign_in_name(${name})`,
  )
  return attemptOf(ctx, name, row?.salt, password)
}

/** How somebody who is signed in shows that it is they: by the password, where there is one. */
export interface SelfProof {
  currentPassword?: string | undefined
}

export interface OwnPassword {
  /** Null: there is none. */
  salt: string | null
  /** The names that sign in with it. */
  names: string[]
}

export async function readOwnPassword(ctx: Context<UserActor>): Promise<OwnPassword> {
  const [row] = await ctx.db.readAhead<OwnPassword>(
    sql`select c.password_salt as salt, khidma.sign_in_names(u.id) as names
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

/** Throws the refusals of `khidma.prove_self`. */
export function refuseProof(outcome: string | undefined, retryAfter: number | null | undefined): void {
  if (outcome === 'wrong') throw new Problem('password_wrong')
  if (outcome === 'missing') throw new Problem('password_required', { fields: ['currentPassword'] })
  if (outcome === 'blocked') throw new Problem('sign_in_blocked', { retryAfterSeconds: retryAfter ?? 1 })
}

export interface Login {
  identifier: string
  password: string
  device?: DeviceAtSignIn | undefined
}

/** Signs in, or asks for the second factor. Wrong names and wrong passwords cannot be told apart, by answer or by time. */
export async function login(ctx: Context, { identifier, password, device }: Login): Promise<SignedIn> {
  const attempt = await attemptAt(ctx, identifier, password)
  const [row] = await ctx.db.write<SignInRow<'wrong' | 'blocked'>>(
    [],
    signInBy((next) => sql`khidma.sign_in_by_password(${attempt}::jsonb, ${next})`, ctx, device),
  )
  if (row?.outcome === 'blocked') {
    throw new Problem('sign_in_blocked', { retryAfterSeconds: row.retryAfter ?? 1 })
  }
  return toSignedIn(ctx, row, () => new Problem('invalid_credentials'))
}
