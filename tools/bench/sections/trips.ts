import type { Operation } from '../../../src/http/operation.ts'
import { type BenchDatabase, withDatabase } from '../database.ts'
import { khidmaWorker, withRuntime } from '../runtime.ts'
import { type BenchOptions, type Report, type Section, say } from '../section.ts'
import { BenchSocket } from '../socket.ts'
import { pointAt, standInForWorkers } from '../workers-module.ts'

export const trips: Section = { name: 'trips', run }

interface Measured {
  operation: Operation
  /** The most of all answers; null where none came. */
  trips: number | null
  /** Of the best answer. */
  status: number
}

async function run({ workshop }: BenchOptions): Promise<Report> {
  return withDatabase(async (database) => {
    const bindings = { ...database.bindings, ENVIRONMENT: 'development' }
    const worker = khidmaWorker(workshop, { bindings, hasAssets: true })
    const measured = await withRuntime([worker], async (runtime) => {
      const origin = await runtime.originOf('khidma')
      pointAt(origin, { ...(await runtime.bindingsOf('khidma')), ...workshop.secrets, ...bindings })
      return measureAll(database, origin)
    })
    return { ...report(measured), postgres: database.version }
  })
}

type Contract = typeof import('../../../test/contract/call.ts')

async function measureAll(database: BenchDatabase, origin: string): Promise<Measured[]> {
  standInForWorkers()
  const contract = await import('../../../test/contract/call.ts')
  const measured: Measured[] = []
  for (const operation of contract.all) {
    measured.push(await measure(contract, database, origin, operation))
  }
  const failed = measured.filter(({ status }) => status >= 400)
  say(`${measured.length} operations, ${measured.length - failed.length} with success`)
  for (const { operation, status } of failed) say(`${operation.operationId} answered ${status}`)
  return measured
}

async function measure(
  contract: Contract,
  database: BenchDatabase,
  origin: string,
  operation: Operation,
): Promise<Measured> {
  try {
    return operation.problems.includes('upgrade_required')
      ? await measureUpgrade(contract, database, origin, operation)
      : await measureCalls(contract, operation)
  } catch (error) {
    say(`${operation.operationId}: ${error instanceof Error ? error.message : error}`)
    return { operation, trips: null, status: 599 }
  }
}

/** As everybody who may call it, each on a fresh object: the most trips of all answers. */
async function measureCalls(contract: Contract, operation: Operation): Promise<Measured> {
  const measured: Measured = { operation, trips: null, status: 599 }
  const count = (await contract.callersOf(operation, await contract.objectFor(operation))).length
  for (let index = 0; index < count; index += 1) {
    const object = await contract.objectFor(operation)
    const as = (await contract.callersOf(operation, object))[index]
    const { status, headers } = await contract.call(operation, { as, params: object?.params ?? {} })
    const found = Number(/trips=(\d+)/.exec(headers.get('server-timing') ?? '')?.[1])
    if (Number.isFinite(found)) measured.trips = Math.max(measured.trips ?? 0, found)
    measured.status = Math.min(measured.status, status)
  }
  return measured
}

/** The response of an upgrade carries no headers of ours: the trips are counted where they arrive. */
async function measureUpgrade(
  contract: Contract,
  database: BenchDatabase,
  origin: string,
  operation: Operation,
): Promise<Measured> {
  const object = await contract.objectFor(operation)
  const [caller] = await contract.callersOf(operation, object)
  const path = operation.path.replace(/\{(\w+)\}/g, (_match, name: string) => object?.params[name] ?? '')
  const { trips } = await database.recorder.record(async () => {
    const socket = await BenchSocket.open(origin, path, caller?.accessToken ?? '')
    socket.close()
  })
  return { operation, trips: trips.length, status: 101 }
}

function report(measured: Measured[]): Report {
  const over = measured.filter(({ trips }) => (trips ?? 0) > 1)
  const unknown = measured.filter(({ trips, status }) => trips === null || status >= 400)
  const names = (list: Measured[]) => list.map(({ operation }) => operation.operationId).join(', ')
  return {
    title: 'Trips to the database',
    method: [
      'Every operation of the spec, called as everybody who may call it with its example body on an object that stands ready; the most',
      'trips of all answers, from `Server-Timing`. Upgrades, whose answer has no headers of ours, are counted at the database.',
    ].join('\n'),
    tables: [
      {
        columns: ['trips', 'operations'],
        rows: [0, 1, 2].map((trips) => [
          trips === 2 ? '2 or more' : trips,
          names(measured.filter((entry) => Math.min(entry.trips ?? 0, 2) === trips)) || '—',
        ]),
      },
    ],
    goals: [
      {
        what: `trips of each of ${measured.length} operations`,
        goal: '≤ 1',
        figure: over.length === 0 ? '≤ 1' : `above: ${names(over)}`,
        met: over.length === 0,
      },
      {
        what: 'operations measured on a success',
        goal: 'all',
        figure: unknown.length === 0 ? 'all' : `all but ${names(unknown)}`,
        met: unknown.length === 0,
      },
    ],
  }
}
