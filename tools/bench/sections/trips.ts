import type { Operation } from '../../../src/http/operation.ts'
import { type BenchDatabase, withDatabase } from '../database.ts'
import type { ReadyCall } from '../ready-calls.ts'
import { khidmaWorker, withRuntime } from '../runtime.ts'
import { type BenchOptions, type Report, type Section, say } from '../section.ts'
import { BenchSocket } from '../socket.ts'
import { pointAt, standInForWorkers } from '../workers-module.ts'

export const trips: Section = { name: 'trips', run }

interface Measured {
  operation: Operation
  /** The most of all answers; null where none came. */
  trips: number | null
  /** Status of the best answer. */
  status: number
}

async function run({ workshop }: BenchOptions): Promise<Report> {
  return withDatabase(async (database) => {
    // In development webhooks may go to this machine, and that is where the contract tests' own go.
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
  const { readyCalls } = await import('../ready-calls.ts')
  const all: Measured[] = []
  for (const operation of contract.all) {
    const measured: Measured = { operation, trips: null, status: 599 }
    try {
      if (operation.problems.includes('upgrade_required')) {
        await takeUpgrade(measured, contract, database, origin)
      } else {
        for await (const call of callsOf(contract, operation, readyCalls[operation.operationId])) {
          await take(measured, call)
        }
      }
    } catch (error) {
      say(`${operation.operationId}: ${error instanceof Error ? error.message : error}`)
    }
    if (measured.status >= 400) say(`${operation.operationId} answered ${measured.status}`)
    all.push(measured)
  }
  return all
}

/** By everybody who may call it, each on a fresh object. */
async function* callsOf(
  contract: Contract,
  operation: Operation,
  makeReady: (() => Promise<ReadyCall>) | undefined,
): AsyncGenerator<ReadyCall> {
  if (makeReady) yield await makeReady()
  const count = (await contract.callersOf(operation, await contract.objectFor(operation))).length
  for (let index = 0; index < count; index += 1) {
    const object = await contract.objectFor(operation)
    const as = (await contract.callersOf(operation, object))[index]
    const { params = {}, query = '' } = object ?? {}
    yield () => contract.call(operation, { as, params, query })
  }
}

async function take(measured: Measured, call: ReadyCall): Promise<void> {
  const { status, headers } = await call()
  const trips = Number(/trips=(\d+)/.exec(headers.get('server-timing') ?? '')?.[1])
  if (Number.isFinite(trips)) measured.trips = Math.max(measured.trips ?? 0, trips)
  measured.status = Math.min(measured.status, status)
}

/** The response of an upgrade carries no headers of ours: the trips are counted where they arrive. */
async function takeUpgrade(
  measured: Measured,
  contract: Contract,
  database: BenchDatabase,
  origin: string,
): Promise<void> {
  const object = await contract.objectFor(measured.operation)
  const [caller] = await contract.callersOf(measured.operation, object)
  const path = measured.operation.path.replace(
    /\{(\w+)\}/g,
    (_match, name: string) => object?.params[name] ?? '',
  )
  const { trips } = await database.recorder.record(async () => {
    const socket = await BenchSocket.open(origin, path, caller?.accessToken ?? '')
    socket.close()
  })
  measured.trips = trips.length
  measured.status = 101
}

function report(all: Measured[]): Report {
  const over = all.filter(({ trips }) => (trips ?? 0) > 1)
  const unknown = all.filter(({ trips, status }) => trips === null || status >= 400)
  const names = (list: Measured[]) =>
    list.map(({ operation }) => `\`${operation.operationId}\``).join(' ') || '—'
  const tags = [...new Set(all.map(({ operation }) => operation.tag))]
  const rows = tags.map((tag) => {
    const own = all.filter(({ operation }) => operation.tag === tag)
    const withTrips = (isWanted: (trips: number) => boolean) =>
      names(own.filter(({ trips }) => trips !== null && isWanted(trips)))
    return [
      tag,
      withTrips((trips) => trips === 0),
      withTrips((trips) => trips === 1),
      withTrips((trips) => trips > 1),
    ]
  })
  return {
    title: 'Trips to the database',
    method: [
      'Every operation of the spec, called by everybody who may call it: with the example body on the objects of the contract tests, or,',
      'where that cannot succeed, with what it needs. Shown is the most of all answers, from `Server-Timing`; each was measured on a success.',
      'Upgrades, whose answer has no headers of ours, are counted where they arrive, the first look of the object included.',
    ].join('\n'),
    tables: [{ columns: ['', 'none', 'one', 'more'], rows }],
    goals: [
      {
        what: `trips of each of ${all.length} operations`,
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
