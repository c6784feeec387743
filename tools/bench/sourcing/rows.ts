/**
 * Statements that fill the scene, in their order: people and calendars, then a plan of all tasks (`bench_tasks`), then the rows that
 * follow from it. Temporary tables go with the connection.
 */

/** UUIDv7 of a time; what is random in it follows from a text. */
const idAt = (at: string, seed: string) => `(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0')
  || '7' || left(md5(${seed}), 3) || '8' || right(md5(${seed}), 15))::uuid`

/** `$1`: cities. */
export const cities = [
  `create temp table bench_cities (n int primary key, city text, country text, currency text, zone text, district text,
     lat float8, lng float8)`,
  `insert into bench_cities select * from jsonb_populate_recordset(null::bench_cities, $1)`,
]

/** `$1`: number of taskers. */
export const taskers = [
  `create temp table bench_taskers (n int primary key, id uuid, city int, country text, currency text, zone text, lat float8,
     lng float8, guard int)`,
  `insert into bench_taskers
   select i, khidma.uuid_v7(), c.n, c.country, c.currency, c.zone, c.lat + (random() - 0.5) * 0.16,
          c.lng + (random() - 0.5) * 0.16, case when i % 3 = 0 then 15 else 0 end
     from generate_series(1, $1::int) i join bench_cities c on c.n = i % 5`,
]

const weekdays = 'generate_series(1, 6)'

/** Profiles of all taskers, hours, absences, and their rows in the match index. */
export const taskerRows = [
  `insert into users (id, role, phone, full_name, locale, timezone, currency, country)
   select id, 'tasker', '+2017' || lpad(n::text, 8, '0'), 'Tasker ' || n, 'en', zone, currency, country from bench_taskers`,
  `insert into sessions (id, user_id) select khidma.uuid_v7(), id from bench_taskers`,
  `insert into tasker_profiles (user_id, status, bio, rating_avg, rating_count, acceptance_rate, completion_rate, offers_answered,
     offers_accepted, bookings_ended, bookings_completed, hourly_rate_amount, hourly_rate_currency)
   select id, 'active', 'Bench', 3 + n % 20 * 0.1, 50, 0.8, 0.9, 50, 40, 100, 90, 8000 + n % 9 * 1000, currency from bench_taskers`,
  `insert into tasker_service_areas (tasker_id, center_lat, center_lng, radius_km) select id, lat, lng, 12 from bench_taskers`,
  `insert into calendar_settings (tasker_id, guard_before_minutes, guard_after_minutes, notice_minutes, bookings_a_day)
   select id, guard, guard, 120, 5 from bench_taskers where guard > 0`,
  // One tasker in five counts as free; one in ten changes to another schedule soon.
  `insert into schedules (id, tasker_id, effective_from, zone, holidays_of)
   select khidma.uuid_v7(), id, current_date - 60, zone, country from bench_taskers where n % 5 <> 1
   union all
   select khidma.uuid_v7(), id, current_date + 3, zone, country from bench_taskers where n % 10 = 0`,
  `insert into schedule_rules (id, schedule_id, weekday, kind, from_minute, until_minute)
   select khidma.uuid_v7(), s.id, d, 'working', 540, 1080 from schedules s cross join ${weekdays} d
   union all
   select khidma.uuid_v7(), s.id, d, 'oncall', 1080, 1320
     from bench_taskers t join schedules s on s.tasker_id = t.id cross join ${weekdays} d where t.n % 4 = 0`,
  `insert into schedule_overrides (id, tasker_id, day, from_minutes, until_minutes)
   select khidma.uuid_v7(), id, current_date + 2 + n % 10, case when n % 8 = 1 then '{}' else '{600}' end::int[],
          case when n % 8 = 1 then '{}' else '{900}' end::int[] from bench_taskers where n % 4 = 1`,
  `insert into tasker_availability_blocks (id, tasker_id, starts_at, ends_at, kind)
   select khidma.uuid_v7(), t.id, b.at, b.at + interval '1 hour', 'unavailable'
     from bench_taskers t cross join generate_series(0, 1) i
    cross join lateral (select (current_date + 1 + (t.n + i * 7) % 14 + time '17:00') at time zone t.zone) b (at)`,
  `insert into calendar_items (id, tasker_id, kind, during, guarded, source_id)
   select khidma.uuid_v7(), b.tasker_id, 'block', r, r, b.id
     from tasker_availability_blocks b cross join lateral (select tstzrange(b.starts_at, b.ends_at)) x (r) join bench_taskers t on t.id = b.tasker_id`,
]

/** `$1`: skills by category. Each tasker works in two categories. */
export const trades = [
  `create temp table bench_trades (n int, category text, skills text[])`,
  `insert into bench_trades select * from jsonb_populate_recordset(null::bench_trades, $1)`,
]
export const taskerTrades = [
  `insert into tasker_categories (tasker_id, category)
   select t.id, c.category from bench_taskers t join bench_trades c on c.n in (t.n % 12, (t.n + 5) % 12)`,
  `insert into tasker_skills (tasker_id, skill)
   select t.id, s from bench_taskers t join bench_trades c on c.n = t.n % 12 cross join unnest(c.skills[1 + t.n % 3 : 3 + t.n % 3]) s`,
  `select khidma.refresh_match_index(id) from bench_taskers`,
]

/** `$1`: texts. Their vectors are those that the trigger would write. */
export const texts = [
  `create temp table bench_texts (language text, i int, category text, title text, description text, vector tsvector,
     primary key (language, i))`,
  `insert into bench_texts
   select p.language, p.i, p.category, p.title, p.description, khidma.task_vector(jsonb_populate_record(null::tasks, to_jsonb(p)))
     from jsonb_populate_recordset(null::bench_texts, $1) p`,
]

/** `$1`: number of clients, `$2`: ids of those who are there already, with numbers below 0. */
export const clients = [
  `create temp table bench_clients (n int primary key, id uuid)`,
  `insert into bench_clients
   select n, khidma.uuid_v7() from generate_series(0, $1::int - 1) n
   union all select -n, id from unnest($2::uuid[]) with ordinality u (id, n)`,
]
export const clientRows = [
  `insert into users (id, role, phone, full_name, locale)
   select id, 'client', '+2018' || lpad(n::text, 8, '0'), 'Client ' || n, 'en' from bench_clients where n >= 0`,
]

/** Work begins at one of three times of a day, so that no two visits of a tasker meet. */
const slotOf = (day: string, slot: string, zone: string) =>
  `(${day} + time '09:00' + ${slot} * interval '150 minutes') at time zone ${zone}`

/** `$1`: open tasks, `$2`: of them to be awarded, `$3`: clients of those, `$4`: clients. */
export const planOpen = [
  `create temp table bench_tasks (n int, part text, client int, tasker int, city int, starts_at timestamptz, minutes int,
     created_at timestamptz)`,
  `insert into bench_tasks
   select n, 'open', case when n <= $2::int then -1 - n % $3::int else n * 13 % $4::int end, null, n % 5,
          date_trunc('hour', now()) + make_interval(days => case when n <= $2::int then 40 else 5 + n % 30 end, hours => n % 10), 60 + n % 4 * 30,
          now() - random() * interval '20 days'
     from generate_series(1, $1::int) n`,
]

/** `$1`: tasks that staff assign, `$2`: clients. */
export const planQueued = `
  insert into bench_tasks
  select n, 'queued', n * 17 % $2::int, null, n % 5, date_trunc('hour', now()) + make_interval(days => 1 + n % 5, hours => n % 10), 60,
         now() - random() * interval '2 days'
    from generate_series(1, $1::int) n`

/** `$1`: clients. */
export const planUpcoming = `
  insert into bench_tasks
  select row_number() over (), 'upcoming', (t.n * 31 + d * 3 + slot) % $1::int, t.n, t.city, ${slotOf('(current_date + d)', 'slot', 't.zone')},
         60 + (t.n + d) % 3 * 30, now() - random() * interval '10 days'
    from bench_taskers t cross join generate_series(1, 14) d cross join generate_series(0, 2) slot
   where (t.n * 31 + d * 17 + slot * 7) % 10 < 3`

/** `$1`: past bookings of each tasker, `$2`: clients. */
export const planPast = `
  insert into bench_tasks
  select row_number() over (), 'past', (t.n * 37 + w) % $2::int, t.n, t.city, p.at, 60 + (t.n + w) % 3 * 30, p.at - random() * interval '10 days'
    from bench_taskers t cross join generate_series(1, $1::int) w
   cross join lateral (select ${slotOf('(current_date - 2 - w * 7 - t.n % 7)', '(w % 3)', 't.zone')}) p (at)`

/** Drafts, and tasks that nobody took. `$1`: tasks in all, `$2`: clients. */
export const planRest = `
  insert into bench_tasks
  select n, case when n % 10 = 0 then 'draft' when n % 2 = 0 then 'canceled' else 'expired' end, n * 7 % $2::int, null, n % 5,
         c.at + interval '5 days', 60, c.at
    from generate_series(1, $1::int - (select count(*)::int from bench_tasks)) n
   cross join lateral (select now() - interval '6 days' - random() * interval '700 days') c (at)`

const taskId = idAt('p.created_at', `p.part || p.n`)

/** In the order of their creation, as they would have come. */
export const tasks = [
  `insert into tasks (id, client_id, sourcing, category, title, description, address, city, district, lat, lng, starts_at,
     est_minutes, est_min_amount, est_max_amount, currency, budget_min_amount, budget_max_amount, pricing_model, priority, deadline, skills,
     search_vector, state, deleted_at, created_at, updated_at)
   select ${taskId}, c.id,
          case p.part when 'open' then 'bid' when 'queued' then 'assign' when 'past' then case when p.n % 2 = 0 then 'bid' else 'match' end else 'match' end::sourcing,
          x.category, x.title, x.description, '12 Corniche Street', y.city, y.district, y.lat + (random() - 0.5) * 0.16, y.lng + (random() - 0.5) * 0.16,
          p.starts_at, p.minutes, 15000, 30000, y.currency, case when p.n % 3 = 0 then 10000 end, case when p.n % 3 = 0 then 20000 + p.n % 7 * 10000 end,
          case when p.n % 2 = 0 then 'fixed' else 'hourly' end, (array['low', 'normal', 'normal', 'normal', 'high', 'urgent'])[1 + p.n % 6],
          case when p.part = 'open' then p.starts_at - interval '1 day' end,
          case when p.part = 'open' then (select w.skills[1 + p.n % 5 : 1 + p.n % 5] from bench_trades w where w.category = x.category) else '{}' end,
          x.vector,
          case p.part when 'open' then 'posted' when 'queued' then 'posted' when 'upcoming' then case when p.n % 3 = 0 then 'accepted' else 'confirmed' end
            when 'past' then case when p.n % 3 = 0 then 'settled' else 'reviewed' end when 'draft' then 'draft' when 'expired' then 'expired'
            else 'canceled_by_client' end::task_state,
          case when p.part = 'canceled' and p.n % 8 = 0 then p.created_at + interval '1 day' end, p.created_at, p.created_at
     from bench_tasks p join bench_clients c on c.n = p.client join bench_cities y on y.n = p.city
     join bench_texts x on x.language = case when p.n % 20 < 8 then 'en' when p.n % 20 < 15 then 'ar' when p.n % 20 < 18 then 'ru' else 'hi' end
      and x.i = abs(hashint4(p.n) % 1440)
    order by p.created_at`,
  // As khidma.keep_open_task.
  `insert into open_tasks (task_id, category, subcategory, place, is_remote, skills, currency, most_amount, posted_at, deadline)
   select t.id, t.category, t.subcategory,
          st_setsrid(st_makepoint(round(t.lng::numeric, 2)::float8, round(t.lat::numeric, 2)::float8), 4326)::geography, t.is_remote,
          array(select lower(s) from unnest(t.skills) s), t.currency, coalesce(t.budget_max_amount, t.budget_min_amount, t.est_max_amount),
          t.created_at, t.deadline
     from tasks t where t.sourcing = 'bid' and t.state = 'posted'`,
  `insert into task_clocks (id, task_id, kind, base_at, minutes, due_at)
   select khidma.uuid_v7(), t.id, 'assign', t.created_at, 240, t.created_at + interval '4 hours' from tasks t
    where t.sourcing = 'assign' and t.state = 'posted'`,
]

const during = `tstzrange(p.starts_at, p.starts_at + make_interval(mins => p.minutes))`

/** Each with its visit, and what is in the calendar of it: items that ended 90 days ago are deleted. */
export const bookings = [
  `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, agreed_rate_currency, scheduled_during,
     confirmed_at, started_at, completed_at, created_at, updated_at)
   select ${idAt('p.created_at', `'b' || p.part || p.n`)}, ${taskId}, c.id, k.id,
          case when p.part = 'past' then 'completed' when p.n % 3 = 0 then 'accepted' else 'confirmed' end::booking_status, 12000, k.currency,
          ${during}, case when p.part = 'past' or p.n % 3 <> 0 then p.created_at end, case when p.part = 'past' then p.starts_at end,
          case when p.part = 'past' then upper(${during}) end, p.created_at, p.created_at
     from bench_tasks p join bench_clients c on c.n = p.client join bench_taskers k on k.n = p.tasker
    order by p.created_at`,
  `insert into visits (id, booking_id, number, tasker_id, during, state, started_at, ended_at, created_at)
   select khidma.uuid_v7(), b.id, 1, b.tasker_id, b.scheduled_during, case when b.status = 'completed' then 'done' else 'planned' end,
          b.started_at, b.completed_at, b.created_at
     from bookings b join bench_taskers k on k.id = b.tasker_id`,
  `insert into calendar_items (id, tasker_id, kind, state, during, guard_before, guard_after, guarded, source_id)
   select khidma.uuid_v7(), v.tasker_id, 'visit', case v.state when 'done' then 'done' else 'live' end, v.during, k.guard, k.guard,
          tstzrange(lower(v.during), upper(v.during) + make_interval(mins => k.guard)), v.id
     from visits v join bench_taskers k on k.id = v.tasker_id where upper(v.during) > now() - interval '90 days'`,
]

/** Four on each open task, by taskers who differ. `$1`: number of taskers. */
export const bids = `
  insert into bids (id, task_id, tasker_id, amount, currency, minutes, message)
  select khidma.uuid_v7(), t.id, k.id, 20000 + p.n % 11 * 1000 + i * 500, t.currency, t.est_minutes, 'I can do this one. No ' || p.n || ' and ' || i
    from bench_tasks p join tasks t on t.id = ${taskId} cross join generate_series(0, 3) i
    join bench_taskers k on k.n = 1 + (p.n * 7 + i * 1237) % $1::int
   where p.part = 'open'`

/** Rows of a sample that are not as the triggers would have left them; there should be none. */
export const unkept = `
  select (select count(*) from (select t from tasks t tablesample system (0.2)) x where (x.t).search_vector <> khidma.task_vector(x.t))
       + (select count(*) from tasks t left join open_tasks o on o.task_id = t.id
           where (t.sourcing = 'bid' and t.state = 'posted' and t.deleted_at is null) <> (o.task_id is not null))
       + (select count(*) from bookings b left join visits v on v.booking_id = b.id where v.during is distinct from b.scheduled_during)
       + (select count(*) from visits v left join calendar_items i on i.source_id = v.id
           where v.state = 'planned' and i.during is distinct from v.during)
       + (select count(*) from tasker_profiles p where p.status = 'active' and not exists (select from match_index m where m.tasker_id = p.user_id))
         as count`
