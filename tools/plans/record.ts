import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation } from '../../src/http/operation.ts'
import type { Caller } from '../../test/support/api.ts'
import { type BenchDatabase, type RoundTrip, withDatabase } from '../bench/database.ts'
import { khidmaWorker, type Workshop, withRuntime } from '../bench/runtime.ts'
import { say } from '../bench/section.ts'
import { type Contract, successesOf } from '../bench/successes.ts'
import { pointAt, standInForWorkers } from '../bench/workers-module.ts'

/** Queues and alarms wait for a second at most. */
const QUIET_MS = 4_000

/**
 * Calls every operation as everyone who may, and returns what the Worker sends meanwhile: for these calls, for those that make
 * their objects, and for the queues and live objects that they set going. Each is the texts of one round trip.
 */
export async function recordStatements(workshop: Workshop): Promise<string[][]> {
  return withDatabase(async (database) => {
    // Unlike that of the helpers of the tests, which write some rows themselves.
    const mark = '?application_name=worker'
    const bindings = { ...database.bindings, ENVIRONMENT: 'development', DATABASE_PLANS: 'off' }
    const worker = khidmaWorker(workshop, {
      bindings: { ...bindings, DATABASE_URL: bindings.DATABASE_URL + mark },
      hasAssets: true,
      hasConsumers: true,
    })
    const roundTrips = await withRuntime([worker], async (runtime) => {
      const origin = await runtime.originOf('khidma')
      pointAt(origin, { ...(await runtime.bindingsOf('khidma')), ...workshop.secrets, ...bindings })
      return callEverything(database)
    })
    return roundTrips
      .filter(({ connection }) => connection.endsWith(mark))
      .map(({ statements }) => statements.map(({ query }) => query))
  })
}

async function callEverything({ recorder }: BenchDatabase): Promise<RoundTrip[]> {
  standInForWorkers()
  const contract = await import('../../test/contract/call.ts')
  const failures: string[] = []
  const { roundTrips } = await recorder.record(async (soFar) => {
    for (const operation of contract.all) {
      // A socket is not opened by a call.
      if (operation.problems.includes('upgrade_required')) continue
      say(operation.operationId)
      await succeed(contract, operation).catch((error: Error) =>
        failures.push(`${operation.operationId}: ${error.message}`),
      )
      await callOtherwise(contract, operation)
    }
    for (let count = -1; count !== soFar.length; await sleep(QUIET_MS)) count = soFar.length
  })
  // Their refusals have functions, their successes are sent as text.
  if (failures.length > 0) say(`Without a success:\n${failures.join('\n')}`)
  return roundTrips
}

async function succeed(contract: Contract, operation: Operation): Promise<void> {
  for (const makeCall of await successesOf(contract, operation)) {
    const call = await makeCall()
    const { status, body } = await call()
    if (status >= 400) throw new Error(`${operation.operationId}: ${status} ${JSON.stringify(body)}`)
  }
}

/**
 * Calls that send other statements for the same operation, whatever they are answered: the example where a ready call took its
 * place, people who read what is public, API keys.
 */
async function callOtherwise(contract: Contract, operation: Operation): Promise<void> {
  const { somebody } = await import('../../test/support/world/object.ts')
  const object = await contract.objectFor(operation)
  const { params = {}, query = '' } = object ?? {}
  const people =
    operation.policy === 'public'
      ? await Promise.all((['client', 'tasker', 'ops', 'admin'] as const).map(somebody))
      : await contract.callersOf(operation, object)
  for (const person of people) {
    await contract.call(operation, { as: person, params, query })
    if (person && operation.policy !== 'public' && operation.policy.scope)
      await contract.call(operation, { as: await keyOf(person), params, query })
  }
}

const keys = new Map<string, Promise<Caller>>()

/** One key for each owner, with all scopes that they can use. */
function keyOf(owner: Caller): Promise<Caller> {
  const made = keys.get(owner.userId) ?? makeKey(owner)
  keys.set(owner.userId, made)
  return made
}

async function makeKey(owner: Caller): Promise<Caller> {
  const { aKey, callerOf, usableScopes } = await import('../../test/areas/people/api-keys/keys.ts')
  return callerOf(await aKey(await usableScopes(owner), { owner }))
}
