-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_requirements() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'kind', jsonb_build_array(null, new.kind),
      'subject_kind', jsonb_build_array(null, new.subject_kind),
      'role_key', jsonb_build_array(null, new.role_key),
      'country', jsonb_build_array(null, new.country),
      'document_type', jsonb_build_array(null, new.document_type),
      'is_required', jsonb_build_array(null, new.is_required),
      'position', jsonb_build_array(null, new.position),
      'names', jsonb_build_array(null, new.names),
      'descriptions', jsonb_build_array(null, new.descriptions),
      'effective_from', jsonb_build_array(null, new.effective_from),
      'is_active', jsonb_build_array(null, new.is_active));
    perform khidma.write_audit('requirements', 'requirements', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'kind', jsonb_build_array(old.kind, null),
      'subject_kind', jsonb_build_array(old.subject_kind, null),
      'role_key', jsonb_build_array(old.role_key, null),
      'country', jsonb_build_array(old.country, null),
      'document_type', jsonb_build_array(old.document_type, null),
      'is_required', jsonb_build_array(old.is_required, null),
      'position', jsonb_build_array(old.position, null),
      'names', jsonb_build_array(old.names, null),
      'descriptions', jsonb_build_array(old.descriptions, null),
      'effective_from', jsonb_build_array(old.effective_from, null),
      'is_active', jsonb_build_array(old.is_active, null));
    perform khidma.write_audit('requirements', 'requirements', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.subject_kind is distinct from old.subject_kind then
    changes := changes || jsonb_build_object('subject_kind', jsonb_build_array(old.subject_kind, new.subject_kind));
  end if;
  if new.role_key is distinct from old.role_key then
    changes := changes || jsonb_build_object('role_key', jsonb_build_array(old.role_key, new.role_key));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.document_type is distinct from old.document_type then
    changes := changes || jsonb_build_object('document_type', jsonb_build_array(old.document_type, new.document_type));
  end if;
  if new.is_required is distinct from old.is_required then
    changes := changes || jsonb_build_object('is_required', jsonb_build_array(old.is_required, new.is_required));
  end if;
  if new.position is distinct from old.position then
    changes := changes || jsonb_build_object('position', jsonb_build_array(old.position, new.position));
  end if;
  if new.names is distinct from old.names then
    changes := changes || jsonb_build_object('names', jsonb_build_array(old.names, new.names));
  end if;
  if new.descriptions is distinct from old.descriptions then
    changes := changes || jsonb_build_object('descriptions', jsonb_build_array(old.descriptions, new.descriptions));
  end if;
  if new.effective_from is distinct from old.effective_from then
    changes := changes || jsonb_build_object('effective_from', jsonb_build_array(old.effective_from, new.effective_from));
  end if;
  if new.is_active is distinct from old.is_active then
    changes := changes || jsonb_build_object('is_active', jsonb_build_array(old.is_active, new.is_active));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('requirements', 'requirements', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_requirement_submissions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'requirement_id', jsonb_build_array(null, new.requirement_id),
      'requirement_version', jsonb_build_array(null, new.requirement_version),
      'subject_kind', jsonb_build_array(null, new.subject_kind),
      'subject_id', jsonb_build_array(null, new.subject_id),
      'user_id', jsonb_build_array(null, new.user_id));
    perform khidma.write_audit('requirements', 'requirement_submissions', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'requirement_id', jsonb_build_array(old.requirement_id, null),
      'requirement_version', jsonb_build_array(old.requirement_version, null),
      'subject_kind', jsonb_build_array(old.subject_kind, null),
      'subject_id', jsonb_build_array(old.subject_id, null),
      'user_id', jsonb_build_array(old.user_id, null));
    perform khidma.write_audit('requirements', 'requirement_submissions', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.requirement_id is distinct from old.requirement_id then
    changes := changes || jsonb_build_object('requirement_id', jsonb_build_array(old.requirement_id, new.requirement_id));
  end if;
  if new.requirement_version is distinct from old.requirement_version then
    changes := changes || jsonb_build_object('requirement_version', jsonb_build_array(old.requirement_version, new.requirement_version));
  end if;
  if new.subject_kind is distinct from old.subject_kind then
    changes := changes || jsonb_build_object('subject_kind', jsonb_build_array(old.subject_kind, new.subject_kind));
  end if;
  if new.subject_id is distinct from old.subject_id then
    changes := changes || jsonb_build_object('subject_id', jsonb_build_array(old.subject_id, new.subject_id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('requirements', 'requirement_submissions', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_requirement_waivers() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'requirement_id', jsonb_build_array(null, new.requirement_id),
      'subject_kind', jsonb_build_array(null, new.subject_kind),
      'subject_id', jsonb_build_array(null, new.subject_id),
      'reason', jsonb_build_array(null, new.reason),
      'waived_by', jsonb_build_array(null, new.waived_by),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'ended_at', jsonb_build_array(null, new.ended_at),
      'ended_by', jsonb_build_array(null, new.ended_by));
    perform khidma.write_audit('requirements', 'requirement_waivers', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'requirement_id', jsonb_build_array(old.requirement_id, null),
      'subject_kind', jsonb_build_array(old.subject_kind, null),
      'subject_id', jsonb_build_array(old.subject_id, null),
      'reason', jsonb_build_array(old.reason, null),
      'waived_by', jsonb_build_array(old.waived_by, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null),
      'ended_by', jsonb_build_array(old.ended_by, null));
    perform khidma.write_audit('requirements', 'requirement_waivers', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.requirement_id is distinct from old.requirement_id then
    changes := changes || jsonb_build_object('requirement_id', jsonb_build_array(old.requirement_id, new.requirement_id));
  end if;
  if new.subject_kind is distinct from old.subject_kind then
    changes := changes || jsonb_build_object('subject_kind', jsonb_build_array(old.subject_kind, new.subject_kind));
  end if;
  if new.subject_id is distinct from old.subject_id then
    changes := changes || jsonb_build_object('subject_id', jsonb_build_array(old.subject_id, new.subject_id));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.waived_by is distinct from old.waived_by then
    changes := changes || jsonb_build_object('waived_by', jsonb_build_array(old.waived_by, new.waived_by));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if new.ended_by is distinct from old.ended_by then
    changes := changes || jsonb_build_object('ended_by', jsonb_build_array(old.ended_by, new.ended_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('requirements', 'requirement_waivers', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
