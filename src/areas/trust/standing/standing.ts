import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { bool, int, list, nullable, number, oneOf, type RowOf, rowsOf, text, time } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { taskerMachine } from '../../supply/taskers/machine.ts'
import { standingRules } from './rules.ts'

const findingRow = {
  rule: oneOf(standingRules),
  value: number,
  cases: int,
  enter: number,
  leave: number,
  least: int,
  isBroken: bool,
  isKept: bool,
}

const standingRow = {
  status: oneOf(taskerMachine.states),
  findings: list(findingRow),
  /** Rules that have the tasker at risk. */
  brokenRules: list(text),
  windowDays: int,
  checkedAt: nullable(time),
  nextCheckAt: nullable(time),
  flaggedAt: nullable(time),
  reviewAt: nullable(time),
}
export type StandingRow = RowOf<typeof standingRow>

/** The same findings by which the job decides, with what it has decided. */
export async function getStanding(ctx: Context, taskerId: string): Promise<StandingRow> {
  const rows = await ctx.db.read(rowsOf(standingRow)`
    select p.status,
           (select coalesce(json_agg(json_build_object('rule', f.rule, 'value', f.value, 'cases', f.cases, 'enter', f.enter, 'leave', f.leave,
                     'least', f.min_cases, 'isBroken', f.is_broken, 'isKept', f.is_kept) order by f.rule), '[]')
              from khidma.standing_of(p.user_id) f) as findings,
           coalesce(to_json(s.broken_rules), '[]') as "brokenRules",
           khidma.config_value('standing.window_days', khidma.country_of(p.hourly_rate_currency), null, null)::int as "windowDays",
           ${isoTime(sql`s.checked_at`)} as "checkedAt",
           ${isoTime(sql`(s.checked_at + interval '1 day')`)} as "nextCheckAt",
           ${isoTime(sql`s.flagged_at`)} as "flaggedAt",
           ${isoTime(sql`(s.flagged_at + make_interval(days => khidma.config_value('standing.review_days', khidma.country_of(p.hourly_rate_currency), null, null)::int))`)} as "reviewAt"
      from tasker_profiles p left join tasker_standings s on s.tasker_id = p.user_id where p.user_id = ${taskerId}`)
  return one(rows)
}
