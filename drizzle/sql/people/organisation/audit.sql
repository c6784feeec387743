-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_departments() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'name', jsonb_build_array(null, new.name),
      'code', jsonb_build_array(null, new.code),
      'description', jsonb_build_array(null, new.description),
      'department_head', jsonb_build_array(null, new.department_head),
      'department_email', jsonb_build_array(null, new.department_email),
      'is_active', jsonb_build_array(null, new.is_active),
      'visibility', jsonb_build_array(null, new.visibility),
      'transfers_enabled', jsonb_build_array(null, new.transfers_enabled));
    perform khidma.write_audit('organisation', 'departments', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'name', jsonb_build_array(old.name, null),
      'code', jsonb_build_array(old.code, null),
      'description', jsonb_build_array(old.description, null),
      'department_head', jsonb_build_array(old.department_head, null),
      'department_email', jsonb_build_array(old.department_email, null),
      'is_active', jsonb_build_array(old.is_active, null),
      'visibility', jsonb_build_array(old.visibility, null),
      'transfers_enabled', jsonb_build_array(old.transfers_enabled, null));
    perform khidma.write_audit('organisation', 'departments', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.code is distinct from old.code then
    changes := changes || jsonb_build_object('code', jsonb_build_array(old.code, new.code));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.department_head is distinct from old.department_head then
    changes := changes || jsonb_build_object('department_head', jsonb_build_array(old.department_head, new.department_head));
  end if;
  if new.department_email is distinct from old.department_email then
    changes := changes || jsonb_build_object('department_email', jsonb_build_array(old.department_email, new.department_email));
  end if;
  if new.is_active is distinct from old.is_active then
    changes := changes || jsonb_build_object('is_active', jsonb_build_array(old.is_active, new.is_active));
  end if;
  if new.visibility is distinct from old.visibility then
    changes := changes || jsonb_build_object('visibility', jsonb_build_array(old.visibility, new.visibility));
  end if;
  if new.transfers_enabled is distinct from old.transfers_enabled then
    changes := changes || jsonb_build_object('transfers_enabled', jsonb_build_array(old.transfers_enabled, new.transfers_enabled));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('organisation', 'departments', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_designations() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'name', jsonb_build_array(null, new.name),
      'code', jsonb_build_array(null, new.code),
      'department_id', jsonb_build_array(null, new.department_id),
      'description', jsonb_build_array(null, new.description),
      'level', jsonb_build_array(null, new.level),
      'can_manage_team', jsonb_build_array(null, new.can_manage_team),
      'can_approve', jsonb_build_array(null, new.can_approve),
      'is_active', jsonb_build_array(null, new.is_active));
    perform khidma.write_audit('organisation', 'designations', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'name', jsonb_build_array(old.name, null),
      'code', jsonb_build_array(old.code, null),
      'department_id', jsonb_build_array(old.department_id, null),
      'description', jsonb_build_array(old.description, null),
      'level', jsonb_build_array(old.level, null),
      'can_manage_team', jsonb_build_array(old.can_manage_team, null),
      'can_approve', jsonb_build_array(old.can_approve, null),
      'is_active', jsonb_build_array(old.is_active, null));
    perform khidma.write_audit('organisation', 'designations', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.code is distinct from old.code then
    changes := changes || jsonb_build_object('code', jsonb_build_array(old.code, new.code));
  end if;
  if new.department_id is distinct from old.department_id then
    changes := changes || jsonb_build_object('department_id', jsonb_build_array(old.department_id, new.department_id));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.level is distinct from old.level then
    changes := changes || jsonb_build_object('level', jsonb_build_array(old.level, new.level));
  end if;
  if new.can_manage_team is distinct from old.can_manage_team then
    changes := changes || jsonb_build_object('can_manage_team', jsonb_build_array(old.can_manage_team, new.can_manage_team));
  end if;
  if new.can_approve is distinct from old.can_approve then
    changes := changes || jsonb_build_object('can_approve', jsonb_build_array(old.can_approve, new.can_approve));
  end if;
  if new.is_active is distinct from old.is_active then
    changes := changes || jsonb_build_object('is_active', jsonb_build_array(old.is_active, new.is_active));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('organisation', 'designations', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_employees() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'employee_code', jsonb_build_array(null, new.employee_code),
      'department_id', jsonb_build_array(null, new.department_id),
      'designation_id', jsonb_build_array(null, new.designation_id),
      'joining_date', jsonb_build_array(null, new.joining_date),
      'employment_status', jsonb_build_array(null, new.employment_status),
      'manager_employee_id', jsonb_build_array(null, new.manager_employee_id));
    perform khidma.write_audit('organisation', 'employees', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'employee_code', jsonb_build_array(old.employee_code, null),
      'department_id', jsonb_build_array(old.department_id, null),
      'designation_id', jsonb_build_array(old.designation_id, null),
      'joining_date', jsonb_build_array(old.joining_date, null),
      'employment_status', jsonb_build_array(old.employment_status, null),
      'manager_employee_id', jsonb_build_array(old.manager_employee_id, null));
    perform khidma.write_audit('organisation', 'employees', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.employee_code is distinct from old.employee_code then
    changes := changes || jsonb_build_object('employee_code', jsonb_build_array(old.employee_code, new.employee_code));
  end if;
  if new.department_id is distinct from old.department_id then
    changes := changes || jsonb_build_object('department_id', jsonb_build_array(old.department_id, new.department_id));
  end if;
  if new.designation_id is distinct from old.designation_id then
    changes := changes || jsonb_build_object('designation_id', jsonb_build_array(old.designation_id, new.designation_id));
  end if;
  if new.joining_date is distinct from old.joining_date then
    changes := changes || jsonb_build_object('joining_date', jsonb_build_array(old.joining_date, new.joining_date));
  end if;
  if new.employment_status is distinct from old.employment_status then
    changes := changes || jsonb_build_object('employment_status', jsonb_build_array(old.employment_status, new.employment_status));
  end if;
  if new.manager_employee_id is distinct from old.manager_employee_id then
    changes := changes || jsonb_build_object('manager_employee_id', jsonb_build_array(old.manager_employee_id, new.manager_employee_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('organisation', 'employees', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
