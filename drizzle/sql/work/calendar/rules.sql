-- Returns the time between two items of a tasker, the larger of what they need before and after work: their own minutes, else those of the
-- value of `calendar.rules`.
create or replace function khidma.guard_of(p_before int, p_after int, p_rules jsonb) returns interval language sql immutable parallel safe as $$
  select make_interval(mins => greatest(coalesce(p_before, (p_rules ->> 'guardBeforeMinutes')::int), coalesce(p_after, (p_rules ->> 'guardAfterMinutes')::int)))
$$;

-- Returns the rules of a tasker's calendar: the tasker's own, else those of the key `calendar.rules` in the market they work in. No two
-- items of a tasker come closer than `guard`. The zone is that of the
-- schedule in force, else of the account. `p_rules` is the value of the key, where the caller has it already. Null in all for nobody.
create or replace function khidma.calendar_rules(
  p_tasker uuid, p_rules jsonb default null,
  out zone text, out guard_before int, out guard_after int, out guard interval, out notice interval, out a_day int, out step interval,
  out horizon interval
) language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
begin
  select coalesce((select s.zone from schedules s where s.tasker_id = u.id and s.effective_from <= current_date
                    order by s.effective_from desc limit 1), u.timezone),
         coalesce(s.guard_before_minutes, (c.rules ->> 'guardBeforeMinutes')::int),
         coalesce(s.guard_after_minutes, (c.rules ->> 'guardAfterMinutes')::int),
         make_interval(mins => coalesce(s.notice_minutes, (c.rules ->> 'noticeMinutes')::int)),
         coalesce(s.bookings_a_day, (c.rules ->> 'bookingsADay')::int),
         make_interval(mins => (c.rules ->> 'stepMinutes')::int), make_interval(hours => 24 * (c.rules ->> 'horizonDays')::int)
    into zone, guard_before, guard_after, notice, a_day, step, horizon
    from users u left join calendar_settings s on s.tasker_id = u.id
   -- `offset 0`: looked up once, and not for each of its parts.
   cross join lateral (select coalesce(p_rules, khidma.config_value('calendar.rules', khidma.country_of(u.currency), null, null)) offset 0) c (rules)
   where u.id = p_tasker;
  guard := khidma.guard_of(guard_before, guard_after, p_rules);
end $$;

-- Makes those who write into a tasker's calendar wait for each other. What is decided behind this lock is still true at the commit:
-- the slot that was free, and the number of bookings on a day. It also spares them the deadlock of two inserts that exclude each other.
create or replace function khidma.lock_calendar(p_tasker uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('calendar:' || p_tasker, 7));
end $$;
