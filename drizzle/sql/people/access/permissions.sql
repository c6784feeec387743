create or replace function khidma.permissions_of_role(p_role_id uuid) returns text[] language sql stable as $$
  select coalesce(array_agg(p.name order by p.name), '{}')
    from role_permissions rp join permissions p on p.id = rp.permission_id where rp.role_id = p_role_id
$$;

-- Access as it stands now, not as the token remembers it; roles that follow whatever changes them; telling whom it concerns.
--
-- Locks are taken in this order: role, account, the lock of the last admin.

-- What the grants of somebody permit, whatever their account's state.
create or replace function khidma.permitted_to(p_user_id uuid) returns text[] language sql stable as $$
  select coalesce(array_agg(distinct p.name order by p.name), '{}')
    from user_roles g join roles r on r.id = g.role_id and r.is_active
    join role_permissions rp on rp.role_id = r.id join permissions p on p.id = rp.permission_id
   where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
$$;

-- What is still missing to hold all of `p_permissions`; null: nothing.
create or replace function khidma.missing_of(p_user_id uuid, p_permissions text[]) returns text language sql stable as $$
  select wanted from unnest(p_permissions) wanted, khidma.claims_of(p_user_id) c where wanted <> all (c.permissions) limit 1
$$;

-- Until when somebody holds a permission by the grant of theirs that lasts longest; null: not at all.
create or replace function khidma.held_until(p_user_id uuid, p_permission text) returns timestamptz language sql stable as $$
  select max(coalesce(g.expires_at, 'infinity'))
    from user_roles g join roles r on r.id = g.role_id and r.is_active
    join role_permissions rp on rp.role_id = r.id join permissions p on p.id = rp.permission_id and p.name = p_permission
   where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
$$;

create or replace function khidma.must_hold(p_permissions text[]) returns void language plpgsql as $$
declare
  missing text := khidma.missing_of(khidma.actor_id(), p_permissions);
begin
  if missing is not null then
    perform khidma.refuse(403, 'not_held', jsonb_build_object('permission', missing));
  end if;
end $$;

-- Whoever holds something for a while gives it for no longer: for good it would come back to them from whom they gave it to.
create or replace function khidma.must_hold_until(p_permissions text[], p_until timestamptz) returns void language plpgsql as $$
declare
  short record;
begin
  perform khidma.must_hold(p_permissions);
  select wanted as permission, khidma.held_until(khidma.actor_id(), wanted) as ends into short from unnest(p_permissions) wanted
   where khidma.held_until(khidma.actor_id(), wanted) < p_until order by 2 limit 1;
  if found then
    perform khidma.refuse(403, 'not_held_so_long', jsonb_build_object('permission', short.permission,
      'until', to_char(short.ends at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
  end if;
end $$;

-- Nobody adds to a role that they have themselves: what they hold for a while, or by another role, would be theirs for good.
-- Nobody adds a permission for longer than they hold it, where another user has the role for longer.
create or replace function khidma.may_widen(p_role_id uuid, p_permissions text[]) returns void language plpgsql as $$
begin
  if exists (select from user_roles g where g.role_id = p_role_id and g.user_id = khidma.actor_id() and g.status = 'approved') then
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.must_hold_until(p_permissions, coalesce((
    select max(coalesce(g.expires_at, 'infinity')) from user_roles g where g.role_id = p_role_id and g.status = 'approved'), '-infinity'));
end $$;

create or replace function khidma.needs_permission(p_permission text) returns void language plpgsql as $$
begin
  if khidma.acts_alone() then
    return;
  end if;
  if p_permission <> all ((khidma.claims_of(khidma.actor_id())).permissions) then
    perform khidma.refuse(403, 'forbidden');
  end if;
end $$;

-- What the access token says of somebody: approved grants that have not run out, of an account that stands.
create or replace function khidma.claims_of(p_user_id uuid, out role text, out permissions text[]) language plpgsql stable as $$
begin
  select u.role::text into role from users u where u.id = p_user_id;
  select coalesce(array_agg(distinct p.name order by p.name), '{}') into permissions
    from user_roles g join roles r on r.id = g.role_id and r.is_active
    join role_permissions rp on rp.role_id = r.id join permissions p on p.id = rp.permission_id
   where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
     and exists (select from users u where u.id = p_user_id and coalesce(to_jsonb(u) ->> 'status', 'active') = 'active');
end $$;

-- A staff token says what was true up to 15 minutes ago. Before staff write anything, the database is asked what is true now.
-- Returns the role in which the call is made. Suspended staff are told so.
create or replace function khidma.admit_staff(p_user_id uuid, p_call jsonb) returns text language plpgsql as $$
declare
  held record;
begin
  if not exists (select from users u where u.id = p_user_id and u.status = 'active') then
    perform khidma.refuse_ended(p_user_id);
  end if;
  select * into held from khidma.claims_of(p_user_id);
  if p_call ? 'permission' and p_call ->> 'permission' <> all (held.permissions) then
    perform khidma.refuse(403, 'permission_missing', jsonb_build_object('permission', p_call ->> 'permission'));
  end if;
  if not (p_call -> 'roles' ? held.role) then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return held.role;
end $$;
