-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_user_verifications() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'phone_verified', jsonb_build_array(null, new.phone_verified),
      'verification_status', jsonb_build_array(null, new.verification_status),
      'verified_at', jsonb_build_array(null, new.verified_at),
      'expires_at', jsonb_build_array(null, new.expires_at));
    perform khidma.write_audit('verification', 'user_verifications', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'phone_verified', jsonb_build_array(old.phone_verified, null),
      'verification_status', jsonb_build_array(old.verification_status, null),
      'verified_at', jsonb_build_array(old.verified_at, null),
      'expires_at', jsonb_build_array(old.expires_at, null));
    perform khidma.write_audit('verification', 'user_verifications', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.phone_verified is distinct from old.phone_verified then
    changes := changes || jsonb_build_object('phone_verified', jsonb_build_array(old.phone_verified, new.phone_verified));
  end if;
  if new.verification_status is distinct from old.verification_status then
    changes := changes || jsonb_build_object('verification_status', jsonb_build_array(old.verification_status, new.verification_status));
  end if;
  if new.verified_at is distinct from old.verified_at then
    changes := changes || jsonb_build_object('verified_at', jsonb_build_array(old.verified_at, new.verified_at));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('verification', 'user_verifications', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_verification_requests() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'subject_type', jsonb_build_array(null, new.subject_type),
      'subject_id', jsonb_build_array(null, new.subject_id),
      'verification_type', jsonb_build_array(null, new.verification_type),
      'document_type', jsonb_build_array(null, new.document_type),
      'document_country', jsonb_build_array(null, new.document_country),
      'status', jsonb_build_array(null, new.status),
      'submitted_at', jsonb_build_array(null, new.submitted_at),
      'first_approved_by', jsonb_build_array(null, new.first_approved_by),
      'first_approved_at', jsonb_build_array(null, new.first_approved_at),
      'reviewed_at', jsonb_build_array(null, new.reviewed_at),
      'reviewed_by', jsonb_build_array(null, new.reviewed_by),
      'remarks', jsonb_build_array(null, new.remarks),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'answer_until', jsonb_build_array(null, new.answer_until),
      'reminded_days', jsonb_build_array(null, new.reminded_days));
    perform khidma.write_audit('verification', 'verification_requests', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'subject_type', jsonb_build_array(old.subject_type, null),
      'subject_id', jsonb_build_array(old.subject_id, null),
      'verification_type', jsonb_build_array(old.verification_type, null),
      'document_type', jsonb_build_array(old.document_type, null),
      'document_country', jsonb_build_array(old.document_country, null),
      'status', jsonb_build_array(old.status, null),
      'submitted_at', jsonb_build_array(old.submitted_at, null),
      'first_approved_by', jsonb_build_array(old.first_approved_by, null),
      'first_approved_at', jsonb_build_array(old.first_approved_at, null),
      'reviewed_at', jsonb_build_array(old.reviewed_at, null),
      'reviewed_by', jsonb_build_array(old.reviewed_by, null),
      'remarks', jsonb_build_array(old.remarks, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'answer_until', jsonb_build_array(old.answer_until, null),
      'reminded_days', jsonb_build_array(old.reminded_days, null));
    perform khidma.write_audit('verification', 'verification_requests', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.subject_type is distinct from old.subject_type then
    changes := changes || jsonb_build_object('subject_type', jsonb_build_array(old.subject_type, new.subject_type));
  end if;
  if new.subject_id is distinct from old.subject_id then
    changes := changes || jsonb_build_object('subject_id', jsonb_build_array(old.subject_id, new.subject_id));
  end if;
  if new.verification_type is distinct from old.verification_type then
    changes := changes || jsonb_build_object('verification_type', jsonb_build_array(old.verification_type, new.verification_type));
  end if;
  if new.document_type is distinct from old.document_type then
    changes := changes || jsonb_build_object('document_type', jsonb_build_array(old.document_type, new.document_type));
  end if;
  if new.document_country is distinct from old.document_country then
    changes := changes || jsonb_build_object('document_country', jsonb_build_array(old.document_country, new.document_country));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.submitted_at is distinct from old.submitted_at then
    changes := changes || jsonb_build_object('submitted_at', jsonb_build_array(old.submitted_at, new.submitted_at));
  end if;
  if new.first_approved_by is distinct from old.first_approved_by then
    changes := changes || jsonb_build_object('first_approved_by', jsonb_build_array(old.first_approved_by, new.first_approved_by));
  end if;
  if new.first_approved_at is distinct from old.first_approved_at then
    changes := changes || jsonb_build_object('first_approved_at', jsonb_build_array(old.first_approved_at, new.first_approved_at));
  end if;
  if new.reviewed_at is distinct from old.reviewed_at then
    changes := changes || jsonb_build_object('reviewed_at', jsonb_build_array(old.reviewed_at, new.reviewed_at));
  end if;
  if new.reviewed_by is distinct from old.reviewed_by then
    changes := changes || jsonb_build_object('reviewed_by', jsonb_build_array(old.reviewed_by, new.reviewed_by));
  end if;
  if new.remarks is distinct from old.remarks then
    changes := changes || jsonb_build_object('remarks', jsonb_build_array(old.remarks, new.remarks));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.answer_until is distinct from old.answer_until then
    changes := changes || jsonb_build_object('answer_until', jsonb_build_array(old.answer_until, new.answer_until));
  end if;
  if new.reminded_days is distinct from old.reminded_days then
    changes := changes || jsonb_build_object('reminded_days', jsonb_build_array(old.reminded_days, new.reminded_days));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('verification', 'verification_requests', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_verification_documents() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'request_id', jsonb_build_array(null, new.request_id),
      'document_type', jsonb_build_array(null, new.document_type),
      'media_id', jsonb_build_array(null, new.media_id),
      'status', jsonb_build_array(null, new.status),
      'reviewed_at', jsonb_build_array(null, new.reviewed_at),
      'reviewed_by', jsonb_build_array(null, new.reviewed_by),
      'remarks', jsonb_build_array(null, new.remarks));
    perform khidma.write_audit('verification', 'verification_documents', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'request_id', jsonb_build_array(old.request_id, null),
      'document_type', jsonb_build_array(old.document_type, null),
      'media_id', jsonb_build_array(old.media_id, null),
      'status', jsonb_build_array(old.status, null),
      'reviewed_at', jsonb_build_array(old.reviewed_at, null),
      'reviewed_by', jsonb_build_array(old.reviewed_by, null),
      'remarks', jsonb_build_array(old.remarks, null));
    perform khidma.write_audit('verification', 'verification_documents', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.request_id is distinct from old.request_id then
    changes := changes || jsonb_build_object('request_id', jsonb_build_array(old.request_id, new.request_id));
  end if;
  if new.document_type is distinct from old.document_type then
    changes := changes || jsonb_build_object('document_type', jsonb_build_array(old.document_type, new.document_type));
  end if;
  if new.media_id is distinct from old.media_id then
    changes := changes || jsonb_build_object('media_id', jsonb_build_array(old.media_id, new.media_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.reviewed_at is distinct from old.reviewed_at then
    changes := changes || jsonb_build_object('reviewed_at', jsonb_build_array(old.reviewed_at, new.reviewed_at));
  end if;
  if new.reviewed_by is distinct from old.reviewed_by then
    changes := changes || jsonb_build_object('reviewed_by', jsonb_build_array(old.reviewed_by, new.reviewed_by));
  end if;
  if new.remarks is distinct from old.remarks then
    changes := changes || jsonb_build_object('remarks', jsonb_build_array(old.remarks, new.remarks));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('verification', 'verification_documents', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
