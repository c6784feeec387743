-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'milestone';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('milestone', 'start', 'pending', 'in_progress', 'tasker', null, 'milestone.in_progress'),
  ('milestone', 'submit', 'in_progress', 'submitted', 'tasker', null, 'milestone.submitted'),
  ('milestone', 'submit', 'overdue', 'submitted', 'tasker', null, 'milestone.submitted'),
  ('milestone', 'return', 'submitted', 'in_progress', 'client', null, 'milestone.returned'),
  ('milestone', 'approve', 'submitted', 'completed', 'client', null, 'milestone.completed'),
  ('milestone', 'release', 'submitted', 'completed', 'system', null, 'milestone.completed'),
  ('milestone', 'expire', 'pending', 'overdue', 'system', null, 'milestone.overdue'),
  ('milestone', 'expire', 'in_progress', 'overdue', 'system', null, 'milestone.overdue'),
  ('milestone', 'extend', 'overdue', 'in_progress', 'system', null, 'milestone.in_progress'),
  ('milestone', 'extend', 'overdue', 'pending', 'system', null, 'milestone.pending'),
  ('milestone', 'decide', 'pending', 'completed', 'system', null, 'milestone.completed'),
  ('milestone', 'decide', 'in_progress', 'completed', 'system', null, 'milestone.completed'),
  ('milestone', 'decide', 'overdue', 'completed', 'system', null, 'milestone.completed'),
  ('milestone', 'cancel', 'pending', 'canceled', 'system', null, 'milestone.canceled'),
  ('milestone', 'cancel', 'in_progress', 'canceled', 'system', null, 'milestone.canceled'),
  ('milestone', 'cancel', 'overdue', 'canceled', 'system', null, 'milestone.canceled'),
  ('milestone', 'cancel', 'submitted', 'canceled', 'system', null, 'milestone.canceled');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_milestone(p_milestone milestones) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif exists (select from contracts o where o.id = p_milestone.contract_id and o.client_id = me) then
    return 'client';
  elsif exists (select from contracts o where o.id = p_milestone.contract_id and o.tasker_id = me) then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_milestone_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('milestone', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_milestone(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_milestone_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('milestone', was, new.status::text, khidma.party_in_milestone(new));
  the_client uuid := (select o.client_id from contracts o where o.id = new.contract_id);
  the_tasker uuid := (select o.tasker_id from contracts o where o.id = new.contract_id);
begin
  perform khidma.emit(
    made.event, 'milestone', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', (select c.booking_id from contracts c where c.id = new.contract_id),
      'contractId', new.contract_id,
      'milestoneId', new.id,
      'title', new.title,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;

create or replace function khidma.milestone_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'in_progress' and was in ('pending') then
    perform khidma.after_milestone_pending(new);
  end if;
  if (new.status = 'in_progress' and was in ('submitted')) or (new.status = 'completed' and was in ('submitted')) or (new.status = 'canceled' and was in ('submitted')) then
    perform khidma.after_milestone_submitted(new);
  end if;
  if new.status = 'completed' and was in ('submitted') then
    perform khidma.after_milestone_completed(new);
  end if;
  return null;
end $$;
