-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_bookings() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'task_id', jsonb_build_array(null, new.task_id),
      'client_id', jsonb_build_array(null, new.client_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'status', jsonb_build_array(null, new.status),
      'agreed_rate_amount', jsonb_build_array(null, new.agreed_rate_amount),
      'agreed_rate_currency', jsonb_build_array(null, new.agreed_rate_currency),
      'agreed_minimum_minutes', jsonb_build_array(null, new.agreed_minimum_minutes),
      'commission_basis_points', jsonb_build_array(null, new.commission_basis_points),
      'commission_minimum', jsonb_build_array(null, new.commission_minimum),
      'commission_maximum', jsonb_build_array(null, new.commission_maximum),
      'scheduled_during', jsonb_build_array(null, new.scheduled_during),
      'started_at', jsonb_build_array(null, new.started_at),
      'completed_at', jsonb_build_array(null, new.completed_at),
      'cancel_reason', jsonb_build_array(null, new.cancel_reason));
    perform khidma.write_audit('bookings', 'bookings', 'insert', new.id::text, new.client_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'client_id', jsonb_build_array(old.client_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'status', jsonb_build_array(old.status, null),
      'agreed_rate_amount', jsonb_build_array(old.agreed_rate_amount, null),
      'agreed_rate_currency', jsonb_build_array(old.agreed_rate_currency, null),
      'agreed_minimum_minutes', jsonb_build_array(old.agreed_minimum_minutes, null),
      'commission_basis_points', jsonb_build_array(old.commission_basis_points, null),
      'commission_minimum', jsonb_build_array(old.commission_minimum, null),
      'commission_maximum', jsonb_build_array(old.commission_maximum, null),
      'scheduled_during', jsonb_build_array(old.scheduled_during, null),
      'started_at', jsonb_build_array(old.started_at, null),
      'completed_at', jsonb_build_array(old.completed_at, null),
      'cancel_reason', jsonb_build_array(old.cancel_reason, null));
    perform khidma.write_audit('bookings', 'bookings', 'delete', old.id::text, old.client_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.client_id is distinct from old.client_id then
    changes := changes || jsonb_build_object('client_id', jsonb_build_array(old.client_id, new.client_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.agreed_rate_amount is distinct from old.agreed_rate_amount then
    changes := changes || jsonb_build_object('agreed_rate_amount', jsonb_build_array(old.agreed_rate_amount, new.agreed_rate_amount));
  end if;
  if new.agreed_rate_currency is distinct from old.agreed_rate_currency then
    changes := changes || jsonb_build_object('agreed_rate_currency', jsonb_build_array(old.agreed_rate_currency, new.agreed_rate_currency));
  end if;
  if new.agreed_minimum_minutes is distinct from old.agreed_minimum_minutes then
    changes := changes || jsonb_build_object('agreed_minimum_minutes', jsonb_build_array(old.agreed_minimum_minutes, new.agreed_minimum_minutes));
  end if;
  if new.commission_basis_points is distinct from old.commission_basis_points then
    changes := changes || jsonb_build_object('commission_basis_points', jsonb_build_array(old.commission_basis_points, new.commission_basis_points));
  end if;
  if new.commission_minimum is distinct from old.commission_minimum then
    changes := changes || jsonb_build_object('commission_minimum', jsonb_build_array(old.commission_minimum, new.commission_minimum));
  end if;
  if new.commission_maximum is distinct from old.commission_maximum then
    changes := changes || jsonb_build_object('commission_maximum', jsonb_build_array(old.commission_maximum, new.commission_maximum));
  end if;
  if new.scheduled_during is distinct from old.scheduled_during then
    changes := changes || jsonb_build_object('scheduled_during', jsonb_build_array(old.scheduled_during, new.scheduled_during));
  end if;
  if new.started_at is distinct from old.started_at then
    changes := changes || jsonb_build_object('started_at', jsonb_build_array(old.started_at, new.started_at));
  end if;
  if new.completed_at is distinct from old.completed_at then
    changes := changes || jsonb_build_object('completed_at', jsonb_build_array(old.completed_at, new.completed_at));
  end if;
  if new.cancel_reason is distinct from old.cancel_reason then
    changes := changes || jsonb_build_object('cancel_reason', jsonb_build_array(old.cancel_reason, new.cancel_reason));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('bookings', 'bookings', 'update', new.id::text, new.client_id, changes);
  end if;
  return null;
end $$;
