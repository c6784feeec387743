-- Returns the taskers of a trade who are nearest to a place, with their distance. `enable_sort`: always by the index of nearness. The plan is one
-- for all trades, and by their average size Postgres would sort all taskers of a large one.
create or replace function khidma.nearest_taskers(p_category text, p_place geography, p_currency text, p_limit int)
returns table (
  tasker_id uuid, radius_m double precision, rating_avg double precision, rating_count int, acceptance_rate double precision, completion_rate double precision,
  offers_answered int, bookings_ended int, distance_m double precision
) language plpgsql stable rows 400 set plan_cache_mode = force_generic_plan set enable_sort = off set jit = off as $$
begin
  return query
  select i.tasker_id, i.radius_m, i.rating_avg, i.rating_count, i.acceptance_rate, i.completion_rate, i.offers_answered, i.bookings_ended, i.center <-> p_place
    from match_index i
   where i.category = p_category and (i.rate_currency = p_currency or i.rate_currency is null)
   order by i.center <-> p_place limit p_limit;
end $$;

-- Ranks taskers for a task, best first, with the parts of their score. One nearest-neighbour scan of 400 is filtered by radius and
-- ranked; calendars and debts are asked in that order, of a third more taskers at a time than are wanted, until `p_limit` are found. A
-- tasker with a rate in another currency than the task's, with debts above the cap, or with a block between them and the client, is no candidate. Each part lies in [0, 1]; few answers pull a rate towards the
-- middle (Bayesian).
create or replace function khidma.rank_candidates(p_task uuid, p_limit int) returns table (
  tasker_id uuid, score numeric, distance_m double precision, explanation jsonb
) language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
declare
  task record;
begin
  select t.client_id, t.category, t.location, t.currency, t.priority = 'urgent' as is_urgent,
         tstzrange(t.starts_at, t.starts_at + make_interval(mins => khidma.minutes_of_task(t))) as during,
         khidma.config_value('calendar.rules', khidma.country_of(t.currency), null, null) as rules
    into task
    from tasks t where t.id = p_task and not khidma.is_restricted(t.client_id, 'transact');
  if not found then
    return;
  end if;
  return query
  with recursive parts as (
    select n.tasker_id, n.distance_m,
           1 - n.distance_m / n.radius_m as nearness,
           ((n.rating_avg * n.rating_count + 4.0 * 5) / (n.rating_count + 5) - 1) / 4 as rating,
           (n.acceptance_rate * n.offers_answered + 0.7 * 10) / (n.offers_answered + 10) as acceptance,
           (n.completion_rate * n.bookings_ended + 0.9 * 10) / (n.bookings_ended + 10) as completion,
           1 / (1 + n.bookings_ended / 5.0::float8) as newcomer
      from khidma.nearest_taskers(task.category, task.location, task.currency, 400) n
     where n.distance_m <= n.radius_m and n.tasker_id <> task.client_id
  ), scored as (
    select p.*, round((0.40 * nearness + 0.25 * rating + 0.15 * acceptance + 0.15 * completion + 0.05 * newcomer)::numeric, 6) as score from parts p
  ), ranked as materialized (
    select s.*, row_number() over (order by s.score desc, s.distance_m, s.tasker_id) as place from scored s
  ), asked as (
    select 0 as until_place, '{}'::uuid[] as found
    union all
    select a.until_place + n.step, a.found || array(
             select f.id
               from khidma.who_is_free(array(select r.tasker_id from ranked r where r.place > a.until_place and r.place <= a.until_place + n.step),
                                       task.during, task.is_urgent, task.rules) f (id)
              where not khidma.blocked_between(f.id, task.client_id) and not khidma.is_restricted(f.id, 'transact')
                and not exists (select from khidma.over_debt_cap(f.id)))
      from asked a cross join (select (p_limit * 4 + 2) / 3) n (step)
     where cardinality(a.found) < p_limit and a.until_place < (select count(*) from ranked)
  )
  select r.tasker_id, r.score, r.distance_m,
         jsonb_build_object('distanceM', round(r.distance_m), 'nearness', round(r.nearness::numeric, 4),
           'rating', round(r.rating::numeric, 4), 'acceptance', round(r.acceptance::numeric, 4),
           'completion', round(r.completion::numeric, 4), 'newcomer', round(r.newcomer::numeric, 4))
    from ranked r where r.tasker_id in (select unnest(a.found) from asked a)
   order by r.place limit p_limit;
end $$;

-- Deletes what matching has found for tasks that are archived.
create or replace function khidma.forget_candidates(p_task_ids uuid[]) returns void language plpgsql as $$
begin
  delete from task_candidates where task_id = any (p_task_ids);
end $$;
