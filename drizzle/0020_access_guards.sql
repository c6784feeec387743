-- Access as it stands now, not as the token remembers it; roles that follow whatever changes them; telling whom it concerns.
--
-- Locks are taken in this order: role, account, the lock of the last admin.

-- What the grants of somebody permit, whatever their account's state.
create function khidma.permitted_to(p_user_id uuid) returns text[] language sql stable as $$
  select coalesce(array_agg(distinct p.name order by p.name), '{}')
    from user_roles g join roles r on r.id = g.role_id and r.is_active
    join role_permissions rp on rp.role_id = r.id join permissions p on p.id = rp.permission_id
   where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
$$;
--> statement-breakpoint
-- What is still missing to hold all of `p_permissions`; null: nothing.
create function khidma.missing_of(p_user_id uuid, p_permissions text[]) returns text language sql stable as $$
  select wanted from unnest(p_permissions) wanted, khidma.claims_of(p_user_id) c where wanted <> all (c.permissions) limit 1
$$;
--> statement-breakpoint
create function khidma.permissions_of_role(p_role_id uuid) returns text[] language sql stable as $$
  select coalesce(array_agg(p.name order by p.name), '{}')
    from role_permissions rp join permissions p on p.id = rp.permission_id where rp.role_id = p_role_id
$$;
--> statement-breakpoint
create function khidma.must_hold(p_permissions text[]) returns void language plpgsql as $$
declare
  missing text := khidma.missing_of(khidma.actor_id(), p_permissions);
begin
  if missing is not null then
    perform khidma.refuse(403, 'not_held', jsonb_build_object('permission', missing));
  end if;
end $$;
--> statement-breakpoint
-- A token of staff says what was so up to 15 minutes ago. Before staff write anything, the database is asked what is so now.
-- Returns the role that the call is made in.
create function khidma.admit_staff(p_user_id uuid, p_call jsonb) returns text language plpgsql as $$
declare
  held record;
begin
  if not exists (select from users u where u.id = p_user_id and u.status = 'active') then
    perform khidma.refuse(401, 'unauthenticated');
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
--> statement-breakpoint
-- As before; who is invited to a task may read it, so that to refuse them is 403, not 404.
create or replace function khidma.party_in(machine text, obj jsonb) returns text language sql stable as $$
  select case when machine = 'verification' and part = 'client' then 'owner'
              when machine = 'task' and part is null and exists (
                select from offers o where o.task_id = (obj ->> 'id')::uuid and o.tasker_id = khidma.actor_id() and o.status = 'pending')
                then 'invited'
              else part end
    from khidma.part_in(machine, obj) part
$$;
--> statement-breakpoint
-- As before; nothing is written any more in the name of who is being erased, nor by a session that has ended, however long the
-- token lives, and who writes as staff, by a token, is asked about first.
create or replace function khidma.begin_request(
  p_role text, p_user_id uuid, p_request_id text, p_ip text, p_user_agent text,
  p_scope text, p_key text, p_request_hash text, p_call jsonb default null
) returns void language plpgsql as $$
declare
  known idempotency_keys;
begin
  perform set_config('khidma.role', p_role, true),
          set_config('khidma.user_id', coalesce(p_user_id::text, ''), true),
          set_config('khidma.request_id', coalesce(p_request_id, ''), true),
          set_config('khidma.ip', coalesce(p_ip, ''), true),
          set_config('khidma.user_agent', coalesce(p_user_agent, ''), true),
          set_config('khidma.reason', '', true),
          set_config('khidma.idempotency_scope', coalesce(p_scope, ''), true),
          set_config('khidma.idempotency_key', coalesce(p_key, ''), true),
          set_config('khidma.request_hash', coalesce(p_request_hash, ''), true),
          set_config('khidma.call', coalesce((p_call - 'keyHash')::text, ''), true);
  if p_user_id is not null then
    perform pg_advisory_xact_lock_shared(hashtextextended('person:' || p_user_id, 16));
    if exists (select from users u where u.id = p_user_id and u.erased_at is not null)
      or not p_call ? 'mayHaveEnded'
        and exists (select from sessions s where s.id = (p_call ->> 'sourceId')::uuid and s.revoked_at is not null) then
      perform khidma.refuse(401, 'unauthenticated');
    end if;
  end if;
  if p_call ? 'keyId' then
    perform set_config('khidma.role', khidma.admit_key(p_user_id, p_role, p_call), true);
  elsif p_role in ('ops', 'admin') and p_call ? 'roles' then
    perform set_config('khidma.role', khidma.admit_staff(p_user_id, p_call), true);
  end if;
  if p_key is null then
    return;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended(p_scope || chr(31) || p_key, 42)) then
    perform khidma.refuse(409, 'idempotency_in_progress', '{"retryAfterSeconds": 1}');
  end if;
  select * into known from idempotency_keys where scope = p_scope and key = p_key;
  if not found then
    return;
  end if;
  if known.created_at < now() - interval '24 hours' then
    delete from idempotency_keys where scope = p_scope and key = p_key;
    return;
  end if;
  if known.request_hash <> p_request_hash then
    perform khidma.refuse(422, 'idempotency_mismatch');
  end if;
  raise exception using errcode = 'KH200', message = 'replay', detail = known.rows::text;
end $$;
--> statement-breakpoint
-- As before. Staff need the permission, nobody does it to themselves, and whose account carries permissions is shut out and
-- let in again only by who holds them all.
create or replace function khidma.guard_user_status() returns trigger language plpgsql as $$
begin
  if khidma.acts_alone() or (new.status = 'closed' and old.status = 'active' and new.id is not distinct from khidma.actor_id()) then
    return new;
  end if;
  if khidma.actor_role() in ('client', 'tasker', 'anonymous') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform khidma.needs_permission('users.manage');
  if new.id = khidma.actor_id() then
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.must_hold(khidma.permitted_to(new.id));
  return new;
end $$;
--> statement-breakpoint
-- As before; a role that is switched off makes nobody an admin.
create or replace function khidma.keep_an_admin(p_leaving uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('khidma.keep_an_admin', 0));
  if not exists (
    select from user_roles g join roles r on r.id = g.role_id and r.name = 'admin' and r.is_active join users u on u.id = g.user_id
     where g.status = 'approved' and g.expires_at is null and g.user_id <> p_leaving and u.status = 'active') then
    perform khidma.refuse(409, 'last_admin');
  end if;
end $$;
--> statement-breakpoint
-- As before. The role is locked against being changed or deleted meanwhile, the account against grants that run beside this
-- one: whoever comes second sees what the first has done.
create or replace function khidma.guard_grant() returns trigger language plpgsql as $$
declare
  actor uuid := khidma.actor_id();
  is_person boolean := not khidma.acts_alone();
begin
  perform from roles r where r.id = case when tg_op = 'DELETE' then old.role_id else new.role_id end for share;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  perform from users u where u.id = case when tg_op = 'DELETE' then old.user_id else new.user_id end for no key update;
  if tg_op <> 'INSERT' and khidma.is_standing_admin_grant(old)
    and (tg_op = 'DELETE' or not khidma.is_standing_admin_grant(new)) then
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
  if not is_person then
    return new;
  end if;
  if new.status = 'pending' then
    if new.user_id <> actor then
      perform khidma.refuse(403, 'forbidden');
    end if;
    return new;
  end if;
  -- One's own request or role may be given back, and nothing more.
  if new.user_id = actor then
    if tg_op = 'UPDATE' and new.status = 'revoked' then
      return new;
    end if;
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.needs_permission('roles.assign');
  perform khidma.must_hold(khidma.permissions_of_role(new.role_id));
  return new;
end $$;
--> statement-breakpoint
-- Which role an account has by its grants.
create function khidma.role_by_grants(p_user_id uuid) returns user_role language sql stable as $$
  select case when 'admin' = any (held) then 'admin' when cardinality(held) > 0 then 'ops'
              when exists (select from tasker_profiles t where t.user_id = p_user_id) then 'tasker' else 'client' end::user_role
    from (select coalesce(array_agg(r.name), '{}') as held
            from user_roles g join roles r on r.id = g.role_id and r.audience = 'internal' and r.is_active
           where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())) g
$$;
--> statement-breakpoint
-- The second statement reads after the locks were taken: what others had under way is done by then.
create function khidma.follow_grants_of(p_people uuid[]) returns void language plpgsql as $$
begin
  perform from users u where u.id = any (p_people) order by u.id for no key update;
  perform set_config('khidma.following_grants', 'on', true);
  update users u set role = d.role from (select id, khidma.role_by_grants(id) as role from unnest(p_people) id) d
   where u.id = d.id and u.role <> d.role and (u.role in ('ops', 'admin') or d.role in ('ops', 'admin'));
  perform set_config('khidma.following_grants', '', true);
end $$;
--> statement-breakpoint
create or replace function khidma.follow_grants() returns trigger language plpgsql as $$
begin
  perform khidma.follow_grants_of(array[case when tg_op = 'DELETE' then old.user_id else new.user_id end]);
  return null;
end $$;
--> statement-breakpoint
-- Nobody gives more to a role that they have: what they hold for a while, or by another role, would be theirs for good.
create function khidma.may_widen(p_role_id uuid, p_permissions text[]) returns void language plpgsql as $$
begin
  if exists (select from user_roles g where g.role_id = p_role_id and g.user_id = khidma.actor_id() and g.status = 'approved') then
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.must_hold(p_permissions);
end $$;
--> statement-breakpoint
-- As before; the role is locked, so that who switches it on has seen all that it permits.
create or replace function khidma.guard_role_permission() returns trigger language plpgsql as $$
declare
  the_role uuid := case when tg_op = 'DELETE' then old.role_id else new.role_id end;
begin
  if khidma.acts_alone() then
    return coalesce(new, old);
  end if;
  perform from roles r where r.id = the_role for no key update;
  if exists (select from roles r where r.id = the_role and r.is_system_role) then
    perform khidma.refuse(409, 'system_role');
  end if;
  perform khidma.needs_permission('roles.manage');
  if tg_op = 'UPDATE' then
    perform khidma.refuse(409, 'conflict');
  elsif tg_op = 'INSERT' then
    perform khidma.may_widen(the_role, array(select p.name from permissions p where p.id = new.permission_id));
  end if;
  return coalesce(new, old);
end $$;
--> statement-breakpoint
-- As before; whoever switches a role on, turns it to other people or gives it more to say must hold all that it permits.
create or replace function khidma.guard_role() returns trigger language plpgsql as $$
begin
  if not khidma.acts_alone() then
    perform khidma.needs_permission('roles.manage');
    if (tg_op <> 'INSERT' and old.is_system_role) or (tg_op <> 'DELETE' and new.is_system_role) then
      perform khidma.refuse(409, 'system_role');
    end if;
    if tg_op = 'UPDATE' and (new.is_active and not old.is_active or new.audience <> old.audience
        or new.can_approve_requests and not old.can_approve_requests
        or new.can_manage_system_settings and not old.can_manage_system_settings) then
      perform khidma.may_widen(old.id, khidma.permissions_of_role(old.id));
    end if;
  end if;
  if tg_op = 'UPDATE' and old.name = 'admin' and (new.name <> 'admin' or not new.is_active or new.audience <> 'internal') then
    perform khidma.refuse(409, 'last_admin');
  end if;
  -- What was granted or asked for once is history that names the role.
  if tg_op = 'DELETE' and exists (select from user_roles g where g.role_id = old.id) then
    perform khidma.refuse(409, 'role_in_use');
  end if;
  return coalesce(new, old);
end $$;
--> statement-breakpoint
-- Who is staff by the role follows it. Staff are few; customers with a role for outsiders may be many, and are not made
-- staff all at once.
create function khidma.follow_role() returns trigger language plpgsql as $$
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
--> statement-breakpoint
create trigger b_follow_role after update on roles for each row
  when ((old.is_active, old.audience, old.name) is distinct from (new.is_active, new.audience, new.name)
        and 'internal' in (old.audience, new.audience))
  execute function khidma.follow_role();
--> statement-breakpoint
-- As before; roles and accounts are locked in one order, whatever runs out first.
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
--> statement-breakpoint
-- Whom it concerns hears what became of their request or grant.
create function khidma.grant_decided() returns trigger language plpgsql as $$
begin
  perform khidma.emit('user_role.' || new.status, 'user_role', new.id, new.version,
    jsonb_build_object('userRoleId', new.id, 'userId', new.user_id, 'roleId', new.role_id,
                       'role', (select r.name from roles r where r.id = new.role_id))
      -- Who has given it back themselves need not be told.
      || case when khidma.actor_id() = new.user_id then jsonb_build_object('party', 'user') else '{}' end,
    array[new.user_id]);
  return null;
end $$;
--> statement-breakpoint
create trigger d_granted after insert on user_roles for each row
  when (new.status <> 'pending') execute function khidma.grant_decided();
--> statement-breakpoint
create trigger d_decided after update of status on user_roles for each row
  when (old.status <> new.status) execute function khidma.grant_decided();
--> statement-breakpoint
-- Whom races have left with a role that their grants do not imply.
select khidma.follow_grants_of(array(
  select u.id from users u where u.role in ('ops', 'admin')
  union select g.user_id from user_roles g where g.status = 'approved'));
