import { loadavg } from 'node:os'
import { type BenchDatabase, withDatabase } from '../database.ts'
import { jobShapesOf } from '../jobs/calls.ts'
import { candidateShapesOf, fillCandidates } from '../jobs/candidates.ts'
import { fillJobs } from '../jobs/scene.ts'
import { answersOf, measureShapes, warmUp } from '../questions.ts'
import { type BenchOptions, perSecond, type Report, type Section } from '../section.ts'

export const jobs: Section = { name: 'jobs', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const postings = quick ? 5_000 : 200_000
  const work = async (database: BenchDatabase): Promise<Report> => {
    await fillJobs(database.owner, postings)
    const manager = await fillCandidates(database.owner, postings)
    const before = loadavg()[0] ?? 0
    const calls = (quick ? 10 : 100) + warmUp
    const shapes = [...jobShapesOf(calls), ...candidateShapesOf(manager, calls)]
    const measured = await measureShapes(workshop, database, shapes)
    return {
      title: 'Jobs of companies',
      method: [
        `${perSecond(postings)} live postings of 2,000 companies in five cities, and as many candidates who look for work. The Worker answers each search over`,
        'HTTP in one round trip, one after the other. Measured is the round trip, from its arrival at the Neon endpoint to the end of what Postgres answers, and the processor time of the one backend.',
        `Load of the machine in that time: ${before.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}. Times depend on it; processor times hardly.`,
      ].join('\n'),
      ...answersOf(measured),
      postgres: database.version,
    }
  }
  return withDatabase(work, { connections: 1 })
}
