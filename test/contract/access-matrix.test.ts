import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Permission, systemRoles } from '../../src/areas/access/permissions.ts'
import { secretsOf, type UserRole } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import type { Operation } from '../../src/http/operation.ts'
import { type Caller, database, env, signedIn } from '../support/api.ts'
import { staffToken } from '../support/staff.ts'
import { all, call, named } from './call.ts'

/**
 * Every operation for every kind of caller: what the policy lets in, and with which refusal it keeps out the rest. The
 * expectation is derived from the declaration alone. What somebody who is let in may see is for the tests of each area.
 */
const kinds = [
  'nobody',
  'expired token',
  'client',
  'tasker',
  'support',
  'ops',
  'admin',
  'staff without a second factor',
  'ops whose second factor is old',
  'revoked session',
] as const
type Kind = (typeof kinds)[number]

interface Face {
  caller: Caller | undefined
  role: UserRole | null
  permissions: readonly Permission[]
  factor: 'none' | 'fresh' | 'old'
}

const faces = {} as Record<Kind, Face>

beforeAll(async () => {
  const plain = async (role: UserRole): Promise<Face> => ({
    caller: await signedIn(role),
    role,
    permissions: role === 'ops' || role === 'admin' ? systemRoles[role] : [],
    factor: role === 'ops' || role === 'admin' ? 'fresh' : 'none',
  })
  faces.nobody = { caller: undefined, role: null, permissions: [], factor: 'none' }
  for (const role of ['client', 'tasker', 'ops', 'admin'] as const) faces[role] = await plain(role)
  faces.support = { ...(await plain('ops')), caller: await aSupporter(), permissions: systemRoles.support }
  faces['expired token'] = {
    ...faces.client,
    caller: await signedIn('client', { now: new Date(Date.now() - 3_600_000) }),
  }
  faces['staff without a second factor'] = {
    ...(await plain('ops')),
    caller: await withClaims({}),
    permissions: [],
    factor: 'none',
  }
  faces['ops whose second factor is old'] = {
    ...(await plain('ops')),
    caller: await withClaims({ permissions: systemRoles.ops, hasMfa: true, mfaAt: Date.now() / 1_000 - 601 }),
    factor: 'old',
  }
  faces['revoked session'] = await plain('client')
  await database().write([
    sql`update sessions set revoked_at = now(), revoked_reason = 'test' where id = ${faces['revoked session'].caller?.sessionId ?? ''}`,
  ])
})

async function aSupporter(): Promise<Caller> {
  const user = await signedIn('client')
  await database().write([
    sql`insert into user_roles (id, user_id, role_id, status)
        select ${newId()}, ${user.userId}, id, 'approved' from roles where name = 'support'`,
  ])
  return staffToken(user)
}

async function withClaims(claims: object): Promise<Caller> {
  const caller = await signedIn('ops')
  const { userId, sessionId, role } = caller
  const subject = { userId, sessionId, role, ...claims }
  const { accessToken } = await signAccessToken(secretsOf(env), subject, new Date())
  return { ...caller, accessToken }
}

/** The refusal that the declaration implies; null: the policy lets this caller in. */
function refusalOf({ policy }: Operation, kind: Kind): string | null {
  const { role, permissions, factor } = faces[kind]
  if (policy === 'public') return null
  if (kind === 'expired token') return 'token_expired'
  if (role === null) return 'unauthenticated'
  if (!policy.roles.includes(role)) return 'forbidden'
  const isStaff = role === 'ops' || role === 'admin'
  if (isStaff && policy.permission && !permissions.includes(policy.permission)) return 'permission_missing'
  if (policy.stepUp && factor === 'old') return 'mfa_required'
  if (policy.stepUp && isStaff && factor === 'none') return 'mfa_enrolment_required'
  return null
}

/** An upgrade asks the object that keeps the socket, which knows more. */
const isUpgrade = ({ path }: Operation) => path.endsWith('/socket')
/** They would end what the other rows call with. */
const endsSessions = ['auth.logout', 'me.revokeAllSessions', 'me.revokeOtherSessions']
/** What a thief would reach for first: in its own trip it asks whether the session still stands. This list may only grow. */
const asksForTheSession = ['devices.register', 'me.changeEmail', 'me.changePassword', 'me.changeUsername']

const gate = [
  'unauthenticated',
  'token_expired',
  'permission_missing',
  'insufficient_scope',
  'mfa_required',
  'mfa_enrolment_required',
]

describe.each(named(all.filter((operation) => !isUpgrade(operation))))('%s', (operationId, operation) => {
  const callable = kinds.filter(
    (kind) => !endsSessions.includes(operationId) || kind === 'nobody' || kind === 'expired token',
  )
  it.each(callable)('as %s', async (kind) => {
    const refusal = refusalOf(operation, kind)
    const { status, headers, body } = await call(operation, { as: faces[kind].caller })
    const { code } = (body ?? {}) as { code?: string }
    if (kind === 'revoked session' && asksForTheSession.includes(operationId)) {
      expect([status, code]).toEqual([401, 'unauthenticated'])
    } else if (refusal === null) {
      expect(gate).not.toContain(code)
      expect(status).toBeLessThan(500)
    } else {
      expect([status, code]).toEqual([
        refusal.startsWith('un') || refusal.startsWith('token') ? 401 : 403,
        refusal,
      ])
      expect(headers.get('server-timing')).toContain('trips=0')
    }
  })
})
