-- Returns the names of the permissions of a role, sorted.
create or replace function khidma.permissions_of_role(p_role_id uuid) returns text[] language plpgsql stable as $$
begin
  return (
    select coalesce(array_agg(p.name order by p.name), '{}')
      from role_permissions rp join permissions p on p.id = rp.permission_id where rp.role_id = p_role_id);
end $$;

-- Access is read from the tables now, not from the token. The account's role follows every change of its grants and roles, and
-- the user whom the change concerns is notified.
--
-- Locks are taken in this order: role, account, the lock of the last admin.

-- Returns the permissions that a user's grants give, whatever the state of the account.
create or replace function khidma.permitted_to(p_user_id uuid) returns text[] language plpgsql stable as $$
begin
  return (
    select coalesce(array_agg(distinct p.name order by p.name), '{}')
      from user_roles g join roles r on r.id = g.role_id and r.is_active
      join role_permissions rp on rp.role_id = r.id join permissions p on p.id = rp.permission_id
     where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now()));
end $$;

-- Returns a permission of `p_permissions` that a user does not hold; null where none is missing.
create or replace function khidma.missing_of(p_user_id uuid, p_permissions text[]) returns text language plpgsql stable as $$
begin
  return (
    select wanted from unnest(p_permissions) wanted, khidma.claims_of(p_user_id) c where wanted <> all (c.permissions) limit 1);
end $$;

-- Returns whether a user holds a permission now, by an approved, unexpired grant of an active account.
create or replace function khidma.holds(p_user_id uuid, p_permission text) returns boolean language plpgsql stable as $$
begin
  return exists (
    select from users u
      join user_roles g on g.user_id = u.id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
      join roles r on r.id = g.role_id and r.is_active
      join role_permissions rp on rp.role_id = r.id
      join permissions p on p.id = rp.permission_id and p.name = p_permission
     where u.id = p_user_id and u.status = 'active');
end $$;

-- Refuses unless the actor holds all of `p_permissions`.
create or replace function khidma.must_hold(p_permissions text[]) returns void language plpgsql as $$
declare
  missing text := khidma.missing_of(khidma.actor_id(), p_permissions);
begin
  if missing is not null then
    perform khidma.refuse(403, 'not_held', jsonb_build_object('permission', missing));
  end if;
end $$;

-- Refuses unless the actor holds all of `p_permissions` until `p_until`. A permission held for a while is given for no longer:
-- otherwise its receiver could give it back for good.
create or replace function khidma.must_hold_until(p_permissions text[], p_until timestamptz) returns void language plpgsql as $$
declare
  short record;
begin
  perform khidma.must_hold(p_permissions);
  select p.name as permission, max(coalesce(g.expires_at, 'infinity')) as ends into short
    from user_roles g join roles r on r.id = g.role_id and r.is_active
    join role_permissions rp on rp.role_id = r.id join permissions p on p.id = rp.permission_id and p.name = any (p_permissions)
   where g.user_id = khidma.actor_id() and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
   group by p.name having max(coalesce(g.expires_at, 'infinity')) < p_until order by 2 limit 1;
  if found then
    perform khidma.refuse(403, 'not_held_so_long', jsonb_build_object('permission', short.permission,
      'until', to_char(short.ends at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
  end if;
end $$;

-- Refuses to add permissions to a role that the actor has: a permission held for a while, or by another role, would become
-- permanent. Refuses also a permission that the actor holds for a shorter time than another user has the role.
create or replace function khidma.may_widen(p_role_id uuid, p_permissions text[]) returns void language plpgsql as $$
begin
  if exists (select from user_roles g where g.role_id = p_role_id and g.user_id = khidma.actor_id() and g.status = 'approved') then
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.must_hold_until(p_permissions, coalesce((
    select max(coalesce(g.expires_at, 'infinity')) from user_roles g where g.role_id = p_role_id and g.status = 'approved'), '-infinity'));
end $$;

-- Refuses unless the actor holds a permission now; the system and the database need none.
create or replace function khidma.needs_permission(p_permission text) returns void language plpgsql as $$
begin
  if khidma.acts_alone() then
    return;
  end if;
  if not khidma.holds(khidma.actor_id(), p_permission) then
    perform khidma.refuse(403, 'forbidden');
  end if;
end $$;

-- Returns the claims of a user's access token: the role, and the permissions of approved, unexpired grants of an active account.
create or replace function khidma.claims_of(p_user_id uuid, out role text, out permissions text[]) language plpgsql stable as $$
declare
  the_status text;
begin
  select u.role::text, u.status into role, the_status from users u where u.id = p_user_id;
  permissions := case when the_status = 'active' then khidma.permitted_to(p_user_id) else '{}' end;
end $$;

-- Checks staff against the database before they write anything, as their token may be up to 15 minutes old. Returns the role in
-- which the call is made. The refusal of suspended staff says that they are suspended.
create or replace function khidma.admit_staff(p_user_id uuid, p_call jsonb) returns text language plpgsql as $$
declare
  the_role text;
  permission text := p_call ->> 'permission';
begin
  select u.role::text into the_role from users u where u.id = p_user_id and u.status = 'active';
  if not found then
    perform khidma.refuse_ended(p_user_id);
  end if;
  if permission is not null and not khidma.holds(p_user_id, permission) then
    perform khidma.refuse(403, 'permission_missing', jsonb_build_object('permission', permission));
  end if;
  if not (p_call -> 'roles' ? the_role) then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform khidma.assert_authority(p_user_id, permission);
  return the_role;
end $$;
