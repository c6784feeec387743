-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'company';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('company', 'approve', 'pending', 'approved', 'ops', null, 'company.approved'),
  ('company', 'approve', 'pending', 'approved', 'system', null, 'company.approved'),
  ('company', 'approve', 'rejected', 'approved', 'ops', null, 'company.approved'),
  ('company', 'approve', 'rejected', 'approved', 'system', null, 'company.approved'),
  ('company', 'reject', 'pending', 'rejected', 'ops', null, 'company.rejected'),
  ('company', 'reject', 'pending', 'rejected', 'system', null, 'company.rejected'),
  ('company', 'reject', 'approved', 'rejected', 'ops', null, 'company.rejected'),
  ('company', 'reject', 'approved', 'rejected', 'system', null, 'company.rejected');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_company(p_company company_profiles) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_company.user_id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_company_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('company', case when tg_op = 'UPDATE' then old.approval_status::text end, new.approval_status::text, khidma.party_in_company(new));
  return new;
end $$;
