-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'dispute';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('dispute', 'created', null, 'open', 'client', null, 'dispute.created'),
  ('dispute', 'created', null, 'open', 'tasker', null, 'dispute.created'),
  ('dispute', 'created', null, 'open', 'ops', null, 'dispute.created'),
  ('dispute', 'investigate', 'open', 'investigating', 'ops', null, 'dispute.investigating'),
  ('dispute', 'investigate', 'escalated', 'investigating', 'ops', null, 'dispute.investigating'),
  ('dispute', 'escalate', 'open', 'escalated', 'ops', null, 'dispute.escalated'),
  ('dispute', 'escalate', 'investigating', 'escalated', 'ops', null, 'dispute.escalated'),
  ('dispute', 'escalate', 'open', 'escalated', 'system', null, 'dispute.escalated'),
  ('dispute', 'escalate', 'investigating', 'escalated', 'system', null, 'dispute.escalated'),
  ('dispute', 'resolve', 'open', 'resolved', 'ops', null, 'dispute.resolved'),
  ('dispute', 'resolve', 'open', 'resolved', 'system', null, 'dispute.resolved'),
  ('dispute', 'resolve', 'investigating', 'resolved', 'ops', null, 'dispute.resolved'),
  ('dispute', 'resolve', 'investigating', 'resolved', 'system', null, 'dispute.resolved'),
  ('dispute', 'resolve', 'escalated', 'resolved', 'ops', null, 'dispute.resolved'),
  ('dispute', 'resolve', 'escalated', 'resolved', 'system', null, 'dispute.resolved'),
  ('dispute', 'reject', 'open', 'rejected', 'ops', null, 'dispute.rejected'),
  ('dispute', 'reject', 'investigating', 'rejected', 'ops', null, 'dispute.rejected'),
  ('dispute', 'reject', 'escalated', 'rejected', 'ops', null, 'dispute.rejected'),
  ('dispute', 'refund', 'open', 'refunded', 'ops', null, 'dispute.refunded'),
  ('dispute', 'refund', 'investigating', 'refunded', 'ops', null, 'dispute.refunded'),
  ('dispute', 'refund', 'escalated', 'refunded', 'ops', null, 'dispute.refunded'),
  ('dispute', 'withdraw', 'open', 'withdrawn', 'client', null, 'dispute.withdrawn'),
  ('dispute', 'withdraw', 'open', 'withdrawn', 'tasker', null, 'dispute.withdrawn'),
  ('dispute', 'withdraw', 'investigating', 'withdrawn', 'client', null, 'dispute.withdrawn'),
  ('dispute', 'withdraw', 'investigating', 'withdrawn', 'tasker', null, 'dispute.withdrawn'),
  ('dispute', 'withdraw', 'escalated', 'withdrawn', 'client', null, 'dispute.withdrawn'),
  ('dispute', 'withdraw', 'escalated', 'withdrawn', 'tasker', null, 'dispute.withdrawn');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_dispute(p_dispute disputes) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif exists (select from bookings o where o.id = p_dispute.booking_id and o.client_id = me) then
    return 'client';
  elsif exists (select from bookings o where o.id = p_dispute.booking_id and o.tasker_id = me) then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_dispute_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('dispute', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_dispute(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_dispute_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('dispute', was, new.status::text, khidma.party_in_dispute(new));
  the_client uuid := (select o.client_id from bookings o where o.id = new.booking_id);
  the_tasker uuid := (select o.tasker_id from bookings o where o.id = new.booking_id);
begin
  perform khidma.emit(
    made.event, 'dispute', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', new.booking_id,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;

create or replace function khidma.dispute_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'resolved' and was in ('open', 'investigating', 'escalated') then
    perform khidma.after_dispute_resolved(new);
  end if;
  if new.status = 'rejected' and was in ('open', 'investigating', 'escalated') then
    perform khidma.after_dispute_rejected(new);
  end if;
  if new.status = 'refunded' and was in ('open', 'investigating', 'escalated') then
    perform khidma.after_dispute_refunded(new);
  end if;
  if new.status = 'withdrawn' and was in ('open', 'investigating', 'escalated') then
    perform khidma.after_dispute_withdrawn(new);
  end if;
  return null;
end $$;
