-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'user';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('user', 'suspend', 'active', 'suspended', 'ops', null, 'user.suspended'),
  ('user', 'suspend', 'active', 'suspended', 'system', null, 'user.suspended'),
  ('user', 'suspend', 'inactive', 'suspended', 'ops', null, 'user.suspended'),
  ('user', 'suspend', 'inactive', 'suspended', 'system', null, 'user.suspended'),
  ('user', 'reinstate', 'suspended', 'active', 'ops', null, 'user.reinstated'),
  ('user', 'reinstate', 'suspended', 'active', 'system', null, 'user.reinstated'),
  ('user', 'close', 'active', 'closed', 'system', null, 'user.closed'),
  ('user', 'close', 'inactive', 'closed', 'system', null, 'user.closed'),
  ('user', 'close', 'suspended', 'closed', 'system', null, 'user.closed'),
  ('user', 'close', 'active', 'closed', 'owner', null, 'user.closed'),
  ('user', 'close', 'active', 'closed', 'ops', null, 'user.closed'),
  ('user', 'close', 'inactive', 'closed', 'ops', null, 'user.closed'),
  ('user', 'restore', 'closed', 'active', 'owner', null, 'user.restored'),
  ('user', 'restore', 'closed', 'active', 'ops', null, 'user.restored'),
  ('user', 'deactivate', 'active', 'inactive', 'system', null, 'user.deactivated'),
  ('user', 'reactivate', 'inactive', 'active', 'owner', null, 'user.reactivated');

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

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_user_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('user', was, new.status::text, khidma.party_in_user(new));
  the_owner uuid := new.id;
begin
  perform khidma.emit(
    made.event, 'user', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'userId', the_owner)),
    array[the_owner]);
  return null;
end $$;

create or replace function khidma.user_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'active' and was in ('suspended', 'closed', 'inactive') then
    perform khidma.after_user_active(new);
  end if;
  if new.status = 'inactive' and was in ('active') then
    perform khidma.after_user_inactive(new);
  end if;
  if new.status = 'suspended' and was in ('active', 'inactive') then
    perform khidma.after_user_suspended(new);
  end if;
  if new.status = 'closed' and was in ('active', 'inactive', 'suspended') then
    perform khidma.after_user_closed(new);
  end if;
  return null;
end $$;
