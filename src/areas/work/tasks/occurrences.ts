import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { Report } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { putOff } from '../../../core/put-off.ts'
import { bool, date, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { openBooking } from '../bookings/openings.ts'
import { copyEffects } from './drafts.ts'

const dueRow = { seriesId: uuid, taskId: uuid, day: date }
type Due = RowOf<typeof dueRow>

/** Days of running series that are within their horizon and were not planned yet. */
const dueDays = sql`khidma.days_of_series(s, coalesce(s.planned_until + 1, s.starts_on), khidma.horizon_of_series(s))`

/**
 * Creates the occurrences of series that have come within their horizon, each in a transaction of its own: posted, and offered directly to
 * the tasker whom the series keeps. A run that dies in the middle, or two at once, create none twice: a day is planned under the lock of
 * its series, which notes it. A day that cannot be planned (a price is missing, its time has passed) is left out, and its client is notified.
 */
export async function planSeries(ctx: Context, limit: number): Promise<Report> {
  const running = sql`s.ended_at is null and (s.planned_until is null or s.planned_until < khidma.horizon_of_series(s))`
  const due = await ctx.db.write(
    [
      // Nothing to do until another day comes within the horizon.
      sql`update task_series set planned_until = khidma.horizon_of_series(task_series) where id in (
            select s.id from task_series s where ${running} and not exists (select from ${dueDays})
             order by s.planned_until nulls first limit ${limit} for update skip locked)`,
    ],
    rowsOf(dueRow)`
      select s.id as "seriesId", s.task_id as "taskId", d.day from task_series s cross join lateral ${dueDays} d (day)
       where ${running} and not khidma.is_put_off('task_series.plan', s.id) order by d.day, s.id limit ${limit}`,
  )
  const report = { created: 0, skipped: 0 }
  let failedRows = 0
  const failed = new Set<string>()
  for (const day of due) {
    // A later day that is planned leaves out those before it.
    if (failed.has(day.seriesId)) continue
    try {
      const created = await planDay(ctx, day).catch((error: unknown) => {
        if (error instanceof Problem && error.status < 500) return false
        throw error
      })
      if (created) report.created += 1
      else if (await skipDay(ctx, day)) report.skipped += 1
    } catch (error) {
      // One day that fails keeps no other series from its own, in this run and in those of the next hour.
      logFailure('job.failed', error, { job: 'planSeries', seriesId: day.seriesId, day: day.day })
      failedRows += 1
      failed.add(day.seriesId)
      await putOff(ctx, 'task_series.plan', day.seriesId, error)
    }
  }
  return failedRows > 0 ? { ...report, failedRows } : report
}

/** Whether the series runs and this day is the next one that it plans. */
const isNext = ({ seriesId, day }: Due): SQL => sql`exists (select from task_series e where e.id = ${seriesId}
  and e.ended_at is null and (e.planned_until is null or e.planned_until < ${day}::date)
  and exists (select from khidma.days_of_series(e, ${day}::date, ${day}::date)))`

const lockSeries = ({ seriesId }: Due): SQL => sql`select from task_series where id = ${seriesId} for update`

const noteDay = ({ seriesId, day }: Due): SQL =>
  sql`update task_series set planned_until = ${day}::date where id = ${seriesId} and (planned_until is null or planned_until < ${day}::date)`

/** Returns whether the day has its task now, made by this run or by another. */
async function planDay(ctx: Context, due: Due): Promise<boolean> {
  const { seriesId, taskId: fromId, day } = due
  const [id, bookingId] = [newId(ctx.now.getTime()), newId(ctx.now.getTime())]
  const startsAt = sql`(select khidma.start_of_occurrence(e, ${day}::date) from task_series e where e.id = ${seriesId})`
  const where = sql`${startsAt} > now() and ${isNext(due)}`
  const effects = [
    lockSeries(due),
    ...copyEffects({ id, fromId, startsAt, series: { seriesId, seriesDay: day }, where }),
    sql`select khidma.check_inputs(t.category, t.subcategory, t.structured_inputs, true) from tasks t where t.id = ${id}`,
    sql`update tasks set state = 'posted' where id = ${id}`,
    openBooking(offerToKeptTasker(bookingId, id, seriesId)),
    sql`update task_series set planned_until = ${day}::date
         where id = ${seriesId} and exists (select from tasks t where t.id = ${id})`,
  ]
  const rows = await ctx.db.write(
    effects,
    rowsOf({ isThere: bool })`
      select exists (select from tasks t where t.series_id = ${seriesId} and t.series_day = ${day}::date) as "isThere"`,
  )
  return one(rows).isThere
}

/** Returns whether it was this run that left the day out. */
async function skipDay(ctx: Context, due: Due): Promise<boolean> {
  const { seriesId, day } = due
  const rows = await ctx.db.write(
    [
      lockSeries(due),
      sql`select khidma.emit('task_series.skipped', 'task_series', s.id, s.version,
                 jsonb_build_object('taskSeriesId', s.id, 'clientId', s.client_id, 'day', ${day}::date), array[s.client_id])
            from task_series s where s.id = ${seriesId} and ${isNext(due)}`,
      noteDay(due),
    ],
    rowsOf({
      id: uuid,
    })`select s.id from task_series s where s.id = ${seriesId} and s.planned_until = ${day}::date
      and not exists (select from tasks t where t.series_id = s.id and t.series_day = ${day}::date)`,
  )
  return rows.length > 0
}

/** No row where the tasker cannot take it: then matching looks for another at once. */
const offerToKeptTasker = (bookingId: string, taskId: string, seriesId: string): SQL => sql`
  select ${bookingId}::uuid, t.id, s.tasker_id, p.hourly_rate_amount,
         case when p.hourly_rate_amount is not null then p.hourly_rate_currency end, 'offered', null::bigint, null::int
    from tasks t join task_series s on s.id = ${seriesId}
    join tasker_profiles p on p.user_id = s.tasker_id and p.status in ('active', 'at_risk')
    join users u on u.id = p.user_id and u.status = 'active'
   where t.id = ${taskId} and (p.hourly_rate_amount is null or p.hourly_rate_currency = t.currency)
     and not exists (select from khidma.over_debt_cap(s.tasker_id)) and not khidma.blocked_between(s.tasker_id, t.client_id)
     and khidma.is_free(s.tasker_id, tstzrange(t.starts_at, t.starts_at + make_interval(mins => khidma.minutes_of_task(t))))`
