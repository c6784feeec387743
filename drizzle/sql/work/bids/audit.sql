-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_bids() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'task_id', jsonb_build_array(null, new.task_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'status', jsonb_build_array(null, new.status),
      'amount', jsonb_build_array(null, new.amount),
      'currency', jsonb_build_array(null, new.currency),
      'minutes', jsonb_build_array(null, new.minutes),
      'message', jsonb_build_array(null, new.message),
      'milestones', jsonb_build_array(null, new.milestones),
      'upfront_basis_points', jsonb_build_array(null, new.upfront_basis_points),
      'counter_amount', jsonb_build_array(null, new.counter_amount),
      'counter_minutes', jsonb_build_array(null, new.counter_minutes),
      'countered_at', jsonb_build_array(null, new.countered_at),
      'affirmed_at', jsonb_build_array(null, new.affirmed_at),
      'awarded_at', jsonb_build_array(null, new.awarded_at),
      'award_expires_at', jsonb_build_array(null, new.award_expires_at),
      'accepted_at', jsonb_build_array(null, new.accepted_at),
      'responded_at', jsonb_build_array(null, new.responded_at),
      'declined_at', jsonb_build_array(null, new.declined_at),
      'decline_reason', jsonb_build_array(null, new.decline_reason),
      'deleted_at', jsonb_build_array(null, new.deleted_at));
    perform khidma.write_audit('bids', 'bids', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'status', jsonb_build_array(old.status, null),
      'amount', jsonb_build_array(old.amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'minutes', jsonb_build_array(old.minutes, null),
      'message', jsonb_build_array(old.message, null),
      'milestones', jsonb_build_array(old.milestones, null),
      'upfront_basis_points', jsonb_build_array(old.upfront_basis_points, null),
      'counter_amount', jsonb_build_array(old.counter_amount, null),
      'counter_minutes', jsonb_build_array(old.counter_minutes, null),
      'countered_at', jsonb_build_array(old.countered_at, null),
      'affirmed_at', jsonb_build_array(old.affirmed_at, null),
      'awarded_at', jsonb_build_array(old.awarded_at, null),
      'award_expires_at', jsonb_build_array(old.award_expires_at, null),
      'accepted_at', jsonb_build_array(old.accepted_at, null),
      'responded_at', jsonb_build_array(old.responded_at, null),
      'declined_at', jsonb_build_array(old.declined_at, null),
      'decline_reason', jsonb_build_array(old.decline_reason, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null));
    perform khidma.write_audit('bids', 'bids', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
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
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.minutes is distinct from old.minutes then
    changes := changes || jsonb_build_object('minutes', jsonb_build_array(old.minutes, new.minutes));
  end if;
  if new.message is distinct from old.message then
    changes := changes || jsonb_build_object('message', jsonb_build_array(old.message, new.message));
  end if;
  if new.milestones is distinct from old.milestones then
    changes := changes || jsonb_build_object('milestones', jsonb_build_array(old.milestones, new.milestones));
  end if;
  if new.upfront_basis_points is distinct from old.upfront_basis_points then
    changes := changes || jsonb_build_object('upfront_basis_points', jsonb_build_array(old.upfront_basis_points, new.upfront_basis_points));
  end if;
  if new.counter_amount is distinct from old.counter_amount then
    changes := changes || jsonb_build_object('counter_amount', jsonb_build_array(old.counter_amount, new.counter_amount));
  end if;
  if new.counter_minutes is distinct from old.counter_minutes then
    changes := changes || jsonb_build_object('counter_minutes', jsonb_build_array(old.counter_minutes, new.counter_minutes));
  end if;
  if new.countered_at is distinct from old.countered_at then
    changes := changes || jsonb_build_object('countered_at', jsonb_build_array(old.countered_at, new.countered_at));
  end if;
  if new.affirmed_at is distinct from old.affirmed_at then
    changes := changes || jsonb_build_object('affirmed_at', jsonb_build_array(old.affirmed_at, new.affirmed_at));
  end if;
  if new.awarded_at is distinct from old.awarded_at then
    changes := changes || jsonb_build_object('awarded_at', jsonb_build_array(old.awarded_at, new.awarded_at));
  end if;
  if new.award_expires_at is distinct from old.award_expires_at then
    changes := changes || jsonb_build_object('award_expires_at', jsonb_build_array(old.award_expires_at, new.award_expires_at));
  end if;
  if new.accepted_at is distinct from old.accepted_at then
    changes := changes || jsonb_build_object('accepted_at', jsonb_build_array(old.accepted_at, new.accepted_at));
  end if;
  if new.responded_at is distinct from old.responded_at then
    changes := changes || jsonb_build_object('responded_at', jsonb_build_array(old.responded_at, new.responded_at));
  end if;
  if new.declined_at is distinct from old.declined_at then
    changes := changes || jsonb_build_object('declined_at', jsonb_build_array(old.declined_at, new.declined_at));
  end if;
  if new.decline_reason is distinct from old.decline_reason then
    changes := changes || jsonb_build_object('decline_reason', jsonb_build_array(old.decline_reason, new.decline_reason));
  end if;
  if new.deleted_at is distinct from old.deleted_at then
    changes := changes || jsonb_build_object('deleted_at', jsonb_build_array(old.deleted_at, new.deleted_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('bids', 'bids', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_bid_invitations() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'task_id', jsonb_build_array(null, new.task_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id));
    perform khidma.write_audit('bids', 'bid_invitations', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null));
    perform khidma.write_audit('bids', 'bid_invitations', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('bids', 'bid_invitations', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_task_questions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'task_id', jsonb_build_array(null, new.task_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'question', jsonb_build_array(null, new.question),
      'answer', jsonb_build_array(null, new.answer),
      'answered_at', jsonb_build_array(null, new.answered_at));
    perform khidma.write_audit('bids', 'task_questions', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'question', jsonb_build_array(old.question, null),
      'answer', jsonb_build_array(old.answer, null),
      'answered_at', jsonb_build_array(old.answered_at, null));
    perform khidma.write_audit('bids', 'task_questions', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.question is distinct from old.question then
    changes := changes || jsonb_build_object('question', jsonb_build_array(old.question, new.question));
  end if;
  if new.answer is distinct from old.answer then
    changes := changes || jsonb_build_object('answer', jsonb_build_array(old.answer, new.answer));
  end if;
  if new.answered_at is distinct from old.answered_at then
    changes := changes || jsonb_build_object('answered_at', jsonb_build_array(old.answered_at, new.answered_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('bids', 'task_questions', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;
