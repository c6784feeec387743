import { loadavg } from 'node:os'
import { median } from 'simple-statistics'
import { slotsOf } from '../../../src/areas/work/calendar/slots.ts'
import { newId } from '../../../src/core/ids.ts'
import type { TokenSubject } from '../../../src/core/tokens.ts'
import { createUnit } from '../../../src/db/unit.ts'
import { type BenchDatabase, type RoundTrip, withDatabase } from '../database.ts'
import { tokenOf } from '../people.ts'
import { khidmaWorker, type Workshop, withRuntime } from '../runtime.ts'
import { type BenchOptions, ms, perSecond, type Report, type Section, say, spreadOf } from '../section.ts'
import { actorOf, type HttpCall, type Shape, shapesOf, slotWindow } from '../sourcing/calls.ts'
import { countsOf, prepareScene, type Scene } from '../sourcing/scene.ts'

export const sourcing: Section = { name: 'sourcing', run }

/** Plans of functions are settled after the sixth call. */
const warmUp = 10

/** One round trip for each call, as the Neon endpoint saw it. */
interface Measured {
  what: string
  goal?: number | undefined
  tookMs: number[]
  cpuMs: number[]
}

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const work = async (database: BenchDatabase) => {
    const scene = await prepareScene(database.owner, countsOf(quick ? 20_000 : 1_000_000))
    const loads = [loadavg()[0] ?? 0]
    const measured = await measureShapes(workshop, database, scene, quick ? 10 : 200)
    loads.push(loadavg()[0] ?? 0)
    return { ...report(scene, measured, loads), postgres: database.version }
  }
  // One backend answers all, so that each round trip is known by its processor time.
  return withDatabase(work, { connections: 1 })
}

/** Asks the Worker, each question often enough. */
async function measureShapes(
  workshop: Workshop,
  database: BenchDatabase,
  scene: Scene,
  calls: number,
): Promise<Measured[]> {
  const worker = khidmaWorker(workshop, { bindings: database.bindings })
  return withRuntime([worker], async (runtime) => {
    const origin = await runtime.originOf('khidma')
    const measured: Measured[] = []
    for (const shape of shapesOf(scene, calls + warmUp)) {
      const tokens = await tokensOf(shape, workshop)
      measured.push(
        await measure(database, shape, shape.calls.length, (index) =>
          answer(origin, shape.calls[index] as HttpCall, tokens),
        ),
      )
    }
    const all: Omit<Shape, 'calls'> = { what: 'slotsOf: all slots of 50 taskers in 7 days', goal: 100 }
    measured.push(await measure(database, all, calls + warmUp, (index) => allSlots(database, scene, index)))
    return measured
  })
}

async function measure(
  { recorder }: BenchDatabase,
  { what, goal }: Omit<Shape, 'calls'>,
  count: number,
  call: (index: number) => Promise<number>,
): Promise<Measured> {
  const measured: Measured = { what, goal, tookMs: [], cpuMs: [] }
  for (let index = 0; index < count; index += 1) {
    const { value: roundTrips, roundTrips: recorded } = await recorder.record(() => call(index))
    if (roundTrips !== 1) throw new Error(`${what} made ${roundTrips} round trips.`)
    // Work after the answer is not included.
    const [{ tookMs, cpuMs }] = recorded as [RoundTrip]
    if (index < warmUp) continue
    measured.tookMs.push(tookMs)
    measured.cpuMs.push(cpuMs)
  }
  const { p50, p95 } = spreadOf(measured.tookMs)
  say(`${what}: p50 ${ms(p50)}, p95 ${ms(p95)}, CPU ${ms(median(measured.cpuMs))}`)
  return measured
}

/** Tokens live for 15 minutes: they are made anew for each shape. */
async function tokensOf({ calls }: Shape, { secrets }: Workshop): Promise<Map<string, string>> {
  const people = new Map<string, TokenSubject>(calls.map(({ by }) => [by.userId, by]))
  const tokens = new Map<string, string>()
  for (const [userId, person] of people) tokens.set(userId, await tokenOf(person, secrets))
  return tokens
}

/** Returns how many round trips the answer took. */
async function answer(origin: string, call: HttpCall, tokens: Map<string, string>): Promise<number> {
  const { by, method, path, body, ifMatch } = call
  const headers = {
    authorization: `Bearer ${tokens.get(by.userId)}`,
    ...(body && { 'content-type': 'application/json' }),
    ...(ifMatch && { 'if-match': ifMatch }),
  }
  const response = await fetch(origin + path, { method, headers, body: body ? JSON.stringify(body) : null })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return Number(/trips=(\d+)/.exec(response.headers.get('server-timing') ?? '')?.[1])
}

/** No operation lists slots of many taskers; the statement for it is sent through a unit of work of its own. */
async function allSlots(
  { bindings }: BenchDatabase,
  { taskers, awards }: Scene,
  turn: number,
): Promise<number> {
  const { taskerIds, question } = slotWindow(taskers, turn)
  const client = awards[turn % awards.length]?.client
  if (!client) throw new Error('There is no client.')
  const actor = actorOf(client)
  const unit = createUnit({ env: bindings, actor, requestId: newId() })
  const rows = await unit.read(slotsOf(actor, taskerIds, question))
  if (rows.length === 0) throw new Error('There were no slots.')
  return unit.roundTrips
}

function report({ counts, rows }: Scene, measured: Measured[], loads: number[]): Report {
  const numbers = measured.map((each) => ({ ...each, spread: spreadOf(each.tookMs) }))
  const load = [...new Set(loads.map((each) => each.toFixed(1)))].join(' to ')
  return {
    title: 'Tasks, bids and calendars',
    method: [
      `${perSecond(counts.tasks)} tasks in five cities, of which ${perSecond(rows.open_tasks ?? 0)} take bids and ${perSecond(counts.queued)} wait for staff, ${perSecond(rows.bids ?? 0)} bids,`,
      `${perSecond(counts.taskers)} taskers with hours, absences and guards, ${perSecond(rows.bookings ?? 0)} bookings with their visits, ${perSecond(rows.calendar_items ?? 0)} items in calendars. Texts in English, Arabic,`,
      'Russian and Hindi. The Worker answers each question over HTTP in one round trip, one after the other; measured is the round trip, from its',
      'arrival at the Neon endpoint to the end of what Postgres answers, and the processor time of the one backend. Plans have settled before.',
      'No operation lists slots of many taskers: `slotsOf` is sent through a unit of work of its own.',
      `Load of the machine in that time: ${load}. Times depend on it; processor times hardly.`,
    ].join('\n'),
    tables: [
      {
        columns: ['question', 'calls', 'round trips', 'p50', 'p95', 'Postgres CPU, p50', 'goal'],
        rows: numbers.map(({ what, goal, cpuMs, spread: { count, p50, p95 } }) => [
          what,
          count,
          1,
          ms(p50),
          ms(p95),
          ms(median(cpuMs)),
          goal === undefined ? '' : `p95 < ${goal} ms`,
        ]),
      },
    ],
    goals: numbers.flatMap(({ what, goal, spread: { p95 } }) =>
      goal === undefined
        ? []
        : [{ what: `${what}, p95`, goal: `< ${goal} ms`, figure: ms(p95), met: p95 < goal }],
    ),
  }
}
