import { books } from './data-map/books.ts'
import type { Holding } from './data-map/holding.ts'
import { ours } from './data-map/ours.ts'
import { people } from './data-map/people.ts'
import { platform } from './data-map/platform.ts'
import { talk } from './data-map/talk.ts'
import { waysIn } from './data-map/ways-in.ts'
import { work } from './data-map/work.ts'

export type { Holding, Person } from './data-map/holding.ts'

/**
 * Every table and column of the database: whose it is, what of it is personal, and what erasure does to it, in the order in
 * which erasure goes through it. A test fails when the schema has something that does not stand here.
 */
export const dataMap: Record<string, Holding> = {
  ...waysIn,
  ...people,
  ...work,
  ...talk,
  ...books,
  ...platform,
  ...ours,
}
