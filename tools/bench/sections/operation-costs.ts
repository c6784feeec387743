import { median } from 'simple-statistics'
import type { Operation } from '../../../src/http/operation.ts'
import { type BenchDatabase, withDatabase } from '../database.ts'
import type { ReadyCall } from '../ready-calls.ts'
import { khidmaWorker, type Workshop, withRuntime } from '../runtime.ts'
import { say } from '../section.ts'
import { pointAt, standInForWorkers } from '../workers-module.ts'

export const GOAL_MS = 2

/** Samples that count: plans of functions are settled after the sixth call. */
const LAST = 5

export interface OperationCost {
  operationId: string
  roundTrips: number
  /** Of all round trips of a successful call. */
  cpuMs: number
}

/** Every operation that can be brought to a success, called `times` times; what was not is said and missing. */
export function costOfEveryOperation(workshop: Workshop, times: number): Promise<OperationCost[]> {
  const work = async (database: BenchDatabase) => {
    // In development webhooks may go to this machine, and that is where the contract tests' own go.
    const bindings = { ...database.bindings, ENVIRONMENT: 'development' }
    const worker = khidmaWorker(workshop, { bindings, hasAssets: true })
    return withRuntime([worker], async (runtime) => {
      const origin = await runtime.originOf('khidma')
      pointAt(origin, { ...(await runtime.bindingsOf('khidma')), ...workshop.secrets, ...bindings })
      return measureAll(database, times)
    })
  }
  return withDatabase(work, { connections: 1 })
}

type Contract = typeof import('../../../test/contract/call.ts')

async function measureAll({ recorder }: BenchDatabase, times: number): Promise<OperationCost[]> {
  standInForWorkers()
  const contract = await import('../../../test/contract/call.ts')
  const { readyCalls } = await import('../ready-calls.ts')
  const costs: OperationCost[] = []
  // A socket's answer has no headers of ours.
  for (const operation of contract.all.filter(({ problems }) => !problems.includes('upgrade_required'))) {
    const samples: { roundTrips: number; cpuMs: number }[] = []
    try {
      const makeCall = await successOf(contract, operation, readyCalls[operation.operationId])
      for (let time = 0; time < times; time += 1) {
        const call = await makeCall()
        const { value: answer, roundTrips: recorded } = await recorder.record(call)
        if (answer.status >= 400) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
        const roundTrips = Number(/trips=(\d+)/.exec(answer.headers.get('server-timing') ?? '')?.[1])
        // What follows the answer is no part of it.
        const own = recorded.slice(0, roundTrips)
        samples.push({ roundTrips, cpuMs: own.reduce((sum, { cpuMs }) => sum + cpuMs, 0) })
      }
      const last = samples.slice(-LAST)
      const roundTrips = Math.max(...last.map((sample) => sample.roundTrips))
      costs.push({
        operationId: operation.operationId,
        roundTrips,
        cpuMs: median(last.map(({ cpuMs }) => cpuMs)),
      })
    } catch (error) {
      say(`${operation.operationId}: ${error instanceof Error ? error.message : error}`)
    }
  }
  return costs
}

/** Returns what makes a call of the operation that succeeds: the one of `ready-calls.ts`, or the first caller whom the example serves. */
async function successOf(
  contract: Contract,
  operation: Operation,
  makeReady: (() => Promise<ReadyCall>) | undefined,
): Promise<() => Promise<ReadyCall>> {
  if (makeReady) return makeReady
  const count = (await contract.callersOf(operation, await contract.objectFor(operation))).length
  const by = (index: number) => async () => {
    const object = await contract.objectFor(operation)
    const as = (await contract.callersOf(operation, object))[index]
    const { params = {}, query = '' } = object ?? {}
    return () => contract.call(operation, { as, params, query })
  }
  const refusals: string[] = []
  for (let index = 0; index < count; index += 1) {
    const { status, body } = await (await by(index)())()
    if (status < 400) return by(index)
    refusals.push(`${status} ${(body as { code?: string }).code}`)
  }
  throw new Error(`nobody succeeded: ${refusals.join(', ')}`)
}
