import { loadavg } from 'node:os'
import { type BenchDatabase, withDatabase } from '../database.ts'
import { shapesOf } from '../directory/calls.ts'
import { fillDirectory } from '../directory/scene.ts'
import { answersOf, measureShapes, warmUp } from '../questions.ts'
import { type BenchOptions, perSecond, type Report, type Section } from '../section.ts'

export const directory: Section = { name: 'directory', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const profiles = quick ? 5_000 : 200_000
  const work = async (database: BenchDatabase): Promise<Report> => {
    await fillDirectory(database.owner, profiles)
    const before = loadavg()[0] ?? 0
    const measured = await measureShapes(workshop, database, shapesOf((quick ? 10 : 100) + warmUp))
    return {
      title: 'The directory',
      method: [
        `${perSecond(profiles)} listed profiles of ten professions in five cities, each with a service, a third of them with two circles. The Worker answers`,
        'each question over HTTP in one round trip, one after the other; the first page of a search also counts its words. Measured is the round trip, from its',
        'arrival at the Neon endpoint to the end of what Postgres answers, and the processor time of the one backend. Plans have settled before.',
        `Load of the machine in that time: ${before.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}. Times depend on it; processor times hardly.`,
      ].join('\n'),
      ...answersOf(measured),
      postgres: database.version,
    }
  }
  return withDatabase(work, { connections: 1 })
}
