-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'escrow';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('escrow', 'hold', null, 'held', 'client', null, 'escrow.held'),
  ('escrow', 'hold', null, 'held', 'ops', null, 'escrow.held'),
  ('escrow', 'hold', null, 'held', 'system', null, 'escrow.held'),
  ('escrow', 'hold', null, 'held', 'provider', null, 'escrow.held'),
  ('escrow', 'release', 'held', 'partial_release', 'system', null, 'escrow.partial_release'),
  ('escrow', 'dispute', 'held', 'disputed', 'system', null, 'escrow.disputed'),
  ('escrow', 'dispute', 'partial_release', 'disputed', 'system', null, 'escrow.disputed'),
  ('escrow', 'close', 'held', 'full_release', 'system', null, 'escrow.full_release'),
  ('escrow', 'close', 'partial_release', 'full_release', 'system', null, 'escrow.full_release'),
  ('escrow', 'close', 'disputed', 'full_release', 'system', null, 'escrow.full_release');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_escrow(p_escrow escrows) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif exists (select from contracts o where o.id = p_escrow.contract_id and o.client_id = me) then
    return 'client';
  elsif exists (select from contracts o where o.id = p_escrow.contract_id and o.tasker_id = me) then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_escrow_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('escrow', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_escrow(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_escrow_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('escrow', was, new.status::text, khidma.party_in_escrow(new));
  the_client uuid := (select o.client_id from contracts o where o.id = new.contract_id);
  the_tasker uuid := (select o.tasker_id from contracts o where o.id = new.contract_id);
begin
  perform khidma.emit(
    made.event, 'escrow', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', (select c.booking_id from contracts c where c.id = new.contract_id),
      'contractId', new.contract_id,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;
