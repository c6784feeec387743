-- Returns how long the work of a task takes: as long as it is estimated to, an hour where nothing was said, and its add-ons.
create or replace function khidma.minutes_of_task(t tasks) returns int language sql immutable parallel safe as $$
  select coalesce(t.est_minutes, 60) + t.addons_minutes
$$;

-- Begins another search for a tasker (before update of state): candidates and offers of its own, and no booking until it has found one.
-- A task whose tasker has canceled is first in line.
create or replace function khidma.begin_task_round() returns trigger language plpgsql as $$
begin
  new.round := old.round + 1;
  new.first_in_line := old.state = 'canceled_by_tasker';
  return new;
end $$;

-- Notes on a booking which search of its task it has ended (before insert).
create or replace function khidma.set_booking_round() returns trigger language plpgsql as $$
begin
  new.task_round := coalesce((select t.round from tasks t where t.id = new.task_id), 1);
  return new;
end $$;

-- Looks for another tasker at once where the client has asked for that, the category allows it, and there is time left: for a task that was
-- matched, or that climbed from there.
create or replace function khidma.after_task_canceled_by_tasker(t tasks) returns void language plpgsql as $$
begin
  if t.auto_rematch and (t.sourcing = 'match' or t.rung > 0) and t.starts_at > now()
    and khidma.config_of_task('tasks.auto_rematch', t.id) = 'true'::jsonb then
    update tasks set state = 'posted' where id = t.id;
  end if;
end $$;

-- Gives a task that is to be matched the whole time of a search again (`updated_at` counts it, and `climbs_at` on a ladder), once the tasker to whom it was
-- offered directly has not taken it: the next sweep starts the matcher.
create or replace function khidma.resume_search(p_task uuid) returns void language plpgsql as $$
begin
  update tasks
     set updated_at = now(),
         climbs_at = case when rung = 0 and climbs_at is not null then now() + make_interval(secs => (ladder -> 0 ->> 'seconds')::int)
                          else climbs_at end
   where id = p_task and state = 'posted' and sourcing = 'match';
end $$;
