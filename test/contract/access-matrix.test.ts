import { beforeAll, describe, expect, it } from 'vitest'
import { apiKeyOf } from '../../src/core/api-keys.ts'
import { secretsOf } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { systemRoles } from '../../src/core/permissions.ts'
import { scopeNames } from '../../src/core/scopes.ts'
import type { Operation } from '../../src/http/operation.ts'
import { passes, refresh, type SignedInPerson, signIn } from '../areas/people/identity/sign-in.ts'
import { api, type Caller, env, signedIn } from '../support/api.ts'
import { aChat, socketPath } from '../support/chat.ts'
import { all, call, named } from './call.ts'
import {
  aMatrixCaller,
  anExpired,
  anonymous,
  aSupporter,
  gate,
  isUpgrade,
  keyWithoutScope,
  type MatrixCaller,
  matrixCallerOf,
  refusalOf,
  refusesAnEndedSession,
  upgradeHeaders,
  withClaims,
} from './callers.ts'
import { refusalOfCaller } from './deciding.ts'
import { roundTripsIn } from './declared.ts'

/**
 * Every operation and every kind of caller: the policy admits them or refuses them with a given code. The expectation is derived
 * from the declaration alone; the ids are made up. Access to existing resources: resource-matrix.test.ts.
 *
 * The gate decides on every pair in this process. Over HTTP goes every kind of caller once for each shape of policy and method, and
 * for every operation those of whom more than the gate decides, or who prove that it has a gate.
 */
const makers = {
  anonymous: async () => anonymous,
  'expired token': anExpired,
  client: () => aMatrixCaller('client'),
  tasker: () => aMatrixCaller('tasker'),
  support: aSupporter,
  ops: () => aMatrixCaller('ops'),
  admin: () => aMatrixCaller('admin'),
  'staff without a second factor': async () => {
    const caller = await aMatrixCaller('ops')
    return { ...caller, as: await withClaims(caller.as as Caller, {}), permissions: [], factor: 'none' }
  },
  'ops whose second factor is old': async () => {
    const caller = await aMatrixCaller('ops')
    const claims = { permissions: systemRoles.ops, hasMfa: true, mfaAt: Date.now() / 1_000 - 601 }
    return { ...caller, as: await withClaims(caller.as as Caller, claims), factor: 'old' }
  },
  'revoked session': async () => matrixCallerOf((await aRevoked()).caller),
} satisfies Record<string, () => Promise<MatrixCaller>>
type Kind = keyof typeof makers
const kinds = Object.keys(makers) as Kind[]

const callers = {} as Record<Kind, MatrixCaller>
beforeAll(async () => {
  for (const kind of kinds) callers[kind] = await makers[kind]()
})

/** Returns a caller who revoked their own session; its access token has not expired. */
async function aRevoked(): Promise<{ caller: Caller; person: SignedInPerson }> {
  const person = await signIn()
  const sessions = await api('/v1/me/sessions', {
    headers: { authorization: `Bearer ${person.accessToken}` },
  })
  const sessionId = sessions.body.data[0].id
  const caller: Caller = { ...(await signedIn('client')), userId: person.user.id, sessionId, ...person }
  const answer = await api(`/v1/me/sessions/${sessionId}`, { as: caller, method: 'DELETE' })
  expect(answer.status).toBe(204)
  return { caller, person }
}

/** These operations end the session of the other rows, so each call has a caller of its own. */
const endsSessions = ['auth.logout', 'me.close', 'me.revokeAllSessions', 'me.revokeOtherSessions']
const letIn = 'let in'
type Row = [kind: string, expectation: string, seen: string]

/** These look up a conversation or challenge first, and refuse an unknown one before they check the session. */
const looksFirst = [
  'conversations.connect',
  'conversations.sendMessage',
  'conversations.markRead',
  'auth.stepUp',
  'me.confirmTotp',
]

function expectationOf(operation: Operation, kind: Kind, caller: MatrixCaller): string {
  const isAsked = refusesAnEndedSession(operation) && !looksFirst.includes(operation.operationId)
  return refusalOf(operation, caller) ?? (kind === 'revoked session' && isAsked ? '401 session_ended' : letIn)
}

/** Empty body for admitted callers: it is refused after the gate, before it changes anything. */
const nothing = {}

async function outcomeFor(operation: Operation, caller: MatrixCaller, expectation: string): Promise<string> {
  const headers = isUpgrade(operation) ? upgradeHeaders : {}
  const body = operation.body && expectation === letIn ? { body: nothing } : {}
  const answer = await call(operation, { as: caller.as, headers, ...body })
  const { code } = (answer.body ?? {}) as { code?: string }
  const isRefusedBefore = refusalOf(operation, caller) !== null
  if (isRefusedBefore && roundTripsIn(answer.headers) !== 0)
    return `a round trip before ${answer.status} ${code}`
  if (answer.status === 401 && answer.headers.get('content-type') !== 'application/problem+json')
    return 'no problem'
  const passed = !gate.includes(code ?? '') && answer.status < 500
  return expectation === letIn && passed ? letIn : `${answer.status} ${code ?? ''}`
}

/** Returns the parts that the gate looks at, and the kinds of operation that the expectation knows. */
const shapeOf = (operation: Operation): string => {
  const { operationId, method, policy } = operation
  if (policy === 'public') return `${method} public`
  const { roles, permission, scope, stepUp, mayHaveEnded } = policy
  return JSON.stringify([
    ...[method, roles, permission !== undefined, scope !== undefined, stepUp, mayHaveEnded],
    ...[isUpgrade(operation), looksFirst.includes(operationId), endsSessions.includes(operationId)],
  ])
}
const shapes = Map.groupBy(all, shapeOf)

const examples = new Set([...shapes.values()].map(([first]) => first))

/** Operations that one caller calls: fewer than are let through in a minute. */
const callsEach = 300
const revoked = new Map<number, Promise<MatrixCaller>>()

async function callerOf(kind: Kind, operation: Operation): Promise<MatrixCaller> {
  if (kind !== 'revoked session') return callers[kind]
  const part = Math.floor(all.indexOf(operation) / callsEach)
  const made = revoked.get(part) ?? makers[kind]()
  revoked.set(part, made)
  return made
}

/** The session is looked up by the verb; anonymous callers prove the gate. */
const overHttp: Kind[] = ['anonymous', 'revoked session']

describe.each(named(all))('%s', (operationId, operation) => {
  it('admits only the callers that its policy names', async () => {
    for (const kind of kinds) {
      const caller = callers[kind]
      const problem = await refusalOfCaller(operation, caller.as?.accessToken)
      const seen = problem ? `${problem.status} ${problem.code}` : null
      expect([kind, seen]).toEqual([kind, refusalOf(operation, caller)])
    }
    if (operation.policy === 'public') return
    const refused = await refusalOfCaller(operation, aSignedKeyWithout(operation.policy.scope))
    expect(refused?.code).toBe('insufficient_scope')
  })

  const called = examples.has(operation) ? kinds : overHttp
  it(`admits only these over HTTP: ${called.length} kinds of callers`, async () => {
    const rows = called.map(async (kind): Promise<Row> => {
      const isSpent = endsSessions.includes(operationId) && kind !== 'revoked session'
      const caller = isSpent ? await makers[kind]() : await callerOf(kind, operation)
      const expectation = expectationOf(operation, kind, caller)
      return [kind, expectation, await outcomeFor(operation, caller, expectation)]
    })
    if (operation.policy !== 'public' && examples.has(operation)) rows.push(keyRow(operation))
    const cells = await Promise.all(rows)
    expect(Object.fromEntries(cells.map(([kind, , seen]) => [kind, seen]))).toEqual(
      Object.fromEntries(cells.map(([kind, expectation]) => [kind, expectation])),
    )
  })
})

/** A key with every other scope, as we would sign it; the gate asks for no more. */
const aSignedKeyWithout = (left: string | undefined): string =>
  apiKeyOf(secretsOf(env), {
    id: newId(),
    secretId: newId(),
    userId: newId(),
    ownerRole: 'client',
    scopes: scopeNames.filter((scope) => scope !== left),
    expiresAt: null,
    requestsPerMinute: null,
  })

const owners = new Map<string, Promise<Caller>>()

/** An API key with every other scope, of an owner whom the policy admits. */
async function keyRow(operation: Operation): Promise<Row> {
  if (operation.policy === 'public') throw new Error('A public operation asks for no scope')
  const { scope, roles } = operation.policy
  // One owner for each scope: the number of keys of one owner is limited.
  const [role = 'client'] = roles
  const owner = owners.get(`${scope} ${role}`) ?? signedIn(role)
  owners.set(`${scope} ${role}`, owner)
  const expectation = '403 insufficient_scope'
  const key = await keyWithoutScope(operation, await owner)
  return ['key without scope', expectation, await outcomeFor(operation, key, expectation)]
}

describe('a session that was revoked', () => {
  it('cannot be refreshed or open a socket, while another session of the user can', async () => {
    const { caller, person } = await aRevoked()
    const chat = await aChat({ with: caller })
    const upgrade = (as: Caller, path: string) => api(path, { as, headers: upgradeHeaders })
    expect((await refresh(person.refreshToken)).body.code).toBe('invalid_refresh_token')
    for (const path of ['/v1/me/socket', socketPath(chat)])
      expect([path, (await upgrade(caller, path)).status]).toEqual([path, 401])

    await passes(person.phone, 3_600)
    const again = await signIn({ phone: person.phone })
    for (const path of ['/v1/me/socket', socketPath(chat)])
      expect([path, (await upgrade({ ...caller, ...again }, path)).status]).toEqual([path, 101])
    expect((await refresh(again.refreshToken)).status).toBe(200)
  })
})
