-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'company_member';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('company_member', 'invited', null, 'invited', 'manager', null, 'company_member.invited'),
  ('company_member', 'founded', null, 'active', 'system', null, 'company_member.active'),
  ('company_member', 'accept', 'invited', 'active', 'member', null, 'company_member.active'),
  ('company_member', 'decline', 'invited', 'declined', 'member', null, 'company_member.declined'),
  ('company_member', 'revoke', 'invited', 'revoked', 'manager', null, 'company_member.revoked'),
  ('company_member', 'revoke', 'invited', 'revoked', 'system', null, 'company_member.revoked'),
  ('company_member', 'expire', 'invited', 'expired', 'system', null, 'company_member.expired'),
  ('company_member', 'leave', 'active', 'left', 'member', null, 'company_member.left'),
  ('company_member', 'leave', 'active', 'left', 'system', null, 'company_member.left'),
  ('company_member', 'remove', 'active', 'removed', 'manager', null, 'company_member.removed'),
  ('company_member', 'remove', 'active', 'removed', 'system', null, 'company_member.removed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_company_member(p_company_member company_members) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_company_member.user_id = me then
    return 'member';
  elsif exists (select from company_members o where o.company_id = p_company_member.company_id and o.user_id = me and o.status = 'active' and o.role in ('owner', 'manager')) then
    return 'manager';
  elsif p_company_member.company_id = me then
    return 'company';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_company_member_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('company_member', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_company_member(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_company_member_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('company_member', was, new.status::text, khidma.party_in_company_member(new));
  the_member uuid := new.user_id;
  the_company uuid := new.company_id;
begin
  perform khidma.emit(
    made.event, 'company_member', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'companyMemberId', new.id,
      'role', new.role,
      'userId', the_member,
      'companyId', the_company)),
    array[the_member, the_company]);
  return null;
end $$;
