-- State columns change as `state_transitions` says, or not at all, whoever writes.

-- The people of an object, from its row.
create function khidma.people_of(machine text, obj jsonb, out client uuid, out tasker uuid) language plpgsql stable as $$
begin
  case machine
    when 'task' then
      client := obj ->> 'client_id';
      select b.tasker_id into tasker from bookings b where b.task_id = (obj ->> 'id')::uuid;
    when 'booking' then
      client := obj ->> 'client_id';
      tasker := obj ->> 'tasker_id';
    when 'tasker' then
      tasker := obj ->> 'user_id';
    when 'offer', 'payout' then
      tasker := obj ->> 'tasker_id';
    when 'payment_intent', 'dispute' then
      select b.client_id, b.tasker_id into client, tasker from bookings b where b.id = (obj ->> 'booking_id')::uuid;
    when 'report' then
      client := obj ->> 'reporter_id';
  end case;
end $$;
--> statement-breakpoint
-- Which part the transaction's actor has in the object; null for strangers and for transactions without an actor.
create function khidma.party_in(machine text, obj jsonb) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
  people record;
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif me is null then
    return null;
  end if;
  people := khidma.people_of(machine, obj);
  return case
    when people.client = me then case when machine = 'report' then 'reporter' else 'client' end
    when people.tasker = me then 'tasker'
  end;
end $$;
--> statement-breakpoint
-- The transition that the actor makes, or the refusal he deserves: strangers 404, wrong party 403, wrong state 409.
-- A change made by a trigger (depth > 1) follows from another one and may also be made in the system's name.
create function khidma.transition_of(p_machine text, p_from text, p_to text, obj jsonb) returns state_transitions
language plpgsql stable as $$
declare
  mine text := khidma.party_in(p_machine, obj);
  made state_transitions;
begin
  select * into made from state_transitions t
    where t.machine = p_machine and t.from_state is not distinct from p_from and t.to_state = p_to
      and (t.party = mine or (pg_trigger_depth() > 1 and t.party = 'system'))
    order by t.party = mine desc limit 1;
  if found then
    return made;
  end if;
  if mine is null then
    perform khidma.refuse(404, 'not_found');
  elsif not exists (select 1 from state_transitions t
      where t.machine = p_machine and t.to_state = p_to and t.party = mine)
  then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', coalesce(p_from, 'nothing'), 'to', p_to));
end $$;
--> statement-breakpoint
-- before insert or update of <state column>; arguments: machine, column. Fires also when the value stays the same:
-- confirming what is confirmed is a conflict, not a success.
create function khidma.guard_state() returns trigger language plpgsql as $$
declare
  new_row jsonb := to_jsonb(new);
begin
  perform khidma.transition_of(
    tg_argv[0], case when tg_op = 'UPDATE' then to_jsonb(old) ->> tg_argv[1] end, new_row ->> tg_argv[1], new_row);
  return new;
end $$;
--> statement-breakpoint
-- after insert or update of <state column>; arguments: machine, column. Writes history and event, takes the task along.
create function khidma.record_transition() returns trigger language plpgsql as $$
declare
  obj jsonb := to_jsonb(new);
  machine text := tg_argv[0];
  from_state text := case when tg_op = 'UPDATE' then to_jsonb(old) ->> tg_argv[1] end;
  to_state text := obj ->> tg_argv[1];
  made state_transitions := khidma.transition_of(machine, from_state, to_state, obj);
  object_id uuid := coalesce(obj ->> 'id', obj ->> 'user_id');
  reason text := nullif(current_setting('khidma.reason', true), '');
  people record := khidma.people_of(machine, obj);
  task uuid;
begin
  if machine = 'task' then
    insert into task_state_events (id, task_id, from_state, to_state, actor_user_id, reason, meta)
    values (khidma.uuid_v7(), object_id, from_state::task_state, to_state::task_state, khidma.actor_id(), reason,
            jsonb_build_object('action', made.name, 'party', made.party));
  elsif machine = 'booking' then
    insert into booking_events (id, booking_id, from_status, to_status, actor_user_id, meta)
    values (khidma.uuid_v7(), object_id, from_state::booking_status, to_state::booking_status, khidma.actor_id(),
            jsonb_strip_nulls(jsonb_build_object('action', made.name, 'party', made.party, 'reason', reason)));
  end if;

  perform khidma.emit(
    machine || '.' || case when from_state is null then made.name else to_state end,
    machine, object_id, coalesce((obj ->> 'version')::int, 1),
    jsonb_strip_nulls(jsonb_build_object(
      'from', from_state, 'to', to_state, 'action', made.name, 'party', made.party,
      'taskId', case when machine = 'task' then obj -> 'id' else obj -> 'task_id' end,
      'bookingId', case when machine = 'booking' then obj -> 'id' else obj -> 'booking_id' end,
      'clientId', people.client, 'taskerId', people.tasker)),
    array[people.client, people.tasker]);

  if made.drives_to is not null then
    task := case when machine = 'booking' then (obj ->> 'task_id')::uuid
                 else (select b.task_id from bookings b where b.id = (obj ->> 'booking_id')::uuid) end;
    update tasks set state = made.drives_to::task_state where id = task;
  end if;
  return null;
end $$;
--> statement-breakpoint
do $$
declare
  m record;
begin
  for m in select * from (values
      ('task', 'tasks', 'state'), ('booking', 'bookings', 'status'), ('offer', 'offers', 'status'),
      ('tasker', 'tasker_profiles', 'status'), ('payment_intent', 'payment_intents', 'status'),
      ('payout', 'payouts', 'status'), ('dispute', 'disputes', 'status'), ('report', 'reports', 'status'))
    as t (machine, tab, col) loop
    execute format('create trigger b_guard_state before insert or update of %I on %I for each row execute function khidma.guard_state(%L, %L)', m.col, m.tab, m.machine, m.col);
    execute format('create trigger c_record_transition after insert or update of %I on %I for each row execute function khidma.record_transition(%L, %L)', m.col, m.tab, m.machine, m.col);
  end loop;
end $$;
--> statement-breakpoint
-- History is written by the trigger above and by nobody else, and never rewritten.
create function khidma.append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('khidma.purge', true) = tg_table_name then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['task_state_events', 'booking_events'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function khidma.append_only()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function khidma.append_only()', t);
  end loop;
end $$;
--> statement-breakpoint
-- Task and booking stand in states that belong together when the transaction ends.
create function khidma.check_task_and_booking() returns trigger language plpgsql as $$
declare
  the_task uuid := coalesce(to_jsonb(new) ->> 'task_id', to_jsonb(new) ->> 'id');
  state task_state;
  status booking_status;
  fits boolean;
begin
  select t.state, b.status into state, status
    from tasks t left join bookings b on b.task_id = t.id where t.id = the_task;
  fits := case state
      when 'accepted' then status = 'accepted'
      when 'confirmed' then status = 'confirmed'
      when 'in_progress' then status = 'in_progress'
      when 'on_hold' then status in ('confirmed', 'in_progress')
      when 'failed' then status in ('in_progress', 'canceled')
      when 'completed' then status = 'completed'
      when 'settled' then status = 'completed'
      when 'reviewed' then status = 'completed'
      when 'disputed' then status = 'disputed'
      when 'canceled_by_tasker' then status = 'canceled'
      when 'canceled_by_client' then coalesce(status, 'canceled') = 'canceled'
      when 'draft' then status is null
      else coalesce(status, 'offered') in ('offered', 'canceled')
    end;
  if fits is not true then
    raise exception 'task % is % while its booking is %', the_task, state, status
      using errcode = 'check_violation', constraint = 'task_follows_booking';
  end if;
  return null;
end $$;
--> statement-breakpoint
create constraint trigger task_follows_booking after insert or update of state on tasks
  deferrable initially deferred for each row execute function khidma.check_task_and_booking();
--> statement-breakpoint
create constraint trigger task_follows_booking after insert or update of status on bookings
  deferrable initially deferred for each row execute function khidma.check_task_and_booking();
--> statement-breakpoint
-- The booking's client is its task's client; neither ever changes.
alter table tasks add constraint tasks_id_client_key unique (id, client_id);
--> statement-breakpoint
alter table bookings add constraint bookings_client_of_task foreign key (task_id, client_id) references tasks (id, client_id);
--> statement-breakpoint
-- Nobody is in two places at once.
alter table bookings add constraint bookings_no_overlap exclude using gist (tasker_id with =, scheduled_during with &&)
  where (status in ('accepted', 'confirmed', 'in_progress'));
--> statement-breakpoint
alter table bookings add constraint bookings_scheduled_bounded
  check (not isempty(scheduled_during) and not lower_inf(scheduled_during) and not upper_inf(scheduled_during));
