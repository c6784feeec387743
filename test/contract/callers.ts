import { sql } from 'drizzle-orm'
import { secretsOf, type UserRole } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { type Permission, systemRoles } from '../../src/core/permissions.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import type { Operation } from '../../src/http/operation.ts'
import { aKey, callerOf, usableScopes } from '../areas/people/api-keys/keys.ts'
import { type Caller, database, env, signedIn } from '../support/api.ts'
import { staffToken } from '../support/staff.ts'

/** A caller of the access matrix, with everything that a policy looks at. */
export interface MatrixCaller {
  as: Caller | undefined
  role: UserRole | null
  permissions: readonly Permission[]
  factor: 'none' | 'fresh' | 'old'
  expired?: true
  /** Scopes of an API key; absent for a session. */
  scopes?: readonly string[]
}

const isStaff = (role: UserRole | null): role is 'ops' | 'admin' => role === 'ops' || role === 'admin'

/** Gives staff the permissions of their system role and a second factor shown a moment ago. */
export const matrixCallerOf = (caller: Caller): MatrixCaller => ({
  as: caller,
  role: caller.role,
  permissions: isStaff(caller.role) ? systemRoles[caller.role] : [],
  factor: isStaff(caller.role) ? 'fresh' : 'none',
})

export const anonymous: MatrixCaller = { as: undefined, role: null, permissions: [], factor: 'none' }

export const aMatrixCaller = async (role: UserRole): Promise<MatrixCaller> =>
  matrixCallerOf(await signedIn(role))

export async function anExpired(): Promise<MatrixCaller> {
  const caller = await signedIn('client', { now: new Date(Date.now() - 3_600_000) })
  return { ...matrixCallerOf(caller), expired: true }
}

export async function aSupporter(): Promise<MatrixCaller> {
  const user = await signedIn('client')
  await database().write([
    sql`insert into user_roles (id, user_id, role_id, status)
        select ${newId()}, ${user.userId}, id, 'approved' from roles where name = 'support'`,
  ])
  return { ...matrixCallerOf(await staffToken(user)), permissions: systemRoles.support }
}

export async function withClaims(caller: Caller, claims: object): Promise<Caller> {
  const { userId, sessionId, role } = caller
  const subject = { userId, sessionId, role, ...claims }
  const { accessToken } = await signAccessToken(secretsOf(env), subject, new Date())
  return { ...caller, accessToken }
}

const keys = new Map<string, Promise<MatrixCaller>>()

/** Returns an API key of the owner with every scope but that of the operation: one key for each owner and omitted scope. */
export function keyWithoutScope({ policy }: Operation, owner: Caller): Promise<MatrixCaller> {
  const left = policy === 'public' ? undefined : policy.scope
  const name = `${owner.userId} ${left}`
  const made = keys.get(name) ?? aKeyOfAllBut(left, owner)
  keys.set(name, made)
  return made
}

async function aKeyOfAllBut(left: string | undefined, owner: Caller): Promise<MatrixCaller> {
  const scopes = (await usableScopes(owner)).filter((scope) => scope !== left)
  // Made by somebody else of the role, and handed over: nobody makes as many keys as there are scopes.
  const key = await aKey(scopes, { owner: await signedIn(owner.role) })
  await database().write([sql`update api_keys set user_id = ${owner.userId} where id = ${key.id}`])
  return { ...matrixCallerOf(owner), as: callerOf({ ...key, owner }), scopes }
}

/** The refusal that the policy alone implies; null: it lets this caller in. */
export function refusalOf({ policy }: Operation, caller: MatrixCaller): string | null {
  const { role, permissions, factor, expired, scopes } = caller
  if (policy === 'public') return null
  if (expired) return '401 token_expired'
  if (role === null) return '401 unauthenticated'
  if (scopes && !(policy.scope && scopes.includes(policy.scope))) return '403 insufficient_scope'
  if (!policy.roles.includes(role)) return '403 forbidden'
  if (isStaff(role) && policy.permission && !permissions.includes(policy.permission))
    return '403 permission_missing'
  if (policy.stepUp && factor === 'old') return '403 mfa_required'
  if (policy.stepUp && isStaff(role) && factor === 'none') return '403 mfa_enrolment_required'
  return null
}

/** Codes with which the gate refuses a call before its operation begins. */
export const gate = [
  'unauthenticated',
  'token_expired',
  'session_ended',
  'account_suspended',
  'permission_missing',
  'insufficient_scope',
  'mfa_required',
  'mfa_enrolment_required',
]

export const isUpgrade = ({ path }: Operation): boolean => path.endsWith('/socket')

export const upgradeHeaders = { upgrade: 'websocket', 'sec-websocket-protocol': 'khidma.v1' }

/** Reads that check the session as writes do, because of what they return. This list may only grow. */
const readsLikeAWrite = ['me.getExport', 'audit.export']

/**
 * A revoked session reads until its access token expires, at most 15 minutes later: the price of authentication without a
 * round trip. It writes nothing and opens no socket.
 */
/** Asked with a body, and nothing is written. */
const writesLikeARead = ['slots.check']

export function refusesAnEndedSession({ operationId, method, policy, problems }: Operation): boolean {
  if (policy === 'public' || policy.mayHaveEnded || writesLikeARead.includes(operationId)) return false
  return method !== 'get' || readsLikeAWrite.includes(operationId) || problems.includes('upgrade_required')
}
