import type { ChatPlan, ChatResult } from '../chat-process.ts'
import { withChild } from '../child.ts'
import { withDatabase } from '../database.ts'
import { insertPeople, tokenOf } from '../people.ts'
import { khidmaWorker, withRuntime } from '../runtime.ts'
import { insertAcceptedBookings, insertActiveTaskers } from '../scenes.ts'
import { type BenchOptions, ms, perSecond, type Report, type Section, say, spreadOf } from '../section.ts'

const CONVERSATIONS = 50
const MESSAGES_PER_SECOND = 1_000
const GOAL_MS = { p50: 3, p99: 25 }

export const chat: Section = { name: 'chat', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  return withDatabase(async (database) => {
    const clients = await insertPeople(database.owner, 'client', CONVERSATIONS)
    const taskers = await insertActiveTaskers(database.owner, CONVERSATIONS)
    const { conversations } = await insertAcceptedBookings(database.owner, clients, taskers, 1)
    const worker = khidmaWorker(workshop, { bindings: database.bindings, hasConsumers: true })
    const result = await withRuntime([worker], async (runtime) => {
      const plan: ChatPlan = {
        origin: await runtime.originOf('khidma'),
        conversations: await Promise.all(
          conversations.map(async ({ conversationId, client, tasker }) => ({
            id: conversationId,
            tokens: [await tokenOf(client, workshop.secrets), await tokenOf(tasker, workshop.secrets)],
          })),
        ),
        messagesPerSecond: MESSAGES_PER_SECOND,
        seconds: quick ? 4 : 30,
        warmUpSeconds: quick ? 2 : 5,
      }
      say(`${MESSAGES_PER_SECOND} messages/s for ${plan.seconds} s`)
      return withChild<ChatPlan, ChatResult, ChatResult>('chat-process.ts', (child) => child.run(plan))
    })
    return { ...report(result), postgres: database.version }
  })
}

function report(result: ChatResult): Report {
  if (result.errors.length > 0) throw new Error(result.errors.join('\n'))
  const ack = spreadOf(result.acks)
  const row = (what: string, samples: number[]) => {
    const { count, p50, p95, p99, max } = spreadOf(samples)
    return [what, perSecond(count), ms(p50), ms(p95), ms(p99), ms(max)]
  }
  return {
    title: 'Chat',
    method: [
      `${perSecond(ack.count / result.seconds)} messages/s over ${CONVERSATIONS} conversations for ${Math.round(result.seconds)} s, both people of each connected and sending in turn. Open loop: message n is due`,
      'at its time, and its ack is timed from then, however late the sender or the answers are. Every ack means: stored in the',
      "conversation's SQLite log, on disk. Archiving to Postgres goes on at the same time.",
    ].join('\n'),
    tables: [
      {
        columns: ['', 'samples', 'p50', 'p95', 'p99', 'max'],
        rows: [
          row('due → ack', result.acks),
          row('due → at the other person', result.deliveries),
          row('due → sent (lateness of the load generator, included above)', result.lateness),
        ],
      },
    ],
    goals: [
      {
        what: 'send → ack, p50',
        goal: `< ${GOAL_MS.p50} ms`,
        figure: ms(ack.p50),
        met: ack.p50 < GOAL_MS.p50,
      },
      {
        what: 'send → ack, p99',
        goal: `< ${GOAL_MS.p99} ms`,
        figure: ms(ack.p99),
        met: ack.p99 < GOAL_MS.p99,
      },
    ],
  }
}
