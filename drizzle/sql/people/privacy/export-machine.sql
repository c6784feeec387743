-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'export';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('export', 'finish', 'pending', 'ready', 'system', null, 'export.ready'),
  ('export', 'give_up', 'pending', 'failed', 'system', null, 'export.failed'),
  ('export', 'expire', 'ready', 'expired', 'system', null, null);

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_export(p_export export_requests) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_export.user_id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_export_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('export', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_export(new));
  return new;
end $$;
