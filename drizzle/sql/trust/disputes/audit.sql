-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_disputes() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'status', jsonb_build_array(null, new.status),
      'opened_by', jsonb_build_array(null, new.opened_by),
      'reason', jsonb_build_array(null, new.reason),
      'amount_in_question', jsonb_build_array(null, new.amount_in_question),
      'currency', jsonb_build_array(null, new.currency),
      'resolution', jsonb_build_array(null, new.resolution),
      'type', jsonb_build_array(null, new.type),
      'description', jsonb_build_array(null, new.description),
      'respondent_id', jsonb_build_array(null, new.respondent_id),
      'respond_by', jsonb_build_array(null, new.respond_by),
      'responded_at', jsonb_build_array(null, new.responded_at),
      'response_reminded_at', jsonb_build_array(null, new.response_reminded_at),
      'due_at', jsonb_build_array(null, new.due_at),
      'overdue_at', jsonb_build_array(null, new.overdue_at),
      'resolved_by', jsonb_build_array(null, new.resolved_by),
      'resolved_at', jsonb_build_array(null, new.resolved_at),
      'appeal_of', jsonb_build_array(null, new.appeal_of),
      'appeal_until', jsonb_build_array(null, new.appeal_until));
    perform khidma.write_audit('disputes', 'disputes', 'insert', new.id::text, new.opened_by, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'status', jsonb_build_array(old.status, null),
      'opened_by', jsonb_build_array(old.opened_by, null),
      'reason', jsonb_build_array(old.reason, null),
      'amount_in_question', jsonb_build_array(old.amount_in_question, null),
      'currency', jsonb_build_array(old.currency, null),
      'resolution', jsonb_build_array(old.resolution, null),
      'type', jsonb_build_array(old.type, null),
      'description', jsonb_build_array(old.description, null),
      'respondent_id', jsonb_build_array(old.respondent_id, null),
      'respond_by', jsonb_build_array(old.respond_by, null),
      'responded_at', jsonb_build_array(old.responded_at, null),
      'response_reminded_at', jsonb_build_array(old.response_reminded_at, null),
      'due_at', jsonb_build_array(old.due_at, null),
      'overdue_at', jsonb_build_array(old.overdue_at, null),
      'resolved_by', jsonb_build_array(old.resolved_by, null),
      'resolved_at', jsonb_build_array(old.resolved_at, null),
      'appeal_of', jsonb_build_array(old.appeal_of, null),
      'appeal_until', jsonb_build_array(old.appeal_until, null));
    perform khidma.write_audit('disputes', 'disputes', 'delete', old.id::text, old.opened_by, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.opened_by is distinct from old.opened_by then
    changes := changes || jsonb_build_object('opened_by', jsonb_build_array(old.opened_by, new.opened_by));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.amount_in_question is distinct from old.amount_in_question then
    changes := changes || jsonb_build_object('amount_in_question', jsonb_build_array(old.amount_in_question, new.amount_in_question));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.resolution is distinct from old.resolution then
    changes := changes || jsonb_build_object('resolution', jsonb_build_array(old.resolution, new.resolution));
  end if;
  if new.type is distinct from old.type then
    changes := changes || jsonb_build_object('type', jsonb_build_array(old.type, new.type));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.respondent_id is distinct from old.respondent_id then
    changes := changes || jsonb_build_object('respondent_id', jsonb_build_array(old.respondent_id, new.respondent_id));
  end if;
  if new.respond_by is distinct from old.respond_by then
    changes := changes || jsonb_build_object('respond_by', jsonb_build_array(old.respond_by, new.respond_by));
  end if;
  if new.responded_at is distinct from old.responded_at then
    changes := changes || jsonb_build_object('responded_at', jsonb_build_array(old.responded_at, new.responded_at));
  end if;
  if new.response_reminded_at is distinct from old.response_reminded_at then
    changes := changes || jsonb_build_object('response_reminded_at', jsonb_build_array(old.response_reminded_at, new.response_reminded_at));
  end if;
  if new.due_at is distinct from old.due_at then
    changes := changes || jsonb_build_object('due_at', jsonb_build_array(old.due_at, new.due_at));
  end if;
  if new.overdue_at is distinct from old.overdue_at then
    changes := changes || jsonb_build_object('overdue_at', jsonb_build_array(old.overdue_at, new.overdue_at));
  end if;
  if new.resolved_by is distinct from old.resolved_by then
    changes := changes || jsonb_build_object('resolved_by', jsonb_build_array(old.resolved_by, new.resolved_by));
  end if;
  if new.resolved_at is distinct from old.resolved_at then
    changes := changes || jsonb_build_object('resolved_at', jsonb_build_array(old.resolved_at, new.resolved_at));
  end if;
  if new.appeal_of is distinct from old.appeal_of then
    changes := changes || jsonb_build_object('appeal_of', jsonb_build_array(old.appeal_of, new.appeal_of));
  end if;
  if new.appeal_until is distinct from old.appeal_until then
    changes := changes || jsonb_build_object('appeal_until', jsonb_build_array(old.appeal_until, new.appeal_until));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('disputes', 'disputes', 'update', new.id::text, new.opened_by, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_dispute_evidence() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'dispute_id', jsonb_build_array(null, new.dispute_id),
      'added_by', jsonb_build_array(null, new.added_by),
      'side', jsonb_build_array(null, new.side),
      'kind', jsonb_build_array(null, new.kind),
      'media_id', jsonb_build_array(null, new.media_id),
      'extract_sha256', jsonb_build_array(null, new.extract_sha256),
      'from_seq', jsonb_build_array(null, new.from_seq),
      'to_seq', jsonb_build_array(null, new.to_seq),
      'cited_in', jsonb_build_array(null, new.cited_in));
    perform khidma.write_audit('disputes', 'dispute_evidence', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'dispute_id', jsonb_build_array(old.dispute_id, null),
      'added_by', jsonb_build_array(old.added_by, null),
      'side', jsonb_build_array(old.side, null),
      'kind', jsonb_build_array(old.kind, null),
      'media_id', jsonb_build_array(old.media_id, null),
      'extract_sha256', jsonb_build_array(old.extract_sha256, null),
      'from_seq', jsonb_build_array(old.from_seq, null),
      'to_seq', jsonb_build_array(old.to_seq, null),
      'cited_in', jsonb_build_array(old.cited_in, null));
    perform khidma.write_audit('disputes', 'dispute_evidence', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.dispute_id is distinct from old.dispute_id then
    changes := changes || jsonb_build_object('dispute_id', jsonb_build_array(old.dispute_id, new.dispute_id));
  end if;
  if new.added_by is distinct from old.added_by then
    changes := changes || jsonb_build_object('added_by', jsonb_build_array(old.added_by, new.added_by));
  end if;
  if new.side is distinct from old.side then
    changes := changes || jsonb_build_object('side', jsonb_build_array(old.side, new.side));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.media_id is distinct from old.media_id then
    changes := changes || jsonb_build_object('media_id', jsonb_build_array(old.media_id, new.media_id));
  end if;
  if new.extract_sha256 is distinct from old.extract_sha256 then
    changes := changes || jsonb_build_object('extract_sha256', jsonb_build_array(old.extract_sha256, new.extract_sha256));
  end if;
  if new.from_seq is distinct from old.from_seq then
    changes := changes || jsonb_build_object('from_seq', jsonb_build_array(old.from_seq, new.from_seq));
  end if;
  if new.to_seq is distinct from old.to_seq then
    changes := changes || jsonb_build_object('to_seq', jsonb_build_array(old.to_seq, new.to_seq));
  end if;
  if new.cited_in is distinct from old.cited_in then
    changes := changes || jsonb_build_object('cited_in', jsonb_build_array(old.cited_in, new.cited_in));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('disputes', 'dispute_evidence', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_dispute_notes() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'dispute_id', jsonb_build_array(null, new.dispute_id),
      'author_id', jsonb_build_array(null, new.author_id));
    perform khidma.write_audit('disputes', 'dispute_notes', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'dispute_id', jsonb_build_array(old.dispute_id, null),
      'author_id', jsonb_build_array(old.author_id, null));
    perform khidma.write_audit('disputes', 'dispute_notes', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.dispute_id is distinct from old.dispute_id then
    changes := changes || jsonb_build_object('dispute_id', jsonb_build_array(old.dispute_id, new.dispute_id));
  end if;
  if new.author_id is distinct from old.author_id then
    changes := changes || jsonb_build_object('author_id', jsonb_build_array(old.author_id, new.author_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('disputes', 'dispute_notes', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_dispute_offers() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'dispute_id', jsonb_build_array(null, new.dispute_id),
      'client_id', jsonb_build_array(null, new.client_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'proposed_by', jsonb_build_array(null, new.proposed_by),
      'side', jsonb_build_array(null, new.side),
      'status', jsonb_build_array(null, new.status),
      'amount', jsonb_build_array(null, new.amount),
      'client_amount', jsonb_build_array(null, new.client_amount),
      'tasker_amount', jsonb_build_array(null, new.tasker_amount),
      'currency', jsonb_build_array(null, new.currency),
      'note', jsonb_build_array(null, new.note),
      'client_accepted_at', jsonb_build_array(null, new.client_accepted_at),
      'tasker_accepted_at', jsonb_build_array(null, new.tasker_accepted_at),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('disputes', 'dispute_offers', 'insert', new.id::text, new.client_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'dispute_id', jsonb_build_array(old.dispute_id, null),
      'client_id', jsonb_build_array(old.client_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'proposed_by', jsonb_build_array(old.proposed_by, null),
      'side', jsonb_build_array(old.side, null),
      'status', jsonb_build_array(old.status, null),
      'amount', jsonb_build_array(old.amount, null),
      'client_amount', jsonb_build_array(old.client_amount, null),
      'tasker_amount', jsonb_build_array(old.tasker_amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'note', jsonb_build_array(old.note, null),
      'client_accepted_at', jsonb_build_array(old.client_accepted_at, null),
      'tasker_accepted_at', jsonb_build_array(old.tasker_accepted_at, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('disputes', 'dispute_offers', 'delete', old.id::text, old.client_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.dispute_id is distinct from old.dispute_id then
    changes := changes || jsonb_build_object('dispute_id', jsonb_build_array(old.dispute_id, new.dispute_id));
  end if;
  if new.client_id is distinct from old.client_id then
    changes := changes || jsonb_build_object('client_id', jsonb_build_array(old.client_id, new.client_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.proposed_by is distinct from old.proposed_by then
    changes := changes || jsonb_build_object('proposed_by', jsonb_build_array(old.proposed_by, new.proposed_by));
  end if;
  if new.side is distinct from old.side then
    changes := changes || jsonb_build_object('side', jsonb_build_array(old.side, new.side));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.client_amount is distinct from old.client_amount then
    changes := changes || jsonb_build_object('client_amount', jsonb_build_array(old.client_amount, new.client_amount));
  end if;
  if new.tasker_amount is distinct from old.tasker_amount then
    changes := changes || jsonb_build_object('tasker_amount', jsonb_build_array(old.tasker_amount, new.tasker_amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.note is distinct from old.note then
    changes := changes || jsonb_build_object('note', jsonb_build_array(old.note, new.note));
  end if;
  if new.client_accepted_at is distinct from old.client_accepted_at then
    changes := changes || jsonb_build_object('client_accepted_at', jsonb_build_array(old.client_accepted_at, new.client_accepted_at));
  end if;
  if new.tasker_accepted_at is distinct from old.tasker_accepted_at then
    changes := changes || jsonb_build_object('tasker_accepted_at', jsonb_build_array(old.tasker_accepted_at, new.tasker_accepted_at));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('disputes', 'dispute_offers', 'update', new.id::text, new.client_id, changes);
  end if;
  return null;
end $$;
