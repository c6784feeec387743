import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import {
  bool,
  date,
  int,
  list,
  nullable,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { bookingStatus } from '../../../db/schema/enums.ts'
import { calendarItemKinds, ruleKinds, visitStates } from '../../../db/schema/work/calendar.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { bookingVisibleTo } from '../bookings/bookings.ts'

const visitRow = {
  id: uuid,
  bookingId: uuid,
  number: int,
  taskerId: uuid,
  state: oneOf(visitStates),
  startsAt: time,
  endsAt: time,
  arriveBy: nullable(time),
  enRouteAt: nullable(time),
  arrivedAt: nullable(time),
  startedAt: nullable(time),
  endedAt: nullable(time),
  version: int,
}
export type VisitRow = RowOf<typeof visitRow>

const visitFields = sql`
  'id', v.id, 'bookingId', v.booking_id, 'number', v.number, 'taskerId', v.tasker_id, 'state', v.state,
  'startsAt', ${isoTime(sql`lower(v.during)`)}, 'endsAt', ${isoTime(sql`upper(v.during)`)}, 'arriveBy', ${isoTime(sql`v.arrive_by`)},
  'enRouteAt', ${isoTime(sql`v.en_route_at`)}, 'arrivedAt', ${isoTime(sql`v.arrived_at`)}, 'startedAt', ${isoTime(sql`v.started_at`)},
  'endedAt', ${isoTime(sql`v.ended_at`)}, 'version', v.version`

/** Visits of a booking by number; 404 for who may not see the booking. */
export async function listVisits(ctx: Context, bookingId: string): Promise<VisitRow[]> {
  const rows = await ctx.db.read(rowsOf({ visits: list(visitRow) })`
    select coalesce((select json_agg(json_build_object(${visitFields}) order by v.number) from visits v where v.booking_id = b.id), '[]') as visits
      from bookings b where b.id = ${bookingId} and ${bookingVisibleTo(ctx.actor)}`)
  return one(rows).visits
}

const agendaItem = {
  id: uuid,
  kind: oneOf(calendarItemKinds),
  isOver: bool,
  startsAt: time,
  endsAt: time,
  guardedUntil: time,
  expiresAt: nullable(time),
  visit: nullable({
    ...visitRow,
    bookingStatus: oneOf(bookingStatus.enumValues),
    taskId: uuid,
    category: text,
    city: text,
    district: nullable(text),
    address: nullable(text),
  }),
}
const agendaRow = {
  isTasker: bool,
  day: date,
  zone: text,
  startsAt: time,
  endsAt: time,
  hours: list({ kind: oneOf(ruleKinds), source: text, startsAt: time, endsAt: time }),
  items: list(agendaItem),
}
export type AgendaRow = RowOf<typeof agendaRow>

/** The address is shown once the tasker has accepted, as in the booking itself. */
const agendaOf = (me: string, day: string | undefined): Statement<AgendaRow> => rowsOf(agendaRow)`
  select exists (select from tasker_profiles p where p.user_id = ${me}) as "isTasker", d.day::text as day, d.zone,
         ${isoTime(sql`w.starts`)} as "startsAt", ${isoTime(sql`w.ends`)} as "endsAt",
         coalesce((select json_agg(json_build_object('kind', h.kind, 'source', h.source, 'startsAt', ${isoTime(sql`h.starts`)},
                     'endsAt', ${isoTime(sql`h.ends`)}) order by h.starts, h.kind)
                     from khidma.tasker_hours(${me}, tstzrange(w.starts, w.ends)) h), '[]') as hours,
         coalesce((select json_agg(json_build_object('id', i.id, 'kind', i.kind, 'isOver', i.state = 'done',
                     'startsAt', ${isoTime(sql`lower(i.during)`)}, 'endsAt', ${isoTime(sql`upper(i.during)`)},
                     'guardedUntil', ${isoTime(sql`upper(i.guarded)`)}, 'expiresAt', ${isoTime(sql`i.expires_at`)},
                     'visit', case when v.id is not null then json_build_object(${visitFields}, 'bookingStatus', b.status, 'taskId', t.id,
                        'category', t.category, 'city', t.city, 'district', t.district,
                        'address', case when b.status <> 'offered' then t.address end) end)
                     order by lower(i.during), i.id)
                     from calendar_items i
                     left join visits v on v.id = i.source_id and i.kind in ('visit', 'hold')
                     left join bookings b on b.id = v.booking_id
                     left join tasks t on t.id = b.task_id
                    where i.tasker_id = ${me} and i.state in ('live', 'done') and lower(i.during) < w.ends and upper(i.during) > w.starts
                      and (i.expires_at is null or i.expires_at > now())), '[]') as items
    from khidma.calendar_rules(${me}) r
   cross join lateral (select coalesce(${day ?? null}::date, (now() at time zone r.zone)::date) as day, r.zone) d
   cross join lateral (select d.day::timestamp at time zone d.zone as starts, (d.day + 1)::timestamp at time zone d.zone as ends) w`

/** A local day of the tasker's calendar: hours, visits, holds, absences and imported busy times, in one round trip. */
export async function getAgenda(ctx: Context<UserActor>, day: string | undefined): Promise<AgendaRow> {
  const row = one(await ctx.db.read(agendaOf(ctx.actor.userId, day)))
  if (!row.isTasker) throw new Problem('not_a_tasker')
  return row
}
