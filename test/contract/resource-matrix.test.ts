import { beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import type { Answer, Caller } from '../support/api.ts'
import { somebody } from '../support/world.ts'
import { all, call, named, objectFor, parameterNames } from './call.ts'
import { expectAsDeclared, tripsOf } from './declared.ts'
import {
  aFace,
  anExpired,
  aSupporter,
  type Face,
  faceOf,
  isUpgrade,
  keyWithoutScope,
  nobody,
  refusalOf,
  refusesAnEndedSession,
  upgradeHeaders,
} from './faces.ts'
import { isMeant, openWorld, type Party, partiesOf, partyNamesOf, type Resource } from './resources.ts'
import { roundTripsOf } from './round-trips.ts'

/**
 * Every operation on something that exists, for everybody who has a part in it and for those who have none. What is
 * expected follows from the policy, and from the words in which it says what the caller must be to the thing.
 *
 * Who is refused changes nothing, so that all of them call on one shared world, which afterwards stands as it stood. So do
 * reads. Who is let in to write does so on a fresh thing of their own, in the state that the operation wants.
 */
const withResource = all.filter(({ path }) => parameterNames(path).length > 0)

/**
 * Open to every user with no relation to the thing, as its name in the path is the caller's own choice: what they do is
 * done to themselves. This list may only shrink.
 */
const namedByTheCaller: Record<string, string> = {
  'devices.register': 'a phone names itself; the row is found by user and name',
  'me.grantConsent': 'the name is one of ours; who agrees, agrees for themselves',
  'me.addFavourite': "a tasker is everybody's to see; the list is the caller's own",
}

/** Let in, where the call has no success to show for it. This list may only shrink. */
const letInWithoutSuccess: Record<string, string> = {
  'media.upload': 'the bytes are not sent here: test/areas/platform/media',
}

/** Cells that answer otherwise than the policy says, with the reason. This list may only shrink. */
const exceptions: Record<string, { seen: string; reason: string }> = {}

type Standing = 'stranger' | { party: Party; isRevoked?: true }
interface Column {
  name: string
  face: Face
  standing: Standing
}

let resourcesOf: Awaited<ReturnType<typeof openWorld>>
let before: Record<string, unknown>
let common: Column[]
beforeAll(async () => {
  resourcesOf = await openWorld()
  common = await strangers()
  before = await theWorldAsItStands()
})

/** Lists callers who have nothing to do with anything that exists. */
async function strangers(): Promise<Column[]> {
  const faces: Record<string, Face> = {
    nobody,
    'an expired token': await anExpired(),
    'a client who is a stranger': await aFace('client'),
    'a tasker who is a stranger': faceOf(await somebody('tasker')),
    support: await aSupporter(),
    ops: await aFace('ops'),
    admin: await aFace('admin'),
  }
  return Object.entries(faces).map(([name, face]) => ({ name, face, standing: 'stranger' }))
}

const partiesIn = ({ parties }: Resource): Column[] =>
  (Object.entries(parties) as [Party, Caller][]).map(([party, as]) => ({
    name: `its ${party}`,
    face: faceOf(as),
    standing: { party },
  }))

const revokedIn = ({ revoked }: Resource): Column[] =>
  revoked
    ? [
        {
          name: 'its client by a revoked session',
          face: faceOf(revoked),
          standing: { party: 'client', isRevoked: true },
        },
      ]
    : []

/** Everybody for whom there is an answer; whoever is let in, with a machine of theirs that lacks the scope. */
async function columnsOf(
  operation: Operation,
  resource: Resource,
): Promise<(Column & { expectation: string })[]> {
  const outsiders = Object.entries(resource.outsiders ?? {})
  // Once they have named something so themselves, they are no strangers to it.
  const others = operation.operationId in namedByTheCaller ? await strangers() : common
  const people: Column[] = [
    ...others,
    ...partiesIn(resource),
    ...revokedIn(resource),
    ...outsiders.map(([name, as]): Column => ({ name, face: faceOf(as), standing: 'stranger' })),
  ]
  const owners = people.filter(
    (column) =>
      column.face.caller &&
      operation.policy !== 'public' &&
      column.face.caller !== resource.revoked &&
      expectationOf(operation, column) === letIn,
  )
  const machines = owners.map(
    async ({ name, face, standing }): Promise<Column> => ({
      name: `a key without the scope, of ${name}`,
      face: await keyWithoutScope(operation, face.caller as Caller),
      standing,
    }),
  )
  const columns = [...people, ...(await Promise.all(machines))]
  return columns.map((column) => ({ ...column, expectation: expectationOf(operation, column) }))
}

const letIn = 'let in'
/** It is known to be there, and not theirs to do. */
const notTheirs = '403 forbidden'

function expectationOf(operation: Operation, { face, standing }: Column): string {
  const refusal = refusalOf(operation, face)
  if (refusal) return refusal
  const { policy, operationId, problems } = operation
  if (policy === 'public' || operationId in namedByTheCaller) return letIn
  const isStaffs = policy.permission && (!policy.relation || policy.relation.orStaff)
  if (isStaffs && (face.role === 'ops' || face.role === 'admin')) return letIn
  if (!policy.relation) return `${operationId} lets ${face.role} in, and must say what they are to the thing`
  if (standing !== 'stranger' && standing.isRevoked && refusesAnEndedSession(operation))
    return '401 session_ended'
  if (standing !== 'stranger') return isMeant(standing.party, policy.relation) ? letIn : notTheirs
  // The role is wrong in fact, whatever the token still says.
  return face.role === 'client' && problems.includes('not_a_tasker') ? '403 not_a_tasker' : '404 not_found'
}

/** The answer in the words of the expectation, where it meets it; otherwise in its own. */
function asExpected(expectation: string, { status, body }: Answer<unknown>): string {
  if (expectation === letIn && status < 300) return letIn
  const { code } = (body ?? {}) as { code?: string }
  return code ? `${status} ${code}` : String(status)
}

const isRead = ({ method }: Operation) => method === 'get'
const isHarmless = (operation: Operation) => isRead(operation) || operation.operationId in namedByTheCaller

const callOn = (
  operation: Operation,
  { params, query = '' }: Pick<Resource, 'params' | 'query'>,
  as: Caller | undefined,
) => call(operation, { as, params, query, headers: isUpgrade(operation) ? upgradeHeaders : {} })

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
  const answer = await callOn(operation, resource, column.face.caller)
  if (answer.status !== 101) {
    expectAsDeclared(operation, answer)
    expect(tripsOf(answer.headers), name).toBeLessThanOrEqual(
      refusalOf(operation, column.face) ? 0 : roundTripsOf(operation.operationId),
    )
  }
  const expected = exceptions[name]?.seen ?? column.expectation
  if (name in exceptions) met.add(name)
  return [name, { seen: asExpected(expected, answer), expected }]
}

function expectAsExpected(cells: [string, Cell][]): void {
  const table = (of: keyof Cell) => Object.fromEntries(cells.map(([name, cell]) => [name, cell[of]]))
  expect(table('seen')).toEqual(table('expected'))
}

describe.each(named(withResource))('%s', (_operationId, operation) => {
  it('answers everybody as its policy says, of what exists', async () => {
    for (const resource of await resourcesOf(operation)) {
      const columns = await columnsOf(operation, resource)
      const called = columns.filter(({ expectation }) => expectation !== letIn || isHarmless(operation))
      expectAsExpected(await Promise.all(called.map((column) => cellOf(operation, resource, column))))
    }
  })
})

const writes = withResource.filter((operation) => !isHarmless(operation))

describe.each(named(writes))('%s', (operationId, operation) => {
  it('is done by those whom its policy lets in', async () => {
    const cells: [string, Cell][] = []
    let object = await objectFor(operation)
    const resource = (): Resource => ({
      what: 'a fresh one',
      params: object?.params ?? {},
      query: object?.query ?? '',
      parties: object ? Object.fromEntries(partiesOf(operation, object)) : {},
    })
    const lettingIn = (column: Column) => expectationOf(operation, column) === letIn
    const names = [...common, ...partiesIn(resource())].filter(lettingIn).map(({ name }) => name)
    expectEverybodyThere(operation, resource())
    for (const [n, name] of names.entries()) {
      if (n > 0) object = await objectFor(operation)
      const fresh = resource()
      const column = [...common, ...partiesIn(fresh)].find((candidate) => candidate.name === name) as Column
      const [cellName, cell] = await cellOf(operation, fresh, { ...column, expectation: letIn })
      if (!(operationId in letInWithoutSuccess)) cells.push([cellName, cell])
    }
    expectAsExpected(cells)
  })
})

/** Expects that everybody whom the relation means is among those who have a part in the fresh thing. */
function expectEverybodyThere(operation: Operation, fresh: Resource): void {
  const { policy } = operation
  if (policy === 'public' || !policy.relation) return
  const { relation } = policy
  const meant = partyNamesOf(operation).filter((party) => isMeant(party, relation))
  expect(Object.keys(fresh.parties)).toEqual(expect.arrayContaining(meant))
}

/** Fields that pass or are signed anew with every read. */
const passing = ['downloadUrl', 'uploadUrl', 'lastUsedAt']

/** Everything that can be read by its address, as the first who may sees it. */
async function theWorldAsItStands(): Promise<Record<string, unknown>> {
  const stands: Record<string, unknown> = {}
  for (const operation of withResource.filter((candidate) => isRead(candidate) && !isUpgrade(candidate))) {
    if (operation.policy === 'public') continue
    // One that cannot be made fails its own test.
    for (const resource of await resourcesOf(operation).catch(() => [])) {
      const readers = [...partiesIn(resource), ...common]
      const reader = readers.find((column) => expectationOf(operation, column) === letIn)
      const { status, body } = await callOn(operation, resource, reader?.face.caller)
      const shown = Object.entries(body as object).filter(([name]) => !passing.includes(name))
      stands[`${operation.operationId}: ${resource.what}`] = { status, ...Object.fromEntries(shown) }
    }
  }
  return stands
}

describe('the matrix', () => {
  it('has changed nothing by all that was refused', async () => {
    expect(await theWorldAsItStands()).toEqual(before)
  })

  it('has no more exceptions than these', () => {
    expect(Object.keys(namedByTheCaller)).toHaveLength(3)
    expect(Object.keys(letInWithoutSuccess)).toHaveLength(1)
    expect(Object.keys(exceptions)).toHaveLength(0)
    expect([...met].sort()).toEqual(Object.keys(exceptions).sort())
    const known = all.map(({ operationId }) => operationId)
    for (const operationId of [...Object.keys(namedByTheCaller), ...Object.keys(letInWithoutSuccess)])
      expect(known).toContain(operationId)
  })
})
