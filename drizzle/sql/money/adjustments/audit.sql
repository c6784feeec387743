-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_adjustments() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'kind', jsonb_build_array(null, new.kind),
      'currency', jsonb_build_array(null, new.currency),
      'lines', jsonb_build_array(null, new.lines),
      'user_id', jsonb_build_array(null, new.user_id),
      'commission_amount', jsonb_build_array(null, new.commission_amount),
      'refund_amount', jsonb_build_array(null, new.refund_amount),
      'fee_amount', jsonb_build_array(null, new.fee_amount),
      'payout_attempt_id', jsonb_build_array(null, new.payout_attempt_id),
      'reason', jsonb_build_array(null, new.reason),
      'explains_document_id', jsonb_build_array(null, new.explains_document_id),
      'explained', jsonb_build_array(null, new.explained),
      'document_media_id', jsonb_build_array(null, new.document_media_id),
      'status', jsonb_build_array(null, new.status),
      'proposed_by', jsonb_build_array(null, new.proposed_by),
      'decided_by', jsonb_build_array(null, new.decided_by),
      'decision_note', jsonb_build_array(null, new.decision_note),
      'decided_at', jsonb_build_array(null, new.decided_at));
    perform khidma.write_audit('adjustments', 'adjustments', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'kind', jsonb_build_array(old.kind, null),
      'currency', jsonb_build_array(old.currency, null),
      'lines', jsonb_build_array(old.lines, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'commission_amount', jsonb_build_array(old.commission_amount, null),
      'refund_amount', jsonb_build_array(old.refund_amount, null),
      'fee_amount', jsonb_build_array(old.fee_amount, null),
      'payout_attempt_id', jsonb_build_array(old.payout_attempt_id, null),
      'reason', jsonb_build_array(old.reason, null),
      'explains_document_id', jsonb_build_array(old.explains_document_id, null),
      'explained', jsonb_build_array(old.explained, null),
      'document_media_id', jsonb_build_array(old.document_media_id, null),
      'status', jsonb_build_array(old.status, null),
      'proposed_by', jsonb_build_array(old.proposed_by, null),
      'decided_by', jsonb_build_array(old.decided_by, null),
      'decision_note', jsonb_build_array(old.decision_note, null),
      'decided_at', jsonb_build_array(old.decided_at, null));
    perform khidma.write_audit('adjustments', 'adjustments', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.lines is distinct from old.lines then
    changes := changes || jsonb_build_object('lines', jsonb_build_array(old.lines, new.lines));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.commission_amount is distinct from old.commission_amount then
    changes := changes || jsonb_build_object('commission_amount', jsonb_build_array(old.commission_amount, new.commission_amount));
  end if;
  if new.refund_amount is distinct from old.refund_amount then
    changes := changes || jsonb_build_object('refund_amount', jsonb_build_array(old.refund_amount, new.refund_amount));
  end if;
  if new.fee_amount is distinct from old.fee_amount then
    changes := changes || jsonb_build_object('fee_amount', jsonb_build_array(old.fee_amount, new.fee_amount));
  end if;
  if new.payout_attempt_id is distinct from old.payout_attempt_id then
    changes := changes || jsonb_build_object('payout_attempt_id', jsonb_build_array(old.payout_attempt_id, new.payout_attempt_id));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.explains_document_id is distinct from old.explains_document_id then
    changes := changes || jsonb_build_object('explains_document_id', jsonb_build_array(old.explains_document_id, new.explains_document_id));
  end if;
  if new.explained is distinct from old.explained then
    changes := changes || jsonb_build_object('explained', jsonb_build_array(old.explained, new.explained));
  end if;
  if new.document_media_id is distinct from old.document_media_id then
    changes := changes || jsonb_build_object('document_media_id', jsonb_build_array(old.document_media_id, new.document_media_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.proposed_by is distinct from old.proposed_by then
    changes := changes || jsonb_build_object('proposed_by', jsonb_build_array(old.proposed_by, new.proposed_by));
  end if;
  if new.decided_by is distinct from old.decided_by then
    changes := changes || jsonb_build_object('decided_by', jsonb_build_array(old.decided_by, new.decided_by));
  end if;
  if new.decision_note is distinct from old.decision_note then
    changes := changes || jsonb_build_object('decision_note', jsonb_build_array(old.decision_note, new.decision_note));
  end if;
  if new.decided_at is distinct from old.decided_at then
    changes := changes || jsonb_build_object('decided_at', jsonb_build_array(old.decided_at, new.decided_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('adjustments', 'adjustments', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
