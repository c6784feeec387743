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
import type { ProxyPlan, ProxyResult } from '../peers/delay-proxy.ts'
import type { ServerPlan, ServerResult } from '../peers/server.ts'
import { khidmaWorker, type Workshop, withRuntime } from '../runtime.ts'
import type { Operation } from '../script-recorder.ts'
import {
  type BenchOptions,
  type Goal,
  ms,
  perSecond,
  type Report,
  ranged,
  type Section,
  say,
} from '../section.ts'

export const peers: Section = { name: 'peers', run }

const DISTANCES_MS = [0, 30, 80]
/** Far from the database a caller mostly waits: one at a time shows it, however busy the machine is. */
const FAR_CALLERS = 1
const GOALS = { write: 0.8, read: 0.5, farWrite: 5 }

interface Volume {
  rounds: number
  reads: number
  writes: number
  far: number
}

interface Round extends LoadResult {
  rate: number
  p50: number
}

interface Result {
  operation: Operation
  distanceMs: number
  khidma: Round[]
  peer: Round[]
}

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const volume: Volume = quick
    ? { rounds: 2, reads: 320, writes: 320, far: 5 }
    : { rounds: 6, reads: 3_200, writes: 1_280, far: 16 }
  const { rounds, writes, far } = volume
  // Both sides confirm bookings of the same ids, each in its own database, and a warm-up is a round. Far rounds take all of theirs
  // from one caller, who comes round again.
  const allRounds = 2 * (rounds + 1)
  const farRoundsOfOne =
    DISTANCES_MS.filter((distance) => distance > 0).length * Math.ceil(allRounds / CONNECTIONS)
  const bookings = allRounds * writes + CONNECTIONS * farRoundsOfOne * far
  return withDatabase(async (database) => {
    const world = await prepareHttpWorld(database.owner, bookings)
    const plainUrl = await database.copyWithoutTriggers()
    const results: Result[] = []
    for (const distanceMs of DISTANCES_MS) {
      results.push(...(await atDistance(distanceMs, { workshop, database, world, plainUrl, volume })))
    }
    return { ...report(results, volume), postgres: database.version }
  })
}

interface Setting {
  workshop: Workshop
  database: BenchDatabase
  world: HttpWorld
  plainUrl: string
  volume: Volume
}

/** Both servers run side by side and take turns; what is far is the database, not the caller. */
async function atDistance(distanceMs: number, setting: Setting): Promise<Result[]> {
  const { workshop, database, plainUrl } = setting
  const urls = { endpoint: database.bindings.DATABASE_HTTP, postgres: plainUrl }
  return withChild<ProxyPlan, ProxyResult, Result[]>('peers/delay-proxy.ts', async (proxy) => {
    const { endpoint, postgres } = distanceMs === 0 ? urls : await movedAway(proxy, urls, distanceMs)
    const bindings = { ...database.bindings, DATABASE_HTTP: endpoint }
    return withRuntime([khidmaWorker(workshop, { bindings })], (runtime) =>
      withChild<ServerPlan, ServerResult, Result[]>('peers/server.ts', async (server) => {
        const { SIGNING_KEYS: signingKeys } = workshop.secrets
        const { origin } = await server.run({ databaseUrl: postgres, signingKeys, poolSize: CONNECTIONS })
        const origins = { khidma: await runtime.originOf('khidma'), peer: origin }
        return withChild<LoadPlan, LoadResult, Result[]>('load-process.ts', async (load) => {
          const results: Result[] = []
          for (const operation of operations) {
            await database.owner.query('checkpoint')
            results.push(await compare(operation, distanceMs, origins, load, setting))
          }
          return results
        })
      }),
    )
  })
}

async function movedAway(
  proxy: Child<ProxyPlan, ProxyResult>,
  urls: { endpoint: string; postgres: string },
  roundTripMs: number,
): Promise<{ endpoint: string; postgres: string }> {
  const all = [new URL(urls.endpoint), new URL(urls.postgres)] as const
  const targets = all.map(({ hostname, port }) => ({ host: hostname, port: Number(port) }))
  const { ports } = await proxy.run({ targets, roundTripMs })
  for (const [index, url] of all.entries())
    Object.assign(url, { hostname: '127.0.0.1', port: String(ports[index]) })
  return { endpoint: all[0].href, postgres: all[1].href }
}

async function compare(
  operation: Operation,
  distanceMs: number,
  origins: { khidma: string; peer: string },
  load: Child<LoadPlan, LoadResult>,
  { workshop, world, volume }: Setting,
): Promise<Result> {
  const headers = await headersOf(world, workshop.secrets)
  const callers = distanceMs === 0 ? CONNECTIONS : FAR_CALLERS
  const near = operation.method === 'GET' ? volume.reads : volume.writes
  const count = distanceMs === 0 ? near : volume.far
  const result: Result = { operation, distanceMs, khidma: [], peer: [] }
  let from = 0
  const round = async (side: 'khidma' | 'peer'): Promise<Round> => {
    const ids = (client: number) => takeIds(world, operation, from + client, count / callers)
    const plan = planOf(origins[side], operation, headers.slice(from, from + callers), ids, count)
    // Each round by the next ones, so that nobody runs out of bookings.
    from = (from + callers) % CONNECTIONS
    const measured = await load.run(plan)
    const rate = measured.latencies.length / measured.seconds
    return { ...measured, rate, p50: median(measured.latencies) }
  }
  for (const side of ['khidma', 'peer'] as const) await round(side)
  for (let index = 0; index < volume.rounds; index += 1) {
    const order = index % 2 === 0 ? (['khidma', 'peer'] as const) : (['peer', 'khidma'] as const)
    for (const side of order) result[side].push(await round(side))
    const [ours, theirs] = [result.khidma.at(-1), result.peer.at(-1)]
    say(
      `${operation.operationId} at ${distanceMs} ms: ${perSecond(ours?.rate ?? 0)}/s and ${perSecond(theirs?.rate ?? 0)}/s`,
    )
  }
  return result
}

const ratesOf = ({ khidma, peer }: Result) =>
  khidma.map(({ rate }, index) => rate / (peer[index]?.rate ?? Number.NaN))
/** Times as fast: their median time by ours. */
const speedsOf = ({ khidma, peer }: Result) =>
  khidma.map(({ p50 }, index) => (peer[index]?.p50 ?? Number.NaN) / p50)

function report(results: Result[], { rounds, reads, writes, far }: Volume): Report {
  const rows = results.flatMap((result) =>
    (['khidma', 'peer'] as const).map((side) => {
      const latencies = result[side].flatMap((round) => round.latencies)
      return [
        result.operation.operationId,
        `${result.distanceMs} ms`,
        side === 'khidma' ? 'Khidma' : 'Fastify + pg',
        perSecond(median(result[side].map(({ rate }) => rate))),
        ms(median(latencies)),
        ms(quantile(latencies, 0.99)),
        side === 'peer' ? ranged(ratesOf(result)) : '',
        side === 'peer' ? ranged(speedsOf(result)) : '',
      ]
    }),
  )
  return {
    title: 'Side by side with a lean application',
    method: [
      '`tools/bench/peers/`: Fastify and `pg` with named prepared statements and a pool of 32, beside the Worker (production bundle, its',
      'hand-over of events to the queue included) behind the local Neon endpoint. The same Postgres; the application in a copy of our',
      'database without triggers, where it writes the same rows itself. Both check the access token. In its favour: no look at session and',
      'account, no rate limit, no idempotency key, no hand-over to a queue, and no rule that holds for a second path.',
      `At no distance ${CONNECTIONS} callers, each with the next request as soon as the last is answered; ${rounds} rounds in turns of ${perSecond(reads)} reads or`,
      `${perSecond(writes)} writes. At 30 and 80 ms a TCP proxy holds every byte back for half of it each way, before the Neon endpoint for us, before`,
      `Postgres for the application; one caller, ${far} requests a round. Requests/s are medians of rounds, times those of all requests; ratios`,
      'round by round with their range.',
      '',
      'A team that puts its application beside its database pays the distance once too, between its user and itself: there the first rows',
      'hold, and it is ahead. The others hold where code runs at the edge or in another region than the data.',
    ].join('\n'),
    tables: [
      {
        columns: [
          'operation',
          'to the database',
          '',
          'requests/s',
          'p50',
          'p99',
          'Khidma / this: requests/s',
          'times as fast',
        ],
        rows,
      },
    ],
    goals: results.flatMap(goalsOf),
  }
}

function goalsOf(result: Result): Goal[] {
  const { operation, distanceMs } = result
  const isRead = operation.method === 'GET'
  const at = `${operation.operationId} at ${distanceMs} ms`
  if (distanceMs === 0) {
    const goal = isRead ? GOALS.read : GOALS.write
    const rates = ratesOf(result)
    return [
      { what: `${at}: requests/s`, goal: `≥ ${goal}`, figure: ranged(rates), met: median(rates) >= goal },
    ]
  }
  if (distanceMs !== 30 || isRead) return []
  const speeds = speedsOf(result)
  const met = median(speeds) >= GOALS.farWrite
  return [{ what: `${at}: times as fast`, goal: `≥ ${GOALS.farWrite}`, figure: ranged(speeds), met }]
}
