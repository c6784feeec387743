import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { rowsOf, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { bookingOfTask } from '../bookings/bookings.ts'
import { refuseOthers } from './drafts.ts'
import { type TaskRow, taskVisibleTo, theTask } from './tasks.ts'

/** States in which nothing goes on and nothing is owed: the same as the check `tasks_deleted`. */
const deletable = sql.raw(
  `('draft', 'settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed')`,
)

/** With its photos, add-ons and whatever else is its own (`khidma.hide_parts_of_task`). A second time changes nothing. */
export async function deleteTask(
  ctx: Context,
  taskId: string,
  expectedVersion: number | null,
): Promise<void> {
  const effects = [
    sql`select ${refuseOthers(ctx)}, khidma.assert_version(t.version, ${expectedVersion}),
               case when t.state not in ${deletable} then khidma.refuse(409, 'not_deletable') end
          from tasks t left join lateral ${bookingOfTask} b on true where t.id = ${taskId} for update of t`,
    sql`update tasks set deleted_at = now() where id = ${taskId} and deleted_at is null`,
  ]
  one(
    await ctx.db.write(
      effects,
      rowsOf({ id: uuid })`select t.id from tasks t left join lateral ${bookingOfTask} b on true
                            where t.id = ${taskId} and ${taskVisibleTo(ctx.actor)}`,
    ),
  )
}

/** With what went with it. Has no effect on a task that is not deleted. */
export async function restoreTask(ctx: Context, taskId: string): Promise<TaskRow> {
  const effects = [
    sql`select ${refuseOthers(ctx)} from tasks t left join lateral ${bookingOfTask} b on true
         where t.id = ${taskId} for update of t`,
    sql`update tasks set deleted_at = null, restored_at = now() where id = ${taskId} and deleted_at is not null`,
  ]
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}
