-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'invoice';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('invoice', 'pay', 'issued', 'paid', 'system', null, 'invoice.paid'),
  ('invoice', 'pay', 'issued', 'paid', 'provider', null, 'invoice.paid'),
  ('invoice', 'pay', 'issued', 'paid', 'buyer', null, 'invoice.paid'),
  ('invoice', 'pay', 'issued', 'paid', 'ops', null, 'invoice.paid'),
  ('invoice', 'void', 'issued', 'void', 'ops', null, 'invoice.voided');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_invoice(p_invoice invoices) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_invoice.buyer_id = me then
    return 'buyer';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_invoice_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('invoice', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_invoice(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_invoice_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('invoice', was, new.status::text, khidma.party_in_invoice(new));
  the_buyer uuid := new.buyer_id;
begin
  perform khidma.emit(
    made.event, 'invoice', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', new.booking_id,
      'userId', the_buyer)),
    array[the_buyer]);
  return null;
end $$;
