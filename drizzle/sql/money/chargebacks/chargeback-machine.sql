-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'chargeback';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('chargeback', 'opened', null, 'open', 'provider', null, 'chargeback.opened'),
  ('chargeback', 'opened', null, 'open', 'system', null, 'chargeback.opened'),
  ('chargeback', 'win', 'open', 'won', 'provider', null, 'chargeback.won'),
  ('chargeback', 'win', 'open', 'won', 'system', null, 'chargeback.won'),
  ('chargeback', 'lose', 'open', 'lost', 'provider', null, 'chargeback.lost'),
  ('chargeback', 'lose', 'open', 'lost', 'system', null, 'chargeback.lost');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_chargeback(p_chargeback chargebacks) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif exists (select from payment_intents o where o.id = p_chargeback.intent_id and o.payee_id = me) then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_chargeback_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('chargeback', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_chargeback(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_chargeback_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('chargeback', was, new.status::text, khidma.party_in_chargeback(new));
  the_tasker uuid := (select o.payee_id from payment_intents o where o.id = new.intent_id);
begin
  perform khidma.emit(
    made.event, 'chargeback', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'paymentId', new.intent_id,
      'taskerId', the_tasker)),
    array[the_tasker]);
  return null;
end $$;
