import { type SQL, sql } from 'drizzle-orm'
import type { ConfigKeyName } from '../../../core/config-keys.ts'
import type { Context } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { bool, int, list, nullable, oneOf, type RowOf, rowsOf, time, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { taskMachine } from '../tasks/machine.ts'
import { beginMatching, expireTasks, isUnbooked } from '../tasks/tasks.ts'
import { hardDeadlineFactor } from './hard-deadline.ts'
import { offerRow, offerView } from './offers.ts'

/** Verbs by which the system finds a task's tasker. Each verb is one round trip, and does nothing the second time. */

/** A search of a task: one that is posted again has another. */
export interface SearchOf {
  taskId: string
  round: number
}

/** The current state of the task; null for a task that does not exist, or has another search by now. */
const progress = { state: nullable(oneOf(taskMachine.states)) }
/** Whoever changes a task or its offers locks the task first: then nobody waits for another in a circle. */
const lockTask = (taskId: string): SQL => sql`select from tasks where id = ${taskId} for update`

/** Whole number of configuration for task `t`. */
const setting = (key: ConfigKeyName): SQL => sql`khidma.config_of_task(${key}, t.id)::int`

/**
 * Candidates `c` of task `t` who were not asked in this search, nor declined or canceled in an earlier one; can still be booked in its
 * currency, are free at that hour, owe no more than the cap, and have no block between them and the client. Whoever is just being asked about a task that is first in line is asked
 * about no other: such a task is served before them.
 */
const canBeAsked = sql`
  not exists (select from offers o where o.task_id = t.id and o.tasker_id = c.tasker_id
                 and (o.round = t.round or o.status in ('declined', 'accepted')))
  and not exists (select from bookings b where b.task_id = t.id and b.tasker_id = c.tasker_id)
  and (t.first_in_line or not exists (select from offers o where o.tasker_id = c.tasker_id and o.first_in_line
                                         and o.status = 'pending' and o.expires_at > now()))
  and exists (select from match_index m where m.tasker_id = c.tasker_id and m.category = t.category
    and (m.rate_currency = t.currency or m.rate_currency is null))
  and khidma.is_free(c.tasker_id, tstzrange(t.starts_at, t.starts_at + make_interval(mins => khidma.minutes_of_task(t))),
                     t.priority = 'urgent')
  and not exists (select from khidma.over_debt_cap(c.tasker_id)) and not khidma.blocked_between(c.tasker_id, t.client_id)
  and not khidma.is_restricted(c.tasker_id, 'transact') and not khidma.is_restricted(t.client_id, 'transact')`

/**
 * The snapshot of who may be asked, with the reasons. Taken once a search; again only when there is nobody left to ask, and then
 * it grows by those who have become free since.
 */
const takeCandidates = (taskId: string): SQL => sql`
  insert into task_candidates (id, task_id, tasker_id, round, rank, score, explanation)
  select khidma.uuid_v7(), t.id, r.tasker_id, t.round,
         (select coalesce(max(k.rank), 0) from task_candidates k where k.task_id = t.id and k.round = t.round)
           + row_number() over (order by r.score desc, r.distance_m, r.tasker_id), r.score, r.explanation
    from tasks t cross join lateral khidma.rank_candidates(t.id, ${setting('matching.candidates')}) r
   where t.id = ${taskId} and t.state = 'matching'
     and not exists (select from task_candidates c where c.task_id = t.id and c.round = t.round and ${canBeAsked})
     and not exists (select from task_candidates k where k.task_id = t.id and k.round = t.round and k.tasker_id = r.tasker_id)`

/** `seconds`: how long the wave is open; `waves`: how many there are before the task expires. */
const openedWave = { ...progress, offers: list(offerRow), seconds: nullable(int), waves: nullable(int) }
export type OpenedWave = RowOf<typeof openedWave>

/**
 * The task is in matching from now on, and is offered to its best candidates who have not been asked and are still free.
 * A wave that was opened before is only read: a crash between this commit and the caller's own note of it can neither
 * offer twice nor skip anybody.
 */
export async function openWave(ctx: Context, search: SearchOf, wave: number): Promise<OpenedWave> {
  const { taskId, round } = search
  const effects = [
    lockTask(taskId),
    beginMatching(taskId, round),
    takeCandidates(taskId),
    insertOffers(search, wave),
  ]
  const offers = offerView(
    sql`o.task_id = ${taskId} and o.round = ${round}::int and o.wave = ${wave}::int`,
    sql`order by o.id`,
  )
  const result = rowsOf(openedWave)`
    select (select t.state from tasks t where t.id = ${taskId} and t.round = ${round}) as state,
           (select ${setting('matching.wave_seconds')} from tasks t where t.id = ${taskId}) as seconds,
           (select ${setting('matching.waves')} from tasks t where t.id = ${taskId}) as waves,
           coalesce((select json_agg(v) from (${offers}) v), '[]') as offers`
  return one(await ctx.db.write(effects, result))
}

const insertOffers = ({ taskId, round }: SearchOf, wave: number): SQL => sql`
  insert into offers (id, task_id, tasker_id, round, first_in_line, wave, expires_at)
  select khidma.uuid_v7(), t.id, c.tasker_id, t.round, t.first_in_line, ${wave}::int, now() + make_interval(secs => ${setting('matching.wave_seconds')})
    from tasks t join task_candidates c on c.task_id = t.id and c.round = t.round
   where t.id = ${taskId} and t.round = ${round}::int and t.state = 'matching' and ${canBeAsked}
     and not exists (select from offers o where o.task_id = t.id and o.round = t.round and o.wave >= ${wave}::int)
   order by c.rank limit (select ${setting('matching.offers_per_wave')} from tasks t where t.id = ${taskId})`

const closedWave = { ...progress, isOver: bool }
export type ClosedWave = RowOf<typeof closedWave>

/** Ends the waves up to this one: who has not answered is too late. Over: the task climbs its ladder, whatever waves there are left. */
export async function closeWave(ctx: Context, search: SearchOf, wave: number): Promise<ClosedWave> {
  const { taskId, round } = search
  const effects = [lockTask(taskId), ...expireOffers(search, wave)]
  const result = rowsOf(closedWave)`
    select (select t.state from tasks t where t.id = ${taskId} and t.round = ${round}) as state,
           exists (select from tasks t where t.id = ${taskId} and t.climbs_at <= now()) as "isOver"`
  return one(await ctx.db.write(effects, result))
}

/** The taskers' rates follow by trigger: their rows are locked in order, as two tasks may have asked the same people. */
const expireOffers = ({ taskId, round }: SearchOf, lastWave: number | null): SQL[] => {
  const open = sql`o.task_id = ${taskId} and o.round = ${round}::int and o.status = 'pending' and (${lastWave}::int is null or o.wave <= ${lastWave}::int)`
  return [
    sql`select from tasker_profiles p where p.user_id in (select o.tasker_id from offers o where ${open})
         order by p.user_id for update`,
    sql`update offers o set status = 'expired' where ${open}`,
  ]
}

const ended = { ...progress, climbsAt: nullable(time) }
export type EndedWay = RowOf<typeof ended>

/** Nobody took it in the way of its rung: it climbs its ladder, or expires. Before the time of a rung it stays. */
export async function endWay(ctx: Context, search: SearchOf): Promise<EndedWay> {
  const { taskId, round } = search
  const effects = [
    lockTask(taskId),
    ...expireOffers(search, null),
    sql`select khidma.give_reason('no_tasker_found')`,
    sql`select khidma.climb_ladder(${taskId}::uuid, ${round}::int)`,
    // Staff may have taken the task over since the last wave.
    expireTasks(sql`id = ${taskId} and round = ${round} and sourcing = 'match' and climbs_at is null`),
  ]
  const result = rowsOf(ended)`
    select (select t.state from tasks t where t.id = ${taskId} and t.round = ${round}) as state,
           (select ${isoTime(sql`t.climbs_at`)} from tasks t where t.id = ${taskId} and t.round = ${round}) as "climbsAt"`
  return one(await ctx.db.write(effects, result))
}

/**
 * The tasker's device shows the offer: from now on a missing answer counts, and the tasker has the time of a whole wave
 * to give it, up to the hard deadline.
 */
export async function markOfferDelivered(
  ctx: Context,
  offerId: string,
  deliveredAtMs: number,
  seconds: number,
): Promise<void> {
  const at = sql`greatest(o.created_at, least(now(), to_timestamp(${deliveredAtMs / 1000}::double precision)))`
  await ctx.db.write([
    sql`update offers o set delivered_at = ${at}, expires_at = least(${at} + make_interval(secs => ${seconds}),
               o.created_at + make_interval(secs => ${seconds * hardDeadlineFactor}))
         where o.id = ${offerId} and o.status = 'pending' and o.delivered_at is null`,
  ])
}

const expiryAfterSeconds = taskMachine.transitions.find(({ name }) => name === 'expire')?.after?.seconds ?? 0
const stalledAfterSeconds = 60

/**
 * The safety net below the matchers, for cron: lets tasks climb or expire that nobody has moved for too long, and names those
 * whose matcher seems not to run. To start one that does run changes nothing.
 */
export async function restartStalledMatching(ctx: Context, limit: number): Promise<SearchOf[]> {
  const searching = sql`t.sourcing = 'match' and t.state in ('posted', 'matching') and ${isUnbooked(sql`t.id`)}`
  const unmovedFor = (seconds: number) => sql`t.updated_at < now() - make_interval(secs => ${seconds})`
  const effects = [
    sql`select khidma.climb_due(${limit}::int)`,
    sql`select khidma.give_reason('no_tasker_found')`,
    expireTasks(sql`id in (
      select t.id from tasks t where ${searching} and t.climbs_at is null and ${unmovedFor(expiryAfterSeconds)}
       order by t.updated_at limit ${limit} for update skip locked)`),
  ]
  const stalled = rowsOf({ taskId: uuid, round: int })`
    select t.id as "taskId", t.round from tasks t where ${searching} and ${unmovedFor(stalledAfterSeconds)}
       and not exists (select from offers o where o.task_id = t.id and o.round = t.round
                          and o.expires_at > now() - make_interval(secs => ${stalledAfterSeconds}))
     order by t.first_in_line desc, t.updated_at limit ${limit}`
  return ctx.db.write(effects, stalled)
}
