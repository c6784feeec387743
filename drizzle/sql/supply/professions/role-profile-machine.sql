-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'role_profile';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('role_profile', 'created', null, 'draft', 'owner', null, 'role_profile.created'),
  ('role_profile', 'submit', 'draft', 'active', 'owner', null, 'role_profile.submitted'),
  ('role_profile', 'suspend', 'active', 'suspended', 'ops', null, 'role_profile.suspended'),
  ('role_profile', 'reinstate', 'suspended', 'active', 'ops', null, 'role_profile.reinstated');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_role_profile(p_role_profile role_profiles) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_role_profile.user_id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_role_profile_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('role_profile', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_role_profile(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_role_profile_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('role_profile', was, new.status::text, khidma.party_in_role_profile(new));
  the_owner uuid := new.user_id;
begin
  perform khidma.emit(
    made.event, 'role_profile', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'roleProfileId', new.id,
      'profession', new.profession,
      'userId', the_owner)),
    array[the_owner]);
  return null;
end $$;
