-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_credit_grants() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'kind', jsonb_build_array(null, new.kind),
      'priority', jsonb_build_array(null, new.priority),
      'purpose', jsonb_build_array(null, new.purpose),
      'document_type', jsonb_build_array(null, new.document_type),
      'document_id', jsonb_build_array(null, new.document_id),
      'origin', jsonb_build_array(null, new.origin),
      'from_spend_id', jsonb_build_array(null, new.from_spend_id),
      'amount', jsonb_build_array(null, new.amount),
      'effective_at', jsonb_build_array(null, new.effective_at),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'revoked_at', jsonb_build_array(null, new.revoked_at),
      'reason', jsonb_build_array(null, new.reason),
      'granted_by', jsonb_build_array(null, new.granted_by));
    perform khidma.write_audit('credits', 'credit_grants', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'priority', jsonb_build_array(old.priority, null),
      'purpose', jsonb_build_array(old.purpose, null),
      'document_type', jsonb_build_array(old.document_type, null),
      'document_id', jsonb_build_array(old.document_id, null),
      'origin', jsonb_build_array(old.origin, null),
      'from_spend_id', jsonb_build_array(old.from_spend_id, null),
      'amount', jsonb_build_array(old.amount, null),
      'effective_at', jsonb_build_array(old.effective_at, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'revoked_at', jsonb_build_array(old.revoked_at, null),
      'reason', jsonb_build_array(old.reason, null),
      'granted_by', jsonb_build_array(old.granted_by, null));
    perform khidma.write_audit('credits', 'credit_grants', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.priority is distinct from old.priority then
    changes := changes || jsonb_build_object('priority', jsonb_build_array(old.priority, new.priority));
  end if;
  if new.purpose is distinct from old.purpose then
    changes := changes || jsonb_build_object('purpose', jsonb_build_array(old.purpose, new.purpose));
  end if;
  if new.document_type is distinct from old.document_type then
    changes := changes || jsonb_build_object('document_type', jsonb_build_array(old.document_type, new.document_type));
  end if;
  if new.document_id is distinct from old.document_id then
    changes := changes || jsonb_build_object('document_id', jsonb_build_array(old.document_id, new.document_id));
  end if;
  if new.origin is distinct from old.origin then
    changes := changes || jsonb_build_object('origin', jsonb_build_array(old.origin, new.origin));
  end if;
  if new.from_spend_id is distinct from old.from_spend_id then
    changes := changes || jsonb_build_object('from_spend_id', jsonb_build_array(old.from_spend_id, new.from_spend_id));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.effective_at is distinct from old.effective_at then
    changes := changes || jsonb_build_object('effective_at', jsonb_build_array(old.effective_at, new.effective_at));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.revoked_at is distinct from old.revoked_at then
    changes := changes || jsonb_build_object('revoked_at', jsonb_build_array(old.revoked_at, new.revoked_at));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.granted_by is distinct from old.granted_by then
    changes := changes || jsonb_build_object('granted_by', jsonb_build_array(old.granted_by, new.granted_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('credits', 'credit_grants', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
