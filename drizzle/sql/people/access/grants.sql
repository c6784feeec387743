-- Returns whether a grant makes a permanent admin: approved, of the role `admin`, without an expiry.
create or replace function khidma.is_active_admin_grant(g user_roles) returns boolean language plpgsql stable as $$
begin
  return (
    select g.status = 'approved' and g.expires_at is null and exists (select from roles r where r.id = g.role_id and r.name = 'admin'));
end $$;

-- Refuses to leave the system without an admin: another one must remain, with an active account, an active role and a grant that
-- does not expire. The lock makes two admins who leave at the same time leave one after the other.
create or replace function khidma.keep_an_admin(p_leaving uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('khidma.keep_an_admin', 0));
  if not exists (
    select from user_roles g join roles r on r.id = g.role_id and r.name = 'admin' and r.is_active join users u on u.id = g.user_id
     where g.status = 'approved' and g.expires_at is null and g.user_id <> p_leaving and u.status = 'active') then
    perform khidma.refuse(409, 'last_admin');
  end if;
end $$;

-- Returns the role of an account by its grants. An employee whose employment has ended has no staff role, whatever grants remain.
create or replace function khidma.role_by_grants(p_user_id uuid) returns user_role language plpgsql stable as $$
begin
  return (
    select case when 'admin' = any (held) then 'admin' when cardinality(held) > 0 then 'ops'
                when exists (select from tasker_profiles t where t.user_id = p_user_id) then 'tasker' else 'client' end::user_role
      from (select coalesce(array_agg(r.name), '{}') as held
              from user_roles g join roles r on r.id = g.role_id and r.audience = 'internal' and r.is_active
             where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
               and not exists (select from employees e where e.user_id = p_user_id and e.employment_status = 'terminated')) g);
end $$;

-- Sets the role of accounts by their grants, where the old or the new role is one of staff. The accounts are locked in id order
-- first, so that the second statement sees what concurrent transactions have committed.
create or replace function khidma.follow_grants_of(p_people uuid[]) returns void language plpgsql as $$
begin
  perform from users u where u.id = any (p_people) order by u.id for no key update;
  perform khidma.set_roles(p_people, array(select khidma.role_by_grants(p.id) from unnest(p_people) with ordinality p (id, n) order by p.n));
end $$;

-- Sets the role of an account after a change of its grants, so that token and tables see the same role.
create or replace function khidma.follow_grants() returns trigger language plpgsql as $$
begin
  perform khidma.follow_grants_of(array[case when tg_op = 'DELETE' then old.user_id else new.user_id end]);
  return null;
end $$;

-- Sets the role of all accounts with a role after a change of that role. Staff are few; customers with a role for outsiders may
-- be many, and are not made staff all at once: an active staff role is refused above 2,000 users.
create or replace function khidma.follow_role() returns trigger language plpgsql as $$
declare
  most constant int := 2000;
  people uuid[];
begin
  select array_agg(distinct g.user_id) into people from user_roles g where g.role_id = new.id and g.status = 'approved';
  if new.is_active and new.audience = 'internal' and cardinality(people) > most then
    perform khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', most));
  end if;
  perform khidma.follow_grants_of(people);
  return null;
end $$;

-- Makes staff by a grant only: an account that is created as staff (by the system) gets the grant with it, and a staff role is
-- neither given nor taken by writing the column. An admin whose account is suspended or closed must leave another admin.
create or replace function khidma.guard_staff() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.role in ('ops', 'admin') then
      insert into user_roles (id, user_id, role_id, status, assigned_at)
      select khidma.uuid_v7(), new.id, r.id, 'approved', now() from roles r where r.name = new.role::text
        and not exists (select from user_roles g where g.user_id = new.id and g.role_id = r.id and g.status = 'approved');
    end if;
    return null;
  end if;
  if new.role <> old.role and (new.role in ('ops', 'admin') or old.role in ('ops', 'admin'))
    and coalesce(current_setting('khidma.following_grants', true), '') <> 'on' then
    perform khidma.refuse(403, 'own_role');
  end if;
  if old.role = 'admin' and coalesce(to_jsonb(old) ->> 'status', 'active') = 'active'
    and coalesce(to_jsonb(new) ->> 'status', 'active') <> 'active' then
    perform khidma.keep_an_admin(old.id);
  end if;
  return null;
end $$;

-- Refuses a grant of permissions, or of authority over settings, that the actor does not hold, of permissions for longer than the actor holds them, on the actor's own account,
-- or to a closed account. An employee whose employment has ended gets no staff role, and an admin remains. Locks the role against
-- change or deletion, and the account against concurrent grants: the second transaction sees what the first has done.
create or replace function khidma.guard_grant() returns trigger language plpgsql as $$
declare
  actor uuid := khidma.actor_id();
  is_person boolean := not khidma.acts_alone();
  account user_status;
begin
  perform from roles r where r.id = case when tg_op = 'DELETE' then old.role_id else new.role_id end for share;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  select u.status into account from users u
    where u.id = case when tg_op = 'DELETE' then old.user_id else new.user_id end for no key update;
  if tg_op <> 'INSERT' and khidma.is_active_admin_grant(old)
    and (tg_op = 'DELETE' or not khidma.is_active_admin_grant(new)) then
    perform khidma.keep_an_admin(old.user_id);
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if tg_op = 'UPDATE' and (new.user_id, new.role_id) is distinct from (old.user_id, old.role_id) then
    perform khidma.refuse(409, 'conflict');
  end if;
  if tg_op = 'UPDATE' and old.status not in ('pending', 'approved') then
    perform khidma.refuse(409, 'not_pending');
  end if;
  if new.status = 'approved' and exists (select from employees e where e.user_id = new.user_id and e.employment_status = 'terminated')
    and exists (select from roles r where r.id = new.role_id and r.audience = 'internal') then
    perform khidma.refuse(409, 'employment_ended');
  end if;
  if not is_person then
    return new;
  end if;
  if new.status = 'pending' then
    if new.user_id <> actor then
      perform khidma.refuse(403, 'forbidden');
    end if;
    return new;
  end if;
  -- Actors may give back their own request or role, and nothing more.
  if new.user_id = actor then
    if tg_op = 'UPDATE' and new.status = 'revoked' then
      return new;
    end if;
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.needs_permission('roles.assign');
  if new.status <> 'approved' then
    perform khidma.must_hold(khidma.permissions_of_role(new.role_id));
    return new;
  end if;
  if account = 'closed' then
    perform khidma.refuse(409, 'account_not_in_state');
  end if;
  perform khidma.must_hold_until(khidma.permissions_of_role(new.role_id), coalesce(new.expires_at, 'infinity'));
  if exists (select from roles r where r.id = new.role_id and r.can_manage_system_settings) then
    perform khidma.needs_settings_authority();
  end if;
  return new;
end $$;

-- Stamps the actor and the time on a decision about a grant and on its end, whatever the writer put into these columns.
create or replace function khidma.stamp_grant() returns trigger language plpgsql as $$
begin
  if old.status = 'pending' and new.status in ('approved', 'rejected') then
    new.decided_by := khidma.actor_id();
    new.decided_at := now();
    if new.status = 'approved' then
      new.assigned_by := new.decided_by;
      new.assigned_at := new.decided_at;
    end if;
  elsif new.status in ('revoked', 'expired') then
    new.ended_by := khidma.actor_id();
    new.ended_at := now();
  end if;
  return new;
end $$;

-- Emits the decision about a request or grant, or its end, to the user whom it concerns.
create or replace function khidma.grant_decided() returns trigger language plpgsql as $$
begin
  perform khidma.emit('user_role.' || new.status, 'user_role', new.id, new.version,
    jsonb_build_object('userRoleId', new.id, 'userId', new.user_id, 'roleId', new.role_id,
                       'role', (select r.name from roles r where r.id = new.role_id))
      -- Users who give it back themselves get no notification.
      || case when khidma.actor_id() = new.user_id then jsonb_build_object('party', 'user') else '{}' end,
    array[new.user_id]);
  return null;
end $$;

-- Expires grants whose time is over, at most `p_limit` a run. They permit nothing already; here the account's role follows. Roles
-- and accounts are locked in one order, whichever grant expires first.
create or replace function khidma.expire_grants(p_limit int) returns int language plpgsql as $$
declare
  ended uuid[];
  g record;
begin
  select array_agg(e.id) into ended from (
    select u.id from user_roles u where u.status = 'approved' and u.expires_at <= now()
     order by u.expires_at limit p_limit for update skip locked) e;
  perform from roles r where r.id in (select u.role_id from user_roles u where u.id = any (ended)) order by r.id for share;
  for g in select u.id from user_roles u where u.id = any (ended) order by u.user_id, u.id loop
    update user_roles set status = 'expired' where id = g.id;
  end loop;
  return coalesce(cardinality(ended), 0);
end $$;

-- Revokes the grants of staff roles of one account. Locks the roles, then the account, then the grants in id order, as grants do.
create or replace function khidma.end_staff_grants(p_user_id uuid) returns void language plpgsql as $$
declare
  g record;
begin
  perform from roles r where r.id in (select u.role_id from user_roles u where u.user_id = p_user_id and u.status = 'approved')
    order by r.id for share;
  perform from users u where u.id = p_user_id for no key update;
  for g in select u.id from user_roles u join roles r on r.id = u.role_id and r.audience = 'internal'
            where u.user_id = p_user_id and u.status = 'approved' order by u.id loop
    update user_roles set status = 'revoked' where id = g.id;
  end loop;
end $$;
