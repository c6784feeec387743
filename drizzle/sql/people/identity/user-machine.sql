-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'user';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('user', 'suspend', 'active', 'suspended', 'ops', null, null),
  ('user', 'suspend', 'active', 'suspended', 'system', null, null),
  ('user', 'reinstate', 'suspended', 'active', 'ops', null, null),
  ('user', 'reinstate', 'suspended', 'active', 'system', null, null),
  ('user', 'close', 'active', 'closed', 'system', null, null),
  ('user', 'close', 'suspended', 'closed', 'system', null, null),
  ('user', 'close', 'active', 'closed', 'owner', null, null),
  ('user', 'close', 'active', 'closed', 'ops', null, null);

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_user(p_user users) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_user.id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_user_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('user', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_user(new));
  return new;
end $$;

create or replace function khidma.user_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'active' and was in ('suspended') then
    perform khidma.after_user_active(new);
  end if;
  if new.status = 'suspended' and was in ('active') then
    perform khidma.after_user_suspended(new);
  end if;
  if new.status = 'closed' and was in ('active', 'suspended') then
    perform khidma.after_user_closed(new);
  end if;
  return null;
end $$;
