import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { number, type RowOf, rowsOf } from '../../../db/rows.ts'
import type { TaskState } from './machine.ts'
import { taskColumns, taskRow, taskSource } from './tasks.ts'

export interface TaskSearch {
  q: string
  state?: TaskState | undefined
  category?: string | undefined
  city?: string | undefined
}

/** So many of the newest matches are ranked: a common word must not make a search read them all. */
export const rankedLimit = 500

const foundRow = { ...taskRow, rank: number }
export type FoundRow = RowOf<typeof foundRow>

/** For staff, over all tasks that are not deleted: the best of the newest matches first. */
export function searchTasks(
  ctx: Context,
  { q, state, category, city }: TaskSearch,
  page: PageRequest,
): Promise<FoundRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`hit.rank`, type: 'double precision', direction: 'desc' },
    { by: sql`hit.id`, type: 'uuid', direction: 'desc' },
  ])
  // Only what is on the page is read in full.
  return ctx.db.read(rowsOf(foundRow)`
    select ${taskColumns}, hit.rank
      from (select hit.id, hit.rank
              from khidma.newest_matches(${q}, ${rankedLimit}::int, ${state ?? null}::task_state, ${category ?? null}, ${city ?? null}) hit
             where ${after} ${orderAndLimit}) hit
      cross join ${taskSource(ctx.actor)}
     where t.id = hit.id order by hit.rank desc, t.id desc`)
}
