import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, outside, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'
import { urlRulesOf } from '../../platform/webhooks/url-guard.ts'
import { fetchExternalCalendars } from './external-calendars.ts'

/** Collects holds whose time is over; they hold nothing already. */
export const expireHolds = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('holds', khidma.expire_holds(${limit}))`)

export const purgeCalendarItems = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('items', khidma.purge_calendar_items(${limit}))`)

const calendarsLimit = 20

export const jobs = {
  externalCalendars: outside((ctx, until, env: Parameters<typeof urlRulesOf>[0]) =>
    fetchExternalCalendars(ctx, calendarsLimit, { rules: urlRulesOf(env), until }),
  ),
  endOfHolds: inDatabase('due', (ctx) => expireHolds(ctx, 1_000)),
  purgeCalendarItems: inDatabase('purge', (ctx) => purgeCalendarItems(ctx, 5_000)),
}
