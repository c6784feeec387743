import { sql } from 'drizzle-orm'
import { type Context, isStaff, userIdOf } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { archivedTasks } from '../../../db/schema/work/tasks.ts'
import { one } from '../../../db/unit.ts'

const archivedRow = columnsOf(archivedTasks)
export type ArchivedRow = RowOf<typeof archivedRow>

/** The words of an archived task, for its client and staff. Its tasker has them no longer. */
export async function getArchivedTask(ctx: Context, taskId: string): Promise<ArchivedRow> {
  const visible = isStaff(ctx.actor) ? sql`true` : sql`a.client_id = ${userIdOf(ctx.actor)}::uuid`
  return one(
    await ctx.db.read(
      rowsOf(
        archivedRow,
      )`select ${rowColumns(archivedTasks, 'a')} from archived_tasks a where a.task_id = ${taskId} and ${visible}`,
    ),
  )
}
