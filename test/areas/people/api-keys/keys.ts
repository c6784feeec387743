import { sql } from 'drizzle-orm'
import { isStaff } from '../../../../src/core/context.ts'
import { type Scope, scopeNames } from '../../../../src/core/scopes.ts'
import { type Operation, operations } from '../../../../src/http/operation.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'

export interface MadeKey {
  id: string
  key: string
  owner: Caller
}

export async function aKey(
  scopes: string[],
  { owner, ...fields }: { owner?: Caller; [field: string]: unknown } = {},
): Promise<MadeKey> {
  const as = await withSecondFactor(owner ?? (await signedIn('client')))
  const body = { name: 'Test', scopes, expiresInDays: 30, ...fields }
  const answer = await api('/v1/me/api-keys', { as, body })
  if (answer.status !== 201) throw new Error(`Making a key answered ${answer.status} ${answer.body.code}`)
  return { id: answer.body.id, key: answer.body.key, owner: as }
}

/** As staff must show one before they make a key. */
const withSecondFactor = async (caller: Caller): Promise<Caller> =>
  isStaff({ kind: 'user', ...caller }) ? staffToken(caller) : caller

/** Returns the scopes that a key of theirs can be made with: whatever opens something to them. */
export async function usableScopes({ userId, role }: Caller): Promise<Scope[]> {
  const [claims] = await database().read<{ permissions: string[] }>(
    sql`select c.permissions from khidma.claims_of(${userId}) c`,
  )
  const isFor = ({ policy }: Operation, scope: Scope): boolean =>
    policy !== 'public' &&
    policy.scope === scope &&
    policy.roles.includes(role) &&
    (policy.permission === undefined ||
      role === 'client' ||
      role === 'tasker' ||
      claims?.permissions.includes(policy.permission) === true)
  return scopeNames.filter((scope) => [...operations.values()].some((operation) => isFor(operation, scope)))
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

export const withKey = (
  path: string,
  key: string,
  { headers = {}, ...more }: Parameters<typeof api>[1] = {},
) => api(path, { ...more, headers: { ...headers, ...bearer(key) } })

/** A person's access token in place of which the key is sent. */
export const callerOf = ({ key, owner, id }: MadeKey): Caller => ({
  ...owner,
  sessionId: id,
  accessToken: key,
})
