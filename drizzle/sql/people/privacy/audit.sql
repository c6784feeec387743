-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_export_requests() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'status', jsonb_build_array(null, new.status),
      'file_size', jsonb_build_array(null, new.file_size),
      'row_count', jsonb_build_array(null, new.row_count),
      'completed_at', jsonb_build_array(null, new.completed_at),
      'expires_at', jsonb_build_array(null, new.expires_at));
    perform khidma.write_audit('privacy', 'export_requests', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'status', jsonb_build_array(old.status, null),
      'file_size', jsonb_build_array(old.file_size, null),
      'row_count', jsonb_build_array(old.row_count, null),
      'completed_at', jsonb_build_array(old.completed_at, null),
      'expires_at', jsonb_build_array(old.expires_at, null));
    perform khidma.write_audit('privacy', 'export_requests', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.file_size is distinct from old.file_size then
    changes := changes || jsonb_build_object('file_size', jsonb_build_array(old.file_size, new.file_size));
  end if;
  if new.row_count is distinct from old.row_count then
    changes := changes || jsonb_build_object('row_count', jsonb_build_array(old.row_count, new.row_count));
  end if;
  if new.completed_at is distinct from old.completed_at then
    changes := changes || jsonb_build_object('completed_at', jsonb_build_array(old.completed_at, new.completed_at));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('privacy', 'export_requests', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_erasure_requests() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'status', jsonb_build_array(null, new.status),
      'scheduled_for', jsonb_build_array(null, new.scheduled_for),
      'balance', jsonb_build_array(null, new.balance),
      'obstacles', jsonb_build_array(null, new.obstacles),
      'pass', jsonb_build_array(null, new.pass),
      'canceled_at', jsonb_build_array(null, new.canceled_at),
      'started_at', jsonb_build_array(null, new.started_at),
      'wiped_at', jsonb_build_array(null, new.wiped_at),
      'completed_at', jsonb_build_array(null, new.completed_at));
    perform khidma.write_audit('privacy', 'erasure_requests', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'status', jsonb_build_array(old.status, null),
      'scheduled_for', jsonb_build_array(old.scheduled_for, null),
      'balance', jsonb_build_array(old.balance, null),
      'obstacles', jsonb_build_array(old.obstacles, null),
      'pass', jsonb_build_array(old.pass, null),
      'canceled_at', jsonb_build_array(old.canceled_at, null),
      'started_at', jsonb_build_array(old.started_at, null),
      'wiped_at', jsonb_build_array(old.wiped_at, null),
      'completed_at', jsonb_build_array(old.completed_at, null));
    perform khidma.write_audit('privacy', 'erasure_requests', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.scheduled_for is distinct from old.scheduled_for then
    changes := changes || jsonb_build_object('scheduled_for', jsonb_build_array(old.scheduled_for, new.scheduled_for));
  end if;
  if new.balance is distinct from old.balance then
    changes := changes || jsonb_build_object('balance', jsonb_build_array(old.balance, new.balance));
  end if;
  if new.obstacles is distinct from old.obstacles then
    changes := changes || jsonb_build_object('obstacles', jsonb_build_array(old.obstacles, new.obstacles));
  end if;
  if new.pass is distinct from old.pass then
    changes := changes || jsonb_build_object('pass', jsonb_build_array(old.pass, new.pass));
  end if;
  if new.canceled_at is distinct from old.canceled_at then
    changes := changes || jsonb_build_object('canceled_at', jsonb_build_array(old.canceled_at, new.canceled_at));
  end if;
  if new.started_at is distinct from old.started_at then
    changes := changes || jsonb_build_object('started_at', jsonb_build_array(old.started_at, new.started_at));
  end if;
  if new.wiped_at is distinct from old.wiped_at then
    changes := changes || jsonb_build_object('wiped_at', jsonb_build_array(old.wiped_at, new.wiped_at));
  end if;
  if new.completed_at is distinct from old.completed_at then
    changes := changes || jsonb_build_object('completed_at', jsonb_build_array(old.completed_at, new.completed_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('privacy', 'erasure_requests', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_consent_documents() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'kind', jsonb_build_array(null, new.kind),
      'document_version', jsonb_build_array(null, new.document_version),
      'url', jsonb_build_array(null, new.url),
      'is_required', jsonb_build_array(null, new.is_required),
      'published_at', jsonb_build_array(null, new.published_at));
    perform khidma.write_audit('privacy', 'consent_documents', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'kind', jsonb_build_array(old.kind, null),
      'document_version', jsonb_build_array(old.document_version, null),
      'url', jsonb_build_array(old.url, null),
      'is_required', jsonb_build_array(old.is_required, null),
      'published_at', jsonb_build_array(old.published_at, null));
    perform khidma.write_audit('privacy', 'consent_documents', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.document_version is distinct from old.document_version then
    changes := changes || jsonb_build_object('document_version', jsonb_build_array(old.document_version, new.document_version));
  end if;
  if new.url is distinct from old.url then
    changes := changes || jsonb_build_object('url', jsonb_build_array(old.url, new.url));
  end if;
  if new.is_required is distinct from old.is_required then
    changes := changes || jsonb_build_object('is_required', jsonb_build_array(old.is_required, new.is_required));
  end if;
  if new.published_at is distinct from old.published_at then
    changes := changes || jsonb_build_object('published_at', jsonb_build_array(old.published_at, new.published_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('privacy', 'consent_documents', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_consents() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'document_id', jsonb_build_array(null, new.document_id),
      'granted_at', jsonb_build_array(null, new.granted_at),
      'withdrawn_at', jsonb_build_array(null, new.withdrawn_at));
    perform khidma.write_audit('privacy', 'consents', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'document_id', jsonb_build_array(old.document_id, null),
      'granted_at', jsonb_build_array(old.granted_at, null),
      'withdrawn_at', jsonb_build_array(old.withdrawn_at, null));
    perform khidma.write_audit('privacy', 'consents', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.document_id is distinct from old.document_id then
    changes := changes || jsonb_build_object('document_id', jsonb_build_array(old.document_id, new.document_id));
  end if;
  if new.granted_at is distinct from old.granted_at then
    changes := changes || jsonb_build_object('granted_at', jsonb_build_array(old.granted_at, new.granted_at));
  end if;
  if new.withdrawn_at is distinct from old.withdrawn_at then
    changes := changes || jsonb_build_object('withdrawn_at', jsonb_build_array(old.withdrawn_at, new.withdrawn_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('privacy', 'consents', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_legal_holds() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'reason', jsonb_build_array(null, new.reason),
      'placed_by', jsonb_build_array(null, new.placed_by),
      'placed_at', jsonb_build_array(null, new.placed_at),
      'released_by', jsonb_build_array(null, new.released_by),
      'released_at', jsonb_build_array(null, new.released_at),
      'release_reason', jsonb_build_array(null, new.release_reason));
    perform khidma.write_audit('privacy', 'legal_holds', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'reason', jsonb_build_array(old.reason, null),
      'placed_by', jsonb_build_array(old.placed_by, null),
      'placed_at', jsonb_build_array(old.placed_at, null),
      'released_by', jsonb_build_array(old.released_by, null),
      'released_at', jsonb_build_array(old.released_at, null),
      'release_reason', jsonb_build_array(old.release_reason, null));
    perform khidma.write_audit('privacy', 'legal_holds', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.placed_by is distinct from old.placed_by then
    changes := changes || jsonb_build_object('placed_by', jsonb_build_array(old.placed_by, new.placed_by));
  end if;
  if new.placed_at is distinct from old.placed_at then
    changes := changes || jsonb_build_object('placed_at', jsonb_build_array(old.placed_at, new.placed_at));
  end if;
  if new.released_by is distinct from old.released_by then
    changes := changes || jsonb_build_object('released_by', jsonb_build_array(old.released_by, new.released_by));
  end if;
  if new.released_at is distinct from old.released_at then
    changes := changes || jsonb_build_object('released_at', jsonb_build_array(old.released_at, new.released_at));
  end if;
  if new.release_reason is distinct from old.release_reason then
    changes := changes || jsonb_build_object('release_reason', jsonb_build_array(old.release_reason, new.release_reason));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('privacy', 'legal_holds', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
