-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'contract_amendment';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('contract_amendment', 'created', null, 'pending', 'proposer', null, 'contract.amendment_proposed'),
  ('contract_amendment', 'accept', 'pending', 'accepted', 'counterparty', null, 'contract.amendment_accepted'),
  ('contract_amendment', 'reject', 'pending', 'rejected', 'counterparty', null, 'contract.amendment_rejected'),
  ('contract_amendment', 'withdraw', 'pending', 'withdrawn', 'proposer', null, 'contract.amendment_withdrawn'),
  ('contract_amendment', 'expire', 'pending', 'expired', 'system', null, 'contract.amendment_expired');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_contract_amendment(p_contract_amendment contract_amendments) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_contract_amendment.proposed_by = me then
    return 'proposer';
  elsif p_contract_amendment.proposed_to = me then
    return 'counterparty';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_contract_amendment_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('contract_amendment', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_contract_amendment(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_contract_amendment_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('contract_amendment', was, new.status::text, khidma.party_in_contract_amendment(new));
  the_proposer uuid := new.proposed_by;
  the_counterparty uuid := new.proposed_to;
begin
  perform khidma.emit(
    made.event, 'contract_amendment', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'contractId', new.contract_id,
      'contractAmendmentId', new.id,
      'bookingId', (select c.booking_id from contracts c where c.id = new.contract_id),
      'proposerId', the_proposer,
      'counterpartyId', the_counterparty)),
    array[the_proposer, the_counterparty]);
  return null;
end $$;

create or replace function khidma.contract_amendment_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and was in ('pending') then
    perform khidma.after_contract_amendment_accepted(new);
  end if;
  return null;
end $$;
