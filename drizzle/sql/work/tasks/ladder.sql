-- The ladder of ways to a tasker: `[{"way", "seconds", "taskers"}, …]`, copied from the key `tasks.ladder` when a task is posted, so that a
-- new value changes no search that goes on. `rung` counts from 0. A task climbs when the time of its rung is over, or earlier, when matching
-- has asked everybody; whoever is first in any of the ways has it.

-- Puts a task that is posted to be matched on the first rung of the ladder of its market, where there is one. A task that has climbed in an
-- earlier search begins below again, without the deadline of the bids that it took (before update of state).
create or replace function khidma.step_on_ladder() returns trigger language plpgsql as $$
declare
  ways jsonb := khidma.config_of_task('tasks.ladder', new.id);
begin
  if old.rung > 0 then
    new.sourcing := 'match';
    new.deadline := null;
  end if;
  new.invited_only := false;
  if new.sourcing <> 'match' or ways = '[]' then
    new.ladder := null;
    new.rung := null;
    new.climbs_at := null;
  else
    new.ladder := ways;
    new.rung := 0;
    new.climbs_at := now() + make_interval(secs => (ways -> 0 ->> 'seconds')::int);
  end if;
  return new;
end $$;

-- Takes a task off its ladder that has its tasker, has ended, or was taken over by staff: it climbs no more, and the rung that it had
-- reached stays (before update of state or sourcing).
create or replace function khidma.step_off_ladder() returns trigger language plpgsql as $$
begin
  new.climbs_at := null;
  return new;
end $$;

-- Lets a task of a search climb to its next rung, or expire where it is on its last. Does nothing a second time, for a task without a
-- ladder or with another search, while a tasker is asked directly, and above the first rung before its time: readers go by `climbs_at`. An
-- awarded bid has its own time first. The caller has locked the task.
create or replace function khidma.climb_ladder(p_task uuid, p_round int) returns void language plpgsql as $$
declare
  t tasks;
  wait timestamptz;
  next jsonb;
begin
  select * into t from tasks where id = p_task and round = p_round and climbs_at is not null;
  if t.id is null or t.rung > 0 and t.climbs_at > now() or exists (select from bookings b where b.task_id = t.id and b.status <> 'canceled') then
    return;
  end if;
  select b.award_expires_at into wait from bids b where b.task_id = t.id and b.status = 'awarded' and b.award_expires_at > now();
  if wait is not null then
    update tasks set climbs_at = wait where id = t.id;
    return;
  end if;
  next := t.ladder -> (t.rung + 1);
  if next is null or t.starts_at <= now() then
    perform khidma.move_task(t.id, 'expired');
    return;
  end if;
  wait := least(now() + make_interval(secs => (next ->> 'seconds')::int), t.starts_at);
  update tasks
     set sourcing = case next ->> 'way' when 'pick' then 'bid' else next ->> 'way' end::sourcing, rung = t.rung + 1,
         invited_only = next ->> 'way' = 'pick', climbs_at = case when next ->> 'way' <> 'assign' then wait end,
         deadline = case when next ->> 'way' <> 'assign' then wait else deadline end, title = coalesce(title, left(description, 80))
   where id = t.id;
  if t.state = 'matching' then
    update tasks set state = 'posted' where id = t.id;
  else
    -- No change of state, but of what the client sees happen.
    insert into task_state_events (id, task_id, from_state, to_state, reason, meta)
    select khidma.uuid_v7(), x.id, t.state, x.state, 'no_tasker_found',
           jsonb_build_object('action', 'climb', 'party', khidma.party_in_task(x), 'sourcing', x.sourcing)
      from tasks x where x.id = t.id;
    perform khidma.emit('task.climbed', 'task', x.id, x.version,
        jsonb_build_object('taskId', x.id, 'clientId', x.client_id, 'from', t.state, 'to', x.state, 'party', khidma.party_in_task(x),
                           'action', 'climb', 'sourcing', x.sourcing, 'round', x.round), array[x.client_id])
      from tasks x where x.id = t.id;
  end if;
  if next ->> 'way' = 'pick' then
    perform khidma.invite_best(t.id, coalesce((next ->> 'taskers')::int, 5));
  end if;
end $$;

-- Gives a task the whole time of its rung again, up to its start. Nothing for a task that climbs no more.
create or replace function khidma.begin_rung_again(p_task uuid) returns void language plpgsql as $$
declare
  until timestamptz := (select least(now() + make_interval(secs => (t.ladder -> t.rung ->> 'seconds')::int), t.starts_at) from tasks t where t.id = p_task);
begin
  update tasks set climbs_at = until, deadline = until where id = p_task and climbs_at < until;
end $$;

-- Lets tasks climb whose time is over and whom their matcher has not moved, at most `p_limit`. One that a tasker is asked about directly keeps
-- none of the others from its turn.
create or replace function khidma.climb_due(p_limit int) returns int language plpgsql as $$
declare
  due record;
  climbed int := 0;
begin
  perform khidma.give_reason('no_tasker_found');
  for due in
    select t.id, t.round from tasks t
     where t.climbs_at < now() - interval '10 seconds'
       and not exists (select from bookings b where b.task_id = t.id and b.status <> 'canceled')
       and not khidma.is_put_off('task.climb', t.id)
     order by t.climbs_at limit p_limit for update skip locked
  loop
    begin
      perform khidma.climb_ladder(due.id, due.round);
      climbed := climbed + 1;
    exception when others then
      perform khidma.put_off_failed('task.climb', due.id, sqlstate, sqlerrm);
    end;
  end loop;
  return climbed;
end $$;
