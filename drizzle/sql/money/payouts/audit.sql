-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_payout_accounts() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'kind', jsonb_build_array(null, new.kind),
      'country', jsonb_build_array(null, new.country),
      'currency', jsonb_build_array(null, new.currency),
      'name_match', jsonb_build_array(null, new.name_match),
      'name_check_at', jsonb_build_array(null, new.name_check_at),
      'is_default', jsonb_build_array(null, new.is_default),
      'status', jsonb_build_array(null, new.status),
      'refused_at', jsonb_build_array(null, new.refused_at),
      'removed_at', jsonb_build_array(null, new.removed_at));
    perform khidma.write_audit('payouts', 'payout_accounts', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'country', jsonb_build_array(old.country, null),
      'currency', jsonb_build_array(old.currency, null),
      'name_match', jsonb_build_array(old.name_match, null),
      'name_check_at', jsonb_build_array(old.name_check_at, null),
      'is_default', jsonb_build_array(old.is_default, null),
      'status', jsonb_build_array(old.status, null),
      'refused_at', jsonb_build_array(old.refused_at, null),
      'removed_at', jsonb_build_array(old.removed_at, null));
    perform khidma.write_audit('payouts', 'payout_accounts', 'delete', old.id::text, old.user_id, changes);
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
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.name_match is distinct from old.name_match then
    changes := changes || jsonb_build_object('name_match', jsonb_build_array(old.name_match, new.name_match));
  end if;
  if new.name_check_at is distinct from old.name_check_at then
    changes := changes || jsonb_build_object('name_check_at', jsonb_build_array(old.name_check_at, new.name_check_at));
  end if;
  if new.is_default is distinct from old.is_default then
    changes := changes || jsonb_build_object('is_default', jsonb_build_array(old.is_default, new.is_default));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.refused_at is distinct from old.refused_at then
    changes := changes || jsonb_build_object('refused_at', jsonb_build_array(old.refused_at, new.refused_at));
  end if;
  if new.removed_at is distinct from old.removed_at then
    changes := changes || jsonb_build_object('removed_at', jsonb_build_array(old.removed_at, new.removed_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payouts', 'payout_accounts', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_payout_batches() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'currency', jsonb_build_array(null, new.currency),
      'status', jsonb_build_array(null, new.status),
      'payouts', jsonb_build_array(null, new.payouts),
      'amount', jsonb_build_array(null, new.amount),
      'proof_media_id', jsonb_build_array(null, new.proof_media_id),
      'created_by', jsonb_build_array(null, new.created_by),
      'closed_at', jsonb_build_array(null, new.closed_at));
    perform khidma.write_audit('payouts', 'payout_batches', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'currency', jsonb_build_array(old.currency, null),
      'status', jsonb_build_array(old.status, null),
      'payouts', jsonb_build_array(old.payouts, null),
      'amount', jsonb_build_array(old.amount, null),
      'proof_media_id', jsonb_build_array(old.proof_media_id, null),
      'created_by', jsonb_build_array(old.created_by, null),
      'closed_at', jsonb_build_array(old.closed_at, null));
    perform khidma.write_audit('payouts', 'payout_batches', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.payouts is distinct from old.payouts then
    changes := changes || jsonb_build_object('payouts', jsonb_build_array(old.payouts, new.payouts));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.proof_media_id is distinct from old.proof_media_id then
    changes := changes || jsonb_build_object('proof_media_id', jsonb_build_array(old.proof_media_id, new.proof_media_id));
  end if;
  if new.created_by is distinct from old.created_by then
    changes := changes || jsonb_build_object('created_by', jsonb_build_array(old.created_by, new.created_by));
  end if;
  if new.closed_at is distinct from old.closed_at then
    changes := changes || jsonb_build_object('closed_at', jsonb_build_array(old.closed_at, new.closed_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payouts', 'payout_batches', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_payouts() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'kind', jsonb_build_array(null, new.kind),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'account_id', jsonb_build_array(null, new.account_id),
      'batch_id', jsonb_build_array(null, new.batch_id),
      'amount', jsonb_build_array(null, new.amount),
      'balance', jsonb_build_array(null, new.balance),
      'currency', jsonb_build_array(null, new.currency),
      'status', jsonb_build_array(null, new.status),
      'attempt', jsonb_build_array(null, new.attempt),
      'provider', jsonb_build_array(null, new.provider),
      'provider_reference', jsonb_build_array(null, new.provider_reference),
      'failure_code', jsonb_build_array(null, new.failure_code),
      'held_at', jsonb_build_array(null, new.held_at),
      'held_reason', jsonb_build_array(null, new.held_reason),
      'held_by', jsonb_build_array(null, new.held_by),
      'review', jsonb_build_array(null, new.review),
      'scheduled_for', jsonb_build_array(null, new.scheduled_for),
      'sent_at', jsonb_build_array(null, new.sent_at),
      'paid_at', jsonb_build_array(null, new.paid_at),
      'returned_at', jsonb_build_array(null, new.returned_at));
    perform khidma.write_audit('payouts', 'payouts', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'account_id', jsonb_build_array(old.account_id, null),
      'batch_id', jsonb_build_array(old.batch_id, null),
      'amount', jsonb_build_array(old.amount, null),
      'balance', jsonb_build_array(old.balance, null),
      'currency', jsonb_build_array(old.currency, null),
      'status', jsonb_build_array(old.status, null),
      'attempt', jsonb_build_array(old.attempt, null),
      'provider', jsonb_build_array(old.provider, null),
      'provider_reference', jsonb_build_array(old.provider_reference, null),
      'failure_code', jsonb_build_array(old.failure_code, null),
      'held_at', jsonb_build_array(old.held_at, null),
      'held_reason', jsonb_build_array(old.held_reason, null),
      'held_by', jsonb_build_array(old.held_by, null),
      'review', jsonb_build_array(old.review, null),
      'scheduled_for', jsonb_build_array(old.scheduled_for, null),
      'sent_at', jsonb_build_array(old.sent_at, null),
      'paid_at', jsonb_build_array(old.paid_at, null),
      'returned_at', jsonb_build_array(old.returned_at, null));
    perform khidma.write_audit('payouts', 'payouts', 'delete', old.id::text, old.user_id, changes);
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
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.account_id is distinct from old.account_id then
    changes := changes || jsonb_build_object('account_id', jsonb_build_array(old.account_id, new.account_id));
  end if;
  if new.batch_id is distinct from old.batch_id then
    changes := changes || jsonb_build_object('batch_id', jsonb_build_array(old.batch_id, new.batch_id));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.balance is distinct from old.balance then
    changes := changes || jsonb_build_object('balance', jsonb_build_array(old.balance, new.balance));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.attempt is distinct from old.attempt then
    changes := changes || jsonb_build_object('attempt', jsonb_build_array(old.attempt, new.attempt));
  end if;
  if new.provider is distinct from old.provider then
    changes := changes || jsonb_build_object('provider', jsonb_build_array(old.provider, new.provider));
  end if;
  if new.provider_reference is distinct from old.provider_reference then
    changes := changes || jsonb_build_object('provider_reference', jsonb_build_array(old.provider_reference, new.provider_reference));
  end if;
  if new.failure_code is distinct from old.failure_code then
    changes := changes || jsonb_build_object('failure_code', jsonb_build_array(old.failure_code, new.failure_code));
  end if;
  if new.held_at is distinct from old.held_at then
    changes := changes || jsonb_build_object('held_at', jsonb_build_array(old.held_at, new.held_at));
  end if;
  if new.held_reason is distinct from old.held_reason then
    changes := changes || jsonb_build_object('held_reason', jsonb_build_array(old.held_reason, new.held_reason));
  end if;
  if new.held_by is distinct from old.held_by then
    changes := changes || jsonb_build_object('held_by', jsonb_build_array(old.held_by, new.held_by));
  end if;
  if new.review is distinct from old.review then
    changes := changes || jsonb_build_object('review', jsonb_build_array(old.review, new.review));
  end if;
  if new.scheduled_for is distinct from old.scheduled_for then
    changes := changes || jsonb_build_object('scheduled_for', jsonb_build_array(old.scheduled_for, new.scheduled_for));
  end if;
  if new.sent_at is distinct from old.sent_at then
    changes := changes || jsonb_build_object('sent_at', jsonb_build_array(old.sent_at, new.sent_at));
  end if;
  if new.paid_at is distinct from old.paid_at then
    changes := changes || jsonb_build_object('paid_at', jsonb_build_array(old.paid_at, new.paid_at));
  end if;
  if new.returned_at is distinct from old.returned_at then
    changes := changes || jsonb_build_object('returned_at', jsonb_build_array(old.returned_at, new.returned_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payouts', 'payouts', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_payout_attempts() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'payout_id', jsonb_build_array(null, new.payout_id),
      'number', jsonb_build_array(null, new.number),
      'account_id', jsonb_build_array(null, new.account_id),
      'provider', jsonb_build_array(null, new.provider),
      'config_id', jsonb_build_array(null, new.config_id),
      'reference', jsonb_build_array(null, new.reference),
      'gateway_reference', jsonb_build_array(null, new.gateway_reference),
      'status', jsonb_build_array(null, new.status),
      'raw_status', jsonb_build_array(null, new.raw_status),
      'failure_code', jsonb_build_array(null, new.failure_code),
      'checks', jsonb_build_array(null, new.checks),
      'next_check_at', jsonb_build_array(null, new.next_check_at),
      'is_settled', jsonb_build_array(null, new.is_settled),
      'completed_at', jsonb_build_array(null, new.completed_at));
    perform khidma.write_audit('payouts', 'payout_attempts', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'payout_id', jsonb_build_array(old.payout_id, null),
      'number', jsonb_build_array(old.number, null),
      'account_id', jsonb_build_array(old.account_id, null),
      'provider', jsonb_build_array(old.provider, null),
      'config_id', jsonb_build_array(old.config_id, null),
      'reference', jsonb_build_array(old.reference, null),
      'gateway_reference', jsonb_build_array(old.gateway_reference, null),
      'status', jsonb_build_array(old.status, null),
      'raw_status', jsonb_build_array(old.raw_status, null),
      'failure_code', jsonb_build_array(old.failure_code, null),
      'checks', jsonb_build_array(old.checks, null),
      'next_check_at', jsonb_build_array(old.next_check_at, null),
      'is_settled', jsonb_build_array(old.is_settled, null),
      'completed_at', jsonb_build_array(old.completed_at, null));
    perform khidma.write_audit('payouts', 'payout_attempts', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.payout_id is distinct from old.payout_id then
    changes := changes || jsonb_build_object('payout_id', jsonb_build_array(old.payout_id, new.payout_id));
  end if;
  if new.number is distinct from old.number then
    changes := changes || jsonb_build_object('number', jsonb_build_array(old.number, new.number));
  end if;
  if new.account_id is distinct from old.account_id then
    changes := changes || jsonb_build_object('account_id', jsonb_build_array(old.account_id, new.account_id));
  end if;
  if new.provider is distinct from old.provider then
    changes := changes || jsonb_build_object('provider', jsonb_build_array(old.provider, new.provider));
  end if;
  if new.config_id is distinct from old.config_id then
    changes := changes || jsonb_build_object('config_id', jsonb_build_array(old.config_id, new.config_id));
  end if;
  if new.reference is distinct from old.reference then
    changes := changes || jsonb_build_object('reference', jsonb_build_array(old.reference, new.reference));
  end if;
  if new.gateway_reference is distinct from old.gateway_reference then
    changes := changes || jsonb_build_object('gateway_reference', jsonb_build_array(old.gateway_reference, new.gateway_reference));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.raw_status is distinct from old.raw_status then
    changes := changes || jsonb_build_object('raw_status', jsonb_build_array(old.raw_status, new.raw_status));
  end if;
  if new.failure_code is distinct from old.failure_code then
    changes := changes || jsonb_build_object('failure_code', jsonb_build_array(old.failure_code, new.failure_code));
  end if;
  if new.checks is distinct from old.checks then
    changes := changes || jsonb_build_object('checks', jsonb_build_array(old.checks, new.checks));
  end if;
  if new.next_check_at is distinct from old.next_check_at then
    changes := changes || jsonb_build_object('next_check_at', jsonb_build_array(old.next_check_at, new.next_check_at));
  end if;
  if new.is_settled is distinct from old.is_settled then
    changes := changes || jsonb_build_object('is_settled', jsonb_build_array(old.is_settled, new.is_settled));
  end if;
  if new.completed_at is distinct from old.completed_at then
    changes := changes || jsonb_build_object('completed_at', jsonb_build_array(old.completed_at, new.completed_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payouts', 'payout_attempts', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
