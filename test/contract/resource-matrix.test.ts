import { beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import type { Answer, Caller } from '../support/api.ts'
import { somebody } from '../support/world/object.ts'
import { all, call, named, objectFor, parameterNames } from './call.ts'
import {
  aMatrixCaller,
  anExpired,
  anonymous,
  aSupporter,
  isUpgrade,
  keyWithoutScope,
  type MatrixCaller,
  matrixCallerOf,
  refusalOf,
  refusesAnEndedSession,
  upgradeHeaders,
} from './callers.ts'
import { expectAsDeclared, roundTripsIn } from './declared.ts'
import { expectPlanned } from './planned.ts'
import { isMeant, openWorld, type Party, partiesOf, partyNamesOf, type Resource } from './resources.ts'
import { roundTripsOf } from './round-trips.ts'

/**
 * Calls every operation on existing resources, as each party and as callers without a relation to it. The expectation
 * follows from the policy and its relation.
 *
 * Refused calls and reads change nothing: they share one world, which must be unchanged afterwards. Admitted writes have
 * a fresh resource each, in the state that the operation needs.
 */
const withResource = all.filter(({ path }) => parameterNames(path).length > 0)

/**
 * Open to every user: the name in the path is the caller's choice, and the operation affects only the caller. This list
 * may only shrink.
 */
const namedByTheCaller: Record<string, string> = {
  'devices.register': 'a phone names itself; the row is found by user and name',
  'me.grantConsent': 'the name is one of ours; who agrees, agrees for themselves',
  'reviews.flag': 'a published review is for everybody to read; who flags it, flags it for themselves',
  'me.addFavourite': "a tasker is everybody's to see; the list is the caller's own",
  'departments.get': 'an external department is for every user to read; an internal one is for staff',
  'services.book':
    'a service of a listed profile is for everybody to book; who books it, books for themselves',
  'jobApplications.apply': 'a live job is for everybody to apply for; who applies, applies for themselves',
}

/** Open tasks are for every active tasker to see and to bid on: nobody of them is a stranger. This list may only shrink. */
const openToTaskers = [
  'openTasks.get',
  'openTasks.listQuestions',
  'bids.create',
  'bids.createAtOwnRate',
  'taskQuestions.ask',
  // Whoever has applied confirms a text for themselves.
  'me.attestRequirement',
]

/** Admitted calls that cannot succeed in this test. This list may only shrink. */
const letInWithoutSuccess: Record<string, string> = {
  'media.upload': 'the bytes are not sent here: test/areas/platform/media',
  'gateways.receiveEvent': 'a new secret is heard after a second: test/node/gateway-payments.test.ts',
  'adjustments.withdraw': 'only who has proposed it may: test/areas/money/adjustments',
  'chargebacks.submitEvidence': 'no gateway listens here: test/node/chargebacks.test.ts',
}

/** Cells that answer otherwise than the policy says, with the reason. This list may only shrink. */
const exceptions: Record<string, { seen: string; reason: string }> = {}

/** Reads that work once: every caller has one of their own. This list may only shrink. */
const worksOnce = ['verifications.showDocument']

type Relation = 'stranger' | { party: Party; isRevoked?: true }
interface Column {
  name: string
  caller: MatrixCaller
  relation: Relation
}

let resourcesOf: Awaited<ReturnType<typeof openWorld>>
let before: Record<string, unknown>
let common: Column[]
beforeAll(async () => {
  resourcesOf = await openWorld()
  common = await strangers()
  before = await snapshotOfWorld()
})

/** Lists callers without a relation to any resource. */
async function strangers(): Promise<Column[]> {
  const callers: Record<string, MatrixCaller> = {
    anonymous,
    'an expired token': await anExpired(),
    'a client who is a stranger': await aMatrixCaller('client'),
    'a tasker who is a stranger': matrixCallerOf(await somebody('tasker')),
    support: await aSupporter(),
    ops: await aMatrixCaller('ops'),
    admin: await aMatrixCaller('admin'),
  }
  return Object.entries(callers).map(([name, caller]) => ({ name, caller, relation: 'stranger' }))
}

const partiesIn = ({ parties }: Resource): Column[] =>
  (Object.entries(parties) as [Party, Caller][]).map(([party, as]) => ({
    name: `its ${party}`,
    caller: matrixCallerOf(as),
    relation: { party },
  }))

const revokedIn = ({ revoked }: Resource): Column[] =>
  revoked
    ? [
        {
          name: 'its client by a revoked session',
          caller: matrixCallerOf(revoked),
          relation: { party: 'client', isRevoked: true },
        },
      ]
    : []

/** Every caller with an expectation; for each admitted one, also their API key without the scope. */
async function columnsOf(
  operation: Operation,
  resource: Resource,
): Promise<(Column & { expectation: string })[]> {
  const outsiders = Object.entries(resource.outsiders ?? {})
  // A caller who has named something is no stranger to it any more.
  const others = operation.operationId in namedByTheCaller ? await strangers() : common
  const people: Column[] = [
    ...others,
    ...partiesIn(resource),
    ...revokedIn(resource),
    ...outsiders.map(([name, as]): Column => ({ name, caller: matrixCallerOf(as), relation: 'stranger' })),
  ]
  const owners = people.filter(
    (column) =>
      column.caller.as &&
      operation.policy !== 'public' &&
      column.caller.as !== resource.revoked &&
      expectationOf(operation, column) === letIn,
  )
  const machines = owners.map(
    async ({ name, caller, relation }): Promise<Column> => ({
      name: `a key without the scope, of ${name}`,
      caller: await keyWithoutScope(operation, caller.as as Caller),
      relation,
    }),
  )
  const columns = [...people, ...(await Promise.all(machines))]
  return columns.map((column) => ({ ...column, expectation: expectationOf(operation, column) }))
}

const letIn = 'let in'
/** The resource is known to exist, but another party performs the operation. */
const notTheirs = '403 forbidden'

function expectationOf(operation: Operation, { caller, relation }: Column): string {
  const refusal = refusalOf(operation, caller)
  if (refusal) return refusal
  const { policy, operationId } = operation
  if (policy === 'public' || operationId in namedByTheCaller) return letIn
  const isStaffs = policy.permission && (!policy.relation || policy.relation.orStaff)
  if (isStaffs && (caller.role === 'ops' || caller.role === 'admin')) return letIn
  if (openToTaskers.includes(operationId))
    return caller.role === 'tasker' ? letIn : refusalOfNonTaskers(operation)
  if (!policy.relation)
    return `${operationId} lets ${caller.role} in, and must say what they are to the thing`
  if (relation !== 'stranger' && relation.isRevoked && refusesAnEndedSession(operation))
    return '401 session_ended'
  if (relation !== 'stranger') return isMeant(relation.party, policy.relation) ? letIn : notTheirs
  // The role in the database decides, not the one in the token.
  return caller.role === 'client' ? refusalOfNonTaskers(operation) : '404 not_found'
}

const refusalOfNonTaskers = ({ problems }: Operation): string =>
  problems.includes('not_a_tasker') ? '403 not_a_tasker' : '404 not_found'

/** Returns `let in` or the code of the answer, for comparison with the expectation. */
function asExpected(expectation: string, { status, body }: Answer<unknown>): string {
  if (expectation === letIn && status < 300) return letIn
  const { code } = (body ?? {}) as { code?: string }
  return code ? `${status} ${code}` : String(status)
}

const isRead = ({ method }: Operation) => method === 'get'
const isHarmless = (operation: Operation) => isRead(operation) || operation.operationId in namedByTheCaller

async function callOn(
  operation: Operation,
  { params, query = '', body: given }: Pick<Resource, 'params' | 'query' | 'body'>,
  as: Caller | undefined,
) {
  const body = typeof given === 'function' ? as && (await given(as)) : given
  return call(operation, {
    as,
    params,
    query,
    ...(body && { body }),
    headers: isUpgrade(operation) ? upgradeHeaders : {},
  })
}

const columnName = (operation: Operation, resource: Resource, column: Column) =>
  `${operation.operationId}: ${resource.what}, ${column.name}`

/** Names of exceptions that there were cells for. */
const met = new Set<string>()

interface Cell {
  seen: string
  expected: string
}

async function cellOf(
  operation: Operation,
  resource: Resource,
  column: Column & { expectation: string },
): Promise<[string, Cell]> {
  const name = columnName(operation, resource, column)
  const answer = await callOn(operation, resource, column.caller.as)
  if (answer.status !== 101) {
    expectAsDeclared(operation, answer)
    expect(roundTripsIn(answer.headers), name).toBeLessThanOrEqual(
      refusalOf(operation, column.caller) ? 0 : roundTripsOf(operation.operationId),
    )
    expectPlanned(operation, answer.headers)
  }
  const expected = exceptions[name]?.seen ?? column.expectation
  if (name in exceptions) met.add(name)
  return [name, { seen: asExpected(expected, answer), expected }]
}

function expectAsExpected(cells: [string, Cell][]): void {
  const table = (of: keyof Cell) => Object.fromEntries(cells.map(([name, cell]) => [name, cell[of]]))
  expect(table('seen')).toEqual(table('expected'))
}

async function aFreshOne(operation: Operation): Promise<Resource> {
  const object = await objectFor(operation)
  return {
    what: 'a fresh one',
    params: object?.params ?? {},
    query: object?.query ?? '',
    body: object?.body,
    parties: object ? Object.fromEntries(partiesOf(operation, object)) : {},
  }
}

describe.each(named(withResource))('%s', (_operationId, operation) => {
  it('answers each caller as its policy says, on existing resources', async () => {
    for (const resource of await resourcesOf(operation)) {
      const columns = await columnsOf(operation, resource)
      const called = columns.filter(({ expectation }) => expectation !== letIn || isHarmless(operation))
      const their = async () => (worksOnce.includes(operation.operationId) ? aFreshOne(operation) : resource)
      const cells = called.map(async (column) => cellOf(operation, await their(), column))
      expectAsExpected(await Promise.all(cells))
    }
  })
})

const writes = withResource.filter((operation) => !isHarmless(operation))

describe.each(named(writes))('%s', (operationId, operation) => {
  it('succeeds for each caller whom its policy admits', async () => {
    const cells: [string, Cell][] = []
    let fresh = await aFreshOne(operation)
    const lettingIn = (column: Column) => expectationOf(operation, column) === letIn
    const names = [...common, ...partiesIn(fresh)].filter(lettingIn).map(({ name }) => name)
    expectPartiesPresent(operation, fresh)
    for (const [n, name] of names.entries()) {
      if (n > 0) fresh = await aFreshOne(operation)
      const column = [...common, ...partiesIn(fresh)].find((candidate) => candidate.name === name) as Column
      const [cellName, cell] = await cellOf(operation, fresh, { ...column, expectation: letIn })
      if (!(operationId in letInWithoutSuccess)) cells.push([cellName, cell])
    }
    expectAsExpected(cells)
  })
})

/** Expects each party that the relation names to exist on the fresh resource. */
function expectPartiesPresent(operation: Operation, fresh: Resource): void {
  const { policy } = operation
  if (policy === 'public' || !policy.relation) return
  const { relation } = policy
  const meant = partyNamesOf(operation).filter((party) => isMeant(party, relation))
  expect(Object.keys(fresh.parties)).toEqual(expect.arrayContaining(meant))
}

/** Fields that differ between two reads of the same state. */
const passing = ['downloadUrl', 'uploadUrl', 'lastUsedAt', 'requestId']

/** Reads whose answer changes by itself: with the minute, and with the day. */
const changing = ['bookings.getStartCode', 'invoices.getLink']

/** Reads every resource once, as the first caller whom the policy admits. */
async function snapshotOfWorld(): Promise<Record<string, unknown>> {
  const snapshot: Record<string, unknown> = {}
  for (const operation of withResource.filter((candidate) => isRead(candidate) && !isUpgrade(candidate))) {
    if (operation.policy === 'public' || changing.includes(operation.operationId)) continue
    // A resource that cannot be made fails its own test.
    for (const resource of await resourcesOf(operation).catch(() => [])) {
      const readers = [...partiesIn(resource), ...common]
      const reader = readers.find((column) => expectationOf(operation, column) === letIn)
      const { status, body } = await callOn(operation, resource, reader?.caller.as)
      const shown = Object.entries(body as object).filter(([name]) => !passing.includes(name))
      snapshot[`${operation.operationId}: ${resource.what}`] = { status, ...Object.fromEntries(shown) }
    }
  }
  return snapshot
}

describe('the matrix', () => {
  it('leaves the world unchanged by refused calls', async () => {
    expect(await snapshotOfWorld()).toEqual(before)
  })

  it('has exactly the listed exceptions', () => {
    expect(Object.keys(namedByTheCaller)).toHaveLength(7)
    expect(openToTaskers).toHaveLength(6)
    expect(worksOnce).toHaveLength(1)
    expect(Object.keys(letInWithoutSuccess)).toHaveLength(4)
    expect(Object.keys(exceptions)).toHaveLength(0)
    expect([...met].sort()).toEqual(Object.keys(exceptions).sort())
    const known = all.map(({ operationId }) => operationId)
    for (const operationId of [...Object.keys(namedByTheCaller), ...Object.keys(letInWithoutSuccess)])
      expect(known).toContain(operationId)
  })
})
