import type { Operation } from '../../src/http/operation.ts'
import { type BenchDatabase, withDatabase } from '../bench/database.ts'
import { khidmaWorker, type Workshop, withRuntime } from '../bench/runtime.ts'
import { successesOf } from '../bench/successes.ts'
import { pointAt, standInForWorkers } from '../bench/workers-module.ts'
import type { Statements } from './sql.ts'

/** Calls each operation as everyone who may, and returns what the Worker sends for it, each text once. */
export function recordStatements(workshop: Workshop, operationIds: readonly string[]): Promise<Statements[]> {
  const work = async (database: BenchDatabase) => {
    const bindings = { ...database.bindings, ENVIRONMENT: 'development', DATABASE_PLANS: 'off' }
    const worker = khidmaWorker(workshop, { bindings, hasAssets: true })
    return withRuntime([worker], async (runtime) => {
      const origin = await runtime.originOf('khidma')
      pointAt(origin, { ...(await runtime.bindingsOf('khidma')), ...workshop.secrets, ...bindings })
      return recordAll(database, operationIds)
    })
  }
  return withDatabase(work, { connections: 1 })
}

async function recordAll(
  { recorder }: BenchDatabase,
  operationIds: readonly string[],
): Promise<Statements[]> {
  standInForWorkers()
  const contract = await import('../../test/contract/call.ts')
  const recorded: Statements[] = []
  for (const operationId of operationIds) {
    const operation: Operation | undefined = contract.all.find((each) => each.operationId === operationId)
    if (!operation) throw new Error(`There is no operation ${operationId}.`)
    for (const makeCall of await successesOf(contract, operation)) {
      const call = await makeCall()
      const { value: answer, roundTrips } = await recorder.record(call)
      if (answer.status >= 400)
        throw new Error(`${operationId}: ${answer.status} ${JSON.stringify(answer.body)}`)
      const own = Number(/trips=(\d+)/.exec(answer.headers.get('server-timing') ?? '')?.[1])
      for (const { statements } of roundTrips.slice(0, own))
        recorded.push({ operationId, texts: statements.map(({ query }) => query) })
    }
  }
  return recorded
}
