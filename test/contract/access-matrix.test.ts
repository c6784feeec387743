import { beforeAll, describe, expect, it } from 'vitest'
import { systemRoles } from '../../src/core/permissions.ts'
import type { Operation } from '../../src/http/operation.ts'
import { passes, refresh, type SignedInPerson, signIn } from '../areas/people/identity/sign-in.ts'
import { api, type Caller, signedIn } from '../support/api.ts'
import { aChat, socketPath } from '../support/chat.ts'
import { all, call, named } from './call.ts'
import { tripsOf } from './declared.ts'
import {
  aFace,
  anExpired,
  aSupporter,
  type Face,
  faceOf,
  gate,
  isUpgrade,
  keyWithoutScope,
  nobody,
  refusalOf,
  refusesAnEndedSession,
  upgradeHeaders,
  withClaims,
} from './faces.ts'

/**
 * Every operation for every kind of caller: whom the policy lets in, and with which refusal it keeps out the rest. The
 * expectation is derived from the declaration alone; the ids are made up. Who may do what to things that exist is asked in
 * resource-matrix.test.ts.
 */
const makers = {
  nobody: async () => nobody,
  'expired token': anExpired,
  client: () => aFace('client'),
  tasker: () => aFace('tasker'),
  support: aSupporter,
  ops: () => aFace('ops'),
  admin: () => aFace('admin'),
  'staff without a second factor': async () => {
    const face = await aFace('ops')
    return { ...face, caller: await withClaims(face.caller as Caller, {}), permissions: [], factor: 'none' }
  },
  'ops whose second factor is old': async () => {
    const face = await aFace('ops')
    const claims = { permissions: systemRoles.ops, hasMfa: true, mfaAt: Date.now() / 1_000 - 601 }
    return { ...face, caller: await withClaims(face.caller as Caller, claims), factor: 'old' }
  },
  'revoked session': async () => faceOf((await aRevoked()).caller),
} satisfies Record<string, () => Promise<Face>>
type Kind = keyof typeof makers
const kinds = Object.keys(makers) as Kind[]

const faces = {} as Record<Kind, Face>
beforeAll(async () => {
  for (const kind of kinds) faces[kind] = await makers[kind]()
})

/** Somebody whose session was ended by themselves, from another; the access token of it is still fresh. */
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

/** They would end what the other rows call with: each call has a caller of its own. */
const endsSessions = ['auth.logout', 'me.revokeAllSessions', 'me.revokeOtherSessions']
const letIn = 'let in'
type Row = [kind: string, expectation: string, seen: string]

/** A conversation that nobody has, a challenge that we never made: refused for what it is, before the session is asked for. */
const looksFirst = [
  'conversations.connect',
  'conversations.sendMessage',
  'conversations.markRead',
  'auth.stepUp',
  'me.confirmTotp',
]

function expectationOf(operation: Operation, kind: Kind, face: Face): string {
  const isAsked = refusesAnEndedSession(operation) && !looksFirst.includes(operation.operationId)
  return refusalOf(operation, face) ?? (kind === 'revoked session' && isAsked ? '401 session_ended' : letIn)
}

/** Empty body for callers who are to be let in: past the gate it is refused as such, before it costs or changes anything. */
const nothing = {}

async function outcomeFor(operation: Operation, face: Face, expectation: string): Promise<string> {
  const headers = isUpgrade(operation) ? upgradeHeaders : {}
  const body = operation.body && expectation === letIn ? { body: nothing } : {}
  const answer = await call(operation, { as: face.caller, headers, ...body })
  const { code } = (answer.body ?? {}) as { code?: string }
  const isRefusedBefore = refusalOf(operation, face) !== null
  if (isRefusedBefore && tripsOf(answer.headers) !== 0) return `a trip before ${answer.status} ${code}`
  if (answer.status === 401 && answer.headers.get('content-type') !== 'application/problem+json')
    return 'no problem'
  const passed = !gate.includes(code ?? '') && answer.status < 500
  return expectation === letIn && passed ? letIn : `${answer.status} ${code ?? ''}`
}

describe.each(named(all))('%s', (operationId, operation) => {
  it('lets in whom its policy names, and nobody else', async () => {
    const rows = kinds.map(async (kind): Promise<Row> => {
      const isSpent = endsSessions.includes(operationId) && kind !== 'revoked session'
      const face = isSpent ? await makers[kind]() : faces[kind]
      const expectation = expectationOf(operation, kind, face)
      return [kind, expectation, await outcomeFor(operation, face, expectation)]
    })
    if (operation.policy !== 'public') rows.push(machineRow(operation))
    const cells = await Promise.all(rows)
    expect(Object.fromEntries(cells.map(([kind, , seen]) => [kind, seen]))).toEqual(
      Object.fromEntries(cells.map(([kind, expectation]) => [kind, expectation])),
    )
  })
})

const owners = new Map<string, Promise<Caller>>()

/** A machine that may do everything else, of somebody whom the policy would let in. */
async function machineRow(operation: Operation): Promise<Row> {
  if (operation.policy === 'public') throw new Error('Nobody is asked for a scope')
  const { scope, roles } = operation.policy
  // One for each scope, as nobody may have that many keys.
  const [role = 'client'] = roles
  const owner = owners.get(`${scope} ${role}`) ?? signedIn(role)
  owners.set(`${scope} ${role}`, owner)
  const expectation = '403 insufficient_scope'
  const machine = await keyWithoutScope(operation, await owner)
  return ['key without scope', expectation, await outcomeFor(operation, machine, expectation)]
}

describe('a session that was revoked', () => {
  it('is refreshed no more, and opens no socket, at once; another of the same person does both', async () => {
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
