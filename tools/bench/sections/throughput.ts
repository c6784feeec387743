import { median, quantile } from 'simple-statistics'
import { type Child, withChild } from '../child.ts'
import { type BenchDatabase, withDatabase } from '../database.ts'
import {
  CONNECTIONS,
  type HttpWorld,
  headersOf,
  operations,
  planOf,
  prepareHttpWorld,
  takeIds,
} from '../http-world.ts'
import type { LoadPlan, LoadResult } from '../load-process.ts'
import { cpuSeconds } from '../processes.ts'
import { khidmaWorker, plainWorker, type Runtime, type Workshop, withRuntime } from '../runtime.ts'
import type { Script } from '../script.ts'
import { type Operation, recordScripts } from '../script-recorder.ts'
import { type BenchOptions, type Goal, ms, perSecond, type Report, type Section, say } from '../section.ts'

const GOAL = 0.85

export const throughput: Section = { name: 'throughput', run }

interface Volume {
  rounds: number
  requests: number
  warmUp: number
}

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const volume: Volume = quick
    ? { rounds: 2, requests: 640, warmUp: 320 }
    : { rounds: 6, requests: 1_600, warmUp: 1_600 }
  const bookings = (targets.length - 1) * (volume.rounds * volume.requests + volume.warmUp) + 2
  return withDatabase(async (database) => {
    const world = await prepareHttpWorld(database.owner, bookings)
    const scripts = await recordScripts(workshop, database, world)
    const results = await withChild<LoadPlan, LoadResult, Result[]>('load-process.ts', (load) =>
      compare({ workshop, database, world, load }, scripts, volume),
    )
    return { ...report(results, volume), postgres: database.version }
  })
}

const targets = ['khidma', 'bare', 'handing', 'hello'] as const
type Target = (typeof targets)[number]

const names: Record<Target, string> = {
  khidma: 'Khidma',
  bare: 'bare Worker, same SQL',
  handing: 'the same, handing its events to the queue too',
  hello: 'hello world',
}

interface Round extends LoadResult {
  /** CPU time of workerd, in milliseconds a request; null where the system does not tell. */
  cpuMs: number | null
}

interface Result {
  operationId: string
  rounds: Record<Target, Round[]>
}

interface Setting {
  workshop: Workshop
  database: BenchDatabase
  world: HttpWorld
  load: Child<LoadPlan, LoadResult>
}

async function compare(setting: Setting, scripts: Record<string, Script>, volume: Volume): Promise<Result[]> {
  const { workshop, database } = setting
  const bindings = { ...database.bindings, SCRIPTS: scripts as never }
  const workers = [
    khidmaWorker(workshop, { bindings: database.bindings }),
    plainWorker('bare', workshop.bundles.bare, { bindings }),
    plainWorker('handing', workshop.bundles.bare, {
      bindings,
      queueProducers: { EVENTS: { queueName: 'khidma-events' } },
    }),
    plainWorker('hello', workshop.bundles.hello),
  ]
  return withRuntime(workers, async (runtime) => {
    const results: Result[] = []
    for (const operation of operations) {
      await database.owner.query('checkpoint')
      results.push(await compareOne(setting, runtime, operation, volume))
    }
    return results
  })
}

async function compareOne(
  { workshop, world, load }: Setting,
  runtime: Runtime,
  operation: Operation,
  { rounds, requests, warmUp }: Volume,
): Promise<Result> {
  const headers = await headersOf(world, workshop.secrets)
  const result: Result = {
    operationId: operation.operationId,
    rounds: { khidma: [], bare: [], handing: [], hello: [] },
  }
  const round = async (target: Target, count: number): Promise<Round> => {
    const ids = (client: number) =>
      target === 'hello' ? [] : takeIds(world, operation, client, count / CONNECTIONS)
    const plan = planOf(await runtime.originOf(target), operation, headers, ids, count)
    if (target === 'hello') plan.expectedStatus = 200
    const [before, measured, after] = [cpuSeconds(runtime.pid), await load.run(plan), cpuSeconds(runtime.pid)]
    const cpuMs = before === null || after === null ? null : ((after - before) * 1000) / count
    return { ...measured, cpuMs }
  }
  for (const target of targets) await round(target, warmUp)
  for (let index = 0; index < rounds; index += 1) {
    // The target that goes first changes, so that neither always has the warmer database.
    const order = index % 2 === 0 ? targets : targets.toReversed()
    for (const target of order) result.rounds[target].push(await round(target, requests))
    say(
      `${operation.operationId} ${order.map((target) => `${target} ${rateText(result, target)}`).join(', ')}`,
    )
  }
  return result
}

const rateOf = ({ latencies, seconds }: LoadResult): number => latencies.length / seconds
const rateText = ({ rounds }: Result, target: Target) =>
  `${perSecond(rateOf(rounds[target].at(-1) as Round))}/s`

function cpuText(rounds: Round[]): string {
  const known = rounds.map(({ cpuMs }) => cpuMs).filter((cpuMs) => cpuMs !== null)
  return known.length === 0 ? '' : ms(median(known))
}

function report(results: Result[], { rounds, requests }: Volume): Report {
  const rows: (string | number)[][] = []
  const goals: Goal[] = []
  for (const { operationId, rounds: measured } of results) {
    const ratiosTo = (other: Target) =>
      measured.khidma.map((ours, index) => rateOf(ours) / rateOf(measured[other][index] as Round))
    const ratios = ratiosTo('bare')
    for (const target of targets) {
      const latencies = measured[target].flatMap((round) => round.latencies)
      rows.push([
        operationId,
        names[target],
        perSecond(median(measured[target].map(rateOf))),
        ms(quantile(latencies, 0.5)),
        ms(quantile(latencies, 0.99)),
        cpuText(measured[target]),
        target === 'khidma' || target === 'hello' ? '' : median(ratiosTo(target)).toFixed(2),
      ])
    }
    goals.push({
      what: `${operationId} against the bare Worker`,
      goal: `≥ ${GOAL}`,
      figure: `${median(ratios).toFixed(2)} (rounds ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
      met: median(ratios) >= GOAL,
    })
  }
  return {
    title: 'Throughput',
    method: [
      `${CONNECTIONS} keep-alive connections, each a caller of its own with the next request as soon as the last is answered, from a`,
      'process of its own. The Worker (production bundle), a bare Worker that sends the very same recorded SQL through the same driver',
      'and a hello world run in one workerd process, each behind a direct socket; Postgres commits to disk, behind the local Neon endpoint.',
      `${rounds} rounds of ${perSecond(requests)} requests each, taking turns; requests/s and ratio are medians over the rounds, latencies of all.`,
      'Queues have no consumer here: those run in isolates of their own. But the local stand-in of the queue takes its messages in the',
      'same process; what that costs shows in the bare Worker that hands its events over as well.',
    ].join('\n'),
    tables: [
      {
        columns: [
          'operation',
          'Worker',
          'requests/s',
          'p50',
          'p99',
          'workerd CPU a request',
          'Khidma / this',
        ],
        rows,
      },
    ],
    goals,
  }
}
