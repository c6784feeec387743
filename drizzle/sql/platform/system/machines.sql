-- Returns the transition that the actor makes, or refuses it: strangers 404, wrong party 403, wrong state 409. A change made by a
-- trigger (depth > 1) follows from another one and may also be made in the system's name.
create or replace function khidma.transition_of(p_machine text, p_from text, p_to text, obj jsonb) returns state_transitions
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

-- Refuses transitions that the machine does not allow (before insert or update of the state column; arguments: machine, column).
-- Fires also when the value stays the same: confirming what is confirmed is a conflict, not a success.
create or replace function khidma.guard_state() returns trigger language plpgsql as $$
declare
  new_row jsonb := to_jsonb(new);
begin
  perform khidma.transition_of(
    tg_argv[0], case when tg_op = 'UPDATE' then to_jsonb(old) ->> tg_argv[1] end, new_row ->> tg_argv[1], new_row);
  return new;
end $$;

-- Writes the history and the event of a transition, and moves the task along (after insert or update of the state column;
-- arguments: machine, column). Other consequences are in `<machine>_consequences`, which is generated from the machine.
create or replace function khidma.record_transition() returns trigger language plpgsql as $$
declare
  obj jsonb := to_jsonb(new);
  machine text := tg_argv[0];
  from_state text := case when tg_op = 'UPDATE' then to_jsonb(old) ->> tg_argv[1] end;
  to_state text := obj ->> tg_argv[1];
  made state_transitions := khidma.transition_of(machine, from_state, to_state, obj);
  object_id uuid := coalesce(obj ->> 'id', obj ->> 'user_id');
  reason text := nullif(current_setting('khidma.reason', true), '');
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

  if made.event is not null then
    perform khidma.emit(
      made.event, machine, object_id, coalesce((obj ->> 'version')::int, 1),
      jsonb_strip_nulls(jsonb_build_object(
        'from', from_state, 'to', to_state, 'action', made.name, 'party', made.party,
        'taskId', case when machine = 'task' then obj -> 'id' else obj -> 'task_id' end,
        'bookingId', case when machine = 'booking' then obj -> 'id' else obj -> 'booking_id' end,
        'offerId', case when machine = 'task' and to_state = 'accepted'
                     then (select o.id from offers o where o.task_id = object_id and o.status = 'accepted') end)) || heard.names,
      heard.ids)
      from (select coalesce(jsonb_object_agg(p.event_key, p.user_id), '{}') as names, array_agg(p.user_id) as ids
              from khidma.people_of(machine, obj) p where p.event_key is not null and p.user_id is not null) heard;
  end if;

  if made.drives_to is not null then
    task := case when machine = 'booking' then (obj ->> 'task_id')::uuid
                 else (select b.task_id from bookings b where b.id = (obj ->> 'booking_id')::uuid) end;
    update tasks set state = made.drives_to::task_state where id = task;
  end if;
  return null;
end $$;

-- Returns the party that the transaction's actor is to an object, in the order of the machine's `people`; null for strangers and
-- for transactions without an actor.
create or replace function khidma.party_in(machine text, obj jsonb) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif me is null then
    return null;
  end if;
  return (select p.party from khidma.people_of(machine, obj) with ordinality p where p.user_id = me order by p.ordinality limit 1);
end $$;
