-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_cases() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'kind', jsonb_build_array(null, new.kind),
      'subject_type', jsonb_build_array(null, new.subject_type),
      'subject_id', jsonb_build_array(null, new.subject_id),
      'queue', jsonb_build_array(null, new.queue),
      'country', jsonb_build_array(null, new.country),
      'status', jsonb_build_array(null, new.status),
      'assignee_id', jsonb_build_array(null, new.assignee_id),
      'assigned_at', jsonb_build_array(null, new.assigned_at),
      'due_at', jsonb_build_array(null, new.due_at),
      'overdue_at', jsonb_build_array(null, new.overdue_at),
      'decision', jsonb_build_array(null, new.decision),
      'decided_by', jsonb_build_array(null, new.decided_by),
      'decided_at', jsonb_build_array(null, new.decided_at),
      'reversed_at', jsonb_build_array(null, new.reversed_at));
    perform khidma.write_audit('cases', 'cases', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'kind', jsonb_build_array(old.kind, null),
      'subject_type', jsonb_build_array(old.subject_type, null),
      'subject_id', jsonb_build_array(old.subject_id, null),
      'queue', jsonb_build_array(old.queue, null),
      'country', jsonb_build_array(old.country, null),
      'status', jsonb_build_array(old.status, null),
      'assignee_id', jsonb_build_array(old.assignee_id, null),
      'assigned_at', jsonb_build_array(old.assigned_at, null),
      'due_at', jsonb_build_array(old.due_at, null),
      'overdue_at', jsonb_build_array(old.overdue_at, null),
      'decision', jsonb_build_array(old.decision, null),
      'decided_by', jsonb_build_array(old.decided_by, null),
      'decided_at', jsonb_build_array(old.decided_at, null),
      'reversed_at', jsonb_build_array(old.reversed_at, null));
    perform khidma.write_audit('cases', 'cases', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.subject_type is distinct from old.subject_type then
    changes := changes || jsonb_build_object('subject_type', jsonb_build_array(old.subject_type, new.subject_type));
  end if;
  if new.subject_id is distinct from old.subject_id then
    changes := changes || jsonb_build_object('subject_id', jsonb_build_array(old.subject_id, new.subject_id));
  end if;
  if new.queue is distinct from old.queue then
    changes := changes || jsonb_build_object('queue', jsonb_build_array(old.queue, new.queue));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.assignee_id is distinct from old.assignee_id then
    changes := changes || jsonb_build_object('assignee_id', jsonb_build_array(old.assignee_id, new.assignee_id));
  end if;
  if new.assigned_at is distinct from old.assigned_at then
    changes := changes || jsonb_build_object('assigned_at', jsonb_build_array(old.assigned_at, new.assigned_at));
  end if;
  if new.due_at is distinct from old.due_at then
    changes := changes || jsonb_build_object('due_at', jsonb_build_array(old.due_at, new.due_at));
  end if;
  if new.overdue_at is distinct from old.overdue_at then
    changes := changes || jsonb_build_object('overdue_at', jsonb_build_array(old.overdue_at, new.overdue_at));
  end if;
  if new.decision is distinct from old.decision then
    changes := changes || jsonb_build_object('decision', jsonb_build_array(old.decision, new.decision));
  end if;
  if new.decided_by is distinct from old.decided_by then
    changes := changes || jsonb_build_object('decided_by', jsonb_build_array(old.decided_by, new.decided_by));
  end if;
  if new.decided_at is distinct from old.decided_at then
    changes := changes || jsonb_build_object('decided_at', jsonb_build_array(old.decided_at, new.decided_at));
  end if;
  if new.reversed_at is distinct from old.reversed_at then
    changes := changes || jsonb_build_object('reversed_at', jsonb_build_array(old.reversed_at, new.reversed_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('cases', 'cases', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_case_notes() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'case_id', jsonb_build_array(null, new.case_id),
      'author_id', jsonb_build_array(null, new.author_id));
    perform khidma.write_audit('cases', 'case_notes', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'case_id', jsonb_build_array(old.case_id, null),
      'author_id', jsonb_build_array(old.author_id, null));
    perform khidma.write_audit('cases', 'case_notes', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.case_id is distinct from old.case_id then
    changes := changes || jsonb_build_object('case_id', jsonb_build_array(old.case_id, new.case_id));
  end if;
  if new.author_id is distinct from old.author_id then
    changes := changes || jsonb_build_object('author_id', jsonb_build_array(old.author_id, new.author_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('cases', 'case_notes', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
