import { median } from 'simple-statistics'
import type { TokenSubject } from '../../src/core/tokens.ts'
import type { BenchDatabase, RoundTrip } from './database.ts'
import { tokenOf } from './people.ts'
import { khidmaWorker, type Workshop, withRuntime } from './runtime.ts'
import { ms, type Report, say, spreadOf } from './section.ts'

/** Questions that are asked again and again, each in one round trip, which is what is measured. */

/** A request to the Worker, of nobody where it says nothing. */
export interface HttpCall {
  by?: TokenSubject
  method: 'GET' | 'POST'
  path: string
  body?: object
  ifMatch?: string
}

/** One kind of question. */
export interface Shape {
  what: string
  /** Limit of the 95th percentile, in milliseconds. */
  goal?: number
  calls: HttpCall[]
}

/** Plans of functions are settled after the sixth call. */
export const warmUp = 10

/** One round trip for each call, as the Neon endpoint saw it. */
export interface Measured {
  what: string
  goal?: number | undefined
  tookMs: number[]
  cpuMs: number[]
}

/** Asks the Worker; its database has one connection, so that each round trip is known by its processor time. */
export async function measureShapes(
  workshop: Workshop,
  database: BenchDatabase,
  shapes: Shape[],
): Promise<Measured[]> {
  const worker = khidmaWorker(workshop, { bindings: database.bindings })
  return withRuntime([worker], async (runtime) => {
    const origin = await runtime.originOf('khidma')
    const measured: Measured[] = []
    for (const shape of shapes) {
      const tokens = await tokensOf(shape, workshop)
      measured.push(
        await measure(database, shape, shape.calls.length, (index) =>
          answer(origin, shape.calls[index] as HttpCall, tokens),
        ),
      )
    }
    return measured
  })
}

export async function measure(
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
  const people = new Map(calls.flatMap(({ by }): [string, TokenSubject][] => (by ? [[by.userId, by]] : [])))
  const tokens = new Map<string, string>()
  for (const [userId, person] of people) tokens.set(userId, await tokenOf(person, secrets))
  return tokens
}

/** Returns how many round trips the answer took. */
async function answer(
  origin: string,
  { by, method, path, body, ifMatch }: HttpCall,
  tokens: Map<string, string>,
): Promise<number> {
  const headers = {
    ...(by && { authorization: `Bearer ${tokens.get(by.userId)}` }),
    ...(body && { 'content-type': 'application/json' }),
    ...(ifMatch && { 'if-match': ifMatch }),
  }
  const response = await fetch(origin + path, { method, headers, body: body ? JSON.stringify(body) : null })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return Number(/trips=(\d+)/.exec(response.headers.get('server-timing') ?? '')?.[1])
}

/** The table of the questions, and their goals. */
export function answersOf(measured: Measured[]): Pick<Report, 'tables' | 'goals'> {
  const numbers = measured.map((each) => ({ ...each, spread: spreadOf(each.tookMs) }))
  return {
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
