-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_chargebacks() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'intent_id', jsonb_build_array(null, new.intent_id),
      'transaction_id', jsonb_build_array(null, new.transaction_id),
      'gateway', jsonb_build_array(null, new.gateway),
      'config_id', jsonb_build_array(null, new.config_id),
      'gateway_reference', jsonb_build_array(null, new.gateway_reference),
      'amount', jsonb_build_array(null, new.amount),
      'currency', jsonb_build_array(null, new.currency),
      'reason', jsonb_build_array(null, new.reason),
      'raw_status', jsonb_build_array(null, new.raw_status),
      'status', jsonb_build_array(null, new.status),
      'responsible', jsonb_build_array(null, new.responsible),
      'evidence_due_at', jsonb_build_array(null, new.evidence_due_at),
      'evidence_by', jsonb_build_array(null, new.evidence_by),
      'evidence_submitted_at', jsonb_build_array(null, new.evidence_submitted_at),
      'evidence_failure', jsonb_build_array(null, new.evidence_failure),
      'reminded_at', jsonb_build_array(null, new.reminded_at),
      'next_check_at', jsonb_build_array(null, new.next_check_at),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('chargebacks', 'chargebacks', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'intent_id', jsonb_build_array(old.intent_id, null),
      'transaction_id', jsonb_build_array(old.transaction_id, null),
      'gateway', jsonb_build_array(old.gateway, null),
      'config_id', jsonb_build_array(old.config_id, null),
      'gateway_reference', jsonb_build_array(old.gateway_reference, null),
      'amount', jsonb_build_array(old.amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'reason', jsonb_build_array(old.reason, null),
      'raw_status', jsonb_build_array(old.raw_status, null),
      'status', jsonb_build_array(old.status, null),
      'responsible', jsonb_build_array(old.responsible, null),
      'evidence_due_at', jsonb_build_array(old.evidence_due_at, null),
      'evidence_by', jsonb_build_array(old.evidence_by, null),
      'evidence_submitted_at', jsonb_build_array(old.evidence_submitted_at, null),
      'evidence_failure', jsonb_build_array(old.evidence_failure, null),
      'reminded_at', jsonb_build_array(old.reminded_at, null),
      'next_check_at', jsonb_build_array(old.next_check_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('chargebacks', 'chargebacks', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.intent_id is distinct from old.intent_id then
    changes := changes || jsonb_build_object('intent_id', jsonb_build_array(old.intent_id, new.intent_id));
  end if;
  if new.transaction_id is distinct from old.transaction_id then
    changes := changes || jsonb_build_object('transaction_id', jsonb_build_array(old.transaction_id, new.transaction_id));
  end if;
  if new.gateway is distinct from old.gateway then
    changes := changes || jsonb_build_object('gateway', jsonb_build_array(old.gateway, new.gateway));
  end if;
  if new.config_id is distinct from old.config_id then
    changes := changes || jsonb_build_object('config_id', jsonb_build_array(old.config_id, new.config_id));
  end if;
  if new.gateway_reference is distinct from old.gateway_reference then
    changes := changes || jsonb_build_object('gateway_reference', jsonb_build_array(old.gateway_reference, new.gateway_reference));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.raw_status is distinct from old.raw_status then
    changes := changes || jsonb_build_object('raw_status', jsonb_build_array(old.raw_status, new.raw_status));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.responsible is distinct from old.responsible then
    changes := changes || jsonb_build_object('responsible', jsonb_build_array(old.responsible, new.responsible));
  end if;
  if new.evidence_due_at is distinct from old.evidence_due_at then
    changes := changes || jsonb_build_object('evidence_due_at', jsonb_build_array(old.evidence_due_at, new.evidence_due_at));
  end if;
  if new.evidence_by is distinct from old.evidence_by then
    changes := changes || jsonb_build_object('evidence_by', jsonb_build_array(old.evidence_by, new.evidence_by));
  end if;
  if new.evidence_submitted_at is distinct from old.evidence_submitted_at then
    changes := changes || jsonb_build_object('evidence_submitted_at', jsonb_build_array(old.evidence_submitted_at, new.evidence_submitted_at));
  end if;
  if new.evidence_failure is distinct from old.evidence_failure then
    changes := changes || jsonb_build_object('evidence_failure', jsonb_build_array(old.evidence_failure, new.evidence_failure));
  end if;
  if new.reminded_at is distinct from old.reminded_at then
    changes := changes || jsonb_build_object('reminded_at', jsonb_build_array(old.reminded_at, new.reminded_at));
  end if;
  if new.next_check_at is distinct from old.next_check_at then
    changes := changes || jsonb_build_object('next_check_at', jsonb_build_array(old.next_check_at, new.next_check_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('chargebacks', 'chargebacks', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
