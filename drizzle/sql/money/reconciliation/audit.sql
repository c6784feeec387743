-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_reconciliations() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'gateway', jsonb_build_array(null, new.gateway),
      'config_id', jsonb_build_array(null, new.config_id),
      'day', jsonb_build_array(null, new.day),
      'status', jsonb_build_array(null, new.status),
      'matched', jsonb_build_array(null, new.matched),
      'fees_booked', jsonb_build_array(null, new.fees_booked),
      'missing_here', jsonb_build_array(null, new.missing_here),
      'missing_there', jsonb_build_array(null, new.missing_there),
      'amount_differs', jsonb_build_array(null, new.amount_differs),
      'unexplained', jsonb_build_array(null, new.unexplained),
      'sums', jsonb_build_array(null, new.sums),
      'failure', jsonb_build_array(null, new.failure),
      'requested_by', jsonb_build_array(null, new.requested_by),
      'started_at', jsonb_build_array(null, new.started_at),
      'finished_at', jsonb_build_array(null, new.finished_at));
    perform khidma.write_audit('reconciliation', 'reconciliations', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'gateway', jsonb_build_array(old.gateway, null),
      'config_id', jsonb_build_array(old.config_id, null),
      'day', jsonb_build_array(old.day, null),
      'status', jsonb_build_array(old.status, null),
      'matched', jsonb_build_array(old.matched, null),
      'fees_booked', jsonb_build_array(old.fees_booked, null),
      'missing_here', jsonb_build_array(old.missing_here, null),
      'missing_there', jsonb_build_array(old.missing_there, null),
      'amount_differs', jsonb_build_array(old.amount_differs, null),
      'unexplained', jsonb_build_array(old.unexplained, null),
      'sums', jsonb_build_array(old.sums, null),
      'failure', jsonb_build_array(old.failure, null),
      'requested_by', jsonb_build_array(old.requested_by, null),
      'started_at', jsonb_build_array(old.started_at, null),
      'finished_at', jsonb_build_array(old.finished_at, null));
    perform khidma.write_audit('reconciliation', 'reconciliations', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.gateway is distinct from old.gateway then
    changes := changes || jsonb_build_object('gateway', jsonb_build_array(old.gateway, new.gateway));
  end if;
  if new.config_id is distinct from old.config_id then
    changes := changes || jsonb_build_object('config_id', jsonb_build_array(old.config_id, new.config_id));
  end if;
  if new.day is distinct from old.day then
    changes := changes || jsonb_build_object('day', jsonb_build_array(old.day, new.day));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.matched is distinct from old.matched then
    changes := changes || jsonb_build_object('matched', jsonb_build_array(old.matched, new.matched));
  end if;
  if new.fees_booked is distinct from old.fees_booked then
    changes := changes || jsonb_build_object('fees_booked', jsonb_build_array(old.fees_booked, new.fees_booked));
  end if;
  if new.missing_here is distinct from old.missing_here then
    changes := changes || jsonb_build_object('missing_here', jsonb_build_array(old.missing_here, new.missing_here));
  end if;
  if new.missing_there is distinct from old.missing_there then
    changes := changes || jsonb_build_object('missing_there', jsonb_build_array(old.missing_there, new.missing_there));
  end if;
  if new.amount_differs is distinct from old.amount_differs then
    changes := changes || jsonb_build_object('amount_differs', jsonb_build_array(old.amount_differs, new.amount_differs));
  end if;
  if new.unexplained is distinct from old.unexplained then
    changes := changes || jsonb_build_object('unexplained', jsonb_build_array(old.unexplained, new.unexplained));
  end if;
  if new.sums is distinct from old.sums then
    changes := changes || jsonb_build_object('sums', jsonb_build_array(old.sums, new.sums));
  end if;
  if new.failure is distinct from old.failure then
    changes := changes || jsonb_build_object('failure', jsonb_build_array(old.failure, new.failure));
  end if;
  if new.requested_by is distinct from old.requested_by then
    changes := changes || jsonb_build_object('requested_by', jsonb_build_array(old.requested_by, new.requested_by));
  end if;
  if new.started_at is distinct from old.started_at then
    changes := changes || jsonb_build_object('started_at', jsonb_build_array(old.started_at, new.started_at));
  end if;
  if new.finished_at is distinct from old.finished_at then
    changes := changes || jsonb_build_object('finished_at', jsonb_build_array(old.finished_at, new.finished_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reconciliation', 'reconciliations', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_reconciliation_items() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'reconciliation_id', jsonb_build_array(null, new.reconciliation_id),
      'outcome', jsonb_build_array(null, new.outcome),
      'kind', jsonb_build_array(null, new.kind),
      'gateway_reference', jsonb_build_array(null, new.gateway_reference),
      'reference', jsonb_build_array(null, new.reference),
      'currency', jsonb_build_array(null, new.currency),
      'amount_there', jsonb_build_array(null, new.amount_there),
      'amount_here', jsonb_build_array(null, new.amount_here),
      'fee', jsonb_build_array(null, new.fee),
      'document_type', jsonb_build_array(null, new.document_type),
      'document_id', jsonb_build_array(null, new.document_id),
      'occurred_at', jsonb_build_array(null, new.occurred_at),
      'resolved_at', jsonb_build_array(null, new.resolved_at),
      'resolved_by', jsonb_build_array(null, new.resolved_by));
    perform khidma.write_audit('reconciliation', 'reconciliation_items', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'reconciliation_id', jsonb_build_array(old.reconciliation_id, null),
      'outcome', jsonb_build_array(old.outcome, null),
      'kind', jsonb_build_array(old.kind, null),
      'gateway_reference', jsonb_build_array(old.gateway_reference, null),
      'reference', jsonb_build_array(old.reference, null),
      'currency', jsonb_build_array(old.currency, null),
      'amount_there', jsonb_build_array(old.amount_there, null),
      'amount_here', jsonb_build_array(old.amount_here, null),
      'fee', jsonb_build_array(old.fee, null),
      'document_type', jsonb_build_array(old.document_type, null),
      'document_id', jsonb_build_array(old.document_id, null),
      'occurred_at', jsonb_build_array(old.occurred_at, null),
      'resolved_at', jsonb_build_array(old.resolved_at, null),
      'resolved_by', jsonb_build_array(old.resolved_by, null));
    perform khidma.write_audit('reconciliation', 'reconciliation_items', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.reconciliation_id is distinct from old.reconciliation_id then
    changes := changes || jsonb_build_object('reconciliation_id', jsonb_build_array(old.reconciliation_id, new.reconciliation_id));
  end if;
  if new.outcome is distinct from old.outcome then
    changes := changes || jsonb_build_object('outcome', jsonb_build_array(old.outcome, new.outcome));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.gateway_reference is distinct from old.gateway_reference then
    changes := changes || jsonb_build_object('gateway_reference', jsonb_build_array(old.gateway_reference, new.gateway_reference));
  end if;
  if new.reference is distinct from old.reference then
    changes := changes || jsonb_build_object('reference', jsonb_build_array(old.reference, new.reference));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.amount_there is distinct from old.amount_there then
    changes := changes || jsonb_build_object('amount_there', jsonb_build_array(old.amount_there, new.amount_there));
  end if;
  if new.amount_here is distinct from old.amount_here then
    changes := changes || jsonb_build_object('amount_here', jsonb_build_array(old.amount_here, new.amount_here));
  end if;
  if new.fee is distinct from old.fee then
    changes := changes || jsonb_build_object('fee', jsonb_build_array(old.fee, new.fee));
  end if;
  if new.document_type is distinct from old.document_type then
    changes := changes || jsonb_build_object('document_type', jsonb_build_array(old.document_type, new.document_type));
  end if;
  if new.document_id is distinct from old.document_id then
    changes := changes || jsonb_build_object('document_id', jsonb_build_array(old.document_id, new.document_id));
  end if;
  if new.occurred_at is distinct from old.occurred_at then
    changes := changes || jsonb_build_object('occurred_at', jsonb_build_array(old.occurred_at, new.occurred_at));
  end if;
  if new.resolved_at is distinct from old.resolved_at then
    changes := changes || jsonb_build_object('resolved_at', jsonb_build_array(old.resolved_at, new.resolved_at));
  end if;
  if new.resolved_by is distinct from old.resolved_by then
    changes := changes || jsonb_build_object('resolved_by', jsonb_build_array(old.resolved_by, new.resolved_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reconciliation', 'reconciliation_items', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
