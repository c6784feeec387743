import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import type { Answer, Caller } from '../support/api.ts'
import { all, call, callersOf, named, objectFor, parameterNames, rolesOf } from './call.ts'
import { expectAsDeclared, roundTripsIn } from './declared.ts'
import { expectPlanned } from './planned.ts'
import { roundTripsOf } from './round-trips.ts'

/** Callers shared by reads, which leave nothing behind. */
const readers = new Map<string, Promise<(Caller | undefined)[]>>()

function readersOf(operation: Operation): Promise<(Caller | undefined)[]> {
  const roles = rolesOf(operation).join()
  const made = readers.get(roles) ?? callersOf(operation, null)
  readers.set(roles, made)
  return made
}

/** Returns the answers of the operation to every admitted caller. */
async function answersOf(operation: Operation): Promise<Answer<unknown>[]> {
  const object = await objectFor(operation)
  const isShared = operation.method === 'get' && !object
  const callers = isShared ? await readersOf(operation) : await callersOf(operation, object)
  const { params = {}, query = '' } = object ?? {}
  return Promise.all(callers.map((as) => call(operation, { as, params, query })))
}

/** Operations without an address of their own: resource-matrix.test.ts calls the others, with the same demands. */
const unaddressed = all.filter(({ path }) => parameterNames(path).length === 0)

describe.each(named(unaddressed))('%s', (_operationId, operation) => {
  it('answers as declared, within its number of round trips', async () => {
    let succeeded = false
    for (const answer of await answersOf(operation)) {
      expectAsDeclared(operation, answer)
      expect(roundTripsIn(answer.headers)).toBeLessThanOrEqual(roundTripsOf(operation.operationId))
      expectPlanned(operation, answer.headers)
      succeeded ||= answer.status < 300
    }
    const reads = operation.method === 'get' && !operation.problems.includes('upgrade_required')
    if (reads) expect(succeeded, 'nobody could read it').toBe(true)
  })
})
