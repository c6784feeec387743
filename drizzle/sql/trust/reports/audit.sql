-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_reports() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'reporter_id', jsonb_build_array(null, new.reporter_id),
      'reported_user_id', jsonb_build_array(null, new.reported_user_id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'subject_type', jsonb_build_array(null, new.subject_type),
      'subject_id', jsonb_build_array(null, new.subject_id),
      'kind', jsonb_build_array(null, new.kind),
      'description', jsonb_build_array(null, new.description),
      'status', jsonb_build_array(null, new.status),
      'outcome', jsonb_build_array(null, new.outcome),
      'outcome_text', jsonb_build_array(null, new.outcome_text),
      'decided_by', jsonb_build_array(null, new.decided_by),
      'decided_at', jsonb_build_array(null, new.decided_at));
    perform khidma.write_audit('reports', 'reports', 'insert', new.id::text, new.reporter_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'reporter_id', jsonb_build_array(old.reporter_id, null),
      'reported_user_id', jsonb_build_array(old.reported_user_id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'subject_type', jsonb_build_array(old.subject_type, null),
      'subject_id', jsonb_build_array(old.subject_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'description', jsonb_build_array(old.description, null),
      'status', jsonb_build_array(old.status, null),
      'outcome', jsonb_build_array(old.outcome, null),
      'outcome_text', jsonb_build_array(old.outcome_text, null),
      'decided_by', jsonb_build_array(old.decided_by, null),
      'decided_at', jsonb_build_array(old.decided_at, null));
    perform khidma.write_audit('reports', 'reports', 'delete', old.id::text, old.reporter_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.reporter_id is distinct from old.reporter_id then
    changes := changes || jsonb_build_object('reporter_id', jsonb_build_array(old.reporter_id, new.reporter_id));
  end if;
  if new.reported_user_id is distinct from old.reported_user_id then
    changes := changes || jsonb_build_object('reported_user_id', jsonb_build_array(old.reported_user_id, new.reported_user_id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.subject_type is distinct from old.subject_type then
    changes := changes || jsonb_build_object('subject_type', jsonb_build_array(old.subject_type, new.subject_type));
  end if;
  if new.subject_id is distinct from old.subject_id then
    changes := changes || jsonb_build_object('subject_id', jsonb_build_array(old.subject_id, new.subject_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.outcome is distinct from old.outcome then
    changes := changes || jsonb_build_object('outcome', jsonb_build_array(old.outcome, new.outcome));
  end if;
  if new.outcome_text is distinct from old.outcome_text then
    changes := changes || jsonb_build_object('outcome_text', jsonb_build_array(old.outcome_text, new.outcome_text));
  end if;
  if new.decided_by is distinct from old.decided_by then
    changes := changes || jsonb_build_object('decided_by', jsonb_build_array(old.decided_by, new.decided_by));
  end if;
  if new.decided_at is distinct from old.decided_at then
    changes := changes || jsonb_build_object('decided_at', jsonb_build_array(old.decided_at, new.decided_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reports', 'reports', 'update', new.id::text, new.reporter_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_report_evidence() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'report_id', jsonb_build_array(null, new.report_id),
      'added_by', jsonb_build_array(null, new.added_by),
      'media_id', jsonb_build_array(null, new.media_id));
    perform khidma.write_audit('reports', 'report_evidence', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'report_id', jsonb_build_array(old.report_id, null),
      'added_by', jsonb_build_array(old.added_by, null),
      'media_id', jsonb_build_array(old.media_id, null));
    perform khidma.write_audit('reports', 'report_evidence', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.report_id is distinct from old.report_id then
    changes := changes || jsonb_build_object('report_id', jsonb_build_array(old.report_id, new.report_id));
  end if;
  if new.added_by is distinct from old.added_by then
    changes := changes || jsonb_build_object('added_by', jsonb_build_array(old.added_by, new.added_by));
  end if;
  if new.media_id is distinct from old.media_id then
    changes := changes || jsonb_build_object('media_id', jsonb_build_array(old.media_id, new.media_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reports', 'report_evidence', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
