import { withChild } from '../child.ts'
import { withDatabase } from '../database.ts'
import type { OffersPlan, OffersResult } from '../offers-process.ts'
import { insertPeople, type Person, tokenOf } from '../people.ts'
import { khidmaWorker, withRuntime } from '../runtime.ts'
import { insertActiveTaskers, insertCrowd, insertTasks } from '../scenes.ts'
import { type BenchOptions, ms, perSecond, type Report, type Section, say, spreadOf } from '../section.ts'

/** A wave invites three. */
const TASKERS = 3
const GOAL_MS = 150

export const offers: Section = { name: 'offers', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const posts = quick ? 20 : 200
  const warmUp = quick ? 5 : 20
  const crowd = quick ? 2_000 : 20_000
  return withDatabase(async (database) => {
    const [client] = (await insertPeople(database.owner, 'client', 1)) as [Person]
    const taskers = await insertActiveTaskers(database.owner, TASKERS)
    await insertCrowd(database.owner, crowd)
    const [taskIds] = (await insertTasks(database.owner, [client], posts + warmUp)) as [string[]]
    const worker = khidmaWorker(workshop, { bindings: database.bindings, hasConsumers: true })
    const result = await withRuntime([worker], async (runtime) => {
      const plan: OffersPlan = {
        origin: await runtime.originOf('khidma'),
        clientToken: await tokenOf(client, workshop.secrets),
        taskerTokens: await Promise.all(taskers.map((tasker) => tokenOf(tasker, workshop.secrets))),
        taskIds: taskIds.slice(0, warmUp),
        pauseMs: 20,
      }
      return withChild<OffersPlan, OffersResult, OffersResult>('offers-process.ts', async (child) => {
        await child.run(plan)
        say(`posting ${posts} tasks`)
        return child.run({ ...plan, taskIds: taskIds.slice(warmUp) })
      })
    })
    return { ...report(result, posts, crowd), postgres: database.version }
  })
}

function report({ latencies, posts }: OffersResult, count: number, crowd: number): Report {
  const offer = spreadOf(latencies)
  const post = spreadOf(posts)
  const row = (what: string, { count: samples, p50, p95, p99, max }: typeof offer) => [
    what,
    perSecond(samples),
    ms(p50),
    ms(p95),
    ms(p99),
    ms(max),
  ]
  return {
    title: 'From post to offer',
    method: [
      `A client posts ${count} tasks one after the other; the three best taskers hold their user channel open. Measured from the write`,
      `of \`POST /v1/tasks/{taskId}/post\` to each \`offer\` frame: the post, the matcher object, the ranking among ${perSecond(crowd)} taskers, the`,
      'offers in Postgres, the channel objects, the sockets. Queue consumers run in the same process.',
    ].join('\n'),
    tables: [
      {
        columns: ['', 'samples', 'p50', 'p95', 'p99', 'max'],
        rows: [row('post answered', post), row("offer on a tasker's socket", offer)],
      },
    ],
    goals: [
      { what: 'post → offer, p95', goal: `< ${GOAL_MS} ms`, figure: ms(offer.p95), met: offer.p95 < GOAL_MS },
    ],
  }
}
