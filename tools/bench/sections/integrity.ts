import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { median } from 'simple-statistics'
import { newId } from '../../../src/core/ids.ts'
import { postgresBackend } from '../../neon-local/postgres.ts'
import { type BenchDatabase, backendOf, connectTo, cpuAtRestMs, withDatabase } from '../database.ts'
import { CONNECTIONS, type HttpWorld, newTask, prepareHttpWorld } from '../http-world.ts'
import { type Caller, confirmBooking, createTask, getTask } from '../peers/application.ts'
import { fillIn, type Script } from '../script.ts'
import { recordScripts } from '../script-recorder.ts'
import {
  type BenchOptions,
  type Goal,
  type Report,
  ranged,
  type Section,
  say,
  type Table,
} from '../section.ts'
import { type Costs, costGoal, costOfEveryOperation, costTable, memoryText } from './operation-costs.ts'

export const integrity: Section = { name: 'integrity', run }

/** One way to do an operation. */
interface Variant {
  name: string
  /** The one backend that serves it. */
  pid(): Promise<number>
  call(): Promise<unknown>
}

interface Contest {
  operationId: string
  /** Figures of one round. */
  calls: number
  /** As it is first. */
  variants: Variant[]
  goal: { against: number; factor: number }
}

type Result = Contest & { rounds: number[][] }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const [rounds, writes, reads] = quick ? [2, 20, 40] : [12, 80, 300]
  const { results, version } = await withDatabase(async (database) => {
    const bookings = 3 * (rounds * (writes + WARM_UP) + WARM_UP + 1) + 2
    const world = await prepareHttpWorld(database.owner, bookings + CONNECTIONS)
    const plainUrl = await database.copyWithoutTriggers()
    const scripts = await recordScripts(workshop, database, world)
    const asItIs = await openAsItIs(database)
    const plain = await connectTo(plainUrl)
    try {
      await plain.query(await readFile(join(import.meta.dirname, '../peers/floor.sql'), 'utf8'))
      const results: Result[] = []
      for (const contest of contestsOf({ world, scripts, asItIs, plain, writes, reads })) {
        await compareRows(contest, [database.owner, plain])
        results.push({ ...contest, rounds: await measure(contest, rounds) })
      }
      return { results, version: database.version }
    } finally {
      await plain.end()
      await asItIs.close()
    }
  })
  const costs = await costOfEveryOperation(workshop, quick ? 2 : 12)
  return { ...report(results, costs, rounds), postgres: version }
}

const WARM_UP = 15

type AsItIs = Awaited<ReturnType<typeof openAsItIs>>

/** Sends recorded statements over one connection as the Neon endpoint does. */
async function openAsItIs({ url, bindings }: BenchDatabase) {
  const backend = postgresBackend({ url, poolSize: 1 })
  const connection = bindings.DATABASE_URL
  return {
    pid: () => backendOf(backend, connection),
    send: (script: Script, ids: { pathId: string; userId: string }): Promise<unknown> => {
      const statements = fillIn(script, ids)
      const [only] = statements
      return script.isBatch || !only
        ? backend.transaction(connection, statements, { isolation: 'READ COMMITTED' })
        : backend.query(connection, only)
    },
    close: () => backend.close(),
  }
}

interface Setting {
  world: HttpWorld
  scripts: Record<string, Script>
  asItIs: AsItIs
  plain: pg.Client
  writes: number
  reads: number
}

function contestsOf({ world, scripts, asItIs, plain, writes, reads }: Setting): Contest[] {
  let turn = 0
  const next = (of: string[][]) => {
    turn += 1
    const client = turn % CONNECTIONS
    return { client: world.clients[client], id: of === world.tasks ? of[client]?.[0] : of[client]?.pop() }
  }
  const callerOf = (client: HttpWorld['clients'][number] | undefined): Caller => ({
    userId: client?.userId ?? '',
    sessionId: client?.sessionId ?? '',
    requestId: newId(),
    ip: '127.0.0.1',
    userAgent: 'bench',
  })
  const plainPid = async () =>
    (await plain.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0
  const asRecorded = (operationId: string, of: string[][]): Variant => ({
    name: 'as it is',
    pid: asItIs.pid,
    call: () => {
      const { client, id } = next(of)
      return asItIs.send(scripts[operationId] as Script, { pathId: id ?? '', userId: client?.userId ?? '' })
    },
  })
  const onPlain = (name: string, of: string[][], call: (caller: Caller, id: string) => Promise<unknown>) => ({
    name,
    pid: plainPid,
    call: () => {
      const { client, id } = next(of)
      return call(callerOf(client), id ?? '')
    },
  })
  const floor = (name: string, text: string, values: unknown[]) => plain.query({ name, text, values })
  const facts = ({ userId, sessionId, requestId, ip, userAgent }: Caller) => [
    userId,
    sessionId,
    requestId,
    ip,
    userAgent,
  ]
  const confirmOf = (caller: Caller, id: string) =>
    floor('floor-confirm', 'select bench_floor_confirm($1, $2, $3, $4, $5, $6)', [id, ...facts(caller)])
  const createOf = (caller: Caller) =>
    floor('floor-create', 'select bench_floor_create($1, $2, $3, $4, $5, $6, $7)', [
      newId(),
      ...facts(caller),
      newTask(),
    ])
  const application = "a lean application's statements, prepared"
  return [
    {
      operationId: 'bookings.confirm',
      calls: writes,
      variants: [
        asRecorded('bookings.confirm', world.bookings),
        onPlain('the floor: one function, no triggers', world.bookings, confirmOf),
        onPlain(application, world.bookings, (caller, id) => confirmBooking(plain, caller, id)),
      ],
      goal: { against: 1, factor: 1.5 },
    },
    {
      operationId: 'tasks.create',
      calls: writes,
      variants: [
        asRecorded('tasks.create', world.tasks),
        onPlain('the floor: one function, no triggers', world.tasks, createOf),
        onPlain(application, world.tasks, (caller) => createTask(plain, caller, newTask())),
      ],
      goal: { against: 2, factor: 1.5 },
    },
    {
      operationId: 'tasks.get',
      calls: reads,
      variants: [
        asRecorded('tasks.get', world.tasks),
        onPlain(application, world.tasks, (caller, id) => getTask(plain, caller, id)),
      ],
      goal: { against: 1, factor: 3 },
    },
  ]
}

const written = [
  'audit_log',
  'booking_deadlines',
  'booking_events',
  'calendar_items',
  'outbox',
  'outbox_recipients',
  'task_state_events',
  'tasks',
  'visits',
]

/** Throws unless every variant writes as many rows into the same tables: a contest between unequal promises says nothing. */
async function compareRows(
  { operationId, variants }: Contest,
  [owner, plain]: [pg.Client, pg.Client],
): Promise<void> {
  const counts: string[] = []
  for (const [index, variant] of variants.entries()) {
    const client = index === 0 ? owner : plain
    const before = await countRows(client)
    await variant.call()
    const after = await countRows(client)
    counts.push(
      written.map((table, column) => `${table} ${(after[column] ?? 0) - (before[column] ?? 0)}`).join(', '),
    )
  }
  say(`${operationId} writes ${counts[0]}`)
  if (new Set(counts).size > 1)
    throw new Error(`${operationId}: the variants write other rows: ${counts.join(' | ')}`)
}

async function countRows(client: pg.Client): Promise<number[]> {
  const text = `select array[${written.map((table) => `(select count(*) from ${table})`).join(', ')}]::int[] as counts`
  const { rows } = await client.query<{ counts: number[] }>(text)
  return rows[0]?.counts ?? []
}

/** Milliseconds a call, by round and variant. */
async function measure({ operationId, calls, variants }: Contest, rounds: number): Promise<number[][]> {
  const measured: number[][] = []
  for (let round = 0; round < rounds; round += 1) {
    const times = variants.map(() => 0)
    // The variant that goes first changes.
    const order = round % 2 === 0 ? [...variants.keys()] : [...variants.keys()].toReversed()
    for (const index of order) {
      const variant = variants[index] as Variant
      const pid = await variant.pid()
      for (let call = 0; call < WARM_UP; call += 1) await variant.call()
      const before = await cpuAtRestMs(pid)
      for (let call = 0; call < calls; call += 1) await variant.call()
      times[index] = ((await cpuAtRestMs(pid)) - before) / calls
      if ((await variant.pid()) !== pid) throw new Error(`${variant.name} changed its backend`)
    }
    say(
      `${operationId} ${variants.map(({ name }, index) => `${name} ${times[index]?.toFixed(3)}`).join(', ')}`,
    )
    measured.push(times)
  }
  return measured
}

function report(results: Result[], costs: Costs, rounds: number): Report {
  return {
    title: 'The price of integrity',
    method: [
      'Processor time of the one Postgres backend that answers (`/proc/PID/schedstat`), a call. As it is: the statements that the Worker',
      'sends, recorded and sent again over one connection as the Neon endpoint sends them. The floor: one hand-written function in a copy',
      'of the database without triggers. The application: `tools/bench/peers/application.ts` in the same copy, named prepared statements.',
      'All write as many rows into the same tables, foreign keys and indexes included; the section fails where they do not. The application',
      'does without looks at user and session, idempotency keys, and the hand-over of its events.',
      `${rounds} rounds, taking turns; medians, with the range of the rounds in brackets, and ratios round by round.`,
      '',
      'Then every operation of the API on a success, over HTTP: all its round trips, the median of the last five of twelve calls, each on an',
      'object of its own, by one backend that has served others before. Where one is above the goal the table says why, or **no reason**.',
      'What is above it without a reason is measured twice more at the end, and its lowest median counts: others on the machine only ever add.',
      memoryText(costs),
    ].join('\n'),
    tables: [contestTable(results), costTable(costs)],
    goals: [...results.map(goalOf), costGoal(costs)],
  }
}

const ratiosOf = ({ rounds }: Result, against: number) =>
  rounds.map((times) => (times[0] ?? Number.NaN) / (times[against] ?? Number.NaN))

function contestTable(results: Result[]): Table {
  const rows = results.flatMap((result) =>
    result.variants.map(({ name }, index) => [
      result.operationId,
      name,
      `${ranged(
        result.rounds.map((times) => times[index] ?? Number.NaN),
        3,
      )} ms`,
      index === 0 ? '' : ranged(ratiosOf(result, index)),
    ]),
  )
  return { columns: ['operation', '', 'CPU a call', 'as it is / this'], rows }
}

function goalOf(result: Result): Goal {
  const { against, factor } = result.goal
  const ratios = ratiosOf(result, against)
  return {
    what: `${result.operationId} against ${result.variants[against]?.name}`,
    goal: `≤ ${factor}`,
    figure: ranged(ratios),
    met: median(ratios) <= factor,
  }
}
