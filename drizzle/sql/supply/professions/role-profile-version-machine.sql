-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'role_profile_version';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('role_profile_version', 'created', null, 'draft', 'owner', null, 'role_profile.version_drafted'),
  ('role_profile_version', 'edited', null, 'pending', 'owner', null, 'role_profile.version_pending'),
  ('role_profile_version', 'wait', 'draft', 'pending', 'owner', null, 'role_profile.version_pending'),
  ('role_profile_version', 'approve', 'pending', 'approved', 'ops', null, 'role_profile.approved'),
  ('role_profile_version', 'approve', 'pending', 'approved', 'system', null, 'role_profile.approved'),
  ('role_profile_version', 'reject', 'pending', 'rejected', 'ops', null, 'role_profile.rejected'),
  ('role_profile_version', 'supersede', 'draft', 'superseded', 'owner', null, 'role_profile.version_superseded'),
  ('role_profile_version', 'supersede', 'pending', 'superseded', 'owner', null, 'role_profile.version_superseded');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_role_profile_version(p_role_profile_version role_profile_versions) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_role_profile_version.user_id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_role_profile_version_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('role_profile_version', case when tg_op = 'UPDATE' then old.approval_status::text end, new.approval_status::text, khidma.party_in_role_profile_version(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_role_profile_version_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.approval_status::text end;
  made state_transitions := khidma.transition_of('role_profile_version', was, new.approval_status::text, khidma.party_in_role_profile_version(new));
  the_owner uuid := new.user_id;
begin
  perform khidma.emit(
    made.event, 'role_profile_version', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.approval_status,
      'action', made.name,
      'party', made.party,
      'roleProfileId', new.profile_id,
      'roleProfileVersionId', new.id,
      'userId', the_owner)),
    array[the_owner]);
  return null;
end $$;

create or replace function khidma.role_profile_version_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.approval_status::text end;
begin
  if new.approval_status = 'pending' and was in ('draft') then
    perform khidma.after_role_profile_version_pending(new);
  end if;
  if new.approval_status = 'approved' and was in ('pending') then
    perform khidma.after_role_profile_version_approved(new);
  end if;
  if new.approval_status = 'rejected' and was in ('pending') then
    perform khidma.after_role_profile_version_rejected(new);
  end if;
  return null;
end $$;
