-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'payment_intent';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('payment_intent', 'created', null, 'requires_action', 'client', null, 'payment_intent.created'),
  ('payment_intent', 'created', null, 'requires_action', 'system', null, 'payment_intent.created'),
  ('payment_intent', 'authorize', 'requires_action', 'authorized', 'client', null, 'payment_intent.authorized'),
  ('payment_intent', 'authorize', 'requires_action', 'authorized', 'provider', null, 'payment_intent.authorized'),
  ('payment_intent', 'authorize', 'requires_action', 'authorized', 'system', null, 'payment_intent.authorized'),
  ('payment_intent', 'reopen', 'authorized', 'requires_action', 'client', null, 'payment_intent.reopened'),
  ('payment_intent', 'reopen', 'authorized', 'requires_action', 'system', null, 'payment_intent.reopened'),
  ('payment_intent', 'reopen', 'failed', 'requires_action', 'client', null, 'payment_intent.reopened'),
  ('payment_intent', 'reopen', 'failed', 'requires_action', 'system', null, 'payment_intent.reopened'),
  ('payment_intent', 'confirm-cash', 'requires_action', 'captured', 'tasker', null, 'payment_intent.captured'),
  ('payment_intent', 'settle-cash', 'requires_action', 'captured', 'ops', null, 'payment_intent.captured'),
  ('payment_intent', 'settle-cash', 'requires_action', 'captured', 'system', null, 'payment_intent.captured'),
  ('payment_intent', 'charge', 'requires_action', 'captured', 'client', null, 'payment_intent.captured'),
  ('payment_intent', 'charge', 'requires_action', 'captured', 'provider', null, 'payment_intent.captured'),
  ('payment_intent', 'capture', 'authorized', 'captured', 'provider', null, 'payment_intent.captured'),
  ('payment_intent', 'capture', 'authorized', 'captured', 'system', null, 'payment_intent.captured'),
  ('payment_intent', 'fail', 'requires_action', 'failed', 'client', null, 'payment_intent.failed'),
  ('payment_intent', 'fail', 'requires_action', 'failed', 'provider', null, 'payment_intent.failed'),
  ('payment_intent', 'fail', 'requires_action', 'failed', 'system', null, 'payment_intent.failed'),
  ('payment_intent', 'fail', 'authorized', 'failed', 'client', null, 'payment_intent.failed'),
  ('payment_intent', 'fail', 'authorized', 'failed', 'provider', null, 'payment_intent.failed'),
  ('payment_intent', 'fail', 'authorized', 'failed', 'system', null, 'payment_intent.failed'),
  ('payment_intent', 'cancel', 'requires_action', 'canceled', 'client', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'requires_action', 'canceled', 'tasker', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'requires_action', 'canceled', 'ops', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'requires_action', 'canceled', 'system', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'authorized', 'canceled', 'client', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'authorized', 'canceled', 'tasker', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'authorized', 'canceled', 'ops', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'authorized', 'canceled', 'system', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'failed', 'canceled', 'client', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'failed', 'canceled', 'tasker', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'failed', 'canceled', 'ops', null, 'payment_intent.canceled'),
  ('payment_intent', 'cancel', 'failed', 'canceled', 'system', null, 'payment_intent.canceled');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_payment_intent(p_payment_intent payment_intents) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_payment_intent.payer_id = me or khidma.buys_for(p_payment_intent.payer_id) then
    return 'client';
  elsif p_payment_intent.payee_id = me then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_payment_intent_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('payment_intent', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_payment_intent(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_payment_intent_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('payment_intent', was, new.status::text, khidma.party_in_payment_intent(new));
  the_client uuid := new.payer_id;
  the_tasker uuid := new.payee_id;
begin
  perform khidma.emit(
    made.event, 'payment_intent', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', new.booking_id,
      'purpose', new.purpose,
      'method', new.method,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;

create or replace function khidma.payment_intent_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'captured' and was in ('requires_action', 'authorized') then
    perform khidma.after_payment_intent_captured(new);
  end if;
  if (new.status = 'requires_action' and was in ('authorized', 'failed')) or (new.status = 'canceled' and was in ('requires_action', 'authorized', 'failed')) then
    perform khidma.after_payment_intent_authorized(new);
  end if;
  return null;
end $$;
