-- Clocks against the service levels of `assignment.sla_minutes`, for tasks that staff assign. One runs at a time:
--   assign  while the task waits in the queue
--   accept  while the tasker is asked
--   start   once the booking is confirmed, from the agreed start

-- Returns the minutes that a priority allows a clock.
create or replace function khidma.sla_minutes(p_task uuid, p_priority text, p_kind text) returns int language sql stable as $$
  select (khidma.config_of_task('assignment.sla_minutes', p_task) -> p_priority ->> p_kind)::int
$$;

-- Notes and tells that a clock has passed its instant, once. Staff hear of it.
create or replace function khidma.breach_clock(c task_clocks) returns void language plpgsql as $$
declare
  t tasks;
begin
  update task_clocks set breached_at = now() where id = c.id and breached_at is null;
  if found then
    select * into strict t from tasks where id = c.task_id;
    perform khidma.emit('task.sla_breached', 'task', t.id, t.version,
      jsonb_build_object('taskId', t.id, 'clock', c.kind, 'priority', t.priority,
        'dueAt', khidma.iso(c.due_at)),
      array[]::uuid[]);
  end if;
end $$;

-- Returns whether a running clock is late now: readers judge by the instant, the sweep only tells of it.
create or replace function khidma.is_late(c task_clocks) returns boolean language sql stable as $$
  select c.ended_at is null and c.paused_at is null and c.due_at <= now()
$$;

-- Starts, stops, pauses and ends the clocks of a task as it moves (after update of state, sourcing, assigned_to, priority). A clock that ends
-- late was breached, whether or not the sweep has seen it.
create or replace function khidma.keep_clocks() returns trigger language plpgsql as $$
declare
  c task_clocks;
  base timestamptz := now();
  wanted text := case when new.sourcing <> 'assign' then null
                      when new.state = 'posted' and new.assigned_to is null then 'assign'
                      when new.state = 'posted' then 'accept'
                      when new.state in ('confirmed', 'on_hold') then 'start' end;
begin
  if new.state = 'on_hold' and old.state <> 'on_hold' then
    update task_clocks set paused_at = now() where task_id = new.id and ended_at is null and paused_at is null;
    return null;
  elsif old.state = 'on_hold' and new.state <> 'on_hold' then
    update task_clocks set paused_at = null, due_at = due_at + (now() - paused_at),
           paused_seconds = paused_seconds + extract(epoch from now() - paused_at)::int
     where task_id = new.id and ended_at is null and paused_at is not null;
  end if;
  if new.priority <> old.priority then
    update task_clocks k set minutes = m.minutes, due_at = k.due_at + make_interval(mins => m.minutes - k.minutes)
      from (select khidma.sla_minutes(new.id, new.priority, w.kind) as minutes, w.kind from (values ('assign'), ('accept'), ('start')) w (kind)) m
     where k.task_id = new.id and k.ended_at is null and k.kind = m.kind;
  end if;
  for c in select * from task_clocks k where k.task_id = new.id and k.ended_at is null and k.kind is distinct from wanted for update loop
    if khidma.is_late(c) then
      perform khidma.breach_clock(c);
    end if;
    update task_clocks set ended_at = now(),
           outcome = case when c.kind = 'assign' and new.assigned_to is not null or c.kind = 'accept' and new.state in ('accepted', 'confirmed')
                            or c.kind = 'start' and new.state in ('in_progress', 'completed') then 'met' else 'moot' end
     where id = c.id;
  end loop;
  if wanted is null or new.state = 'on_hold'
    or exists (select from task_clocks k where k.task_id = new.id and k.kind = wanted and k.ended_at is null)
  then
    return null;
  end if;
  if wanted = 'start' then
    select greatest(base, lower(b.scheduled_during)) into base from bookings b where b.task_id = new.id order by b.id desc limit 1;
  end if;
  insert into task_clocks (id, task_id, kind, base_at, minutes, due_at)
  select khidma.uuid_v7(), new.id, wanted, base, m.minutes, base + make_interval(mins => m.minutes)
    from (select khidma.sla_minutes(new.id, new.priority, wanted) as minutes) m where m.minutes is not null;
  return null;
end $$;

-- Moves the clock for the start of work along with the agreed time (after update of scheduled_during on bookings).
create or replace function khidma.move_start_clock() returns trigger language plpgsql as $$
begin
  update task_clocks k set base_at = m.base, due_at = k.due_at + (m.base - k.base_at)
    from (select greatest(now(), lower(new.scheduled_during)) as base) m
   where k.task_id = new.task_id and k.kind = 'start' and k.ended_at is null and new.status = 'confirmed';
  return null;
end $$;

-- Tells of clocks that have passed their instant, at most `p_limit` a run.
create or replace function khidma.breach_clocks(p_limit int) returns int language plpgsql as $$
declare
  c task_clocks;
  told int := 0;
begin
  for c in
    select * from task_clocks k where k.ended_at is null and k.paused_at is null and k.breached_at is null and k.due_at <= now()
     order by k.due_at limit p_limit for update skip locked
  loop
    perform khidma.breach_clock(c);
    told := told + 1;
  end loop;
  return told;
end $$;

-- Deletes clocks of service levels of ended tasks after the period of their history, at most `p_limit` (`khidma.purge_task_history`).
create or replace function khidma.purge_task_clocks(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  purged int;
begin
  delete from task_clocks where id in (
    select c.id from task_clocks c where c.ended_at < now() - khidma.retention_period('task_history') and khidma.forgets_history(c.task_id)
     order by c.ended_at limit p_limit for update of c skip locked);
  get diagnostics purged = row_count;
  return purged;
end $$;
