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
      'document_type', jsonb_build_array(null, new.document_type),
      'document_country', jsonb_build_array(null, new.document_country),
      'front_media_id', jsonb_build_array(null, new.front_media_id),
      'back_media_id', jsonb_build_array(null, new.back_media_id),
      'selfie_media_id', jsonb_build_array(null, new.selfie_media_id),
      'submitted_at', jsonb_build_array(null, new.submitted_at),
      'reviewed_at', jsonb_build_array(null, new.reviewed_at),
      'reviewed_by', jsonb_build_array(null, new.reviewed_by),
      'rejection_reason', jsonb_build_array(null, new.rejection_reason));
    perform khidma.write_audit('verification', 'user_verifications', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'phone_verified', jsonb_build_array(old.phone_verified, null),
      'verification_status', jsonb_build_array(old.verification_status, null),
      'verified_at', jsonb_build_array(old.verified_at, null),
      'document_type', jsonb_build_array(old.document_type, null),
      'document_country', jsonb_build_array(old.document_country, null),
      'front_media_id', jsonb_build_array(old.front_media_id, null),
      'back_media_id', jsonb_build_array(old.back_media_id, null),
      'selfie_media_id', jsonb_build_array(old.selfie_media_id, null),
      'submitted_at', jsonb_build_array(old.submitted_at, null),
      'reviewed_at', jsonb_build_array(old.reviewed_at, null),
      'reviewed_by', jsonb_build_array(old.reviewed_by, null),
      'rejection_reason', jsonb_build_array(old.rejection_reason, null));
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
  if new.document_type is distinct from old.document_type then
    changes := changes || jsonb_build_object('document_type', jsonb_build_array(old.document_type, new.document_type));
  end if;
  if new.document_country is distinct from old.document_country then
    changes := changes || jsonb_build_object('document_country', jsonb_build_array(old.document_country, new.document_country));
  end if;
  if new.front_media_id is distinct from old.front_media_id then
    changes := changes || jsonb_build_object('front_media_id', jsonb_build_array(old.front_media_id, new.front_media_id));
  end if;
  if new.back_media_id is distinct from old.back_media_id then
    changes := changes || jsonb_build_object('back_media_id', jsonb_build_array(old.back_media_id, new.back_media_id));
  end if;
  if new.selfie_media_id is distinct from old.selfie_media_id then
    changes := changes || jsonb_build_object('selfie_media_id', jsonb_build_array(old.selfie_media_id, new.selfie_media_id));
  end if;
  if new.submitted_at is distinct from old.submitted_at then
    changes := changes || jsonb_build_object('submitted_at', jsonb_build_array(old.submitted_at, new.submitted_at));
  end if;
  if new.reviewed_at is distinct from old.reviewed_at then
    changes := changes || jsonb_build_object('reviewed_at', jsonb_build_array(old.reviewed_at, new.reviewed_at));
  end if;
  if new.reviewed_by is distinct from old.reviewed_by then
    changes := changes || jsonb_build_object('reviewed_by', jsonb_build_array(old.reviewed_by, new.reviewed_by));
  end if;
  if new.rejection_reason is distinct from old.rejection_reason then
    changes := changes || jsonb_build_object('rejection_reason', jsonb_build_array(old.rejection_reason, new.rejection_reason));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('verification', 'user_verifications', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;
