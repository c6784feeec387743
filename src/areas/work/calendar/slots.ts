import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { int, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { calendarItemKinds, ruleKinds } from '../../../db/schema/work/calendar.ts'
import { one, type Statement } from '../../../db/unit.ts'

/** Rules that a slot can break, in the order in which `khidma.slot_verdicts` asks for them. */
export const slotRules = [
  'not_active',
  'too_soon',
  'too_far',
  'outside_hours',
  'off_grid',
  'taken',
  'day_full',
] as const

const minutesOf = (minutes: number): SQL => sql`make_interval(mins => ${minutes}::int)`

export interface SlotQuestion {
  minutes: number
  urgent: boolean
}

const slotRow = { taskerId: uuid, startsAt: time, endsAt: time }
export type SlotRow = RowOf<typeof slotRow>

/** Slots of many taskers in one round trip, each tasker's in order. */
export const slotsOf = (
  actor: Actor,
  taskerIds: readonly string[],
  { from, until, minutes, urgent }: SlotQuestion & { from: string; until: string },
): Statement<SlotRow> => rowsOf(slotRow)`
  select s.tasker_id as "taskerId", ${isoTime(sql`s.starts_at`)} as "startsAt",
         ${isoTime(sql`(s.starts_at + ${minutesOf(minutes)})`)} as "endsAt"
    from khidma.list_slots(${sql.param(taskerIds)}::uuid[], tstzrange(${from}::timestamptz, ${until}::timestamptz),
                           ${minutesOf(minutes)}, ${userIdOf(actor)}::uuid, ${urgent}::boolean) s`

const slotListRow = { zone: text, stepMinutes: int, slots: list(slotRow) }
export type SlotListRow = RowOf<typeof slotListRow>

/** Taskers who cannot be booked do not exist. */
const isShown = sql`p.status in ('active', 'at_risk') and u.status = 'active'`

export async function listSlots(
  ctx: Context,
  taskerId: string,
  question: SlotQuestion & { from: string; until: string },
): Promise<SlotListRow> {
  const rows = await ctx.db.read(rowsOf(slotListRow)`
    select r.zone, (extract(epoch from r.step) / 60)::int as "stepMinutes",
           coalesce((select json_agg(v) from (${slotsOf(ctx.actor, [taskerId], question)}) v), '[]') as slots
      from tasker_profiles p join users u on u.id = p.user_id cross join lateral khidma.calendar_rules(p.user_id) r
     where p.user_id = ${taskerId} and ${isShown}`)
  return one(rows)
}

const verdictRow = {
  taskerId: uuid,
  startsAt: time,
  rule: nullable(oneOf(slotRules)),
  passesAt: nullable(time),
}
export type VerdictRow = RowOf<typeof verdictRow>

export interface Slot {
  taskerId: string
  startsAt: string
}

/** Many taskers and starts in one round trip; one result for each that was asked, in the same order. */
export async function checkSlots(
  ctx: Context,
  slots: readonly Slot[],
  { minutes, urgent }: SlotQuestion,
): Promise<VerdictRow[]> {
  const client = userIdOf(ctx.actor)
  return ctx.db.read(rowsOf(verdictRow)`
    with asked as (
      select a."taskerId" as tasker_id, a."startsAt" as starts_at, n
        from rows from (jsonb_to_recordset(${JSON.stringify(slots)}::jsonb) as ("taskerId" uuid, "startsAt" timestamptz))
             with ordinality a ("taskerId", "startsAt", n)
    )
    select a.tasker_id as "taskerId", ${isoTime(sql`a.starts_at`)} as "startsAt", v.rule, ${isoTime(sql`v.passes_at`)} as "passesAt"
      from (select k.tasker_id, array_agg(distinct k.starts_at) as starts from asked k group by k.tasker_id) t
     cross join lateral khidma.slot_verdicts(t.tasker_id, t.starts, ${minutesOf(minutes)}, ${client}::uuid, ${urgent}::boolean) v
      join asked a on a.tasker_id = t.tasker_id and a.starts_at = v.starts_at
     order by a.n`)
}

const explanationRow = {
  rule: nullable(oneOf(slotRules)),
  passesAt: nullable(time),
  nextStartAt: nullable(time),
  details: nullable({
    zone: text,
    bookingsADay: int,
    hours: list({ kind: oneOf(ruleKinds), source: text, startsAt: time, endsAt: time }),
    items: list({
      id: uuid,
      kind: oneOf(calendarItemKinds),
      sourceId: nullable(uuid),
      startsAt: time,
      endsAt: time,
      guardedUntil: time,
      expiresAt: nullable(time),
    }),
  }),
}
export type ExplanationRow = RowOf<typeof explanationRow>

/** How far ahead the next slot is looked for. */
const lookAhead = sql`interval '14 days'`

/** The tasker, and staff who may see what takes up the time of taskers. */
const seesDetails = (actor: Actor, taskerId: string): boolean =>
  userIdOf(actor) === taskerId ||
  (isStaff(actor) && actor.kind === 'user' && actor.permissions?.includes('calendar.read') === true)

export async function explainSlot(
  ctx: Context,
  { taskerId, startsAt }: Slot,
  { minutes, urgent }: SlotQuestion,
): Promise<ExplanationRow> {
  const client = userIdOf(ctx.actor)
  const start = sql`${startsAt}::timestamptz`
  const end = sql`(${start} + ${minutesOf(minutes)})`
  const around = sql`tstzrange(${start} - interval '12 hours', ${end} + interval '12 hours')`
  const details = seesDetails(ctx.actor, taskerId)
    ? sql`json_build_object('zone', r.zone, 'bookingsADay', r.a_day,
        'hours', coalesce((select json_agg(json_build_object('kind', h.kind, 'source', h.source, 'startsAt', ${isoTime(sql`h.starts`)},
                    'endsAt', ${isoTime(sql`h.ends`)}) order by h.starts) from khidma.tasker_hours(p.user_id, ${around}) h), '[]'),
        'items', coalesce((select json_agg(json_build_object('id', i.id, 'kind', i.kind, 'sourceId', i.source_id,
                    'startsAt', ${isoTime(sql`lower(i.during)`)}, 'endsAt', ${isoTime(sql`upper(i.during)`)},
                    'guardedUntil', ${isoTime(sql`upper(i.guarded)`)}, 'expiresAt', ${isoTime(sql`i.expires_at`)}) order by lower(i.during))
                  from calendar_items i where i.tasker_id = p.user_id and i.state = 'live' and i.kind <> 'oncall' and i.guarded && ${around}
                   and (i.expires_at is null or i.expires_at > now())), '[]'))`
    : sql`null::json`
  const rows = await ctx.db.read(rowsOf(explanationRow)`
    select v.rule, ${isoTime(sql`v.passes_at`)} as "passesAt",
           (select ${isoTime(sql`min(n.starts_at)`)} from khidma.list_slots(array[p.user_id], tstzrange(greatest(${start}, now()),
              greatest(${start}, now()) + ${lookAhead}), ${minutesOf(minutes)}, ${client}::uuid, ${urgent}::boolean) n) as "nextStartAt",
           ${details} as details
      from tasker_profiles p
     cross join lateral khidma.calendar_rules(p.user_id) r
     cross join lateral khidma.slot_verdicts(p.user_id, array[${start}], ${minutesOf(minutes)}, ${client}::uuid, ${urgent}::boolean) v
     where p.user_id = ${taskerId}`)
  return one(rows)
}

const holdRow = {
  id: uuid,
  taskerId: uuid,
  startsAt: time,
  endsAt: time,
  expiresAt: time,
  createdAt: time,
  version: int,
}
export type HoldRow = RowOf<typeof holdRow>

const holdOf = (id: string, userId: string): Statement<HoldRow> => rowsOf(holdRow)`
  select i.id, i.tasker_id as "taskerId", ${isoTime(sql`lower(i.during)`)} as "startsAt", ${isoTime(sql`upper(i.during)`)} as "endsAt",
         ${isoTime(sql`i.expires_at`)} as "expiresAt", ${isoTime(sql`i.created_at`)} as "createdAt", i.version
    from calendar_items i where i.id = ${id} and i.held_by = ${userId}`

/** Holds a slot for the caller: nobody else gets it until the hold ends, and a booking of the caller in that time takes its place. */
export async function holdSlot(
  ctx: Context<UserActor>,
  { taskerId, startsAt }: Slot,
  { minutes, urgent }: SlotQuestion,
): Promise<HoldRow> {
  const me = ctx.actor.userId
  if (me === taskerId) throw new Problem('forbidden')
  const id = newId(ctx.now.getTime())
  const during = sql`tstzrange(${startsAt}::timestamptz, ${startsAt}::timestamptz + ${minutesOf(minutes)})`
  const effects = [
    sql`select khidma.refuse(404, 'not_found') where not exists (select from tasker_profiles p where p.user_id = ${taskerId})`,
    sql`select khidma.hold_slot(${id}::uuid, ${taskerId}::uuid, ${me}::uuid, ${during}, ${urgent}::boolean)`,
  ]
  return one(await ctx.db.write(effects, holdOf(id, me)))
}

export async function renewHold(ctx: Context<UserActor>, holdId: string): Promise<HoldRow> {
  const me = ctx.actor.userId
  return one(
    await ctx.db.write([sql`select khidma.renew_hold(${holdId}::uuid, ${me}::uuid)`], holdOf(holdId, me)),
  )
}

/** Gives the time back. A hold that has ended stays as it is. */
export async function releaseHold(ctx: Context<UserActor>, holdId: string): Promise<void> {
  const mine = sql`i.id = ${holdId} and i.held_by = ${ctx.actor.userId}`
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found') where not exists (select from calendar_items i where ${mine})`,
    sql`update calendar_items i set state = 'released' where ${mine} and i.state = 'live'`,
  ])
}
