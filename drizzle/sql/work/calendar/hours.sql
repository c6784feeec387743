-- Returns the intervals in which taskers work (`working`) or are on call (`oncall`), as far as they touch a window.
--
-- A local day has the hours of its override; without one, of the blocks of kind `available` that touch it; without those, of the weekly
-- rules of the schedule in force, less the working hours where the day is a holiday of the schedule's country; and where no schedule is
-- in force, the whole day. An interval may end on the next day.
--
-- Times are local: wall time in the zone of the schedule (of the account, where there is none), made an instant by `at time zone`. Where
-- clocks go forward, a wall time that does not exist is read with the offset before the change: 00:30 is 01:30 on the day on which
-- Cairo skips 00:00 to 01:00. Where clocks go back, one that exists twice is the later of the two, at the start and at the end alike.
-- Hence an interval across a change is an hour shorter or longer than its wall times say, and one that would end before it starts has no
-- length and is left out.
--
-- The plan is one for all windows, made of look-ups by key (`offset 0` keeps the planner, which cannot know how few days there are, from
-- reading whole tables, and from working out a wall time again for each use of it): the function is asked once for each candidate of a
-- search. Whoever asks for many taskers asks once: to begin such a plan takes longer than the hours of one.
create or replace function khidma.hours_of_taskers(p_taskers uuid[], p_window tstzrange)
returns table (tasker_id uuid, day date, kind text, starts timestamptz, ends timestamptz, source text) language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
begin
  return query
  with versions as (
    select t.id as tasker_id, v.*
      from unnest(p_taskers) t (id)
     cross join lateral (
       select s.id, s.zone, s.holidays_of, s.effective_from as first_day,
              lead(s.effective_from) over (order by s.effective_from) - 1 as last_day
         from schedules s where s.tasker_id = t.id
       union all
       select null, u.timezone, null, null, (select min(s.effective_from) - 1 from schedules s where s.tasker_id = t.id)
         from users u where u.id = t.id) v
  ), days as materialized (
    select v.tasker_id, v.id, v.zone, v.holidays_of, f.day + n as day
      from versions v
     cross join lateral (select greatest(v.first_day, (lower(p_window) at time zone v.zone)::date - 1)) f (day)
     cross join lateral generate_series(0, least(v.last_day, ((upper(p_window) - interval '1 microsecond') at time zone v.zone)::date) - f.day) n
  ), ruled as (
    select d.*, o.id is not null as is_overridden, o.from_minutes, o.until_minutes,
           exists (select from tasker_availability_blocks a where a.tasker_id = d.tasker_id and a.kind = 'available'
                    and a.starts_at < (d.day + 1)::timestamp at time zone d.zone and a.ends_at > d.day::timestamp at time zone d.zone)
             as has_blocks,
           exists (select from holidays h where h.country = d.holidays_of and h.month = c.month and h.day = c.day
                    and coalesce(h.year = c.year, true)) as is_holiday
      from days d
      left join lateral (select * from schedule_overrides v where v.tasker_id = d.tasker_id and v.day = d.day offset 0) o on true
     cross join lateral (select extract(year from d.day)::int as year, extract(month from d.day)::int as month,
                                extract(day from d.day)::int as day offset 0) c
  ), planned as (
    select r.tasker_id, r.day, r.zone, 'working' as kind, m.from_minute, m.until_minute, 'override' as source
      from ruled r cross join lateral unnest(r.from_minutes, r.until_minutes) m (from_minute, until_minute) where r.is_overridden
    union all
    select r.tasker_id, r.day, r.zone, s.kind, s.from_minute, s.until_minute, 'schedule'
      from ruled r
     cross join lateral (select * from schedule_rules x where x.schedule_id = r.id and x.weekday = extract(isodow from r.day)::int offset 0) s
     where not r.is_overridden and not r.has_blocks and not (r.is_holiday and s.kind = 'working')
    union all
    select r.tasker_id, r.day, r.zone, 'working', 0, 1440, 'free'
      from ruled r where r.id is null and not r.is_overridden and not r.has_blocks
  )
  select p.tasker_id, p.day, p.kind, i.starts, i.ends, p.source
    from planned p
   cross join lateral (select (p.day + make_interval(mins => p.from_minute)) at time zone p.zone,
                              (p.day + make_interval(mins => p.until_minute)) at time zone p.zone offset 0) i (starts, ends)
   where i.starts < i.ends and i.starts < upper(p_window) and i.ends > lower(p_window)
  union all
  select t.id, null, 'working', a.starts_at, a.ends_at, 'block'
    from unnest(p_taskers) t (id)
   cross join lateral (select * from tasker_availability_blocks b
                        where b.tasker_id = t.id and b.kind = 'available' and b.starts_at < upper(p_window) and b.ends_at > lower(p_window) offset 0) a
  union all
  select t.id, null, 'oncall', lower(c.during), upper(c.during), 'block'
    from unnest(p_taskers) t (id)
   cross join lateral (select * from calendar_items i
                        where i.tasker_id = t.id and i.kind = 'oncall' and i.state = 'live' and lower(i.during) < upper(p_window)
                          and upper(i.during) > lower(p_window) offset 0) c;
end $$;

-- Returns the hours of one tasker. Postgres inlines it.
create or replace function khidma.tasker_hours(p_tasker uuid, p_window tstzrange)
returns table (day date, kind text, starts timestamptz, ends timestamptz, source text) language sql stable as $$
  select h.day, h.kind, h.starts, h.ends, h.source from khidma.hours_of_taskers(array[p_tasker], p_window) h
$$;

-- Returns the time that live items of a tasker take up, guards included, as far as it touches a window. A client's hold ends by its
-- instant, whether or not the sweep has collected it, and is free to that client.
create or replace function khidma.tasker_busy(p_tasker uuid, p_window tstzrange, p_client uuid) returns tstzmultirange
language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
begin
  return (select coalesce(range_agg(i.guarded), '{}') from calendar_items i
           where i.tasker_id = p_tasker and i.state = 'live' and i.kind <> 'oncall' and i.guarded && p_window
             and (i.held_by is null or (i.expires_at > now() and i.held_by is distinct from p_client)));
end $$;
