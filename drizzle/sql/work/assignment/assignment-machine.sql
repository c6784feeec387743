-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'assignment';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('assignment', 'created', null, 'pending', 'ops', null, 'assignment.created'),
  ('assignment', 'created', null, 'pending', 'system', null, 'assignment.created'),
  ('assignment', 'direct', null, 'accepted', 'ops', null, 'assignment.confirmed'),
  ('assignment', 'direct', null, 'accepted', 'system', null, 'assignment.confirmed'),
  ('assignment', 'accept', 'pending', 'accepted', 'tasker', null, 'assignment.accepted'),
  ('assignment', 'decline', 'pending', 'declined', 'tasker', null, 'assignment.declined'),
  ('assignment', 'expire', 'pending', 'expired', 'system', null, 'assignment.expired'),
  ('assignment', 'withdraw', 'pending', 'withdrawn', 'ops', null, 'assignment.withdrawn'),
  ('assignment', 'withdraw', 'pending', 'withdrawn', 'client', null, 'assignment.withdrawn'),
  ('assignment', 'withdraw', 'pending', 'withdrawn', 'system', null, 'assignment.withdrawn'),
  ('assignment', 'revoke', 'accepted', 'revoked', 'ops', null, 'assignment.revoked'),
  ('assignment', 'revoke', 'accepted', 'revoked', 'system', null, 'assignment.revoked');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_assignment(p_assignment assignments) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif exists (select from tasks o where o.id = p_assignment.task_id and o.client_id = me) then
    return 'client';
  elsif p_assignment.tasker_id = me then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_assignment_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('assignment', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_assignment(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_assignment_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('assignment', was, new.status::text, khidma.party_in_assignment(new));
  the_client uuid := (select o.client_id from tasks o where o.id = new.task_id);
  the_tasker uuid := new.tasker_id;
begin
  perform khidma.emit(
    made.event, 'assignment', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'taskId', new.task_id,
      'bookingId', new.booking_id,
      'assignmentId', new.id,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;

create or replace function khidma.assignment_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and was in ('pending') then
    perform khidma.after_assignment_accepted(new);
  end if;
  if new.status = 'declined' and was in ('pending') then
    perform khidma.after_assignment_declined(new);
  end if;
  if new.status = 'expired' and was in ('pending') then
    perform khidma.after_assignment_expired(new);
  end if;
  if new.status = 'withdrawn' and was in ('pending') then
    perform khidma.after_assignment_withdrawn(new);
  end if;
  if new.status = 'revoked' and was in ('accepted') then
    perform khidma.after_assignment_revoked(new);
  end if;
  return null;
end $$;
