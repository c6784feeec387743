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
      'company_id', jsonb_build_array(null, new.company_id),
      'payout_to', jsonb_build_array(null, new.payout_to),
      'bid_id', jsonb_build_array(null, new.bid_id),
      'agreed_rate_amount', jsonb_build_array(null, new.agreed_rate_amount),
      'agreed_rate_currency', jsonb_build_array(null, new.agreed_rate_currency),
      'policy_minimum_minutes', jsonb_build_array(null, new.policy_minimum_minutes),
      'agreed_minimum_minutes', jsonb_build_array(null, new.agreed_minimum_minutes),
      'agreed_maximum_amount', jsonb_build_array(null, new.agreed_maximum_amount),
      'addons_amount', jsonb_build_array(null, new.addons_amount),
      'addons_minutes', jsonb_build_array(null, new.addons_minutes),
      'task_round', jsonb_build_array(null, new.task_round),
      'contract_amount', jsonb_build_array(null, new.contract_amount),
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
      'fee_waive_reason', jsonb_build_array(null, new.fee_waive_reason),
      'lapsed', jsonb_build_array(null, new.lapsed),
      'on_the_way_at', jsonb_build_array(null, new.on_the_way_at),
      'late_minutes', jsonb_build_array(null, new.late_minutes),
      'late_told_at', jsonb_build_array(null, new.late_told_at),
      'arrived_at', jsonb_build_array(null, new.arrived_at),
      'arrival_distance_m', jsonb_build_array(null, new.arrival_distance_m),
      'start_code_required', jsonb_build_array(null, new.start_code_required),
      'start_code_failures', jsonb_build_array(null, new.start_code_failures))
      || jsonb_build_object(
      'start_code_failed_at', jsonb_build_array(null, new.start_code_failed_at),
      'started_by_code', jsonb_build_array(null, new.started_by_code),
      'work_accepted_at', jsonb_build_array(null, new.work_accepted_at),
      'work_accepted_by', jsonb_build_array(null, new.work_accepted_by));
    perform khidma.write_audit('bookings', 'bookings', 'insert', new.id::text, new.client_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'client_id', jsonb_build_array(old.client_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'status', jsonb_build_array(old.status, null),
      'company_id', jsonb_build_array(old.company_id, null),
      'payout_to', jsonb_build_array(old.payout_to, null),
      'bid_id', jsonb_build_array(old.bid_id, null),
      'agreed_rate_amount', jsonb_build_array(old.agreed_rate_amount, null),
      'agreed_rate_currency', jsonb_build_array(old.agreed_rate_currency, null),
      'policy_minimum_minutes', jsonb_build_array(old.policy_minimum_minutes, null),
      'agreed_minimum_minutes', jsonb_build_array(old.agreed_minimum_minutes, null),
      'agreed_maximum_amount', jsonb_build_array(old.agreed_maximum_amount, null),
      'addons_amount', jsonb_build_array(old.addons_amount, null),
      'addons_minutes', jsonb_build_array(old.addons_minutes, null),
      'task_round', jsonb_build_array(old.task_round, null),
      'contract_amount', jsonb_build_array(old.contract_amount, null),
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
      'fee_waive_reason', jsonb_build_array(old.fee_waive_reason, null),
      'lapsed', jsonb_build_array(old.lapsed, null),
      'on_the_way_at', jsonb_build_array(old.on_the_way_at, null),
      'late_minutes', jsonb_build_array(old.late_minutes, null),
      'late_told_at', jsonb_build_array(old.late_told_at, null),
      'arrived_at', jsonb_build_array(old.arrived_at, null),
      'arrival_distance_m', jsonb_build_array(old.arrival_distance_m, null),
      'start_code_required', jsonb_build_array(old.start_code_required, null),
      'start_code_failures', jsonb_build_array(old.start_code_failures, null))
      || jsonb_build_object(
      'start_code_failed_at', jsonb_build_array(old.start_code_failed_at, null),
      'started_by_code', jsonb_build_array(old.started_by_code, null),
      'work_accepted_at', jsonb_build_array(old.work_accepted_at, null),
      'work_accepted_by', jsonb_build_array(old.work_accepted_by, null));
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
  if new.company_id is distinct from old.company_id then
    changes := changes || jsonb_build_object('company_id', jsonb_build_array(old.company_id, new.company_id));
  end if;
  if new.payout_to is distinct from old.payout_to then
    changes := changes || jsonb_build_object('payout_to', jsonb_build_array(old.payout_to, new.payout_to));
  end if;
  if new.bid_id is distinct from old.bid_id then
    changes := changes || jsonb_build_object('bid_id', jsonb_build_array(old.bid_id, new.bid_id));
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
  if new.addons_amount is distinct from old.addons_amount then
    changes := changes || jsonb_build_object('addons_amount', jsonb_build_array(old.addons_amount, new.addons_amount));
  end if;
  if new.addons_minutes is distinct from old.addons_minutes then
    changes := changes || jsonb_build_object('addons_minutes', jsonb_build_array(old.addons_minutes, new.addons_minutes));
  end if;
  if new.task_round is distinct from old.task_round then
    changes := changes || jsonb_build_object('task_round', jsonb_build_array(old.task_round, new.task_round));
  end if;
  if new.contract_amount is distinct from old.contract_amount then
    changes := changes || jsonb_build_object('contract_amount', jsonb_build_array(old.contract_amount, new.contract_amount));
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
  if new.lapsed is distinct from old.lapsed then
    changes := changes || jsonb_build_object('lapsed', jsonb_build_array(old.lapsed, new.lapsed));
  end if;
  if new.on_the_way_at is distinct from old.on_the_way_at then
    changes := changes || jsonb_build_object('on_the_way_at', jsonb_build_array(old.on_the_way_at, new.on_the_way_at));
  end if;
  if new.late_minutes is distinct from old.late_minutes then
    changes := changes || jsonb_build_object('late_minutes', jsonb_build_array(old.late_minutes, new.late_minutes));
  end if;
  if new.late_told_at is distinct from old.late_told_at then
    changes := changes || jsonb_build_object('late_told_at', jsonb_build_array(old.late_told_at, new.late_told_at));
  end if;
  if new.arrived_at is distinct from old.arrived_at then
    changes := changes || jsonb_build_object('arrived_at', jsonb_build_array(old.arrived_at, new.arrived_at));
  end if;
  if new.arrival_distance_m is distinct from old.arrival_distance_m then
    changes := changes || jsonb_build_object('arrival_distance_m', jsonb_build_array(old.arrival_distance_m, new.arrival_distance_m));
  end if;
  if new.start_code_required is distinct from old.start_code_required then
    changes := changes || jsonb_build_object('start_code_required', jsonb_build_array(old.start_code_required, new.start_code_required));
  end if;
  if new.start_code_failures is distinct from old.start_code_failures then
    changes := changes || jsonb_build_object('start_code_failures', jsonb_build_array(old.start_code_failures, new.start_code_failures));
  end if;
  if new.start_code_failed_at is distinct from old.start_code_failed_at then
    changes := changes || jsonb_build_object('start_code_failed_at', jsonb_build_array(old.start_code_failed_at, new.start_code_failed_at));
  end if;
  if new.started_by_code is distinct from old.started_by_code then
    changes := changes || jsonb_build_object('started_by_code', jsonb_build_array(old.started_by_code, new.started_by_code));
  end if;
  if new.work_accepted_at is distinct from old.work_accepted_at then
    changes := changes || jsonb_build_object('work_accepted_at', jsonb_build_array(old.work_accepted_at, new.work_accepted_at));
  end if;
  if new.work_accepted_by is distinct from old.work_accepted_by then
    changes := changes || jsonb_build_object('work_accepted_by', jsonb_build_array(old.work_accepted_by, new.work_accepted_by));
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

create or replace function khidma.audit_booking_notes() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'author_id', jsonb_build_array(null, new.author_id));
    perform khidma.write_audit('bookings', 'booking_notes', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'author_id', jsonb_build_array(old.author_id, null));
    perform khidma.write_audit('bookings', 'booking_notes', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.author_id is distinct from old.author_id then
    changes := changes || jsonb_build_object('author_id', jsonb_build_array(old.author_id, new.author_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('bookings', 'booking_notes', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_booking_proofs() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'added_by', jsonb_build_array(null, new.added_by),
      'kind', jsonb_build_array(null, new.kind),
      'media_id', jsonb_build_array(null, new.media_id));
    perform khidma.write_audit('bookings', 'booking_proofs', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'added_by', jsonb_build_array(old.added_by, null),
      'kind', jsonb_build_array(old.kind, null),
      'media_id', jsonb_build_array(old.media_id, null));
    perform khidma.write_audit('bookings', 'booking_proofs', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.added_by is distinct from old.added_by then
    changes := changes || jsonb_build_object('added_by', jsonb_build_array(old.added_by, new.added_by));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.media_id is distinct from old.media_id then
    changes := changes || jsonb_build_object('media_id', jsonb_build_array(old.media_id, new.media_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('bookings', 'booking_proofs', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
