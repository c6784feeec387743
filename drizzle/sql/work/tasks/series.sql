-- Returns the days of a series within two days, both included: its days of the week in every nth week counted from the one it starts in,
-- up to its end, without its pauses. What plans and what shows them asks this function.
create or replace function khidma.days_of_series(s task_series, p_from date, p_until date) returns setof date language sql stable as $$
  select d.day
    from (select greatest(p_from, s.starts_on) + n as day
            from generate_series(0, least(p_until, s.ends_on) - greatest(p_from, s.starts_on)) n) d
   where extract(isodow from d.day)::int = any (s.weekdays)
     and (((d.day - extract(isodow from d.day)::int) - (s.starts_on - extract(isodow from s.starts_on)::int)) / 7) % s.every_weeks = 0
     and not exists (select from jsonb_to_recordset(s.pauses) p ("from" date, until date) where d.day between p."from" and p.until)
   order by d.day
$$;

-- Returns when the occurrence of a day starts: its time on the wall of its zone. A time that the clocks skip is the same distance after
-- the change; one that comes twice is the later.
create or replace function khidma.start_of_occurrence(s task_series, p_day date) returns timestamptz language sql stable as $$
  select (p_day + s.local_time) at time zone s.timezone
$$;

-- Returns the last day for which a series is to have its occurrences now.
create or replace function khidma.horizon_of_series(s task_series) returns date language sql stable as $$
  select (now() at time zone s.timezone)::date + s.days_ahead
$$;
