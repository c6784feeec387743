-- Departments, designations and employees; roles and permissions; who holds which role. Seeds 001 and 003.
create table departments (
  id uuid primary key,
  name text not null constraint departments_name_key unique,
  code text not null constraint departments_code_key unique,
  description text,
  department_head text,
  department_email text,
  is_active boolean not null default true,
  visibility text not null default 'internal',
  transfers_enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint departments_visibility check (visibility in ('internal', 'external'))
);
--> statement-breakpoint
create table designations (
  id uuid primary key,
  name text not null constraint designations_name_key unique,
  code text not null constraint designations_code_key unique,
  department_id uuid not null constraint designations_department_id_departments_id_fk references departments (id) on delete restrict,
  description text,
  level text,
  can_manage_team boolean not null default false,
  can_approve boolean not null default false,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
--> statement-breakpoint
create index idx_designations_department on designations (department_id);
--> statement-breakpoint
create table employees (
  id uuid primary key,
  user_id uuid not null constraint employees_user_key unique constraint employees_user_id_users_id_fk references users (id) on delete restrict,
  employee_code text not null constraint employees_code_key unique,
  department_id uuid constraint employees_department_id_departments_id_fk references departments (id) on delete restrict,
  designation_id uuid constraint employees_designation_id_designations_id_fk references designations (id) on delete restrict,
  joining_date date,
  employment_status text not null default 'active',
  manager_employee_id uuid constraint employees_manager_employee_id_employees_id_fk references employees (id) on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint employees_status check (employment_status in ('active', 'inactive', 'terminated')),
  constraint employees_own_manager check (manager_employee_id <> id)
);
--> statement-breakpoint
create index idx_employees_manager on employees (manager_employee_id);
--> statement-breakpoint
create table roles (
  id uuid primary key,
  name text not null constraint roles_name_key unique,
  display_name text not null,
  description text,
  audience text not null default 'internal',
  department_id uuid constraint roles_department_id_departments_id_fk references departments (id) on delete set null,
  can_approve_requests boolean not null default false,
  can_manage_system_settings boolean not null default false,
  is_system_role boolean not null default false,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint roles_name check (name ~ '^[a-z][a-z_]{1,49}$'),
  constraint roles_audience check (audience in ('internal', 'external'))
);
--> statement-breakpoint
create table permissions (
  id uuid primary key,
  name text not null constraint permissions_name_key unique,
  resource text not null,
  action text not null,
  description text not null,
  created_at timestamptz not null default now(),
  constraint permissions_name check (name = resource || '.' || action)
);
--> statement-breakpoint
create table role_permissions (
  role_id uuid not null constraint role_permissions_role_id_roles_id_fk references roles (id) on delete cascade,
  permission_id uuid not null constraint role_permissions_permission_id_permissions_id_fk references permissions (id) on delete restrict,
  granted_at timestamptz not null default now(),
  constraint role_permissions_pkey primary key (role_id, permission_id)
);
--> statement-breakpoint
create index idx_role_permissions_permission on role_permissions (permission_id);
--> statement-breakpoint
create table user_roles (
  id uuid primary key,
  user_id uuid not null constraint user_roles_user_id_users_id_fk references users (id) on delete cascade,
  role_id uuid not null constraint user_roles_role_id_roles_id_fk references roles (id) on delete restrict,
  status text not null,
  reason text,
  assigned_by uuid constraint user_roles_assigned_by_users_id_fk references users (id) on delete set null,
  assigned_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint user_roles_status check (status in ('pending', 'approved', 'rejected', 'revoked', 'expired'))
);
--> statement-breakpoint
-- One request or grant that stands, a person and role; what has ended stays as history.
create unique index user_roles_standing_key on user_roles (user_id, role_id) where status in ('pending', 'approved');
--> statement-breakpoint
create index idx_user_roles_role on user_roles (role_id) where status = 'approved';
--> statement-breakpoint
create index idx_user_roles_expiry on user_roles (expires_at) where status = 'approved' and expires_at is not null;
--> statement-breakpoint
insert into permissions (id, name, resource, action, description) values
  (khidma.uuid_v7(), 'audit.export', 'audit', 'export', 'Take the audit log away as a file'),
  (khidma.uuid_v7(), 'audit.read', 'audit', 'read', 'Read the audit log'),
  (khidma.uuid_v7(), 'audit.verify', 'audit', 'verify', 'Verify the chain of the audit log'),
  (khidma.uuid_v7(), 'bookings.manage', 'bookings', 'manage', 'Cancel bookings for a party'),
  (khidma.uuid_v7(), 'bookings.read', 'bookings', 'read', 'See all bookings'),
  (khidma.uuid_v7(), 'catalog.manage', 'catalog', 'manage', 'Change categories'),
  (khidma.uuid_v7(), 'conversations.read', 'conversations', 'read', 'Read conversations'),
  (khidma.uuid_v7(), 'disputes.manage', 'disputes', 'manage', 'Open, look into and escalate disputes'),
  (khidma.uuid_v7(), 'disputes.read', 'disputes', 'read', 'See all disputes'),
  (khidma.uuid_v7(), 'disputes.resolve', 'disputes', 'resolve', 'Decide disputes, refunds included'),
  (khidma.uuid_v7(), 'events.read', 'events', 'read', 'Read every event'),
  (khidma.uuid_v7(), 'ledger.read', 'ledger', 'read', 'Read the books'),
  (khidma.uuid_v7(), 'media.read', 'media', 'read', 'See files of others'),
  (khidma.uuid_v7(), 'organisation.manage', 'organisation', 'manage', 'Change departments, designations and employees'),
  (khidma.uuid_v7(), 'organisation.read', 'organisation', 'read', 'See departments, designations and employees'),
  (khidma.uuid_v7(), 'payments.read', 'payments', 'read', 'See payments of others'),
  (khidma.uuid_v7(), 'platform.operate', 'platform', 'operate', 'See and retry dead letters'),
  (khidma.uuid_v7(), 'reports.manage', 'reports', 'manage', 'Look into and decide reports'),
  (khidma.uuid_v7(), 'reports.read', 'reports', 'read', 'See all reports'),
  (khidma.uuid_v7(), 'roles.assign', 'roles', 'assign', 'Grant and revoke roles whose permissions one holds'),
  (khidma.uuid_v7(), 'roles.manage', 'roles', 'manage', 'Make roles, and choose their permissions among those one holds'),
  (khidma.uuid_v7(), 'roles.read', 'roles', 'read', 'See roles and who holds them'),
  (khidma.uuid_v7(), 'taskers.read', 'taskers', 'read', 'See all taskers, whatever their state'),
  (khidma.uuid_v7(), 'taskers.review', 'taskers', 'review', 'Verify, activate and clear taskers'),
  (khidma.uuid_v7(), 'taskers.suspend', 'taskers', 'suspend', 'Flag, suspend and offboard taskers'),
  (khidma.uuid_v7(), 'tasks.manage', 'tasks', 'manage', 'Change and cancel tasks of clients'),
  (khidma.uuid_v7(), 'tasks.read', 'tasks', 'read', 'See all tasks and their candidates'),
  (khidma.uuid_v7(), 'users.manage', 'users', 'manage', 'Suspend and reinstate accounts'),
  (khidma.uuid_v7(), 'users.read', 'users', 'read', 'Find users'),
  (khidma.uuid_v7(), 'verifications.review', 'verifications', 'review', 'Decide on identity papers');
--> statement-breakpoint
insert into roles (id, name, display_name, description, audience, is_system_role, can_approve_requests, can_manage_system_settings) values
  (khidma.uuid_v7(), 'admin', 'Administrator', 'May do everything that can be permitted', 'internal', true, true, true),
  (khidma.uuid_v7(), 'ops', 'Operations', 'Runs the marketplace', 'internal', true, true, false),
  (khidma.uuid_v7(), 'support', 'Support', 'Reads, and handles reports and disputes up to the decision', 'internal', true, false, false);
--> statement-breakpoint
insert into role_permissions (role_id, permission_id)
select r.id, p.id from (values
  ('admin', 'audit.export'),
  ('admin', 'audit.read'),
  ('admin', 'audit.verify'),
  ('admin', 'bookings.manage'),
  ('admin', 'bookings.read'),
  ('admin', 'catalog.manage'),
  ('admin', 'conversations.read'),
  ('admin', 'disputes.manage'),
  ('admin', 'disputes.read'),
  ('admin', 'disputes.resolve'),
  ('admin', 'events.read'),
  ('admin', 'ledger.read'),
  ('admin', 'media.read'),
  ('admin', 'organisation.manage'),
  ('admin', 'organisation.read'),
  ('admin', 'payments.read'),
  ('admin', 'platform.operate'),
  ('admin', 'reports.manage'),
  ('admin', 'reports.read'),
  ('admin', 'roles.assign'),
  ('admin', 'roles.manage'),
  ('admin', 'roles.read'),
  ('admin', 'taskers.read'),
  ('admin', 'taskers.review'),
  ('admin', 'taskers.suspend'),
  ('admin', 'tasks.manage'),
  ('admin', 'tasks.read'),
  ('admin', 'users.manage'),
  ('admin', 'users.read'),
  ('admin', 'verifications.review'),
  ('ops', 'bookings.manage'),
  ('ops', 'bookings.read'),
  ('ops', 'conversations.read'),
  ('ops', 'disputes.manage'),
  ('ops', 'disputes.read'),
  ('ops', 'disputes.resolve'),
  ('ops', 'events.read'),
  ('ops', 'ledger.read'),
  ('ops', 'media.read'),
  ('ops', 'organisation.read'),
  ('ops', 'payments.read'),
  ('ops', 'platform.operate'),
  ('ops', 'reports.manage'),
  ('ops', 'reports.read'),
  ('ops', 'roles.read'),
  ('ops', 'taskers.read'),
  ('ops', 'taskers.review'),
  ('ops', 'taskers.suspend'),
  ('ops', 'tasks.manage'),
  ('ops', 'tasks.read'),
  ('ops', 'users.read'),
  ('ops', 'verifications.review'),
  ('support', 'bookings.read'),
  ('support', 'conversations.read'),
  ('support', 'disputes.manage'),
  ('support', 'disputes.read'),
  ('support', 'organisation.read'),
  ('support', 'reports.manage'),
  ('support', 'reports.read'),
  ('support', 'taskers.read'),
  ('support', 'tasks.read'),
  ('support', 'users.read')
) as t (role, permission) join roles r on r.name = t.role join permissions p on p.name = t.permission;
--> statement-breakpoint
-- What the access token says of somebody: approved grants that have not run out, of an account that stands.
create function khidma.claims_of(p_user_id uuid, out role text, out permissions text[]) language plpgsql stable as $$
begin
  select u.role::text into role from users u where u.id = p_user_id;
  select coalesce(array_agg(distinct p.name order by p.name), '{}') into permissions
    from user_roles g join roles r on r.id = g.role_id and r.is_active
    join role_permissions rp on rp.role_id = r.id join permissions p on p.id = rp.permission_id
   where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now())
     and exists (select from users u where u.id = p_user_id and coalesce(to_jsonb(u) ->> 'status', 'active') = 'active');
end $$;
--> statement-breakpoint
-- Migrations, jobs and the demo data's staff without a name: nobody who could be asked for a permission.
create function khidma.acts_alone() returns boolean language sql stable as $$
  select coalesce(khidma.actor_role(), 'database') in ('database', 'system')
      or (khidma.actor_role() in ('ops', 'admin') and khidma.actor_id() is null)
$$;
--> statement-breakpoint
create function khidma.needs_permission(p_permission text) returns void language plpgsql as $$
begin
  if khidma.acts_alone() then
    return;
  end if;
  if p_permission <> all ((khidma.claims_of(khidma.actor_id())).permissions) then
    perform khidma.refuse(403, 'forbidden');
  end if;
end $$;
--> statement-breakpoint
create function khidma.is_standing_admin_grant(g user_roles) returns boolean language sql stable as $$
  select g.status = 'approved' and g.expires_at is null and exists (select from roles r where r.id = g.role_id and r.name = 'admin')
$$;
--> statement-breakpoint
-- Somebody must be left who can let others in: an admin whose grant does not run out, and whose account stands. The lock
-- makes two who leave at the same time leave one after the other.
create function khidma.keep_an_admin(p_leaving uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('khidma.keep_an_admin', 0));
  if not exists (
    select from user_roles g join roles r on r.id = g.role_id and r.name = 'admin' join users u on u.id = g.user_id
     where g.status = 'approved' and g.expires_at is null and g.user_id <> p_leaving
       and coalesce(to_jsonb(u) ->> 'status', 'active') = 'active') then
    perform khidma.refuse(409, 'last_admin');
  end if;
end $$;
--> statement-breakpoint
-- Nobody grants what they do not hold, nobody decides on themselves, and an admin is always left.
create function khidma.guard_grant() returns trigger language plpgsql as $$
declare
  actor uuid := khidma.actor_id();
  is_person boolean := not khidma.acts_alone();
  missing text;
begin
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
  select p.name into missing from role_permissions rp join permissions p on p.id = rp.permission_id
   where rp.role_id = new.role_id and p.name <> all ((khidma.claims_of(actor)).permissions) limit 1;
  if missing is not null then
    perform khidma.refuse(403, 'not_held', jsonb_build_object('permission', missing));
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger a_guard_grant before insert or update or delete on user_roles for each row execute function khidma.guard_grant();
--> statement-breakpoint
-- The role of the account follows the grants, so that what the token says and what the tables see is one.
create function khidma.follow_grants() returns trigger language plpgsql as $$
declare
  person uuid := case when tg_op = 'DELETE' then old.user_id else new.user_id end;
  held text[];
  derived user_role;
begin
  select coalesce(array_agg(r.name), '{}') into held from user_roles g join roles r on r.id = g.role_id and r.audience = 'internal'
   where g.user_id = person and g.status = 'approved' and (g.expires_at is null or g.expires_at > now());
  derived := case when 'admin' = any (held) then 'admin' when cardinality(held) > 0 then 'ops'
                  when exists (select from tasker_profiles t where t.user_id = person) then 'tasker' else 'client' end;
  perform set_config('khidma.following_grants', 'on', true);
  update users set role = derived where id = person and role <> derived and (role in ('ops', 'admin') or derived in ('ops', 'admin'));
  perform set_config('khidma.following_grants', '', true);
  return null;
end $$;
--> statement-breakpoint
create trigger b_follow_grants after insert or update or delete on user_roles for each row execute function khidma.follow_grants();
--> statement-breakpoint
-- Staff are made by a grant. An account that is created as staff (by the system) gets the grant with it.
create function khidma.guard_staff() returns trigger language plpgsql as $$
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
--> statement-breakpoint
create trigger c_guard_staff after insert or update on users for each row execute function khidma.guard_staff();
--> statement-breakpoint
-- Who may shape roles puts only into them what they hold themselves; the roles that always are stay as they are.
create function khidma.guard_role_permission() returns trigger language plpgsql as $$
declare
  the_role uuid := case when tg_op = 'DELETE' then old.role_id else new.role_id end;
  the_permission text;
begin
  if khidma.acts_alone() then
    return coalesce(new, old);
  end if;
  if exists (select from roles r where r.id = the_role and r.is_system_role) then
    perform khidma.refuse(409, 'system_role');
  end if;
  perform khidma.needs_permission('roles.manage');
  if tg_op <> 'DELETE' then
    select p.name into the_permission from permissions p where p.id = new.permission_id;
    if the_permission <> all ((khidma.claims_of(khidma.actor_id())).permissions) then
      perform khidma.refuse(403, 'not_held', jsonb_build_object('permission', the_permission));
    end if;
  end if;
  return coalesce(new, old);
end $$;
--> statement-breakpoint
create trigger a_guard_role_permission before insert or update or delete on role_permissions
  for each row execute function khidma.guard_role_permission();
--> statement-breakpoint
create function khidma.guard_role() returns trigger language plpgsql as $$
begin
  if khidma.acts_alone() then
    return coalesce(new, old);
  end if;
  perform khidma.needs_permission('roles.manage');
  if (tg_op <> 'INSERT' and old.is_system_role) or (tg_op <> 'DELETE' and new.is_system_role) then
    perform khidma.refuse(409, 'system_role');
  end if;
  return coalesce(new, old);
end $$;
--> statement-breakpoint
create trigger a_guard_role before insert or update or delete on roles for each row execute function khidma.guard_role();
--> statement-breakpoint
-- Whoever follows the managers upwards must arrive. The lock keeps two changes from closing a circle together.
create function khidma.guard_managers() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('khidma.guard_managers', 0));
  if exists (
    with recursive above (id) as (
      select new.manager_employee_id union select e.manager_employee_id from employees e join above a on e.id = a.id
    ) select from above where id = new.id) then
    perform khidma.refuse(409, 'manager_circle');
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger a_guard_managers before insert or update of manager_employee_id on employees
  for each row when (new.manager_employee_id is not null) execute function khidma.guard_managers();
--> statement-breakpoint
do $$
declare
  a text;
begin
  foreach a in array array['roles', 'user_roles', 'departments', 'designations', 'employees'] loop
    execute format('create trigger b_touch before update on %I for each row execute function khidma.touch()', a);
  end loop;
  foreach a in array array['roles', 'role_permissions', 'user_roles', 'departments', 'designations', 'employees'] loop
    execute format('create trigger z_audit after insert or update or delete on %I for each row execute function khidma.audit()', a);
  end loop;
end $$;
--> statement-breakpoint
insert into user_roles (id, user_id, role_id, status, assigned_at)
select khidma.uuid_v7(), u.id, r.id, 'approved', now() from users u join roles r on r.name = u.role::text where u.role in ('ops', 'admin');
--> statement-breakpoint
-- Grants that have run out: they count for nothing already; here the account follows. At most `p_limit` in one go.
create function khidma.expire_grants(p_limit int) returns int language sql as $$
  with ended as (
    update user_roles set status = 'expired' where id in (
      select id from user_roles where status = 'approved' and expires_at <= now() order by expires_at limit p_limit for update skip locked)
    returning 1)
  select count(*)::int from ended
$$;
