-- Returns whether a name is a time zone that Postgres knows. Rejects POSIX-style strings ("Mars/Olympus+3"): Postgres takes any
-- name followed by an offset for a custom zone. Declared immutable for the check on users: zones are renamed less often than
-- databases are restored.
create or replace function khidma.is_timezone(name text) returns boolean language plpgsql immutable as $$
begin
  if name !~ '^(UTC|Etc/GMT(\+([0-9]|1[0-2])|-([0-9]|1[0-4]))|[A-Z][A-Za-z_]+(/[A-Za-z_]+(-[A-Za-z_]+)*)+)$' then
    return false;
  end if;
  perform timestamptz 'epoch' at time zone name;
  return true;
exception when invalid_parameter_value then
  return false;
end $$;

-- Returns a time zone, or UTC where this database does not know it: the Worker's zone data may be newer, and must not make a
-- sign-up fail.
create or replace function khidma.zone_or_utc(name text) returns text language sql stable as $$
  select case when khidma.is_timezone(name) then name else 'UTC' end
$$;

-- Returns the home country of a user, for input that names none; older accounts have one in their locale only.
create or replace function khidma.home_country(p_user_id uuid) returns text language plpgsql stable as $$
declare
  home text := (select coalesce(u.country, substring(u.locale from '-([A-Z]{2})$')) from users u where u.id = p_user_id);
begin
  if home is null then
    perform khidma.refuse(422, 'country_required');
  end if;
  return home;
end $$;

-- Returns whether a closed account can be restored: within its window, and as long as no erasure has begun.
create or replace function khidma.is_restorable(u users) returns boolean language sql stable as $$
  select u.erased_at is null and u.restorable_until is not null and u.restorable_until > now()
$$;

-- Refuses changes of an account's status. Users may close their own account, and come back to one that is closed or inactive by signing
-- in; a suspended user cannot reinstate themselves. Staff need `users.manage`, cannot change their own status, and change that of an
-- account with permissions only if they hold all of them. Nobody restores an account whose window has passed.
create or replace function khidma.guard_user_status() returns trigger language plpgsql as $$
begin
  if old.status = 'closed' and not khidma.is_restorable(old) then
    perform khidma.refuse(409, 'account_not_restorable');
  end if;
  if khidma.acts_alone() or (new.id is not distinct from khidma.actor_id()
    and (new.status = 'closed' and old.status = 'active'
      or new.status = 'active' and old.status in ('closed', 'inactive'))) then
    return new;
  end if;
  if khidma.actor_role() in ('client', 'tasker', 'anonymous') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform khidma.needs_permission('users.manage');
  if new.id = khidma.actor_id() then
    perform khidma.refuse(403, 'own_account');
  end if;
  perform khidma.must_hold(khidma.permitted_to(new.id));
  return new;
end $$;

-- Stamps time, actor and reason of a suspension, and clears them when it ends; the same for the end of an account and its window, which
-- is kept as it was when the account was closed. An erasure leaves none.
create or replace function khidma.stamp_suspension() returns trigger language plpgsql as $$
begin
  if new.status = 'suspended' then
    new.suspended_at := now();
    new.suspended_by := khidma.actor_id();
    new.suspension_reason := nullif(current_setting('khidma.reason', true), '');
  else
    new.suspended_at := null;
    new.suspended_by := null;
    new.suspension_reason := null;
  end if;
  if new.status = 'closed' then
    new.deleted_at := now();
    new.restorable_until := case when new.erased_at is null then
      now() + make_interval(days => (khidma.config_value('accounts.lifecycle', null, null, null) ->> 'restoreDays')::int) end;
  elsif old.status = 'closed' then
    new.deleted_at := null;
    new.restorable_until := null;
    new.restored_at := now();
  end if;
  return new;
end $$;

-- Puts the tasker of an account that is active again back into the match index.
create or replace function khidma.after_user_active(u users) returns void language plpgsql as $$
begin
  perform khidma.refresh_match_index_of(u.id);
  perform khidma.found_company(c.user_id) from company_profiles c
    where c.user_id = u.id and not exists (select from company_members o where o.company_id = u.id and o.status = 'active' and o.role = 'owner');
end $$;

-- Takes the tasker of an account that nobody uses out of the match index.
create or replace function khidma.after_user_inactive(u users) returns void language plpgsql as $$
begin
  perform khidma.refresh_match_index_of(u.id);
end $$;

-- Shuts the account that was suspended.
create or replace function khidma.after_user_suspended(u users) returns void language plpgsql as $$
begin
  perform khidma.shut_account(u);
end $$;

-- Shuts the account that was closed.
create or replace function khidma.after_user_closed(u users) returns void language plpgsql as $$
begin
  perform khidma.shut_account(u);
  perform khidma.end_job_postings_of(u.id);
  perform khidma.end_company_of(u.id);
  perform khidma.end_subscriptions_of(u.id);
end $$;

-- Signs an account that is suspended or closed out everywhere, withdraws its offers, bids and applications, ends requests for leads from and to it, and takes it out of the match index. Bookings
-- remain: the other party decides with ops.
create or replace function khidma.shut_account(u users) returns void language plpgsql as $$
declare
  live sessions;
begin
  for live in select * from sessions s where s.user_id = u.id and s.revoked_at is null order by s.id loop
    perform khidma.end_session(live.id, u.id, 'account_' || u.status);
  end loop;
  perform khidma.withdraw_offers_of_tasker(u.id);
  perform khidma.withdraw_bids_of_tasker(u.id);
  perform khidma.end_lead_requests_of(u.id);
  perform khidma.withdraw_job_applications_of(u.id);
  perform khidma.refresh_match_index_of(u.id);
end $$;

-- Sets the roles of accounts, in the same order, where the old or the new role is one of staff. Only grants do (`guard_staff`).
create or replace function khidma.set_roles(p_people uuid[], p_roles user_role[]) returns void language plpgsql as $$
begin
  perform set_config('khidma.following_grants', 'on', true);
  update users u set role = d.role from unnest(p_people, p_roles) d (id, role)
   where u.id = d.id and u.role <> d.role and (u.role in ('ops', 'admin') or d.role in ('ops', 'admin'));
  perform set_config('khidma.following_grants', '', true);
end $$;

-- Marks an account as held, or no longer held, by a legal hold.
create or replace function khidma.set_legal_hold(p_user_id uuid, p_held boolean) returns void language plpgsql as $$
begin
  update users set legal_hold = p_held where id = p_user_id and legal_hold <> p_held;
end $$;

-- Closes an account whose erasure begins: its sessions and sockets end, its offers are withdrawn.
create or replace function khidma.close_for_erasure(p_user_id uuid) returns void language plpgsql as $$
begin
  perform khidma.lock_lead_requests_of(p_user_id);
  update users set erased_at = now(), status = 'closed', restorable_until = null where id = p_user_id;
end $$;

-- Suspends an account that is in use, with a reason: the one way there, for its own operation and for what leads to it.
create or replace function khidma.suspend_account(p_user uuid, p_reason text) returns void language plpgsql as $$
declare
  was user_status;
begin
  perform khidma.lock_lead_requests_of(p_user);
  select u.status into was from users u where u.id = p_user for no key update;
  if was is null then
    perform khidma.refuse(404, 'not_found');
  elsif was not in ('active', 'inactive') then
    perform khidma.refuse(409, 'account_not_in_state', jsonb_build_object('status', was));
  end if;
  perform khidma.give_reason(p_reason);
  update users set status = 'suspended' where id = p_user;
end $$;
