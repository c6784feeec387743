import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { open, seal } from '../../../core/crypto.ts'
import { externalCalendarPurpose } from '../../../core/encryption.ts'
import { newId } from '../../../core/ids.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { outsideBudgetMs, type Report, untilIn } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { bool, int, list, nullable, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { exchange, isSuccess } from '../../../providers/http-call.ts'
import { ProviderError } from '../../../providers/provider-error.ts'
import { refusalOf, storedUrl, type UrlRules } from '../../platform/webhooks/url-guard.ts'
import { lockOwnProfile } from '../../supply/taskers/profiles.ts'
import { iCalendar } from './feeds.ts'
import type { Busy } from './icalendar.ts'

export const externalCalendarsLimit = 5

const calendarRow = {
  id: uuid,
  name: text,
  goodAt: nullable(time),
  fetchedAt: nullable(time),
  failure: nullable(text),
  isStale: bool,
  busyCount: int,
  version: int,
  createdAt: time,
}
export type ExternalCalendarRow = RowOf<typeof calendarRow>

const setting = (name: 'everyMinutes' | 'staleHours'): SQL =>
  sql`(khidma.config_value('calendar.external', null, null, null) ->> ${name})::int`

const calendarsWhere = (where: SQL): Statement<ExternalCalendarRow> => rowsOf(calendarRow)`
  select e.id, e.name, ${isoTime(sql`e.good_at`)} as "goodAt", ${isoTime(sql`e.fetched_at`)} as "fetchedAt", e.failure,
         coalesce(e.good_at, e.created_at) < now() - make_interval(hours => ${setting('staleHours')}) as "isStale",
         (select count(*)::int from unnest(e.busy)) as "busyCount", e.version, ${isoTime(sql`e.created_at`)} as "createdAt"
    from external_calendars e where ${where}`

export async function listExternalCalendars(ctx: Context<UserActor>): Promise<ExternalCalendarRow[]> {
  const me = ctx.actor.userId
  const rows = await ctx.db.read(rowsOf({ isTasker: bool, calendars: list(calendarRow) })`
    select exists (select from tasker_profiles p where p.user_id = ${me}) as "isTasker",
           coalesce((select json_agg(v order by v.id) from (${calendarsWhere(sql`e.tasker_id = ${me}`)}) v), '[]') as calendars`)
  const { isTasker, calendars } = one(rows)
  if (!isTasker) throw new Problem('not_a_tasker')
  return calendars
}

/** `webcal:` is what programs call the https address of a calendar. */
const asHttps = (url: string): string => url.replace(/^webcals?:/i, 'https:')

/** Keeps the address sealed. The job fetches it first within minutes. */
export async function addExternalCalendar(
  ctx: Context<UserActor>,
  { name, url }: { name: string; url: string },
  rules: UrlRules,
): Promise<ExternalCalendarRow> {
  const address = asHttps(url)
  const refusal = refusalOf(address, rules)
  if (refusal)
    throw new Problem('calendar_address_refused', { errors: [{ pointer: '/url', message: refusal }] })
  const me = ctx.actor.userId
  const id = newId(ctx.now.getTime())
  const sealed = await seal(ctx.secrets.encryptionKeys, externalCalendarPurpose(id), storedUrl(address))
  const effects = [
    ...lockOwnProfile(me),
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${externalCalendarsLimit}::int))
          from external_calendars e where e.tasker_id = ${me} having count(*) >= ${externalCalendarsLimit}`,
    sql`insert into external_calendars (id, tasker_id, name, url) values (${id}, ${me}, ${name}, ${sealed})`,
  ]
  return one(await ctx.db.write(effects, calendarsWhere(sql`e.id = ${id}`)))
}

export async function removeExternalCalendar(ctx: Context<UserActor>, calendarId: string): Promise<void> {
  const me = ctx.actor.userId
  const mine = sql`e.id = ${calendarId} and e.tasker_id = ${me}`
  await ctx.db.write([
    ...lockOwnProfile(me),
    sql`select khidma.refuse(404, 'not_found') where not exists (select from external_calendars e where ${mine})`,
    sql`delete from external_calendars e where ${mine}`,
  ])
}

const dueRow = { id: uuid, url: text, zone: text }
type Due = RowOf<typeof dueRow>

export interface Fetching {
  rules: UrlRules
  fetch?: typeof fetch
}

const answerLimitBytes = 1_024 * 1_024
const redirectsLimit = 3
const dayMs = 86_400_000

interface Fetched {
  id: string
  busy: Busy[] | null
  failure: string | null
}

/**
 * Fetches the calendars that are due and takes over their busy times. One that fails keeps its last good copy, and shows since when. The
 * next time is written before anything is fetched: a run that dies leaves nothing that the next ones would all begin with. Each is kept in
 * a transaction of its own: what is wrong with one keeps no other from being taken over.
 */
export async function fetchExternalCalendars(
  ctx: Context,
  limit: number,
  { until = untilIn(outsideBudgetMs), ...fetching }: Fetching & { until?: number },
): Promise<Report> {
  const report = { calendars: 0, failed: 0 }
  for (let left = limit; left > 0 && Date.now() < until; left -= atOnce) {
    const due = await takeDue(ctx, Math.min(left, atOnce))
    await inParallel(atOnce, due, async (calendar) => {
      const isGood = await fetchAndKeep(ctx, calendar, fetching)
      report.calendars += 1
      if (!isGood) report.failed += 1
    })
    if (due.length < atOnce) break
  }
  return report
}

/** A Worker has six connections, and the database wants one. */
const atOnce = 5

const takeDue = (ctx: Context, limit: number): Promise<Due[]> =>
  ctx.db.write(
    [
      sql`update external_calendars set fetched_at = now(), next_fetch_at = now() + make_interval(mins => ${setting('everyMinutes')})
           where id in (select e.id from external_calendars e where e.next_fetch_at <= now()
                         order by e.next_fetch_at limit ${limit} for update skip locked)`,
    ],
    rowsOf(
      dueRow,
    )`select e.id, e.url, r.zone from external_calendars e cross join lateral khidma.calendar_rules(e.tasker_id) r
                    where e.fetched_at = now()`,
  )

async function fetchAndKeep(ctx: Context, calendar: Due, fetching: Fetching): Promise<boolean> {
  const fetched = await fetchOne(ctx, calendar, fetching)
  try {
    await ctx.db.write(keepOne(fetched))
    return fetched.failure === null
  } catch (error) {
    logFailure('calendar.fetch_failed', error, { calendarId: calendar.id })
    return false
  }
}

async function fetchOne(ctx: Context, { id, url, zone }: Due, fetching: Fetching): Promise<Fetched> {
  try {
    const address = await open(ctx.secrets.encryptionKeys, externalCalendarPurpose(id), url)
    const calendar = await textAt(address, fetching)
    if (typeof calendar !== 'string') return { id, busy: null, failure: calendar.failure }
    const { busyOf } = await iCalendar()
    const nowMs = ctx.now.getTime()
    try {
      const busy = busyOf(calendar, { fromMs: nowMs - dayMs, untilMs: nowMs + 180 * dayMs, zone })
      return { id, busy, failure: null }
    } catch {
      return { id, busy: null, failure: 'unreadable' }
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) logFailure('calendar.fetch_failed', error, { calendarId: id })
    return { id, busy: null, failure: 'unreachable' }
  }
}

/** Every address on the way passes the guard: a redirect leads nowhere that the tasker could not have named. */
async function textAt(
  address: string,
  { rules, fetch: go }: Fetching,
): Promise<string | { failure: string }> {
  let url = address
  for (let hop = 0; hop <= redirectsLimit; hop += 1) {
    if (refusalOf(url, rules)) return { failure: 'address_refused' }
    const answer = await exchange({
      provider: 'calendar',
      method: 'GET',
      url,
      headers: { accept: 'text/calendar', 'user-agent': 'Khidma-Calendar/1' },
      answerLimitBytes,
      fetch: go,
    })
    const location = answer.headers.get('location')
    if (answer.status >= 300 && answer.status < 400 && location !== null) {
      url = URL.parse(location, url)?.href ?? ''
      continue
    }
    return isSuccess(answer.status) ? answer.text : { failure: `status_${answer.status}` }
  }
  return { failure: 'too_many_redirects' }
}

function keepOne({ id, busy, failure }: Fetched): SQL[] {
  if (busy === null) return [sql`update external_calendars set failure = ${failure} where id = ${id}`]
  const times = busy.map(({ startsAtMs, endsAtMs }) => [startsAtMs / 1_000, endsAtMs / 1_000])
  return [sql`select khidma.keep_external_calendars(${JSON.stringify([{ id, busy: times }])}::jsonb)`]
}
