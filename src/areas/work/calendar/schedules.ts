import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import { bool, columnsOf, int, list, oneOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import {
  calendarSettings,
  ruleKinds,
  scheduleOverrides,
  schedules,
} from '../../../db/schema/work/calendar.ts'
import { one } from '../../../db/unit.ts'
import { lockOwnProfile } from '../../supply/taskers/profiles.ts'

/** An interval of a day in minutes after local midnight; the end may be on the next day. */
export interface Interval {
  fromMinute: number
  untilMinute: number
}

const rule = { weekday: int, kind: oneOf(ruleKinds), fromMinute: int, untilMinute: int }
export type ScheduleRule = RowOf<typeof rule>
const scheduleRow = { ...columnsOf(schedules), rules: list(rule) }
export type ScheduleRow = RowOf<typeof scheduleRow>

const scheduleColumns = sql`
  ${rowColumns(schedules, 's')},
  coalesce((select json_agg(json_build_object('weekday', r.weekday, 'kind', r.kind, 'fromMinute', r.from_minute, 'untilMinute', r.until_minute)
                            order by r.weekday, r.from_minute, r.kind)
              from schedule_rules r where r.schedule_id = s.id), '[]') as rules`

/** Schedules that a tasker can have; each is read whenever a slot of theirs is looked at. */
export const schedulesLimit = 20
export const overridesLimit = 400

/** Throws for who is no tasker; returns what the statement has as `rows`. */
const ofTasker = <Row>(found: { isTasker: boolean; rows: Row[] }): Row[] => {
  if (!found.isTasker) throw new Problem('not_a_tasker')
  return found.rows
}

const isTasker = (me: string): SQL =>
  sql`exists (select from tasker_profiles p where p.user_id = ${me}) as "isTasker"`

/** The schedule in force and those to come, earliest first. */
export async function listSchedules(ctx: Context<UserActor>): Promise<ScheduleRow[]> {
  const me = ctx.actor.userId
  const rows = await ctx.db.read(rowsOf({ isTasker: bool, rows: list(scheduleRow) })`
    select ${isTasker(me)}, coalesce((select json_agg(v) from (
             select ${scheduleColumns} from schedules s
              where s.tasker_id = ${me}
                and s.effective_from >= coalesce((select max(e.effective_from) from schedules e
                                                   where e.tasker_id = ${me} and e.effective_from <= (now() at time zone e.zone)::date), '-infinity')
              order by s.effective_from) v), '[]') as rows`)
  return ofTasker(one(rows))
}

/** Refuses a day that has passed in the zone, or is more than a year and a half ahead. */
const refuseDay = (day: string, zone: SQL): SQL => sql`
  select khidma.refuse(422, 'calendar_date_refused', jsonb_build_object('from', d.today, 'until', d.today + 548))
    from (select (now() at time zone ${zone})::date as today) d where not (${day}::date between d.today and d.today + 548)`

/** Zone of the tasker's calendar today. */
const zoneOf = (me: string): SQL => sql`(select r.zone from khidma.calendar_rules(${me}) r)`

export interface ScheduleFields {
  effectiveFrom: string
  zone: string
  holidaysOf: string | null
  rules: ScheduleRule[]
}

/** Puts the hours from a day on, in place of those that begin on the same day. */
export async function putSchedule(
  ctx: Context<UserActor>,
  { effectiveFrom, zone, holidaysOf, rules }: ScheduleFields,
): Promise<ScheduleRow> {
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const mine = sql`s.tasker_id = ${me} and s.effective_from = ${effectiveFrom}::date`
  const effects = [
    ...lockOwnProfile(me),
    sql`select khidma.refuse(422, 'unknown_timezone') where not khidma.is_timezone(${zone})`,
    refuseDay(effectiveFrom, sql`${zone}`),
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${schedulesLimit}::int))
          from schedules s where s.tasker_id = ${me} and s.effective_from <> ${effectiveFrom}::date having count(*) >= ${schedulesLimit}`,
    sql`insert into schedules (id, tasker_id, effective_from, zone, holidays_of)
        values (${id}, ${me}, ${effectiveFrom}::date, ${zone}, ${holidaysOf})
        on conflict (tasker_id, effective_from) do update set zone = excluded.zone, holidays_of = excluded.holidays_of`,
    sql`delete from schedule_rules r using schedules s where r.schedule_id = s.id and ${mine}`,
    sql`insert into schedule_rules (id, schedule_id, weekday, kind, from_minute, until_minute)
        select khidma.uuid_v7(), s.id, r.weekday, r.kind, r."fromMinute", r."untilMinute"
          from schedules s
         cross join jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) r (weekday int, kind text, "fromMinute" int, "untilMinute" int)
         where ${mine}`,
  ]
  const rows = await ctx.db.write(
    effects,
    rowsOf(scheduleRow)`select ${scheduleColumns} from schedules s where ${mine}`,
  )
  return one(rows)
}

/** The schedule before it goes on; without one the tasker counts as free. */
export async function removeSchedule(ctx: Context<UserActor>, scheduleId: string): Promise<void> {
  const me = ctx.actor.userId
  const mine = sql`s.id = ${scheduleId} and s.tasker_id = ${me}`
  await ctx.db.write([
    ...lockOwnProfile(me),
    sql`select khidma.refuse(404, 'not_found') where not exists (select from schedules s where ${mine})`,
    sql`delete from schedules s where ${mine}`,
  ])
}

const overrideRow = columnsOf(scheduleOverrides)
export type OverrideRow = RowOf<typeof overrideRow>

const overrideColumns = rowColumns(scheduleOverrides, 'o')

/** Overrides from a day on, up to another, earliest first. */
export async function listOverrides(
  ctx: Context<UserActor>,
  { from, until }: { from?: string | undefined; until?: string | undefined },
): Promise<OverrideRow[]> {
  const me = ctx.actor.userId
  const rows = await ctx.db.read(rowsOf({ isTasker: bool, rows: list(overrideRow) })`
    select ${isTasker(me)}, coalesce((select json_agg(v) from (
             select ${overrideColumns} from schedule_overrides o
              where o.tasker_id = ${me} and o.day >= coalesce(${from ?? null}::date, (now() at time zone ${zoneOf(me)})::date)
                and o.day <= coalesce(${until ?? null}::date, 'infinity')
              order by o.day limit ${overridesLimit}) v), '[]') as rows`)
  return ofTasker(one(rows))
}

/** Puts the hours of one local date, in place of the weekly ones; no intervals: a day off. */
export async function putOverride(
  ctx: Context<UserActor>,
  day: string,
  intervals: Interval[],
): Promise<OverrideRow> {
  const me = ctx.actor.userId
  const minutes = (of: (interval: Interval) => number): SQL => sql`${sql.param(intervals.map(of))}::int[]`
  const effects = [
    ...lockOwnProfile(me),
    refuseDay(day, zoneOf(me)),
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${overridesLimit}::int))
          from schedule_overrides o where o.tasker_id = ${me} and o.day >= current_date and o.day <> ${day}::date
        having count(*) >= ${overridesLimit}`,
    sql`insert into schedule_overrides (id, tasker_id, day, from_minutes, until_minutes)
        values (${newId(ctx.now.getTime())}, ${me}, ${day}::date, ${minutes((i) => i.fromMinute)}, ${minutes((i) => i.untilMinute)})
        on conflict (tasker_id, day) do update set from_minutes = excluded.from_minutes, until_minutes = excluded.until_minutes`,
  ]
  const rows = await ctx.db.write(
    effects,
    rowsOf(
      overrideRow,
    )`select ${overrideColumns} from schedule_overrides o where o.tasker_id = ${me} and o.day = ${day}::date`,
  )
  return one(rows)
}

export async function removeOverride(ctx: Context<UserActor>, overrideId: string): Promise<void> {
  const me = ctx.actor.userId
  const mine = sql`o.id = ${overrideId} and o.tasker_id = ${me}`
  await ctx.db.write([
    ...lockOwnProfile(me),
    sql`select khidma.refuse(404, 'not_found') where not exists (select from schedule_overrides o where ${mine})`,
    sql`delete from schedule_overrides o where ${mine}`,
  ])
}

const { guardBeforeMinutes, guardAfterMinutes, noticeMinutes, bookingsADay } = columnsOf(calendarSettings)
const settingsRow = {
  isTasker: bool,
  guardBeforeMinutes,
  guardAfterMinutes,
  noticeMinutes,
  bookingsADay,
  /** Rules that apply: the tasker's own, or the market's. */
  rules: { guardBeforeMinutes: int, guardAfterMinutes: int, noticeMinutes: int, bookingsADay: int },
}
export type SettingsRow = RowOf<typeof settingsRow>

const settingsOf = (me: string) => rowsOf(settingsRow)`
  select ${isTasker(me)}, s.guard_before_minutes as "guardBeforeMinutes", s.guard_after_minutes as "guardAfterMinutes",
         s.notice_minutes as "noticeMinutes", s.bookings_a_day as "bookingsADay",
         json_build_object('guardBeforeMinutes', r.guard_before, 'guardAfterMinutes', r.guard_after,
                           'noticeMinutes', (extract(epoch from r.notice) / 60)::int, 'bookingsADay', r.a_day) as rules
    from khidma.calendar_rules(${me}) r left join calendar_settings s on s.tasker_id = ${me}`

export async function getSettings(ctx: Context<UserActor>): Promise<SettingsRow> {
  const row = one(await ctx.db.read(settingsOf(ctx.actor.userId)))
  if (!row.isTasker) throw new Problem('not_a_tasker')
  return row
}

export type SettingsFields = Pick<
  SettingsRow,
  'guardBeforeMinutes' | 'guardAfterMinutes' | 'noticeMinutes' | 'bookingsADay'
>

/** Applies to later items: those that are written keep their guards. */
export async function putSettings(ctx: Context<UserActor>, fields: SettingsFields): Promise<SettingsRow> {
  const me = ctx.actor.userId
  const effects = [
    ...lockOwnProfile(me),
    sql`insert into calendar_settings (tasker_id, guard_before_minutes, guard_after_minutes, notice_minutes, bookings_a_day)
        values (${me}, ${fields.guardBeforeMinutes}, ${fields.guardAfterMinutes}, ${fields.noticeMinutes}, ${fields.bookingsADay})
        on conflict (tasker_id) do update set guard_before_minutes = excluded.guard_before_minutes,
          guard_after_minutes = excluded.guard_after_minutes, notice_minutes = excluded.notice_minutes,
          bookings_a_day = excluded.bookings_a_day`,
  ]
  return one(await ctx.db.write(effects, settingsOf(me)))
}
