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
      'policy_minimum_minutes', jsonb_build_array(null, new.policy_minimum_minutes),
      'agreed_minimum_minutes', jsonb_build_array(null, new.agreed_minimum_minutes),
      'agreed_maximum_amount', jsonb_build_array(null, new.agreed_maximum_amount),
      'commission_basis_points', jsonb_build_array(null, new.commission_basis_points),
      'commission_minimum', jsonb_build_array(null, new.commission_minimum),
      'commission_maximum', jsonb_build_array(null, new.commission_maximum),
      'fee_terms', jsonb_build_array(null, new.fee_terms),
      'scheduled_during', jsonb_build_array(null, new.scheduled_during),
      'confirmed_at', jsonb_build_array(null, new.confirmed_at),
      'started_at', jsonb_build_array(null, new.started_at),
      'completed_at', jsonb_build_array(null, new.completed_at),
      'cancel_reason', jsonb_build_array(null, new.cancel_reason),
      'no_show_by', jsonb_build_array(null, new.no_show_by),
      'cancellation_fee_amount', jsonb_build_array(null, new.cancellation_fee_amount),
      'cancellation_fee_payer', jsonb_build_array(null, new.cancellation_fee_payer),
      'fee_waived_at', jsonb_build_array(null, new.fee_waived_at),
      'fee_waived_by', jsonb_build_array(null, new.fee_waived_by),
      'fee_waive_reason', jsonb_build_array(null, new.fee_waive_reason));
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
      'policy_minimum_minutes', jsonb_build_array(old.policy_minimum_minutes, null),
      'agreed_minimum_minutes', jsonb_build_array(old.agreed_minimum_minutes, null),
      'agreed_maximum_amount', jsonb_build_array(old.agreed_maximum_amount, null),
      'commission_basis_points', jsonb_build_array(old.commission_basis_points, null),
      'commission_minimum', jsonb_build_array(old.commission_minimum, null),
      'commission_maximum', jsonb_build_array(old.commission_maximum, null),
      'fee_terms', jsonb_build_array(old.fee_terms, null),
      'scheduled_during', jsonb_build_array(old.scheduled_during, null),
      'confirmed_at', jsonb_build_array(old.confirmed_at, null),
      'started_at', jsonb_build_array(old.started_at, null),
      'completed_at', jsonb_build_array(old.completed_at, null),
      'cancel_reason', jsonb_build_array(old.cancel_reason, null),
      'no_show_by', jsonb_build_array(old.no_show_by, null),
      'cancellation_fee_amount', jsonb_build_array(old.cancellation_fee_amount, null),
      'cancellation_fee_payer', jsonb_build_array(old.cancellation_fee_payer, null),
      'fee_waived_at', jsonb_build_array(old.fee_waived_at, null),
      'fee_waived_by', jsonb_build_array(old.fee_waived_by, null),
      'fee_waive_reason', jsonb_build_array(old.fee_waive_reason, null));
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
  if new.policy_minimum_minutes is distinct from old.policy_minimum_minutes then
    changes := changes || jsonb_build_object('policy_minimum_minutes', jsonb_build_array(old.policy_minimum_minutes, new.policy_minimum_minutes));
  end if;
  if new.agreed_minimum_minutes is distinct from old.agreed_minimum_minutes then
    changes := changes || jsonb_build_object('agreed_minimum_minutes', jsonb_build_array(old.agreed_minimum_minutes, new.agreed_minimum_minutes));
  end if;
  if new.agreed_maximum_amount is distinct from old.agreed_maximum_amount then
    changes := changes || jsonb_build_object('agreed_maximum_amount', jsonb_build_array(old.agreed_maximum_amount, new.agreed_maximum_amount));
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
  if new.fee_terms is distinct from old.fee_terms then
    changes := changes || jsonb_build_object('fee_terms', jsonb_build_array(old.fee_terms, new.fee_terms));
  end if;
  if new.scheduled_during is distinct from old.scheduled_during then
    changes := changes || jsonb_build_object('scheduled_during', jsonb_build_array(old.scheduled_during, new.scheduled_during));
  end if;
  if new.confirmed_at is distinct from old.confirmed_at then
    changes := changes || jsonb_build_object('confirmed_at', jsonb_build_array(old.confirmed_at, new.confirmed_at));
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
  if new.no_show_by is distinct from old.no_show_by then
    changes := changes || jsonb_build_object('no_show_by', jsonb_build_array(old.no_show_by, new.no_show_by));
  end if;
  if new.cancellation_fee_amount is distinct from old.cancellation_fee_amount then
    changes := changes || jsonb_build_object('cancellation_fee_amount', jsonb_build_array(old.cancellation_fee_amount, new.cancellation_fee_amount));
  end if;
  if new.cancellation_fee_payer is distinct from old.cancellation_fee_payer then
    changes := changes || jsonb_build_object('cancellation_fee_payer', jsonb_build_array(old.cancellation_fee_payer, new.cancellation_fee_payer));
  end if;
  if new.fee_waived_at is distinct from old.fee_waived_at then
    changes := changes || jsonb_build_object('fee_waived_at', jsonb_build_array(old.fee_waived_at, new.fee_waived_at));
  end if;
  if new.fee_waived_by is distinct from old.fee_waived_by then
    changes := changes || jsonb_build_object('fee_waived_by', jsonb_build_array(old.fee_waived_by, new.fee_waived_by));
  end if;
  if new.fee_waive_reason is distinct from old.fee_waive_reason then
    changes := changes || jsonb_build_object('fee_waive_reason', jsonb_build_array(old.fee_waive_reason, new.fee_waive_reason));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('bookings', 'bookings', 'update', new.id::text, new.client_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_booking_changes() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'proposed_by', jsonb_build_array(null, new.proposed_by),
      'proposed_to', jsonb_build_array(null, new.proposed_to),
      'status', jsonb_build_array(null, new.status),
      'reason', jsonb_build_array(null, new.reason),
      'was_rate_amount', jsonb_build_array(null, new.was_rate_amount),
      'was_minutes', jsonb_build_array(null, new.was_minutes),
      'was_starts_at', jsonb_build_array(null, new.was_starts_at),
      'was_maximum_amount', jsonb_build_array(null, new.was_maximum_amount),
      'rate_amount', jsonb_build_array(null, new.rate_amount),
      'minutes', jsonb_build_array(null, new.minutes),
      'starts_at', jsonb_build_array(null, new.starts_at),
      'maximum_amount', jsonb_build_array(null, new.maximum_amount),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('bookings', 'booking_changes', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'proposed_by', jsonb_build_array(old.proposed_by, null),
      'proposed_to', jsonb_build_array(old.proposed_to, null),
      'status', jsonb_build_array(old.status, null),
      'reason', jsonb_build_array(old.reason, null),
      'was_rate_amount', jsonb_build_array(old.was_rate_amount, null),
      'was_minutes', jsonb_build_array(old.was_minutes, null),
      'was_starts_at', jsonb_build_array(old.was_starts_at, null),
      'was_maximum_amount', jsonb_build_array(old.was_maximum_amount, null),
      'rate_amount', jsonb_build_array(old.rate_amount, null),
      'minutes', jsonb_build_array(old.minutes, null),
      'starts_at', jsonb_build_array(old.starts_at, null),
      'maximum_amount', jsonb_build_array(old.maximum_amount, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('bookings', 'booking_changes', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.proposed_by is distinct from old.proposed_by then
    changes := changes || jsonb_build_object('proposed_by', jsonb_build_array(old.proposed_by, new.proposed_by));
  end if;
  if new.proposed_to is distinct from old.proposed_to then
    changes := changes || jsonb_build_object('proposed_to', jsonb_build_array(old.proposed_to, new.proposed_to));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.was_rate_amount is distinct from old.was_rate_amount then
    changes := changes || jsonb_build_object('was_rate_amount', jsonb_build_array(old.was_rate_amount, new.was_rate_amount));
  end if;
  if new.was_minutes is distinct from old.was_minutes then
    changes := changes || jsonb_build_object('was_minutes', jsonb_build_array(old.was_minutes, new.was_minutes));
  end if;
  if new.was_starts_at is distinct from old.was_starts_at then
    changes := changes || jsonb_build_object('was_starts_at', jsonb_build_array(old.was_starts_at, new.was_starts_at));
  end if;
  if new.was_maximum_amount is distinct from old.was_maximum_amount then
    changes := changes || jsonb_build_object('was_maximum_amount', jsonb_build_array(old.was_maximum_amount, new.was_maximum_amount));
  end if;
  if new.rate_amount is distinct from old.rate_amount then
    changes := changes || jsonb_build_object('rate_amount', jsonb_build_array(old.rate_amount, new.rate_amount));
  end if;
  if new.minutes is distinct from old.minutes then
    changes := changes || jsonb_build_object('minutes', jsonb_build_array(old.minutes, new.minutes));
  end if;
  if new.starts_at is distinct from old.starts_at then
    changes := changes || jsonb_build_object('starts_at', jsonb_build_array(old.starts_at, new.starts_at));
  end if;
  if new.maximum_amount is distinct from old.maximum_amount then
    changes := changes || jsonb_build_object('maximum_amount', jsonb_build_array(old.maximum_amount, new.maximum_amount));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('bookings', 'booking_changes', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
