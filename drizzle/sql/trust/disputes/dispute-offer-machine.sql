-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'dispute_offer';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('dispute_offer', 'created', null, 'pending', 'client', null, 'dispute.offer_made'),
  ('dispute_offer', 'created', null, 'pending', 'tasker', null, 'dispute.offer_made'),
  ('dispute_offer', 'created', null, 'pending', 'ops', null, 'dispute.offer_made'),
  ('dispute_offer', 'accept', 'pending', 'accepted', 'client', null, 'dispute.offer_accepted'),
  ('dispute_offer', 'accept', 'pending', 'accepted', 'tasker', null, 'dispute.offer_accepted'),
  ('dispute_offer', 'decline', 'pending', 'declined', 'client', null, 'dispute.offer_declined'),
  ('dispute_offer', 'decline', 'pending', 'declined', 'tasker', null, 'dispute.offer_declined'),
  ('dispute_offer', 'withdraw', 'pending', 'withdrawn', 'client', null, 'dispute.offer_withdrawn'),
  ('dispute_offer', 'withdraw', 'pending', 'withdrawn', 'tasker', null, 'dispute.offer_withdrawn'),
  ('dispute_offer', 'withdraw', 'pending', 'withdrawn', 'ops', null, 'dispute.offer_withdrawn'),
  ('dispute_offer', 'expire', 'pending', 'expired', 'system', null, 'dispute.offer_expired');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_dispute_offer(p_dispute_offer dispute_offers) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_dispute_offer.client_id = me then
    return 'client';
  elsif p_dispute_offer.tasker_id = me then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_dispute_offer_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('dispute_offer', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_dispute_offer(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_dispute_offer_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('dispute_offer', was, new.status::text, khidma.party_in_dispute_offer(new));
  the_client uuid := new.client_id;
  the_tasker uuid := new.tasker_id;
begin
  perform khidma.emit(
    made.event, 'dispute_offer', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', (select d.booking_id from disputes d where d.id = new.dispute_id),
      'disputeId', new.dispute_id,
      'disputeOfferId', new.id,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;

create or replace function khidma.dispute_offer_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and was in ('pending') then
    perform khidma.after_dispute_offer_accepted(new);
  end if;
  return null;
end $$;
