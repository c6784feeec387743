-- Ranks taskers for a task, best first, with the parts of their score. One nearest-neighbour scan of 400 is filtered by radius and
-- ranked; calendars and debts are asked in that order until `p_limit` are free (`offset 0` keeps the planner from asking all of them). A
-- tasker with a rate in another currency than the task's, with debts above the cap, or with a block between them and the client, is no candidate. Each part lies in [0, 1]; few answers pull a rate towards the
-- middle (Bayesian).
create or replace function khidma.rank_candidates(p_task uuid, p_limit int) returns table (
  tasker_id uuid, score numeric, distance_m double precision, explanation jsonb
) language sql stable as $$
  with task as (
    select id, client_id, category, location, currency,
           tstzrange(starts_at, starts_at + make_interval(mins => khidma.minutes_of_task(tasks))) as during,
           khidma.config_value('calendar.rules', khidma.country_of(currency), null, null) as rules,
           priority = 'urgent' as is_urgent
      from tasks where id = p_task and not khidma.is_restricted(client_id, 'transact')
  ), nearest as materialized (
    select m.*, m.center <-> task.location as distance_m, task.during, task.rules, task.is_urgent
      from task cross join lateral (
        select * from match_index i where i.category = task.category
           and (i.rate_currency = task.currency or i.rate_currency is null) order by i.center <-> task.location limit 400) m
     where m.tasker_id <> task.client_id
  ), parts as (
    select n.tasker_id, n.distance_m, n.during, n.rules, n.is_urgent,
           1 - n.distance_m / n.radius_m as nearness,
           ((n.rating_avg * n.rating_count + 4.0 * 5) / (n.rating_count + 5) - 1) / 4 as rating,
           (n.acceptance_rate * n.offers_answered + 0.7 * 10) / (n.offers_answered + 10) as acceptance,
           (n.completion_rate * n.bookings_ended + 0.9 * 10) / (n.bookings_ended + 10) as completion,
           1 / (1 + n.bookings_ended / 5.0::float8) as newcomer
      from nearest n where n.distance_m <= n.radius_m
  ), ranked as (
    select p.*, round((0.40 * nearness + 0.25 * rating + 0.15 * acceptance + 0.15 * completion + 0.05 * newcomer)::numeric, 6) as score
      from parts p order by score desc, p.distance_m, p.tasker_id offset 0
  )
  select r.tasker_id, r.score, r.distance_m,
         jsonb_build_object('distanceM', round(r.distance_m), 'nearness', round(r.nearness::numeric, 4),
           'rating', round(r.rating::numeric, 4), 'acceptance', round(r.acceptance::numeric, 4),
           'completion', round(r.completion::numeric, 4), 'newcomer', round(r.newcomer::numeric, 4))
    from ranked r where not khidma.blocked_between(r.tasker_id, (select t.client_id from task t)) and not khidma.is_restricted(r.tasker_id, 'transact')
     and khidma.is_free(r.tasker_id, r.during, r.is_urgent, r.rules) and not exists (select from khidma.over_debt_cap(r.tasker_id))
   order by r.score desc, r.distance_m, r.tasker_id limit p_limit
$$;

-- Deletes what matching has found for tasks that are archived.
create or replace function khidma.forget_candidates(p_task_ids uuid[]) returns void language plpgsql as $$
begin
  delete from task_candidates where task_id = any (p_task_ids);
end $$;
