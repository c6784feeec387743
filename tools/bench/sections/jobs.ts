import { loadavg } from 'node:os'
import { type BenchDatabase, withDatabase } from '../database.ts'
import { jobShapesOf } from '../jobs/calls.ts'
import { fillJobs } from '../jobs/scene.ts'
import { answersOf, measureShapes, warmUp } from '../questions.ts'
import { type BenchOptions, perSecond, type Report, type Section } from '../section.ts'

export const jobs: Section = { name: 'jobs', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const postings = quick ? 5_000 : 200_000
  const work = async (database: BenchDatabase): Promise<Report> => {
    await fillJobs(database.owner, postings)
    const before = loadavg()[0] ?? 0
    const measured = await measureShapes(workshop, database, jobShapesOf((quick ? 10 : 100) + warmUp))
    return {
      title: 'Jobs of companies',
      method: [
        `${perSecond(postings)} live postings of 2,000 companies in five cities. The Worker answers each search over HTTP in one round trip, one after the`,
        'other. Measured is the round trip, from its arrival at the Neon endpoint to the end of what Postgres answers, and the processor time of the one backend.',
        `Load of the machine in that time: ${before.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}. Times depend on it; processor times hardly.`,
      ].join('\n'),
      ...answersOf(measured),
      postgres: database.version,
    }
  }
  return withDatabase(work, { connections: 1 })
}
