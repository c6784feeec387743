-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'contract';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('contract', 'created', null, 'draft', 'client', null, 'contract.drafted'),
  ('contract', 'created', null, 'draft', 'tasker', null, 'contract.drafted'),
  ('contract', 'activate', 'draft', 'active', 'client', null, 'contract.active'),
  ('contract', 'activate', 'draft', 'active', 'tasker', null, 'contract.active'),
  ('contract', 'complete', 'active', 'completed', 'system', null, 'contract.completed'),
  ('contract', 'cancel', 'draft', 'canceled', 'client', null, 'contract.canceled'),
  ('contract', 'cancel', 'draft', 'canceled', 'tasker', null, 'contract.canceled'),
  ('contract', 'cancel', 'draft', 'canceled', 'ops', null, 'contract.canceled'),
  ('contract', 'cancel', 'draft', 'canceled', 'system', null, 'contract.canceled'),
  ('contract', 'cancel', 'active', 'canceled', 'client', null, 'contract.canceled'),
  ('contract', 'cancel', 'active', 'canceled', 'tasker', null, 'contract.canceled'),
  ('contract', 'cancel', 'active', 'canceled', 'ops', null, 'contract.canceled'),
  ('contract', 'cancel', 'active', 'canceled', 'system', null, 'contract.canceled'),
  ('contract', 'dispute', 'active', 'disputed', 'system', null, 'contract.disputed'),
  ('contract', 'decide', 'disputed', 'completed', 'system', null, 'contract.completed'),
  ('contract', 'decide_against', 'disputed', 'canceled', 'system', null, 'contract.canceled');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_contract(p_contract contracts) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_contract.client_id = me then
    return 'client';
  elsif p_contract.tasker_id = me then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_contract_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('contract', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_contract(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_contract_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('contract', was, new.status::text, khidma.party_in_contract(new));
  the_client uuid := new.client_id;
  the_tasker uuid := new.tasker_id;
begin
  perform khidma.emit(
    made.event, 'contract', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', new.booking_id,
      'contractId', new.id,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;

create or replace function khidma.contract_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'active' and was in ('draft') then
    perform khidma.after_contract_active(new);
  end if;
  if new.status = 'completed' and was in ('active') then
    perform khidma.after_contract_completed(new);
  end if;
  if new.status = 'canceled' and was in ('draft', 'active') then
    perform khidma.after_contract_canceled(new);
  end if;
  if new.status = 'disputed' and was in ('active') then
    perform khidma.after_contract_disputed(new);
  end if;
  return null;
end $$;
