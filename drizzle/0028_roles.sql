-- What becomes of a request or grant stands beside what it was; who was suspended by whom, and why; lists of the organisation.

-- Asked for (`reason`), given (`assigned_*`), answered (`decided_*`), over (`ended_*`): none is written over by another.
alter table user_roles
  add column decided_by uuid constraint user_roles_decided_by_users_id_fk references users (id) on delete set null,
  add column decided_at timestamptz,
  add column decision_reason text,
  add column ended_by uuid constraint user_roles_ended_by_users_id_fk references users (id) on delete set null,
  add column ended_at timestamptz,
  add column end_reason text;
--> statement-breakpoint
-- History: its guards let nobody change it, and the log has it already.
alter table user_roles disable trigger user;
--> statement-breakpoint
-- As far as it is known: from the log, where that still tells it, else from what was written last.
update user_roles g set
    reason = case when made.meta is null then g.reason else made.meta #>> '{changes,reason,1}' end,
    decided_by = (select u.id from users u where u.id = case when decided.id is not null then decided.actor_user_id
                                                            when g.status = 'rejected' then g.assigned_by end),
    decided_at = coalesce(decided.created_at, case when g.status = 'rejected' then g.assigned_at end),
    decision_reason = case when decided.id is not null then decided.meta ->> 'reason' when g.status = 'rejected' then g.reason end,
    assigned_by = (select u.id from users u where u.id = case
      when g.status in ('pending', 'rejected') then null
      when decided.id is not null then decided.actor_user_id
      when made.meta #>> '{changes,assigned_at,1}' is not null then (made.meta #>> '{changes,assigned_by,1}')::uuid
      when g.status <> 'revoked' then g.assigned_by end),
    assigned_at = case
      when g.status in ('pending', 'rejected') then null
      when decided.id is not null then decided.created_at
      when made.meta #>> '{changes,assigned_at,1}' is not null then (made.meta #>> '{changes,assigned_at,1}')::timestamptz
      when g.status <> 'revoked' then g.assigned_at end,
    ended_by = (select u.id from users u where u.id = case
      when ended.id is not null then ended.actor_user_id when g.status = 'revoked' then g.assigned_by end),
    ended_at = case when g.status in ('revoked', 'expired')
      then coalesce(ended.created_at, case when g.status = 'revoked' then g.assigned_at else g.expires_at end, g.updated_at) end,
    end_reason = case when ended.id is not null then ended.meta ->> 'reason' when g.status = 'revoked' then g.reason end
  from user_roles o
  left join lateral (
    select a.meta from audit_log a where a.target_type = 'user_roles' and a.target_id = o.id::text and a.action = 'user_roles.insert'
      and a.redacted_at is null order by a.created_at limit 1) made on true
  left join lateral (
    select a.* from audit_log a where a.target_type = 'user_roles' and a.target_id = o.id::text and a.action = 'user_roles.update'
      and a.meta #>> '{changes,status,0}' = 'pending' and a.meta #>> '{changes,status,1}' in ('approved', 'rejected')
     order by a.created_at limit 1) decided on true
  left join lateral (
    select a.* from audit_log a where a.target_type = 'user_roles' and a.target_id = o.id::text and a.action = 'user_roles.update'
      and a.meta #>> '{changes,status,1}' in ('revoked', 'expired') order by a.created_at limit 1) ended on true
 where o.id = g.id;
--> statement-breakpoint
alter table user_roles enable trigger user;
--> statement-breakpoint
-- Whoever writes it, and whatever they say: what changed the state is what is written down of it.
create function khidma.stamp_grant() returns trigger language plpgsql as $$
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
--> statement-breakpoint
-- After `a_guard_grant`, which says whether it may change at all.
create trigger a_stamp_grant before update of status on user_roles for each row
  when (old.status <> new.status) execute function khidma.stamp_grant();
--> statement-breakpoint
-- As before; who had granted it stays written down.
create or replace function khidma.employment_ended() returns trigger language plpgsql as $$
declare
  g record;
begin
  perform from roles r where r.id in (select u.role_id from user_roles u where u.user_id = new.user_id and u.status = 'approved')
    order by r.id for share;
  perform from users u where u.id = new.user_id for no key update;
  for g in select u.id from user_roles u join roles r on r.id = u.role_id and r.audience = 'internal'
            where u.user_id = new.user_id and u.status = 'approved' order by u.id loop
    update user_roles set status = 'revoked' where id = g.id;
  end loop;
  return null;
end $$;
--> statement-breakpoint
-- Since when somebody is suspended, by whom, and why. Null of everybody else.
alter table users
  add column suspended_at timestamptz,
  add column suspended_by uuid constraint users_suspended_by_users_id_fk references users (id) on delete set null,
  add column suspension_reason text;
--> statement-breakpoint
-- The log says already who changed the state, and why: not a second time.
drop trigger z_audit on users;
--> statement-breakpoint
create trigger z_audit after insert or update or delete on users for each row
  execute function khidma.audit('suspended_at', 'suspended_by', 'suspension_reason');
--> statement-breakpoint
alter table users disable trigger user;
--> statement-breakpoint
update users u set suspended_at = coalesce(s.created_at, u.updated_at), suspension_reason = s.meta ->> 'reason',
                   suspended_by = (select b.id from users b where b.id = s.actor_user_id)
  from users o
  left join lateral (
    select a.* from audit_log a where a.target_type = 'users' and a.target_id = o.id::text and a.action = 'users.update'
      and a.meta #>> '{changes,status,1}' = 'suspended' order by a.created_at desc limit 1) s on true
 where o.id = u.id and u.status = 'suspended';
--> statement-breakpoint
alter table users enable trigger user;
--> statement-breakpoint
create function khidma.stamp_suspension() returns trigger language plpgsql as $$
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
  return new;
end $$;
--> statement-breakpoint
create trigger b_suspended before update of status on users for each row
  when (old.status <> new.status) execute function khidma.stamp_suspension();
--> statement-breakpoint
-- As before; one's own account is no role.
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
    perform khidma.refuse(403, 'own_account');
  end if;
  perform khidma.must_hold(khidma.permitted_to(new.id));
  return new;
end $$;
--> statement-breakpoint
-- As before; in words that fit whose account it is not.
create or replace function khidma.reset_mfa(p_user_id uuid) returns void language plpgsql as $$
begin
  perform 1 from users u where u.id = p_user_id and u.erased_at is null for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif p_user_id = khidma.actor_id() then
    perform khidma.refuse(403, 'own_account');
  end if;
  perform khidma.must_hold(khidma.permitted_to(p_user_id));
  delete from mfa_factors where user_id = p_user_id;
  if not found then
    perform khidma.refuse(409, 'no_second_factor');
  end if;
  delete from mfa_backup_codes where user_id = p_user_id;
  delete from mfa_challenges where user_id = p_user_id;
  delete from sign_in_attempts where key = 'mfa:' || p_user_id;
  perform khidma.end_other_sessions(p_user_id, null, 'mfa_reset');
  perform khidma.tell_user('user.mfa_disabled', p_user_id);
end $$;
--> statement-breakpoint
-- The pages of whoever is in a department, works under somebody, or works here at all.
create index idx_employees_department on employees (department_id, id);
--> statement-breakpoint
create index idx_employees_designation on employees (designation_id, id);
--> statement-breakpoint
drop index idx_employees_manager;
--> statement-breakpoint
create index idx_employees_manager on employees (manager_employee_id, id);
--> statement-breakpoint
-- A designation is of one department, and so is whoever has it (or of none). The lock keeps the designation where it is
-- meanwhile.
create function khidma.guard_designation() returns trigger language plpgsql as $$
declare
  home uuid;
begin
  select d.department_id into home from designations d where d.id = new.designation_id for share;
  if home <> new.department_id then
    perform khidma.refuse(409, 'designation_elsewhere');
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger a_guard_designation before insert or update of department_id, designation_id on employees for each row
  when (new.designation_id is not null and new.department_id is not null) execute function khidma.guard_designation();
--> statement-breakpoint
create function khidma.guard_designation_home() returns trigger language plpgsql as $$
begin
  if exists (select from employees e where e.designation_id = new.id and e.department_id <> new.department_id) then
    perform khidma.refuse(409, 'designation_elsewhere');
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger a_guard_home before update of department_id on designations for each row
  when (old.department_id <> new.department_id) execute function khidma.guard_designation_home();
