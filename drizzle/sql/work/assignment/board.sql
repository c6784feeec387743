-- Returns the dispatch board of a city for a day on the wall of `p_zone`: the taskers who work there with their shifts and visits, the
-- conflicts of each visit by name, and the open tasks that nobody has. It reads the calendar of each tasker whatever the city: a visit
-- elsewhere takes the same hours. At most 200 taskers, those with visits first, and 200 tasks. Hours, visits and rules of all taskers are
-- read at once, and conflicts with hours are looked for only where the hours of the day do not contain the visit.
create or replace function khidma.dispatch_board(p_city text, p_day date, p_zone text) returns json language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  day tstzrange := tstzrange(p_day::timestamp at time zone p_zone, (p_day + 1)::timestamp at time zone p_zone);
  place geography := (select st_setsrid(st_makepoint(avg(s.lng), avg(s.lat)), 4326)::geography
                        from (select t.lng, t.lat from tasks t where t.city = p_city order by t.starts_at desc limit 20) s);
begin
  return (
  with busy as materialized (
    select distinct b.tasker_id
      from tasks t join bookings b on b.task_id = t.id
     where t.city = p_city and t.starts_at >= lower(day) - interval '1 day' and t.starts_at < upper(day) + interval '1 day'
       and b.scheduled_during && day and b.status <> 'canceled'
  ), taskers as materialized (
    select p.tasker_id, bool_or(p.booked) as booked
      from (select b.tasker_id, true as booked from busy b
            union all
            -- Nobody works further away than 200 km: the index finds those, and the tasker's own radius decides.
            select m.tasker_id, false from match_index m
             where (select count(*) from busy b) < 200 and st_dwithin(m.center, place, 200000) and st_dwithin(m.center, place, m.radius_m)) p
     group by 1 order by 2 desc, 1 limit 200
  ), visited as materialized (
    select v.tasker_id, b.id, b.task_id, b.status, v.during, t.state, t.title, t.category, t.priority, t.city
      from taskers k join visits v on v.tasker_id = k.tasker_id and v.during && day
      join bookings b on b.id = v.booking_id join tasks t on t.id = b.task_id
     where v.state <> 'canceled' and b.status <> 'canceled'
  ), hours as materialized (
    select h.tasker_id, h.kind, h.starts, h.ends
      from khidma.hours_of_taskers(array(select k.tasker_id from taskers k),
             (select range_merge(r) from (select coalesce(range_agg(v.during), '{}') + tstzmultirange(day) from visited v) a (r))) h
  ), booked as materialized (
    select k.tasker_id, u.currency from (select distinct v.tasker_id from visited v) k join users u on u.id = k.tasker_id
  ), rules as materialized (
    select c.currency, khidma.config_value('calendar.rules', khidma.country_of(c.currency), null, null) as rules
      from (select distinct b.currency from booked b) c
  ), guards as materialized (
    select b.tasker_id, khidma.guard_of(s.guard_before_minutes, s.guard_after_minutes, c.rules) as guard
      from booked b join rules c on c.currency = b.currency left join calendar_settings s on s.tasker_id = b.tasker_id
  ), work as (
    select h.tasker_id, range_agg(tstzrange(h.starts, h.ends)) as hours from hours h where h.kind = 'working' group by 1
  ), visits_of as (
    select v.tasker_id, json_agg(json_build_object('bookingId', v.id, 'taskId', v.task_id, 'status', v.status, 'taskState', v.state,
             'title', v.title, 'category', v.category, 'city', v.city, 'priority', v.priority,
             'from', khidma.iso(lower(v.during)), 'until', khidma.iso(upper(v.during)), 'conflicts', coalesce(c.conflicts, '[]'))
             order by lower(v.during), v.id) as visits
      from visited v join guards g on g.tasker_id = v.tasker_id left join work w on w.tasker_id = v.tasker_id
      left join lateral (
        select json_agg(json_build_object('kind', c.kind, 'bookingId', c.booking_id,
                          'from', khidma.iso(c.starts_at), 'until', khidma.iso(c.ends_at)) order by c.kind, c.starts_at) as conflicts
          from (select * from khidma.items_in_the_way(v.tasker_id, v.during, g.guard, v.id)
                union all
                select m.* from (select where not coalesce(w.hours @> v.during, false)) x cross join lateral khidma.hours_missed(v.tasker_id, v.during) m) c
         where v.status in ('offered', 'accepted', 'confirmed')) c on true
     group by 1
  ), shifts_of as (
    select s.tasker_id, json_agg(json_build_object('kind', s.kind, 'from', khidma.iso(greatest(s.starts, lower(day))),
             'until', khidma.iso(least(s.ends, upper(day)))) order by s.starts, s.kind) as shifts
      from (select h.tasker_id, case h.kind when 'working' then 'available' else h.kind end as kind, h.starts, h.ends
              from hours h where h.starts < upper(day) and h.ends > lower(day)
            union all
            select k.tasker_id, 'unavailable', lower(i.during), upper(i.during)
              from taskers k join calendar_items i on i.tasker_id = k.tasker_id and i.state = 'live' and i.kind in ('block', 'external')
               and i.guarded && day and i.during && day) s
     group by 1
  )
  select json_build_object(
    'from', khidma.iso(lower(day)), 'until', khidma.iso(upper(day)),
    'taskers', coalesce((
      select json_agg(json_build_object('taskerId', k.tasker_id, 'name', u.full_name, 'status', p.status, 'assignmentMode', p.assignment_mode,
               'shifts', coalesce(s.shifts, '[]'), 'visits', coalesce(v.visits, '[]')) order by k.booked desc, k.tasker_id)
        from taskers k join users u on u.id = k.tasker_id join tasker_profiles p on p.user_id = k.tasker_id
        left join shifts_of s on s.tasker_id = k.tasker_id left join visits_of v on v.tasker_id = k.tasker_id), '[]'),
    'unassigned', coalesce((select json_agg(json_build_object('taskId', o.id, 'state', o.state, 'title', o.title, 'category', o.category,
                              'priority', o.priority, 'urgencyLevel', o.urgency_level, 'district', o.district,
                              'startsAt', khidma.iso(o.starts_at), 'estMinutes', o.est_minutes) order by o.rank, o.id)
                              from (select t.*, case t.priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end as rank
                                      from tasks t
                                     where t.city = p_city and t.starts_at >= lower(day) and t.starts_at < upper(day) and t.state in ('posted', 'matching')
                                       and not exists (select from bookings b where b.task_id = t.id and b.status <> 'canceled')
                                     order by rank, t.id limit 200) o), '[]')));
end $$;
