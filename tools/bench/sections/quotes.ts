import { loadavg } from 'node:os'
import { shapesOf } from '../commerce/calls.ts'
import { fillCommerce } from '../commerce/scene.ts'
import { type BenchDatabase, withDatabase } from '../database.ts'
import { answersOf, measureShapes, warmUp } from '../questions.ts'
import { type BenchOptions, perSecond, type Report, type Section } from '../section.ts'

export const quotes: Section = { name: 'quotes', run }

async function run({ quick, workshop }: BenchOptions): Promise<Report> {
  const coupons = quick ? 500 : 20_000
  const work = async (database: BenchDatabase): Promise<Report> => {
    const scene = await fillCommerce(database.owner, coupons)
    const before = loadavg()[0] ?? 0
    const measured = await measureShapes(workshop, database, shapesOf(scene, (quick ? 10 : 100) + warmUp))
    return {
      title: 'Quotes',
      method: [
        `Twenty rules apply by themselves, beside ${perSecond(coupons)} coupons and a tax. The Worker answers each request over HTTP in one round trip, in which`,
        'the price is computed as it is written, with its lines. Measured is the round trip, from its arrival at the',
        'Neon endpoint to the end of what Postgres answers, and the processor time of the one backend.',
        `Load of the machine in that time: ${before.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}.`,
      ].join('\n'),
      ...answersOf(measured),
      postgres: database.version,
    }
  }
  return withDatabase(work, { connections: 1 })
}
