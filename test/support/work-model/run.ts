import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jobs as paymentJobs } from '../../../src/areas/money/payments/jobs.ts'
import { jobs as disputeJobs } from '../../../src/areas/trust/disputes/jobs.ts'
import { jobs as assignmentJobs } from '../../../src/areas/work/assignment/jobs.ts'
import { jobs as bidJobs } from '../../../src/areas/work/bids/jobs.ts'
import { jobs as bookingJobs } from '../../../src/areas/work/bookings/jobs.ts'
import { jobs as contractJobs } from '../../../src/areas/work/contracts/jobs.ts'
import { Problem } from '../../../src/core/problems.ts'
import type { Person } from '../integrity-world.ts'
import { describeReal } from '../real-postgres.ts'
import { acts, fitting, NothingToDo } from './acts.ts'
import { expectLaws, expectSealed, expectSwept, unfinished } from './laws.ts'
import { aScene, look, type Scene, sourcings, type TaskSourcing } from './scene.ts'
import { openWorkWorld, type WorkWorld } from './world.ts'

/**
 * Random lives of tasks, however they are sourced, with the verbs of all parties: bids, offers, assignments, bookings, contracts with escrow,
 * disputes. Time passes, jobs run, calls come twice at once, answers are lost, and transactions die. After each step the laws hold.
 */

const sweeps = [
  assignmentJobs.endOfAssignments,
  assignmentJobs.breachesOfServiceLevels,
  bidJobs.endOfBidding,
  bookingJobs.endOfBookingChanges,
  bookingJobs.silentOffers,
  bookingJobs.bookingDeadlines,
  contractJobs.deadlinesOfContracts,
  disputeJobs.deadlinesOfDisputes,
  paymentJobs.settleCash,
]

interface Step {
  task: number
  /** Null: what people would do next. */
  act: string | null
  pick: number
  hour: number
  isAnybody: boolean
  /** `twice`: two calls at once; `lost`: the answer never comes, and it is asked again; `dies`: its transaction is ended meanwhile. */
  way: 'once' | 'twice' | 'lost' | 'dies'
  /** Minutes that pass before it, and whether jobs run then. */
  minutes: number
  sweeps: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  task: fc.nat(2),
  act: fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(acts)) },
  ),
  pick: fc.nat(1_000),
  hour: fc.integer({ min: 1, max: 6 }),
  isAnybody: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
  way: fc.constantFrom<Step['way']>(...Array<'once'>(8).fill('once'), 'twice', 'twice', 'lost', 'dies'),
  minutes: fc.constantFrom(
    ...Array<number>(100).fill(0),
    10,
    10,
    20,
    20,
    40,
    40,
    90,
    200,
    600,
    2_000,
    12_000,
  ),
  sweeps: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})
const ways = fc.shuffledSubarray([...sourcings], { minLength: 3, maxLength: 3 })

interface Length {
  runs: number
  steps: number
  timeout: number
  /** Acts that so many lives are sure to meet with success. */
  meets: string[]
}

export function workModel({ runs, steps, timeout, meets }: Length): void {
  describeReal('the whole life of work', () => {
    it(`keeps its laws in ${runs} × ${steps} random steps`, { timeout }, async () => {
      const world = await openWorkWorld(12)
      const done: Record<string, number> = {}
      const seed = Number(process.env.WORK_MODEL_SEED ?? 20_261_130)
      try {
        await fc.assert(
          fc.asyncProperty(
            ways,
            fc.array(step, { minLength: steps, maxLength: steps, size: 'max' }),
            async (how, life) => {
              const scene = await aScene(world, how as TaskSourcing[])
              for (const each of life) await play(world, scene, each, done)
              await expectSealed(world, scene)
              await silence(world, scene)
            },
          ),
          { numRuns: runs, seed, endOnFailure: process.env.WORK_MODEL_SHRINK === undefined },
        )
        const differences = await world.query(
          `select what, expected, posted from khidma.document_differences() where what <> 'no_document'`,
        )
        expect(differences).toEqual([])
      } finally {
        await world.close()
      }
      if (process.env.WORK_MODEL_PRINT) console.log(Object.entries(done).toSorted(([, a], [, b]) => b - a))
      if (process.env.WORK_MODEL_SEED === undefined)
        for (const act of meets) expect(done[act] ?? 0, `${act} ${JSON.stringify(done)}`).toBeGreaterThan(0)
    })
  })
}

async function sweep({ contexts }: WorkWorld): Promise<void> {
  for (const job of sweeps) await job.run(contexts.systemContext('sweep'), {})
}

async function play(world: WorkWorld, scene: Scene, each: Step, done: Record<string, number>): Promise<void> {
  if (each.minutes > 0) await world.letPass(each.minutes)
  if (each.sweeps || each.minutes > 60) {
    await sweep(world)
    await expectSwept(world, JSON.stringify(each))
  }
  const seen = (await look(world, scene))[each.task]
  if (!seen) return
  const likely = fitting(seen)
  const name = each.act ?? (likely[each.pick % likely.length] as string)
  const label = JSON.stringify({ ...each, name, seen })
  const anybody = [...world.taskers, ...world.clients, world.ops]
  const as = (usual: Person) =>
    world.contexts.contextOf((each.isAnybody ? anybody[each.pick % anybody.length] : usual) as Person)
  const call = async (): Promise<string> => {
    try {
      await acts[name]?.({ world, seen, as, pick: Math.floor(each.pick / 7), hour: each.hour })
      return 'ok'
    } catch (error) {
      if (error instanceof NothingToDo) return 'nothing'
      if (error instanceof Problem) return error.code
      // Everything but a refusal is a bug: a broken promise of the commit, or a statement.
      throw new Error(`${label}: ${error}`, { cause: error })
    }
  }
  const outcomes = await inItsWay(world, each, name, call)
  const isRough = each.way === 'lost' || each.way === 'dies'
  for (const outcome of outcomes) {
    if (!isRough) expect(outcome, label).not.toMatch(/internal_error|unavailable|constraint/)
    const what = outcome === 'ok' ? name : `${name} ${outcome}`
    done[what] = (done[what] ?? 0) + 1
  }
  await expectLaws(world, scene, label)
}

async function inItsWay(
  world: WorkWorld,
  { way }: Step,
  name: string,
  call: () => Promise<string>,
): Promise<string[]> {
  // A wave is played by the owner of the database, on the one connection that watches.
  if (way === 'once' || name === 'offer' || name === 'deliver') return [await call()]
  if (way === 'twice') return Promise.all([call(), call()])
  if (way === 'lost') {
    world.contexts.loseReplies(1)
    const first = await call()
    world.contexts.loseReplies(0)
    return [first, await call()]
  }
  const pending = call()
  await world.query(
    `select pg_cancel_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and backend_type = 'client backend'`,
  )
  return [await pending]
}

/** Nobody does anything any more: every deadline comes, and what is left waits for staff alone. */
async function silence(world: WorkWorld, scene: Scene): Promise<void> {
  for (let month = 0; month < 6; month += 1) {
    await world.letPass(30 * 24 * 60)
    for (let again = 0; again < (month === 5 ? 2 : 1); again += 1) await sweep(world)
    await expectSwept(world, `month ${month}`)
  }
  await expectLaws(world, scene, 'silence')
  expect(await world.query(unfinished), 'silence ends every booking').toEqual([])
}
