-- Ranks taskers for a task, best first, with the parts of their score. One nearest-neighbour scan of 400, then filtered by radius
-- and calendar and ranked. A tasker with a rate in another currency than the task's is no candidate. Each part lies in [0, 1];
-- few answers pull a rate towards the middle (Bayesian).
create or replace function khidma.rank_candidates(p_task uuid, p_limit int) returns table (
  tasker_id uuid, score numeric, distance_m double precision, explanation jsonb
) language sql stable as $$
  with task as (
    select id, client_id, category, location, currency,
           tstzrange(starts_at, starts_at + make_interval(mins => coalesce(est_minutes, 60))) as during
      from tasks where id = p_task
  ), nearest as (
    select m.*, m.center <-> task.location as distance_m, task.during, task.client_id
      from task cross join lateral (
        select * from match_index i where i.category = task.category
           and (i.rate_currency = task.currency or i.rate_currency is null) order by i.center <-> task.location limit 400) m
  ), free as (
    select n.* from nearest n
     where n.distance_m <= n.radius_m and n.tasker_id <> n.client_id
       and not exists (select 1 from bookings b where b.tasker_id = n.tasker_id and b.scheduled_during && n.during
                         and b.status in ('accepted', 'confirmed', 'in_progress'))
       and not exists (select 1 from tasker_availability_blocks u where u.tasker_id = n.tasker_id
                         and u.kind = 'unavailable' and tstzrange(u.starts_at, u.ends_at) && n.during)
       -- A tasker with hours for a day works in these hours only; one without any is free.
       and (not exists (select 1 from tasker_availability_blocks a where a.tasker_id = n.tasker_id and a.kind = 'available'
                          and tstzrange(a.starts_at, a.ends_at) && tstzrange(lower(n.during) - interval '12 hours', upper(n.during) + interval '12 hours'))
            or exists (select 1 from tasker_availability_blocks a where a.tasker_id = n.tasker_id and a.kind = 'available'
                          and tstzrange(a.starts_at, a.ends_at) @> n.during))
  ), parts as (
    select f.tasker_id, f.distance_m,
           1 - f.distance_m / f.radius_m as nearness,
           ((f.rating_avg * f.rating_count + 4.0 * 5) / (f.rating_count + 5) - 1) / 4 as rating,
           (f.acceptance_rate * f.offers_answered + 0.7 * 10) / (f.offers_answered + 10) as acceptance,
           (f.completion_rate * f.bookings_ended + 0.9 * 10) / (f.bookings_ended + 10) as completion,
           1.0 / (1 + f.bookings_ended / 5.0) as newcomer
      from free f
  )
  select p.tasker_id,
         round((0.40 * nearness + 0.25 * rating + 0.15 * acceptance + 0.15 * completion + 0.05 * newcomer)::numeric, 6),
         p.distance_m,
         jsonb_build_object('distanceM', round(p.distance_m), 'nearness', round(nearness::numeric, 4),
           'rating', round(rating::numeric, 4), 'acceptance', round(acceptance::numeric, 4),
           'completion', round(completion::numeric, 4), 'newcomer', round(newcomer::numeric, 4))
    from parts p order by 2 desc, p.distance_m, p.tasker_id limit p_limit
$$;

-- Deletes what matching has found for tasks that are archived.
create or replace function khidma.forget_candidates(p_task_ids uuid[]) returns void language sql as $$
  delete from task_candidates where task_id = any (p_task_ids)
$$;
