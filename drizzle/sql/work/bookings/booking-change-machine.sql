-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'booking_change';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('booking_change', 'created', null, 'pending', 'proposer', null, 'booking.change_proposed'),
  ('booking_change', 'accept', 'pending', 'accepted', 'counterparty', null, 'booking.change_accepted'),
  ('booking_change', 'reject', 'pending', 'rejected', 'counterparty', null, 'booking.change_rejected'),
  ('booking_change', 'withdraw', 'pending', 'withdrawn', 'proposer', null, 'booking.change_withdrawn'),
  ('booking_change', 'expire', 'pending', 'expired', 'system', null, 'booking.change_expired');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_booking_change(p_booking_change booking_changes) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_booking_change.proposed_by = me then
    return 'proposer';
  elsif p_booking_change.proposed_to = me then
    return 'counterparty';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_booking_change_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('booking_change', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_booking_change(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_booking_change_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('booking_change', was, new.status::text, khidma.party_in_booking_change(new));
  the_proposer uuid := new.proposed_by;
  the_counterparty uuid := new.proposed_to;
begin
  perform khidma.emit(
    made.event, 'booking_change', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', new.booking_id,
      'bookingChangeId', new.id,
      'proposerId', the_proposer,
      'counterpartyId', the_counterparty)),
    array[the_proposer, the_counterparty]);
  return null;
end $$;

create or replace function khidma.booking_change_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and was in ('pending') then
    perform khidma.after_booking_change_accepted(new);
  end if;
  return null;
end $$;
