-- Returns what each rule of conduct finds of a tasker now: the value, the number of cases behind it, and the thresholds. The job decides by it,
-- and the tasker reads the same. A rule is broken past `enter`, and kept again at `leave`; between the two it stays as it was.
create or replace function khidma.standing_of(p_tasker_id uuid)
returns table (rule text, value numeric, cases int, enter numeric, leave numeric, min_cases int, is_broken boolean, is_kept boolean)
language plpgsql stable as $$
declare
  country text := (select khidma.country_of(p.hourly_rate_currency) from tasker_profiles p where p.user_id = p_tasker_id);
  since timestamptz := now() - make_interval(days => khidma.config_value('standing.window_days', country, null, null)::int);
begin
  return query
  with found (rule, value, cases, higher_is_better) as (
    select 'rating', round((f.weighted_sum / nullif(f.weight, 0))::numeric, 2), f.review_count, true
      from rating_figures f where f.entity_type = 'professional' and f.entity_id = p_tasker_id and f.review_count > 0
    union all
    select 'acceptance', round(count(*) filter (where o.status = 'accepted')::numeric / count(*), 4), count(*)::int, true
      from offers o where o.tasker_id = p_tasker_id and o.created_at > since and o.delivered_at is not null
       and o.status in ('accepted', 'declined', 'expired') having count(*) > 0
    union all
    select 'cancellation', round(count(*) filter (where e.to_status = 'canceled')::numeric / count(*), 4), count(*)::int, false
      from bookings b join booking_events e on e.booking_id = b.id
     where b.tasker_id = p_tasker_id and e.created_at > since
       and (e.to_status = 'completed' and e.from_status = 'in_progress' or e.to_status = 'canceled' and e.actor_user_id = p_tasker_id and b.no_show_by is null)
    having count(*) > 0
    union all
    select 'no_shows', count(*)::numeric, count(*)::int, false
      from bookings b where b.tasker_id = p_tasker_id and b.no_show_by = 'tasker' and b.updated_at > since
    union all
    select 'upheld_reports', count(*)::numeric, count(*)::int, false
      from reports r where r.reported_user_id = p_tasker_id and r.status = 'resolved' and r.updated_at > since
  ), ruled as (
    select f.*, (c.value ->> 'enter')::numeric as enter, (c.value ->> 'leave')::numeric as leave, (c.value ->> 'least')::int as min_cases
      from found f, lateral (select khidma.config_value('standing.' || f.rule, country, null, null) as value) c
  )
  select r.rule, r.value, r.cases, r.enter, r.leave, r.min_cases,
         r.cases >= r.min_cases and case when r.higher_is_better then r.value < r.enter else r.value > r.enter end,
         r.cases < r.min_cases or case when r.higher_is_better then r.value >= r.leave else r.value <= r.leave end
    from ruled r;
end $$;

-- Judges one tasker: at risk where a rule is broken, active again where each rule that put them there is kept and nothing required is missing. Those whom staff put at risk
-- by hand stay there; those whom staff cleared are left alone for a while.
create or replace function khidma.judge_standing(p_tasker_id uuid) returns text language plpgsql as $$
declare
  t tasker_profiles;
  s tasker_standings;
  broken text[];
  kept text[];
begin
  select * into t from tasker_profiles where user_id = p_tasker_id for update;
  insert into tasker_standings as own (tasker_id) values (p_tasker_id)
    on conflict (tasker_id) do update set checked_at = now() returning * into s;
  select coalesce(array_agg(f.rule order by f.rule) filter (where f.is_broken), '{}'),
         coalesce(array_agg(f.rule) filter (where f.is_kept), '{}')
    into broken, kept from khidma.standing_of(p_tasker_id) f;
  if khidma.requirements_met('tasker', p_tasker_id) then
    kept := kept || 'requirements'::text;
  elsif t.status = 'at_risk' then
    broken := broken || 'requirements'::text;
  end if;
  if t.status = 'active' and broken <> '{}' and coalesce(s.held_until <= now(), true) then
    update tasker_standings set flagged_at = now(), broken_rules = broken, held_until = null where tasker_id = p_tasker_id;
    perform khidma.move_tasker_by_rule(p_tasker_id, 'at_risk', array_to_string(broken, ', '));
    return 'flagged';
  elsif t.status = 'at_risk' and s.flagged_at is not null then
    broken := array(select distinct r from unnest(s.broken_rules || broken) r where r <> all (kept) order by r);
    update tasker_standings set broken_rules = broken, flagged_at = case when broken <> '{}' then flagged_at end where tasker_id = p_tasker_id;
    if broken = '{}' then
      perform khidma.move_tasker_by_rule(p_tasker_id, 'active', null);
      return 'cleared';
    end if;
  end if;
  return 'unchanged';
end $$;

-- Puts an active tasker at risk who lacks what is required by now, until they have it again.
create or replace function khidma.flag_for_requirements(p_tasker_id uuid) returns void language plpgsql as $$
begin
  insert into tasker_standings as s (tasker_id, flagged_at, broken_rules) values (p_tasker_id, now(), '{requirements}')
    on conflict (tasker_id) do update set flagged_at = now(), broken_rules = '{requirements}';
  perform khidma.move_tasker_by_rule(p_tasker_id, 'at_risk', 'requirements_not_met');
end $$;

-- Judges at once whom a missing requirement has put at risk, where they may have it now.
create or replace function khidma.recheck_flagged(p_tasker_id uuid) returns void language plpgsql as $$
begin
  if exists (select from tasker_standings s where s.tasker_id = p_tasker_id and 'requirements' = any (s.broken_rules)) then
    perform khidma.judge_standing(p_tasker_id);
  end if;
end $$;

-- Judges taskers who were not looked at for a day, the longest ago first, at most `p_limit`; returns how many were moved.
create or replace function khidma.judge_standings(p_limit int) returns json language plpgsql as $$
declare
  each_id uuid;
  outcome text;
  flagged int := 0;
  cleared int := 0;
begin
  for each_id in
    select p.user_id from tasker_profiles p left join tasker_standings s on s.tasker_id = p.user_id
     where p.status in ('active', 'at_risk') and coalesce(s.checked_at < now() - interval '1 day', true)
     order by s.checked_at nulls first, p.user_id limit p_limit for update of p skip locked
  loop
    outcome := khidma.judge_standing(each_id);
    flagged := flagged + (outcome = 'flagged')::int;
    cleared := cleared + (outcome = 'cleared')::int;
  end loop;
  return json_build_object('flagged', flagged, 'cleared', cleared);
end $$;

-- Forgets what the rules found once staff move a tasker by hand; nobody is put at risk again right after staff have cleared them.
create or replace function khidma.follow_decision_on_tasker() returns trigger language plpgsql as $$
begin
  if coalesce(khidma.actor_role(), '') in ('ops', 'admin') and old.status in ('active', 'at_risk', 'suspended') then
    insert into tasker_standings as s (tasker_id, checked_at, held_until)
    values (new.user_id, now(), case when new.status = 'active' then now() + make_interval(days => khidma.config_value('standing.grace_days',
      khidma.country_of(new.hourly_rate_currency), null, null)::int) end)
    on conflict (tasker_id) do update set flagged_at = null, broken_rules = '{}', held_until = excluded.held_until;
  end if;
  return null;
end $$;
