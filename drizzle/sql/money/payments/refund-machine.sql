-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'refund';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('refund', 'created', null, 'pending', 'client', null, 'refund.created'),
  ('refund', 'created', null, 'pending', 'ops', null, 'refund.created'),
  ('refund', 'created', null, 'pending', 'system', null, 'refund.created'),
  ('refund', 'credited', null, 'succeeded', 'ops', null, 'refund.succeeded'),
  ('refund', 'credited', null, 'succeeded', 'system', null, 'refund.succeeded'),
  ('refund', 'succeed', 'pending', 'succeeded', 'provider', null, 'refund.succeeded'),
  ('refund', 'succeed', 'pending', 'succeeded', 'system', null, 'refund.succeeded'),
  ('refund', 'succeed', 'pending', 'succeeded', 'ops', null, 'refund.succeeded'),
  ('refund', 'fail', 'pending', 'failed', 'provider', null, 'refund.failed'),
  ('refund', 'fail', 'pending', 'failed', 'system', null, 'refund.failed'),
  ('refund', 'fail', 'pending', 'failed', 'ops', null, 'refund.failed'),
  ('refund', 'fail', 'succeeded', 'failed', 'provider', null, 'refund.failed'),
  ('refund', 'fail', 'succeeded', 'failed', 'system', null, 'refund.failed'),
  ('refund', 'fail', 'succeeded', 'failed', 'ops', null, 'refund.failed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_refund(p_refund refunds) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif exists (select from payment_intents o where o.id = p_refund.intent_id and o.payer_id = me) then
    return 'client';
  elsif exists (select from payment_intents o where o.id = p_refund.intent_id and o.payee_id = me) then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_refund_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('refund', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_refund(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_refund_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('refund', was, new.status::text, khidma.party_in_refund(new));
  the_client uuid := (select o.payer_id from payment_intents o where o.id = new.intent_id);
  the_tasker uuid := (select o.payee_id from payment_intents o where o.id = new.intent_id);
begin
  perform khidma.emit(
    made.event, 'refund', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'paymentId', new.intent_id,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;
