import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, date, list, nullable, type RowOf, rowsOf, time, uuid } from '../../../db/rows.ts'
import { type SeriesPause, taskSeries } from '../../../db/schema/work/tasks.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'
import { refuseForeignTask } from './templates.ts'

/** Series: tasks that come back. Each occurrence is a task of its own, made by `occurrences.ts`. */

const seriesRow = {
  ...columnsOf(taskSeries),
  /** The next days, with the tasks that exist already. */
  occurrences: list({ day: date, startsAt: time, taskId: nullable(uuid) }),
}
export type SeriesRow = RowOf<typeof seriesRow>

export interface SeriesFields {
  taskId?: string | undefined
  weekdays?: number[] | undefined
  everyWeeks?: number | undefined
  /** On the wall of `timezone`. */
  localTime?: string | undefined
  timezone?: string | undefined
  endsOn?: string | null | undefined
  pauses?: SeriesPause[] | undefined
  daysAhead?: number | undefined
  /** Whether the tasker of the task's last booking is asked first. */
  keepTasker?: boolean | undefined
}

export type NewSeries = SeriesFields & {
  taskId: string
  weekdays: number[]
  localTime: string
  timezone: string
  startsOn: string
}

export const seriesLimit = 20
const shownOccurrences = 10
/** Beyond this no day is looked for: twelve weeks apart, paused for a year. */
const shownDays = 400

const seriesView = (where: SQL, orderAndLimit: SQL = sql``): Statement<SeriesRow> =>
  rowsOf(seriesRow)`
    select ${rowColumns(taskSeries, 's')},
           coalesce((select json_agg(json_build_object('day', o.day, 'startsAt', ${isoTime(sql`o.starts_at`)}, 'taskId', o.task_id) order by o.day)
             from (select d.day, coalesce(t.starts_at, khidma.start_of_occurrence(s, d.day)) as starts_at, t.id as task_id
                     from (select today.day as first from (select (now() at time zone s.timezone)::date as day) today) f
                    cross join lateral khidma.days_of_series(s, f.first, f.first + ${shownDays}::int) d (day)
                     left join tasks t on t.series_id = s.id and t.series_day = d.day
                    where s.ended_at is null or t.id is not null
                    order by d.day limit ${shownOccurrences}) o), '[]') as occurrences
      from task_series s where ${where} ${orderAndLimit}`

const visibleTo = (ctx: Context): SQL =>
  isStaff(ctx.actor) ? sql`true` : sql`s.client_id = ${userIdOf(ctx.actor)}::uuid`

const mine = (ctx: Context<UserActor>, id: string): SQL =>
  sql`s.id = ${id} and s.client_id = ${ctx.actor.userId}`

export function listSeries(ctx: Context<UserActor>, page: PageRequest): Promise<SeriesRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`s.id`)
  return ctx.db.read(seriesView(sql`s.client_id = ${ctx.actor.userId} and ${after}`, orderAndLimit))
}

export async function getSeries(ctx: Context, id: string): Promise<SeriesRow> {
  return one(await ctx.db.read(seriesView(sql`s.id = ${id} and ${visibleTo(ctx)}`)))
}

/** The tasker who did the task: of its last booking that was not canceled. */
const taskerOf = (taskId: SQL): SQL =>
  sql`(select b.tasker_id from bookings b where b.task_id = ${taskId} and b.status <> 'canceled' order by b.id desc limit 1)`

export async function createSeries(
  ctx: Context<UserActor>,
  { keepTasker = true, ...fields }: NewSeries,
): Promise<SeriesRow> {
  const id = newId(ctx.now.getTime())
  const { userId } = ctx.actor
  const row = {
    id,
    clientId: userId,
    ...valuesOf(fields),
    taskerId: keepTasker ? taskerOf(sql`${fields.taskId}::uuid`) : null,
  }
  const effects = [
    ...lockAccount(userId),
    ...refuseForeignTask(ctx, fields.taskId),
    sql`select khidma.refuse(422, 'starts_at_refused', '{"field": "startsOn"}')
         where ${fields.startsOn}::date < (now() at time zone ${fields.timezone})::date
            or ${fields.startsOn}::date > (now() + interval '1 year')::date`,
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${seriesLimit}::int))
          from task_series s where s.client_id = ${userId} and s.ended_at is null having count(*) >= ${seriesLimit}`,
    sql`insert into task_series ${insertion(taskSeries, row)}`,
  ]
  return one(await ctx.db.write(effects, seriesView(mine(ctx, id))))
}

const lockMine = (ctx: Context<UserActor>, id: string, expectedVersion: number | null): SQL =>
  sql`select case when s.ended_at is not null then khidma.refuse(409, 'series_ended') end,
             khidma.assert_version(s.version, ${expectedVersion})
        from task_series s where ${mine(ctx, id)} for update`

/** Days that have their task already keep it; what changes are the days after them. */
export async function updateSeries(
  ctx: Context<UserActor>,
  id: string,
  { keepTasker, ...patch }: SeriesFields,
  expectedVersion: number | null,
): Promise<SeriesRow> {
  const effects = [lockMine(ctx, id, expectedVersion)]
  if (patch.taskId !== undefined) effects.push(...refuseForeignTask(ctx, patch.taskId))
  const changes = assignments(taskSeries, {
    ...valuesOf(patch),
    ...(keepTasker !== undefined && {
      taskerId: keepTasker
        ? taskerOf(patch.taskId === undefined ? sql`s.task_id` : sql`${patch.taskId}::uuid`)
        : null,
    }),
  })
  if (changes) effects.push(sql`update task_series s set ${changes} where ${mine(ctx, id)}`)
  return one(await ctx.db.write(effects, seriesView(mine(ctx, id))))
}

/** No further occurrence is created; those that exist stay. */
export async function endSeries(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<SeriesRow> {
  const effects = [
    lockMine(ctx, id, expectedVersion),
    sql`update task_series s set ended_at = now() where ${mine(ctx, id)}`,
  ]
  return one(await ctx.db.write(effects, seriesView(mine(ctx, id))))
}

const valuesOf = ({ weekdays, pauses, ...columns }: Omit<SeriesFields, 'keepTasker'>) => ({
  ...columns,
  weekdays: weekdays && sql`${sql.param(weekdays)}::int[]`,
  pauses: pauses && sql`${JSON.stringify(pauses)}::jsonb`,
})
