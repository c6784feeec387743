import type pg from 'pg'
import { newId } from '../../src/core/ids.ts'
import { withoutTriggers } from './database.ts'
import { insertPeople, type Person } from './people.ts'

/** Where the bench's own tasks and taskers are: far from the demo's, in a city that has its price bands. */
export const PLACE = { city: 'Cairo', lat: 24.0889, lng: 32.8998 }
const CATEGORY = 'plumbing'

export type TaskState = 'draft' | 'accepted'

/** `count` tasks of each client, as the rest of the bench expects them; ids by client. */
export async function insertTasks(
  owner: pg.Client,
  clients: Person[],
  count: number,
  state: TaskState = 'draft',
): Promise<string[][]> {
  const ids = clients.map(() => Array.from({ length: count }, () => newId()))
  await withoutTriggers(owner, async () => {
    for (const [index, client] of clients.entries()) {
      await owner.query(
        `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes,
                            est_min_amount, est_max_amount, state)
         select id, $2, $3, 'The kitchen tap drips day and night', '12 Corniche Street, second floor', $4, $5, $6,
                now() + interval '7 days', 60, 15000, 30000, $7::task_state
           from unnest($1::uuid[]) id`,
        [ids[index], client.userId, CATEGORY, PLACE.city, PLACE.lat, PLACE.lng, state],
      )
    }
  })
  return ids
}

/** Accepted bookings that wait for their client's word, with their conversations; ids by client. */
export async function insertAcceptedBookings(
  owner: pg.Client,
  clients: Person[],
  taskers: Person[],
  count: number,
): Promise<{ bookingIds: string[][]; conversations: Conversation[] }> {
  const taskIds = await insertTasks(owner, clients, count, 'accepted')
  const conversations: Conversation[] = []
  let slot = 0
  const bookingIds = clients.map((client, index) =>
    (taskIds[index] as string[]).map((taskId) => {
      const tasker = taskers[slot % taskers.length] as Person
      const hour = Math.floor(slot / taskers.length)
      slot += 1
      const row = { bookingId: newId(), conversationId: newId(), taskId, client, tasker, hour }
      conversations.push(row)
      return row.bookingId
    }),
  )
  const rows = (conversations as (Conversation & { taskId: string; hour: number })[]).map(
    ({ client, tasker, ...row }) => ({ ...row, clientId: client.userId, taskerId: tasker.userId }),
  )
  await withoutTriggers(owner, async () => {
    for (const statement of ofAcceptedBookings) await owner.query(statement, [JSON.stringify(rows)])
  })
  return { bookingIds, conversations }
}

export interface Conversation {
  conversationId: string
  bookingId: string
  client: Person
  tasker: Person
}

const source = `jsonb_to_recordset($1) as r ("bookingId" uuid, "conversationId" uuid, "taskId" uuid, "clientId" uuid, "taskerId" uuid, hour int)`

const insertBookings = `
  insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during)
  select "bookingId", "taskId", "clientId", "taskerId", 'accepted', 12000,
         tstzrange(now() + interval '7 days' + make_interval(hours => hour), now() + interval '7 days 1 hour' + make_interval(hours => hour))
    from ${source}`

const insertBookingEvents = `
  insert into booking_events (id, booking_id, to_status, actor_user_id)
  select khidma.uuid_v7(), "bookingId", 'accepted', "taskerId" from ${source}`

/** As the acceptance sets it. */
const insertDeadlines = `
  insert into booking_deadlines (id, booking_id, kind, due_at, reminders, next_at)
  select khidma.uuid_v7(), "bookingId", 'confirmation', now() + interval '1 day', '{60}', now() + interval '23 hours' from ${source}`

const insertVisits = `
  insert into visits (id, booking_id, number, tasker_id, during)
  select khidma.uuid_v7(), b.id, 1, b.tasker_id, b.scheduled_during from ${source} join bookings b on b.id = "bookingId"`

const insertCalendarItems = `
  insert into calendar_items (id, tasker_id, kind, during, guarded, source_id)
  select khidma.uuid_v7(), v.tasker_id, 'visit', v.during, v.during, v.id from ${source} join visits v on v.booking_id = "bookingId"`

const insertConversations = `
  insert into conversations (id, kind, booking_id) select "conversationId", 'booking', "bookingId" from ${source}`

const insertParticipants = `
  insert into conversation_participants (conversation_id, user_id)
  select "conversationId", unnest(array["clientId", "taskerId"]) from ${source}`

const ofAcceptedBookings = [
  insertBookings,
  insertBookingEvents,
  insertDeadlines,
  insertVisits,
  insertCalendarItems,
  insertConversations,
  insertParticipants,
]

/** Active taskers who all work at the bench's place, best first in the eyes of the ranking. */
export async function insertActiveTaskers(owner: pg.Client, count: number): Promise<Person[]> {
  const taskers = await insertPeople(owner, 'tasker', count)
  const ids = [taskers.map(({ userId }) => userId)]
  await withoutTriggers(owner, async () => {
    await owner.query(
      `insert into tasker_profiles (user_id, status, bio, rating_avg, rating_count, acceptance_rate, completion_rate,
                                    offers_answered, offers_accepted, bookings_ended, bookings_completed, hourly_rate_amount)
       select id, 'active', 'Bench', 5, 500, 1, 1, 500, 500, 500, 500, 12000 from unnest($1::uuid[]) id`,
      ids,
    )
    await owner.query(
      `insert into tasker_service_areas (tasker_id, center_lat, center_lng, radius_km)
       select id, ${PLACE.lat}, ${PLACE.lng}, 20 from unnest($1::uuid[]) id`,
      ids,
    )
    await owner.query(
      `insert into tasker_categories (tasker_id, category) select id, '${CATEGORY}' from unnest($1::uuid[]) id`,
      ids,
    )
    for (const { userId } of taskers) await owner.query('select khidma.refresh_match_index($1)', [userId])
  })
  return taskers
}

/** A city full of other taskers, further away and less liked: matching has something to sort out. */
export async function insertCrowd(owner: pg.Client, count: number): Promise<void> {
  await withoutTriggers(owner, async () => {
    await owner.query(
      `with crowd as (
         insert into users (id, role, phone, full_name)
         select khidma.uuid_v7(), 'tasker', '+2016' || lpad(n::text, 8, '0'), 'Crowd ' || n from generate_series(1, $1::int) n
         returning id
       ), profiles as (
         insert into tasker_profiles (user_id, status, rating_avg, rating_count, hourly_rate_amount)
         select id, 'active', 3.5, 20, 10000 from crowd
       )
       insert into match_index (tasker_id, category, center, radius_m, rating_avg, rating_count, acceptance_rate,
                                completion_rate, offers_answered, bookings_ended)
       select id, '${CATEGORY}',
              st_setsrid(st_makepoint(${PLACE.lng} + 0.03 + random() * 0.3, ${PLACE.lat} + 0.03 + random() * 0.3), 4326)::geography,
              30000, 3.5, 20, 0.6, 0.8, 20, 20
         from crowd`,
      [count],
    )
  })
}
