import { type SQL, sql } from 'drizzle-orm'
import { type Context, userIdOf } from '../../../core/context.ts'
import { one } from '../../../db/unit.ts'
import { bookingOfTask } from '../bookings/bookings.ts'
import { refuseOthers, refuseUnplannable } from './drafts.ts'
import { refuseInactiveCategory, refuseUnbiddable, type TaskRow, theTask } from './tasks.ts'

/** Times that have passed meanwhile, anew. */
interface NewTimes {
  startsAt?: string | undefined
  /** Only where taskers bid. */
  deadline?: string | undefined
}

/**
 * Another search for the tasker of a task that has ended without one, with its history. The triggers refuse staff (403) and other
 * states (409), and begin the round.
 */
async function postAgain(
  ctx: Context,
  taskId: string,
  from: 'expired' | 'canceled_by_tasker',
  { startsAt, deadline }: NewTimes,
): Promise<TaskRow> {
  const mine = sql`t.id = ${taskId} and t.client_id = ${userIdOf(ctx.actor)} and t.state = ${from}`
  const start: SQL = startsAt === undefined ? sql`t.starts_at` : sql`${startsAt}::timestamptz`
  const effects = [
    // The tasker who canceled is a party to the task until then, and may not post it.
    sql`select ${refuseOthers(ctx)} from tasks t left join lateral ${bookingOfTask} b on true
         where t.id = ${taskId} for update of t`,
    startsAt === undefined
      ? sql`select khidma.refuse(422, 'starts_at_refused', '{"field": "startsAt"}') from tasks t where ${mine} and t.starts_at <= now()`
      : refuseUnplannable(start),
    refuseInactiveCategory(mine),
    // From the other of the two states the same change would be the other action.
    sql`select khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', t.state, 'to', 'posted'))
          from tasks t where t.id = ${taskId} and t.client_id = ${userIdOf(ctx.actor)} and t.state <> ${from}`,
    sql`update tasks t set state = 'posted', starts_at = ${start}, deadline = coalesce(${deadline ?? null}::timestamptz, t.deadline)
         where t.id = ${taskId}`,
    refuseUnbiddable(sql`t.id = ${taskId}`),
  ]
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

/** Nobody took it: everybody but those who declined may be asked again. */
export const repostTask = (ctx: Context, taskId: string, times: NewTimes): Promise<TaskRow> =>
  postAgain(ctx, taskId, 'expired', times)

/** Its tasker canceled, and is not asked again; the search comes before others (`canBeAsked`). */
export const rematchTask = (ctx: Context, taskId: string, times: NewTimes): Promise<TaskRow> =>
  postAgain(ctx, taskId, 'canceled_by_tasker', times)
