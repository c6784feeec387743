-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_leads() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'task_id', jsonb_build_array(null, new.task_id),
      'round', jsonb_build_array(null, new.round),
      'status', jsonb_build_array(null, new.status),
      'approved_at', jsonb_build_array(null, new.approved_at),
      'opened_at', jsonb_build_array(null, new.opened_at),
      'closed_at', jsonb_build_array(null, new.closed_at),
      'reject_reason', jsonb_build_array(null, new.reject_reason));
    perform khidma.write_audit('leads', 'leads', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'round', jsonb_build_array(old.round, null),
      'status', jsonb_build_array(old.status, null),
      'approved_at', jsonb_build_array(old.approved_at, null),
      'opened_at', jsonb_build_array(old.opened_at, null),
      'closed_at', jsonb_build_array(old.closed_at, null),
      'reject_reason', jsonb_build_array(old.reject_reason, null));
    perform khidma.write_audit('leads', 'leads', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.round is distinct from old.round then
    changes := changes || jsonb_build_object('round', jsonb_build_array(old.round, new.round));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.approved_at is distinct from old.approved_at then
    changes := changes || jsonb_build_object('approved_at', jsonb_build_array(old.approved_at, new.approved_at));
  end if;
  if new.opened_at is distinct from old.opened_at then
    changes := changes || jsonb_build_object('opened_at', jsonb_build_array(old.opened_at, new.opened_at));
  end if;
  if new.closed_at is distinct from old.closed_at then
    changes := changes || jsonb_build_object('closed_at', jsonb_build_array(old.closed_at, new.closed_at));
  end if;
  if new.reject_reason is distinct from old.reject_reason then
    changes := changes || jsonb_build_object('reject_reason', jsonb_build_array(old.reject_reason, new.reject_reason));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('leads', 'leads', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_lead_requests() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'lead_id', jsonb_build_array(null, new.lead_id),
      'task_id', jsonb_build_array(null, new.task_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'status', jsonb_build_array(null, new.status),
      'message', jsonb_build_array(null, new.message),
      'amount', jsonb_build_array(null, new.amount),
      'currency', jsonb_build_array(null, new.currency),
      'minutes', jsonb_build_array(null, new.minutes),
      'credits', jsonb_build_array(null, new.credits),
      'price', jsonb_build_array(null, new.price),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'reply', jsonb_build_array(null, new.reply),
      'replied_at', jsonb_build_array(null, new.replied_at),
      'accepted_at', jsonb_build_array(null, new.accepted_at),
      'declined_at', jsonb_build_array(null, new.declined_at),
      'decline_reason', jsonb_build_array(null, new.decline_reason),
      'charged_at', jsonb_build_array(null, new.charged_at));
    perform khidma.write_audit('leads', 'lead_requests', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'lead_id', jsonb_build_array(old.lead_id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'status', jsonb_build_array(old.status, null),
      'message', jsonb_build_array(old.message, null),
      'amount', jsonb_build_array(old.amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'minutes', jsonb_build_array(old.minutes, null),
      'credits', jsonb_build_array(old.credits, null),
      'price', jsonb_build_array(old.price, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'reply', jsonb_build_array(old.reply, null),
      'replied_at', jsonb_build_array(old.replied_at, null),
      'accepted_at', jsonb_build_array(old.accepted_at, null),
      'declined_at', jsonb_build_array(old.declined_at, null),
      'decline_reason', jsonb_build_array(old.decline_reason, null),
      'charged_at', jsonb_build_array(old.charged_at, null));
    perform khidma.write_audit('leads', 'lead_requests', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.lead_id is distinct from old.lead_id then
    changes := changes || jsonb_build_object('lead_id', jsonb_build_array(old.lead_id, new.lead_id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.message is distinct from old.message then
    changes := changes || jsonb_build_object('message', jsonb_build_array(old.message, new.message));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.minutes is distinct from old.minutes then
    changes := changes || jsonb_build_object('minutes', jsonb_build_array(old.minutes, new.minutes));
  end if;
  if new.credits is distinct from old.credits then
    changes := changes || jsonb_build_object('credits', jsonb_build_array(old.credits, new.credits));
  end if;
  if new.price is distinct from old.price then
    changes := changes || jsonb_build_object('price', jsonb_build_array(old.price, new.price));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.reply is distinct from old.reply then
    changes := changes || jsonb_build_object('reply', jsonb_build_array(old.reply, new.reply));
  end if;
  if new.replied_at is distinct from old.replied_at then
    changes := changes || jsonb_build_object('replied_at', jsonb_build_array(old.replied_at, new.replied_at));
  end if;
  if new.accepted_at is distinct from old.accepted_at then
    changes := changes || jsonb_build_object('accepted_at', jsonb_build_array(old.accepted_at, new.accepted_at));
  end if;
  if new.declined_at is distinct from old.declined_at then
    changes := changes || jsonb_build_object('declined_at', jsonb_build_array(old.declined_at, new.declined_at));
  end if;
  if new.decline_reason is distinct from old.decline_reason then
    changes := changes || jsonb_build_object('decline_reason', jsonb_build_array(old.decline_reason, new.decline_reason));
  end if;
  if new.charged_at is distinct from old.charged_at then
    changes := changes || jsonb_build_object('charged_at', jsonb_build_array(old.charged_at, new.charged_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('leads', 'lead_requests', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_lead_refunds() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'request_id', jsonb_build_array(null, new.request_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'status', jsonb_build_array(null, new.status),
      'reason', jsonb_build_array(null, new.reason),
      'note', jsonb_build_array(null, new.note),
      'credits', jsonb_build_array(null, new.credits),
      'returned', jsonb_build_array(null, new.returned),
      'decision_note', jsonb_build_array(null, new.decision_note),
      'decided_at', jsonb_build_array(null, new.decided_at));
    perform khidma.write_audit('leads', 'lead_refunds', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'request_id', jsonb_build_array(old.request_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'status', jsonb_build_array(old.status, null),
      'reason', jsonb_build_array(old.reason, null),
      'note', jsonb_build_array(old.note, null),
      'credits', jsonb_build_array(old.credits, null),
      'returned', jsonb_build_array(old.returned, null),
      'decision_note', jsonb_build_array(old.decision_note, null),
      'decided_at', jsonb_build_array(old.decided_at, null));
    perform khidma.write_audit('leads', 'lead_refunds', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.request_id is distinct from old.request_id then
    changes := changes || jsonb_build_object('request_id', jsonb_build_array(old.request_id, new.request_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.note is distinct from old.note then
    changes := changes || jsonb_build_object('note', jsonb_build_array(old.note, new.note));
  end if;
  if new.credits is distinct from old.credits then
    changes := changes || jsonb_build_object('credits', jsonb_build_array(old.credits, new.credits));
  end if;
  if new.returned is distinct from old.returned then
    changes := changes || jsonb_build_object('returned', jsonb_build_array(old.returned, new.returned));
  end if;
  if new.decision_note is distinct from old.decision_note then
    changes := changes || jsonb_build_object('decision_note', jsonb_build_array(old.decision_note, new.decision_note));
  end if;
  if new.decided_at is distinct from old.decided_at then
    changes := changes || jsonb_build_object('decided_at', jsonb_build_array(old.decided_at, new.decided_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('leads', 'lead_refunds', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;
