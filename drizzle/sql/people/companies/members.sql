-- Locks a company: whatever changes who belongs to it waits here, before any membership is locked.
create or replace function khidma.lock_company(p_company uuid) returns void language plpgsql as $$
begin
  perform from company_profiles c where c.user_id = p_company for no key update;
end $$;

-- Returns whether a user, else the caller, buys for a company: `buy` of src/areas/people/companies/abilities.ts.
create or replace function khidma.buys_for(p_company uuid, p_user uuid default khidma.actor_id()) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from company_members m where m.company_id = p_company and m.user_id = p_user and m.status = 'active'
                      and m.role in ('owner', 'manager', 'accountant')));
end $$;

-- Returns whether a user is of a company, with one of the roles; refuses its people with another role (403). For the visibility of one thing that may
-- be a company's: with false it is not found.
create or replace function khidma.is_admitted(p_company uuid, p_user uuid, p_roles text[]) returns boolean language plpgsql stable as $$
declare
  held text := (select m.role from company_members m where m.company_id = p_company and m.user_id = p_user and m.status = 'active');
begin
  if held is not null and held <> all (p_roles) then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return held is not null;
end $$;

-- Refuses a caller who is neither the buyer nor buys for it: to others the company has no inside (404), to its other people it is forbidden (403).
create or replace function khidma.assert_buyer(p_buyer uuid) returns void language plpgsql stable as $$
begin
  perform khidma.act_for_company(p_buyer, khidma.actor_id(), array['owner', 'manager', 'accountant'])
   where p_buyer is distinct from khidma.actor_id();
end $$;

-- Returns a user's own membership in a company, where it has one of the roles: the one check of what the people of a company may do
-- (src/areas/people/companies/abilities.ts). To others the company has no inside (404); those with another role are refused (403).
create or replace function khidma.act_for_company(p_company uuid, p_user uuid, p_roles text[]) returns company_members language plpgsql stable as $$
declare
  m company_members;
begin
  select * into m from company_members c where c.company_id = p_company and c.user_id = p_user and c.status = 'active';
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif m.role <> all (p_roles) then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return m;
end $$;

-- Returns the active people of a company who hire for it: they hear what its account hears about its jobs.
create or replace function khidma.hiring_members(p_company uuid) returns uuid[] language plpgsql stable as $$
begin
  return (
    select coalesce(array_agg(m.user_id), '{}') from company_members m
     where m.company_id = p_company and m.status = 'active' and m.role in ('owner', 'manager'));
end $$;

-- Returns whether a company takes work and people now: approved, and its account active.
create or replace function khidma.is_company_open(p_company uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from company_profiles c join users u on u.id = c.user_id
                    where c.user_id = p_company and c.approval_status = 'approved' and u.status = 'active' and u.account_type = 'company'));
end $$;

-- Returns the company that a booking of a tasker is made for now, and who earns it; no row where they work for themselves. In plpgsql, as
-- what opens bookings is created before it.
create or replace function khidma.company_terms_of(p_tasker uuid) returns table (company_id uuid, payout_to text)
language plpgsql stable rows 1 as $$
begin
  return query
    select m.company_id, m.payout_to from company_members m
     where m.user_id = p_tasker and m.status = 'active' and khidma.is_company_open(m.company_id);
end $$;

-- Makes the account of a company its owner, unless it is already (after insert on company_profiles, and when the account comes back).
-- An account that belongs to another company has none of its own.
create or replace function khidma.found_company(p_company uuid) returns void language plpgsql as $$
begin
  insert into company_members (id, company_id, user_id, role, status, payout_to, joined_at)
  select khidma.uuid_v7(), p_company, p_company, 'owner', 'active', 'company', now()
   where not exists (select from company_members m where m.company_id = p_company and m.user_id = p_company and m.status = 'active');
end $$;

create or replace function khidma.company_founded() returns trigger language plpgsql as $$
begin
  perform khidma.found_company(new.user_id);
  return null;
end $$;

-- Keeps the times of a membership, and forgets what was invited once the invitation ends (before insert or update of status).
create or replace function khidma.stamp_company_member() returns trigger language plpgsql as $$
begin
  if new.status = 'active' then
    new.joined_at := coalesce(new.joined_at, now());
  elsif new.status <> 'invited' then
    new.ended_at := now();
    new.payout_proposed := null;
  end if;
  if new.status <> 'invited' then
    new.contact := null;
  end if;
  return new;
end $$;

-- Refuses to answer an invitation whose time is over, or that of a company that is not open: the instant decides, not the sweep.
create or replace function khidma.guard_invitation() returns trigger language plpgsql as $$
begin
  if old.expires_at <= now() then
    perform khidma.refuse(409, 'invitation_expired');
  elsif not khidma.is_company_open(new.company_id) then
    perform khidma.refuse(409, 'company_not_open');
  end if;
  return new;
end $$;

-- Refuses what a manager may not do: owners are made, changed and removed by owners.
create or replace function khidma.guard_owner_role() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() = 1 and not khidma.acts_alone() and new.user_id is distinct from khidma.actor_id()
    and not exists (select from company_members o where o.company_id = new.company_id and o.user_id = khidma.actor_id()
                       and o.status = 'active' and o.role = 'owner') then
    perform khidma.refuse(403, 'owners_only');
  end if;
  return new;
end $$;

-- Refuses the end of the last owner of a company (after update of status, role, or delete, of an owner). The lock on the company puts those
-- who leave at once in line: the second one sees that the first is gone. A company that is gone, or whose account is closed, needs none.
create or replace function khidma.keep_an_owner() returns trigger language plpgsql as $$
begin
  perform khidma.lock_company(old.company_id);
  if exists (select from company_profiles c join users u on u.id = c.user_id where c.user_id = old.company_id and u.status <> 'closed')
    and not exists (select from company_members o where o.company_id = old.company_id and o.status = 'active' and o.role = 'owner') then
    perform khidma.refuse(409, 'last_owner');
  end if;
  return null;
end $$;

-- Returns the users that a contact means: the account with that confirmed phone number or e-mail address.
create or replace function khidma.user_by_contact(p_contact text) returns uuid language plpgsql stable as $$
begin
  return (
    select u.id from users u
     where u.status <> 'closed'
       and (p_contact like '+%' and u.phone = p_contact and exists (select from user_verifications v where v.user_id = u.id and v.phone_verified)
            or u.email = p_contact and u.email_verified_at is not null)
     limit 1);
end $$;

-- Ends what an account has to do with companies when it is closed: of its own company every membership and invitation, and its own
-- membership elsewhere. Bookings keep the company that they were made for.
create or replace function khidma.end_company_of(p_user uuid) returns void language plpgsql as $$
begin
  update company_members set status = 'revoked' where company_id = p_user and status = 'invited';
  update company_members set status = 'removed' where company_id = p_user and status = 'active';
  update company_members set status = 'left' where user_id = p_user and status = 'active';
end $$;

-- Returns whether a user is the only owner of a company that is not their own account's.
create or replace function khidma.is_last_owner(p_user uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (
      select from company_members m
        join users u on u.id = m.company_id
       where m.user_id = p_user and m.company_id <> p_user and m.status = 'active' and m.role = 'owner' and u.status <> 'closed'
         and not exists (select from company_members o
                          where o.company_id = m.company_id and o.status = 'active' and o.role = 'owner' and o.user_id <> p_user)));
end $$;

-- Ends invitations whose time is over, at most `p_limit` a run. Nobody can accept them already.
create or replace function khidma.expire_invitations(p_limit int) returns int language plpgsql as $$
declare
  ended int;
begin
  update company_members set status = 'expired' where id in (
    select m.id from company_members m where m.status = 'invited' and m.expires_at <= now()
     order by m.expires_at limit p_limit for update skip locked);
  get diagnostics ended = row_count;
  return ended;
end $$;

-- Emits what changes within a membership: a role to its member, a proposal to its member, the answer to the company.
create or replace function khidma.company_member_changed() returns trigger language plpgsql as $$
declare
  about jsonb := jsonb_build_object('companyMemberId', new.id, 'companyId', new.company_id, 'userId', new.user_id);
begin
  if old.role <> new.role then
    perform khidma.emit('company_member.role_changed', 'company_member', new.id, new.version,
      about || jsonb_build_object('role', new.role), array[new.user_id]);
  end if;
  if new.payout_proposed is not null and new.payout_proposed is distinct from old.payout_proposed then
    perform khidma.emit('company_member.payout_proposed', 'company_member', new.id, new.version,
      about || jsonb_build_object('payoutTo', new.payout_proposed), array[new.user_id]);
  elsif old.payout_proposed is not null and new.payout_proposed is null and new.user_id = khidma.actor_id() then
    perform khidma.emit('company_member.payout_answered', 'company_member', new.id, new.version,
      about || jsonb_build_object('payoutTo', old.payout_proposed, 'isAccepted', new.payout_to = old.payout_proposed),
      array[new.user_id, new.company_id]);
  end if;
  return null;
end $$;
