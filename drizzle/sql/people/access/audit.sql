-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_roles() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'name', jsonb_build_array(null, new.name),
      'display_name', jsonb_build_array(null, new.display_name),
      'description', jsonb_build_array(null, new.description),
      'audience', jsonb_build_array(null, new.audience),
      'department_id', jsonb_build_array(null, new.department_id),
      'can_approve_requests', jsonb_build_array(null, new.can_approve_requests),
      'can_manage_system_settings', jsonb_build_array(null, new.can_manage_system_settings),
      'is_system_role', jsonb_build_array(null, new.is_system_role),
      'is_active', jsonb_build_array(null, new.is_active));
    perform khidma.write_audit('access', 'roles', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'name', jsonb_build_array(old.name, null),
      'display_name', jsonb_build_array(old.display_name, null),
      'description', jsonb_build_array(old.description, null),
      'audience', jsonb_build_array(old.audience, null),
      'department_id', jsonb_build_array(old.department_id, null),
      'can_approve_requests', jsonb_build_array(old.can_approve_requests, null),
      'can_manage_system_settings', jsonb_build_array(old.can_manage_system_settings, null),
      'is_system_role', jsonb_build_array(old.is_system_role, null),
      'is_active', jsonb_build_array(old.is_active, null));
    perform khidma.write_audit('access', 'roles', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.display_name is distinct from old.display_name then
    changes := changes || jsonb_build_object('display_name', jsonb_build_array(old.display_name, new.display_name));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.audience is distinct from old.audience then
    changes := changes || jsonb_build_object('audience', jsonb_build_array(old.audience, new.audience));
  end if;
  if new.department_id is distinct from old.department_id then
    changes := changes || jsonb_build_object('department_id', jsonb_build_array(old.department_id, new.department_id));
  end if;
  if new.can_approve_requests is distinct from old.can_approve_requests then
    changes := changes || jsonb_build_object('can_approve_requests', jsonb_build_array(old.can_approve_requests, new.can_approve_requests));
  end if;
  if new.can_manage_system_settings is distinct from old.can_manage_system_settings then
    changes := changes || jsonb_build_object('can_manage_system_settings', jsonb_build_array(old.can_manage_system_settings, new.can_manage_system_settings));
  end if;
  if new.is_system_role is distinct from old.is_system_role then
    changes := changes || jsonb_build_object('is_system_role', jsonb_build_array(old.is_system_role, new.is_system_role));
  end if;
  if new.is_active is distinct from old.is_active then
    changes := changes || jsonb_build_object('is_active', jsonb_build_array(old.is_active, new.is_active));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('access', 'roles', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_role_permissions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'role_id', jsonb_build_array(null, new.role_id),
      'permission_id', jsonb_build_array(null, new.permission_id),
      'granted_at', jsonb_build_array(null, new.granted_at));
    perform khidma.write_audit('access', 'role_permissions', 'insert', new.role_id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'role_id', jsonb_build_array(old.role_id, null),
      'permission_id', jsonb_build_array(old.permission_id, null),
      'granted_at', jsonb_build_array(old.granted_at, null));
    perform khidma.write_audit('access', 'role_permissions', 'delete', old.role_id::text, null, changes);
    return null;
  end if;
  if new.role_id is distinct from old.role_id then
    changes := changes || jsonb_build_object('role_id', jsonb_build_array(old.role_id, new.role_id));
  end if;
  if new.permission_id is distinct from old.permission_id then
    changes := changes || jsonb_build_object('permission_id', jsonb_build_array(old.permission_id, new.permission_id));
  end if;
  if new.granted_at is distinct from old.granted_at then
    changes := changes || jsonb_build_object('granted_at', jsonb_build_array(old.granted_at, new.granted_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('access', 'role_permissions', 'update', new.role_id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_user_roles() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'role_id', jsonb_build_array(null, new.role_id),
      'status', jsonb_build_array(null, new.status),
      'reason', jsonb_build_array(null, new.reason),
      'assigned_by', jsonb_build_array(null, new.assigned_by),
      'assigned_at', jsonb_build_array(null, new.assigned_at),
      'decided_by', jsonb_build_array(null, new.decided_by),
      'decided_at', jsonb_build_array(null, new.decided_at),
      'decision_reason', jsonb_build_array(null, new.decision_reason),
      'ended_by', jsonb_build_array(null, new.ended_by),
      'ended_at', jsonb_build_array(null, new.ended_at),
      'end_reason', jsonb_build_array(null, new.end_reason),
      'expires_at', jsonb_build_array(null, new.expires_at));
    perform khidma.write_audit('access', 'user_roles', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'role_id', jsonb_build_array(old.role_id, null),
      'status', jsonb_build_array(old.status, null),
      'reason', jsonb_build_array(old.reason, null),
      'assigned_by', jsonb_build_array(old.assigned_by, null),
      'assigned_at', jsonb_build_array(old.assigned_at, null),
      'decided_by', jsonb_build_array(old.decided_by, null),
      'decided_at', jsonb_build_array(old.decided_at, null),
      'decision_reason', jsonb_build_array(old.decision_reason, null),
      'ended_by', jsonb_build_array(old.ended_by, null),
      'ended_at', jsonb_build_array(old.ended_at, null),
      'end_reason', jsonb_build_array(old.end_reason, null),
      'expires_at', jsonb_build_array(old.expires_at, null));
    perform khidma.write_audit('access', 'user_roles', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.role_id is distinct from old.role_id then
    changes := changes || jsonb_build_object('role_id', jsonb_build_array(old.role_id, new.role_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.assigned_by is distinct from old.assigned_by then
    changes := changes || jsonb_build_object('assigned_by', jsonb_build_array(old.assigned_by, new.assigned_by));
  end if;
  if new.assigned_at is distinct from old.assigned_at then
    changes := changes || jsonb_build_object('assigned_at', jsonb_build_array(old.assigned_at, new.assigned_at));
  end if;
  if new.decided_by is distinct from old.decided_by then
    changes := changes || jsonb_build_object('decided_by', jsonb_build_array(old.decided_by, new.decided_by));
  end if;
  if new.decided_at is distinct from old.decided_at then
    changes := changes || jsonb_build_object('decided_at', jsonb_build_array(old.decided_at, new.decided_at));
  end if;
  if new.decision_reason is distinct from old.decision_reason then
    changes := changes || jsonb_build_object('decision_reason', jsonb_build_array(old.decision_reason, new.decision_reason));
  end if;
  if new.ended_by is distinct from old.ended_by then
    changes := changes || jsonb_build_object('ended_by', jsonb_build_array(old.ended_by, new.ended_by));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if new.end_reason is distinct from old.end_reason then
    changes := changes || jsonb_build_object('end_reason', jsonb_build_array(old.end_reason, new.end_reason));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('access', 'user_roles', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
