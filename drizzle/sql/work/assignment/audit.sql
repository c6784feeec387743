-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_assignments() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'task_id', jsonb_build_array(null, new.task_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'assigned_by', jsonb_build_array(null, new.assigned_by),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'mode', jsonb_build_array(null, new.mode),
      'status', jsonb_build_array(null, new.status),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'ended_at', jsonb_build_array(null, new.ended_at),
      'replaces_id', jsonb_build_array(null, new.replaces_id),
      'undoes_id', jsonb_build_array(null, new.undoes_id),
      'booking_was', jsonb_build_array(null, new.booking_was));
    perform khidma.write_audit('assignment', 'assignments', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'assigned_by', jsonb_build_array(old.assigned_by, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'mode', jsonb_build_array(old.mode, null),
      'status', jsonb_build_array(old.status, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null),
      'replaces_id', jsonb_build_array(old.replaces_id, null),
      'undoes_id', jsonb_build_array(old.undoes_id, null),
      'booking_was', jsonb_build_array(old.booking_was, null));
    perform khidma.write_audit('assignment', 'assignments', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.assigned_by is distinct from old.assigned_by then
    changes := changes || jsonb_build_object('assigned_by', jsonb_build_array(old.assigned_by, new.assigned_by));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.mode is distinct from old.mode then
    changes := changes || jsonb_build_object('mode', jsonb_build_array(old.mode, new.mode));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if new.replaces_id is distinct from old.replaces_id then
    changes := changes || jsonb_build_object('replaces_id', jsonb_build_array(old.replaces_id, new.replaces_id));
  end if;
  if new.undoes_id is distinct from old.undoes_id then
    changes := changes || jsonb_build_object('undoes_id', jsonb_build_array(old.undoes_id, new.undoes_id));
  end if;
  if new.booking_was is distinct from old.booking_was then
    changes := changes || jsonb_build_object('booking_was', jsonb_build_array(old.booking_was, new.booking_was));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('assignment', 'assignments', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_task_estimates() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'task_id', jsonb_build_array(null, new.task_id),
      'set_by', jsonb_build_array(null, new.set_by),
      'was_min_amount', jsonb_build_array(null, new.was_min_amount),
      'was_max_amount', jsonb_build_array(null, new.was_max_amount),
      'min_amount', jsonb_build_array(null, new.min_amount),
      'max_amount', jsonb_build_array(null, new.max_amount));
    perform khidma.write_audit('assignment', 'task_estimates', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'set_by', jsonb_build_array(old.set_by, null),
      'was_min_amount', jsonb_build_array(old.was_min_amount, null),
      'was_max_amount', jsonb_build_array(old.was_max_amount, null),
      'min_amount', jsonb_build_array(old.min_amount, null),
      'max_amount', jsonb_build_array(old.max_amount, null));
    perform khidma.write_audit('assignment', 'task_estimates', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.set_by is distinct from old.set_by then
    changes := changes || jsonb_build_object('set_by', jsonb_build_array(old.set_by, new.set_by));
  end if;
  if new.was_min_amount is distinct from old.was_min_amount then
    changes := changes || jsonb_build_object('was_min_amount', jsonb_build_array(old.was_min_amount, new.was_min_amount));
  end if;
  if new.was_max_amount is distinct from old.was_max_amount then
    changes := changes || jsonb_build_object('was_max_amount', jsonb_build_array(old.was_max_amount, new.was_max_amount));
  end if;
  if new.min_amount is distinct from old.min_amount then
    changes := changes || jsonb_build_object('min_amount', jsonb_build_array(old.min_amount, new.min_amount));
  end if;
  if new.max_amount is distinct from old.max_amount then
    changes := changes || jsonb_build_object('max_amount', jsonb_build_array(old.max_amount, new.max_amount));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('assignment', 'task_estimates', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_dispatch_views() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'owner_id', jsonb_build_array(null, new.owner_id),
      'name', jsonb_build_array(null, new.name),
      'filters', jsonb_build_array(null, new.filters),
      'is_shared', jsonb_build_array(null, new.is_shared));
    perform khidma.write_audit('assignment', 'dispatch_views', 'insert', new.id::text, new.owner_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'owner_id', jsonb_build_array(old.owner_id, null),
      'name', jsonb_build_array(old.name, null),
      'filters', jsonb_build_array(old.filters, null),
      'is_shared', jsonb_build_array(old.is_shared, null));
    perform khidma.write_audit('assignment', 'dispatch_views', 'delete', old.id::text, old.owner_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.owner_id is distinct from old.owner_id then
    changes := changes || jsonb_build_object('owner_id', jsonb_build_array(old.owner_id, new.owner_id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.filters is distinct from old.filters then
    changes := changes || jsonb_build_object('filters', jsonb_build_array(old.filters, new.filters));
  end if;
  if new.is_shared is distinct from old.is_shared then
    changes := changes || jsonb_build_object('is_shared', jsonb_build_array(old.is_shared, new.is_shared));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('assignment', 'dispatch_views', 'update', new.id::text, new.owner_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_company_handovers() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'company_id', jsonb_build_array(null, new.company_id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'given_by', jsonb_build_array(null, new.given_by));
    perform khidma.write_audit('assignment', 'company_handovers', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'company_id', jsonb_build_array(old.company_id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'given_by', jsonb_build_array(old.given_by, null));
    perform khidma.write_audit('assignment', 'company_handovers', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.company_id is distinct from old.company_id then
    changes := changes || jsonb_build_object('company_id', jsonb_build_array(old.company_id, new.company_id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.given_by is distinct from old.given_by then
    changes := changes || jsonb_build_object('given_by', jsonb_build_array(old.given_by, new.given_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('assignment', 'company_handovers', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;
