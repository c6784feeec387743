-- Decides for each start whether a tasker can be booked for so long: the one function by which slots are listed, checked, held and
-- explained, and by which `khidma.is_free` answers. `rule` is the first rule that the slot breaks, null where it breaks none:
--
--   not_active     the tasker takes no work, or none of this client
--   too_soon       before the notice that the tasker wants; passes from `passes_at` on
--   too_far        further ahead than anybody books; passes up to `passes_at`
--   outside_hours  not wholly within hours of work
--   off_grid       no start of the grid, which begins with each interval of hours
--   taken          an item of the calendar, or its guard, is in the way until `passes_at`
--   day_full       the local day has as many bookings as the tasker takes; passes from `passes_at` on
--
-- `p_client` is whose own holds do not count. `p_urgent`: hours on call count as hours. `p_asked`: the tasker answers for themselves
-- before anything is booked (offers), so that only time decides, and not notice, horizon, grid and status. The guard follows the new
-- item as it follows those that are written (`calendar_items.guarded`): what passes here, the constraint accepts.
create or replace function khidma.slot_verdicts(
  p_tasker uuid, p_starts timestamptz[], p_length interval, p_client uuid default null, p_urgent boolean default false,
  p_asked boolean default false, p_rules jsonb default null
) returns table (starts_at timestamptz, rule text, passes_at timestamptz) language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
declare
  rules record;
  span tstzrange;
  hours tstzmultirange;
  opens timestamptz[];
  closes timestamptz[];
  busy tstzmultirange;
  full_days tstzmultirange;
  -- Whether each start is on the grid, in their order.
  on_grid boolean[];
  is_active boolean := p_asked;
begin
  if coalesce(cardinality(p_starts), 0) = 0 then
    return;
  end if;
  select * into rules from khidma.calendar_rules(p_tasker, p_rules);
  span := (select tstzrange(min(s), max(s) + p_length + coalesce(rules.guard, '0')) from unnest(p_starts) s);
  select coalesce(range_agg(tstzrange(h.starts, h.ends)), '{}'), array_agg(h.starts), array_agg(h.ends) into hours, opens, closes
    from khidma.tasker_hours(p_tasker, span) h where h.kind = 'working' or p_urgent;
  busy := khidma.tasker_busy(p_tasker, span, p_client);
  full_days := (
    select coalesce(range_agg(tstzrange(d.day::timestamp at time zone rules.zone, (d.day + 1)::timestamp at time zone rules.zone)), '{}')
      from (select (lower(i.during) at time zone rules.zone)::date as day
              from calendar_items i
             where i.tasker_id = p_tasker and i.kind in ('visit', 'hold') and i.state in ('live', 'done')
               and lower(i.during) > lower(span) - interval '26 hours' and lower(i.during) < upper(span) + interval '26 hours'
               and (i.held_by is null or (i.expires_at > now() and i.held_by is distinct from p_client))
             group by 1 having count(*) >= rules.a_day) d);
  if not p_asked then
    on_grid := array(
      select coalesce(bool_or(extract(epoch from s.at - o.opens) % extract(epoch from rules.step) = 0), false)
        from unnest(p_starts) with ordinality s (at, n)
        left join unnest(opens, closes) o (opens, closes) on o.opens <= s.at and s.at < o.closes
       group by s.n order by s.n);
    is_active := exists (select from tasker_profiles p join users u on u.id = p.user_id
                          where p.user_id = p_tasker and p.status in ('active', 'at_risk') and u.status = 'active')
                 and not khidma.blocked_between(p_tasker, p_client) and not khidma.is_restricted(p_tasker, 'transact');
  end if;
  return query
  select s.starts_at, v.rule,
         case v.rule
           when 'too_soon' then now() + rules.notice
           when 'too_far' then now() + rules.horizon
           when 'taken' then (select max(upper(b)) from unnest(busy) b where b && tstzrange(s.starts_at, s.starts_at + p_length + rules.guard))
           when 'day_full' then (select upper(f) from unnest(full_days) f where f @> s.starts_at)
         end
    from unnest(p_starts, on_grid) with ordinality s (starts_at, on_grid, n)
   cross join lateral (select case
       when not is_active then 'not_active'
       when not p_asked and s.starts_at < now() + rules.notice then 'too_soon'
       when not p_asked and s.starts_at > now() + rules.horizon then 'too_far'
       when not hours @> tstzrange(s.starts_at, s.starts_at + p_length) then 'outside_hours'
       when not p_asked and not s.on_grid then 'off_grid'
       when busy && tstzrange(s.starts_at, s.starts_at + p_length + rules.guard) then 'taken'
       when full_days @> s.starts_at then 'day_full'
     end offset 0) v (rule)
   order by s.n;
end $$;

-- Returns whether a tasker can take work in a time, if they say yes to it. `p_rules`: see `khidma.calendar_rules`.
create or replace function khidma.is_free(p_tasker uuid, p_during tstzrange, p_urgent boolean default false, p_rules jsonb default null)
returns boolean language plpgsql stable as $$
begin
  return (select v.rule is null
            from khidma.slot_verdicts(p_tasker, array[lower(p_during)], upper(p_during) - lower(p_during), null, p_urgent, true, p_rules) v);
end $$;

-- Returns which of taskers can take an interval, as `is_free` says of each. The hours of all are read at once; who works then and has nothing in
-- the calendar about that time is free, and of the others `is_free` decides.
create or replace function khidma.who_is_free(p_taskers uuid[], p_during tstzrange, p_urgent boolean, p_rules jsonb)
returns setof uuid language plpgsql stable rows 30 set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  -- Nothing further away takes the interval or fills its day: guards are a day at most, and a local day has at most 26 hours.
  around tstzrange := tstzrange(lower(p_during) - interval '26 hours', upper(p_during) + interval '26 hours');
begin
  return query
  with open as materialized (
    select h.tasker_id from khidma.hours_of_taskers(p_taskers, p_during) h where h.kind = 'working' or p_urgent
     group by h.tasker_id having range_agg(tstzrange(h.starts, h.ends)) @> p_during
  ), engaged as materialized (
    select o.tasker_id,
           exists (select from calendar_items i where i.tasker_id = o.tasker_id and lower(i.during) > lower(around) and lower(i.during) < upper(around))
        or exists (select from calendar_items i where i.tasker_id = o.tasker_id and i.state = 'live' and i.kind <> 'oncall' and i.guarded && around) as is_engaged
      from open o)
  select e.tasker_id from engaged e where not e.is_engaged or khidma.is_free(e.tasker_id, p_during, p_urgent, p_rules);
end $$;

-- Returns the starts that a tasker's hours offer in a window: every `step`, counted from the beginning of each interval, so that the
-- grid is whole in local time in zones with a quarter of an hour. A slot may begin in one interval and end in the next.
create or replace function khidma.slot_grid(p_tasker uuid, p_window tstzrange, p_urgent boolean) returns timestamptz[] language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  step interval := (select r.step from khidma.calendar_rules(p_tasker) r);
begin
  return (
    select array_agg(distinct g.at order by g.at)
      from khidma.tasker_hours(p_tasker, p_window) h
     cross join lateral (select greatest(0, ceil(extract(epoch from lower(p_window) - h.starts) / extract(epoch from step)))::int) f (n)
     cross join lateral generate_series(h.starts + f.n * step, least(h.ends, upper(p_window)) - interval '1 microsecond', step) g (at)
     where h.kind = 'working' or p_urgent);
end $$;

-- Returns the slots of taskers in a window, each tasker's in order.
create or replace function khidma.list_slots(p_taskers uuid[], p_window tstzrange, p_length interval, p_client uuid, p_urgent boolean)
returns table (tasker_id uuid, starts_at timestamptz) language plpgsql stable as $$
#variable_conflict use_column
begin
  return query
  select t.id, v.starts_at
    from unnest(p_taskers) t (id)
   cross join lateral khidma.slot_verdicts(t.id, khidma.slot_grid(t.id, p_window, p_urgent), p_length, p_client, p_urgent) v
   where v.rule is null;
end $$;

-- Refuses a slot with the first rule that it breaks, and waits for others who write into the tasker's calendar: whoever books in the same
-- transaction gets what was decided here.
create or replace function khidma.assert_slot(p_tasker uuid, p_during tstzrange, p_client uuid, p_urgent boolean default false)
returns void language plpgsql as $$
declare
  verdict record;
begin
  perform khidma.lock_calendar(p_tasker);
  select v.* into strict verdict
    from khidma.slot_verdicts(p_tasker, array[lower(p_during)], upper(p_during) - lower(p_during), p_client, p_urgent) v;
  if verdict.rule is not null then
    perform khidma.refuse(409, 'slot_unavailable', jsonb_strip_nulls(jsonb_build_object('rule', verdict.rule,
      'passesAt', to_char(verdict.passes_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))));
  end if;
end $$;
