-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'payout';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('payout', 'created', null, 'scheduled', 'owner', null, 'payout.created'),
  ('payout', 'created', null, 'scheduled', 'system', null, 'payout.created'),
  ('payout', 'paid_in_cash', null, 'paid', 'owner', null, 'payout.paid_in_cash'),
  ('payout', 'paid_in_cash', null, 'paid', 'ops', null, 'payout.paid_in_cash'),
  ('payout', 'paid_in_cash', null, 'paid', 'system', null, 'payout.paid_in_cash'),
  ('payout', 'process', 'scheduled', 'processing', 'system', null, 'payout.processing'),
  ('payout', 'process', 'scheduled', 'processing', 'ops', null, 'payout.processing'),
  ('payout', 'pay', 'processing', 'paid', 'provider', null, 'payout.paid'),
  ('payout', 'pay', 'processing', 'paid', 'system', null, 'payout.paid'),
  ('payout', 'pay', 'processing', 'paid', 'ops', null, 'payout.paid'),
  ('payout', 'fail', 'processing', 'failed', 'provider', null, 'payout.failed'),
  ('payout', 'fail', 'processing', 'failed', 'system', null, 'payout.failed'),
  ('payout', 'fail', 'processing', 'failed', 'ops', null, 'payout.failed'),
  ('payout', 'cancel', 'scheduled', 'failed', 'ops', null, 'payout.canceled'),
  ('payout', 'cancel', 'scheduled', 'failed', 'system', null, 'payout.canceled'),
  ('payout', 'cancel', 'scheduled', 'failed', 'provider', null, 'payout.canceled'),
  ('payout', 'correct', 'failed', 'paid', 'ops', null, 'payout.paid'),
  ('payout', 'return', 'paid', 'returned', 'provider', null, 'payout.returned'),
  ('payout', 'return', 'paid', 'returned', 'system', null, 'payout.returned'),
  ('payout', 'return', 'paid', 'returned', 'ops', null, 'payout.returned'),
  ('payout', 'retry', 'failed', 'scheduled', 'ops', null, 'payout.retried');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_payout(p_payout payouts) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_payout.user_id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_payout_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('payout', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_payout(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_payout_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('payout', was, new.status::text, khidma.party_in_payout(new));
  the_owner uuid := new.user_id;
begin
  perform khidma.emit(
    made.event, 'payout', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', new.booking_id,
      'kind', new.kind,
      'userId', the_owner)),
    array[the_owner]);
  return null;
end $$;
