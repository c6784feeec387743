import { withChild } from '../child.ts'
import { withDatabase } from '../database.ts'
import { insertPeople, type Person, tokenOf } from '../people.ts'
import { khidmaWorker, withRuntime } from '../runtime.ts'
import {
  type BenchOptions,
  ms,
  perSecond,
  type Report,
  ranged,
  type Section,
  say,
  spreadOf,
} from '../section.ts'
import type { WebhooksPlan, WebhooksResult } from '../webhooks-process.ts'

const ENDPOINTS = 10
const EVENT_PAUSE_MS = 110
const NEIGHBOUR_PAUSE_MS = 2_000
const GOAL_MS = 50

export const webhooks: Section = { name: 'webhooks', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const rounds = quick ? 1 : 6
  // Long enough for the first attempts to time out, and their endpoints to move to the slow queue.
  const events = quick ? 20 : 120
  return withDatabase(async (database) => {
    const [owner, other] = (await insertPeople(database.owner, 'client', 2)) as [Person, Person]
    // In development webhooks may go to this machine.
    const bindings = { ...database.bindings, ENVIRONMENT: 'development' }
    const worker = khidmaWorker(workshop, { bindings, hasConsumers: true })
    const measured = await withRuntime([worker], async (runtime) => {
      const origin = await runtime.originOf('khidma')
      return withChild<WebhooksPlan, WebhooksResult, Measured[]>('webhooks-process.ts', async (child) => {
        const measure = async (beside: 'alone' | 'answering' | 'hanging', count: number) => {
          const neighbour = {
            token: await tokenOf(other, workshop.secrets),
            endpoints: ENDPOINTS,
            pauseMs: NEIGHBOUR_PAUSE_MS,
            hangs: beside === 'hanging',
          }
          return child.run({
            origin,
            ownerToken: await tokenOf(owner, workshop.secrets),
            neighbour: beside === 'alone' ? null : neighbour,
            events: count,
            pauseMs: EVENT_PAUSE_MS,
          })
        }
        await measure('alone', 10)
        const all: Measured[] = []
        for (let round = 1; round <= rounds; round += 1) {
          say(`round ${round} of ${rounds}`)
          all.push({
            alone: await measure('alone', events),
            answering: await measure('answering', events),
            hanging: await measure('hanging', events),
          })
        }
        return all
      })
    })
    return { ...report(measured), postgres: database.version }
  })
}

interface Measured {
  alone: WebhooksResult
  answering: WebhooksResult
  hanging: WebhooksResult
}

function report(rounds: Measured[]): Report {
  const pooled = (which: keyof Measured) => spreadOf(rounds.flatMap((round) => round[which].delays))
  const p99Of = (round: Measured, which: keyof Measured) => spreadOf(round[which].delays).p99
  const taken = (which: keyof Measured) => rounds.reduce((sum, round) => sum + round[which].taken, 0)
  const more = pooled('hanging').p99 - pooled('alone').p99
  const row = (what: string, which: keyof Measured) => {
    const { count, p50, p95, p99, max } = pooled(which)
    const differences = rounds.map((round) => p99Of(round, which) - p99Of(round, 'alone'))
    return [
      what,
      perSecond(count),
      ...[p50, p95, p99, max].map(ms),
      which === 'alone' ? '' : `${ranged(differences, 0)} ms`,
    ]
  }
  return {
    title: 'Webhooks beside endpoints that hang',
    method: [
      `An owner writes every ${EVENT_PAUSE_MS} ms on average, and their endpoint answers at once. Measured from the answer of each write, just after its`,
      'commit, to the request at the endpoint: a batch of the event queue (up to a second), the fan-out, the queue of webhooks, the',
      `attempt. Then the same while another owner writes every ${NEIGHBOUR_PAUSE_MS} ms, and each of these events goes to ${ENDPOINTS} endpoints: such as answer at`,
      `once (${perSecond(taken('answering'))} requests), and such as take requests in and answer none (${perSecond(taken('hanging'))}): attempts time out after 15 seconds, within the`,
      `round, and go on in the slow queue. ${rounds.length} rounds, taking turns; clocks of one process, to a millisecond.`,
    ].join('\n'),
    tables: [
      {
        columns: ['', 'events', 'p50', 'p95', 'p99', 'max', 'p99 − p99 alone, by round'],
        rows: [
          row('alone', 'alone'),
          row('beside endpoints that answer', 'answering'),
          row('beside endpoints that hang', 'hanging'),
        ],
      },
    ],
    goals: [
      {
        what: 'p99 beside endpoints that hang − p99 alone',
        goal: `≤ ${GOAL_MS} ms`,
        figure: `${more.toFixed(0)} ms`,
        met: more <= GOAL_MS,
      },
    ],
  }
}
