-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'erasure';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('erasure', 'defer', 'scheduled', 'deferred', 'system', null, 'erasure.deferred'),
  ('erasure', 'defer', 'deferred', 'deferred', 'system', null, null),
  ('erasure', 'begin', 'scheduled', 'running', 'system', null, null),
  ('erasure', 'begin', 'deferred', 'running', 'system', null, null),
  ('erasure', 'wipe', 'running', 'wiped', 'system', null, null),
  ('erasure', 'complete', 'wiped', 'completed', 'system', null, 'erasure.completed'),
  ('erasure', 'cancel', 'scheduled', 'canceled', 'owner', null, 'erasure.canceled'),
  ('erasure', 'cancel', 'scheduled', 'canceled', 'ops', null, 'erasure.canceled'),
  ('erasure', 'cancel', 'deferred', 'canceled', 'owner', null, 'erasure.canceled'),
  ('erasure', 'cancel', 'deferred', 'canceled', 'ops', null, 'erasure.canceled');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_erasure(p_erasure erasure_requests) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_erasure.user_id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_erasure_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('erasure', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_erasure(new));
  return new;
end $$;
