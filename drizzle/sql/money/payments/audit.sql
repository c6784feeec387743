-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_payment_intents() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'purpose', jsonb_build_array(null, new.purpose),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'order_id', jsonb_build_array(null, new.order_id),
      'payer_id', jsonb_build_array(null, new.payer_id),
      'payee_id', jsonb_build_array(null, new.payee_id),
      'method', jsonb_build_array(null, new.method),
      'status', jsonb_build_array(null, new.status),
      'provider', jsonb_build_array(null, new.provider),
      'provider_reference', jsonb_build_array(null, new.provider_reference),
      'amount', jsonb_build_array(null, new.amount),
      'amount_authorized', jsonb_build_array(null, new.amount_authorized),
      'amount_captured', jsonb_build_array(null, new.amount_captured),
      'amount_refunded', jsonb_build_array(null, new.amount_refunded),
      'amount_released', jsonb_build_array(null, new.amount_released),
      'is_prepaid', jsonb_build_array(null, new.is_prepaid),
      'currency', jsonb_build_array(null, new.currency),
      'failure_code', jsonb_build_array(null, new.failure_code),
      'raw_status', jsonb_build_array(null, new.raw_status),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'hold_expires_at', jsonb_build_array(null, new.hold_expires_at),
      'transaction_id', jsonb_build_array(null, new.transaction_id),
      'capture_due_at', jsonb_build_array(null, new.capture_due_at),
      'settles_at', jsonb_build_array(null, new.settles_at),
      'reminded_at', jsonb_build_array(null, new.reminded_at),
      'cash_reported_at', jsonb_build_array(null, new.cash_reported_at),
      'objection', jsonb_build_array(null, new.objection),
      'review', jsonb_build_array(null, new.review),
      'captured_at', jsonb_build_array(null, new.captured_at),
      'request_key', jsonb_build_array(null, new.request_key));
    perform khidma.write_audit('payments', 'payment_intents', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'purpose', jsonb_build_array(old.purpose, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'order_id', jsonb_build_array(old.order_id, null),
      'payer_id', jsonb_build_array(old.payer_id, null),
      'payee_id', jsonb_build_array(old.payee_id, null),
      'method', jsonb_build_array(old.method, null),
      'status', jsonb_build_array(old.status, null),
      'provider', jsonb_build_array(old.provider, null),
      'provider_reference', jsonb_build_array(old.provider_reference, null),
      'amount', jsonb_build_array(old.amount, null),
      'amount_authorized', jsonb_build_array(old.amount_authorized, null),
      'amount_captured', jsonb_build_array(old.amount_captured, null),
      'amount_refunded', jsonb_build_array(old.amount_refunded, null),
      'amount_released', jsonb_build_array(old.amount_released, null),
      'is_prepaid', jsonb_build_array(old.is_prepaid, null),
      'currency', jsonb_build_array(old.currency, null),
      'failure_code', jsonb_build_array(old.failure_code, null),
      'raw_status', jsonb_build_array(old.raw_status, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'hold_expires_at', jsonb_build_array(old.hold_expires_at, null),
      'transaction_id', jsonb_build_array(old.transaction_id, null),
      'capture_due_at', jsonb_build_array(old.capture_due_at, null),
      'settles_at', jsonb_build_array(old.settles_at, null),
      'reminded_at', jsonb_build_array(old.reminded_at, null),
      'cash_reported_at', jsonb_build_array(old.cash_reported_at, null),
      'objection', jsonb_build_array(old.objection, null),
      'review', jsonb_build_array(old.review, null),
      'captured_at', jsonb_build_array(old.captured_at, null),
      'request_key', jsonb_build_array(old.request_key, null));
    perform khidma.write_audit('payments', 'payment_intents', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.purpose is distinct from old.purpose then
    changes := changes || jsonb_build_object('purpose', jsonb_build_array(old.purpose, new.purpose));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.order_id is distinct from old.order_id then
    changes := changes || jsonb_build_object('order_id', jsonb_build_array(old.order_id, new.order_id));
  end if;
  if new.payer_id is distinct from old.payer_id then
    changes := changes || jsonb_build_object('payer_id', jsonb_build_array(old.payer_id, new.payer_id));
  end if;
  if new.payee_id is distinct from old.payee_id then
    changes := changes || jsonb_build_object('payee_id', jsonb_build_array(old.payee_id, new.payee_id));
  end if;
  if new.method is distinct from old.method then
    changes := changes || jsonb_build_object('method', jsonb_build_array(old.method, new.method));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.provider is distinct from old.provider then
    changes := changes || jsonb_build_object('provider', jsonb_build_array(old.provider, new.provider));
  end if;
  if new.provider_reference is distinct from old.provider_reference then
    changes := changes || jsonb_build_object('provider_reference', jsonb_build_array(old.provider_reference, new.provider_reference));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.amount_authorized is distinct from old.amount_authorized then
    changes := changes || jsonb_build_object('amount_authorized', jsonb_build_array(old.amount_authorized, new.amount_authorized));
  end if;
  if new.amount_captured is distinct from old.amount_captured then
    changes := changes || jsonb_build_object('amount_captured', jsonb_build_array(old.amount_captured, new.amount_captured));
  end if;
  if new.amount_refunded is distinct from old.amount_refunded then
    changes := changes || jsonb_build_object('amount_refunded', jsonb_build_array(old.amount_refunded, new.amount_refunded));
  end if;
  if new.amount_released is distinct from old.amount_released then
    changes := changes || jsonb_build_object('amount_released', jsonb_build_array(old.amount_released, new.amount_released));
  end if;
  if new.is_prepaid is distinct from old.is_prepaid then
    changes := changes || jsonb_build_object('is_prepaid', jsonb_build_array(old.is_prepaid, new.is_prepaid));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.failure_code is distinct from old.failure_code then
    changes := changes || jsonb_build_object('failure_code', jsonb_build_array(old.failure_code, new.failure_code));
  end if;
  if new.raw_status is distinct from old.raw_status then
    changes := changes || jsonb_build_object('raw_status', jsonb_build_array(old.raw_status, new.raw_status));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.hold_expires_at is distinct from old.hold_expires_at then
    changes := changes || jsonb_build_object('hold_expires_at', jsonb_build_array(old.hold_expires_at, new.hold_expires_at));
  end if;
  if new.transaction_id is distinct from old.transaction_id then
    changes := changes || jsonb_build_object('transaction_id', jsonb_build_array(old.transaction_id, new.transaction_id));
  end if;
  if new.capture_due_at is distinct from old.capture_due_at then
    changes := changes || jsonb_build_object('capture_due_at', jsonb_build_array(old.capture_due_at, new.capture_due_at));
  end if;
  if new.settles_at is distinct from old.settles_at then
    changes := changes || jsonb_build_object('settles_at', jsonb_build_array(old.settles_at, new.settles_at));
  end if;
  if new.reminded_at is distinct from old.reminded_at then
    changes := changes || jsonb_build_object('reminded_at', jsonb_build_array(old.reminded_at, new.reminded_at));
  end if;
  if new.cash_reported_at is distinct from old.cash_reported_at then
    changes := changes || jsonb_build_object('cash_reported_at', jsonb_build_array(old.cash_reported_at, new.cash_reported_at));
  end if;
  if new.objection is distinct from old.objection then
    changes := changes || jsonb_build_object('objection', jsonb_build_array(old.objection, new.objection));
  end if;
  if new.review is distinct from old.review then
    changes := changes || jsonb_build_object('review', jsonb_build_array(old.review, new.review));
  end if;
  if new.captured_at is distinct from old.captured_at then
    changes := changes || jsonb_build_object('captured_at', jsonb_build_array(old.captured_at, new.captured_at));
  end if;
  if new.request_key is distinct from old.request_key then
    changes := changes || jsonb_build_object('request_key', jsonb_build_array(old.request_key, new.request_key));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payments', 'payment_intents', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_payment_transactions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'intent_id', jsonb_build_array(null, new.intent_id),
      'kind', jsonb_build_array(null, new.kind),
      'gateway', jsonb_build_array(null, new.gateway),
      'config_id', jsonb_build_array(null, new.config_id),
      'reference', jsonb_build_array(null, new.reference),
      'gateway_reference', jsonb_build_array(null, new.gateway_reference),
      'amount', jsonb_build_array(null, new.amount),
      'currency', jsonb_build_array(null, new.currency),
      'status', jsonb_build_array(null, new.status),
      'raw_status', jsonb_build_array(null, new.raw_status),
      'failure_code', jsonb_build_array(null, new.failure_code),
      'response', jsonb_build_array(null, new.response),
      'saves_method', jsonb_build_array(null, new.saves_method),
      'method_id', jsonb_build_array(null, new.method_id),
      'is_booked', jsonb_build_array(null, new.is_booked),
      'release_due_at', jsonb_build_array(null, new.release_due_at),
      'checks', jsonb_build_array(null, new.checks),
      'next_check_at', jsonb_build_array(null, new.next_check_at),
      'completed_at', jsonb_build_array(null, new.completed_at));
    perform khidma.write_audit('payments', 'payment_transactions', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'intent_id', jsonb_build_array(old.intent_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'gateway', jsonb_build_array(old.gateway, null),
      'config_id', jsonb_build_array(old.config_id, null),
      'reference', jsonb_build_array(old.reference, null),
      'gateway_reference', jsonb_build_array(old.gateway_reference, null),
      'amount', jsonb_build_array(old.amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'status', jsonb_build_array(old.status, null),
      'raw_status', jsonb_build_array(old.raw_status, null),
      'failure_code', jsonb_build_array(old.failure_code, null),
      'response', jsonb_build_array(old.response, null),
      'saves_method', jsonb_build_array(old.saves_method, null),
      'method_id', jsonb_build_array(old.method_id, null),
      'is_booked', jsonb_build_array(old.is_booked, null),
      'release_due_at', jsonb_build_array(old.release_due_at, null),
      'checks', jsonb_build_array(old.checks, null),
      'next_check_at', jsonb_build_array(old.next_check_at, null),
      'completed_at', jsonb_build_array(old.completed_at, null));
    perform khidma.write_audit('payments', 'payment_transactions', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.intent_id is distinct from old.intent_id then
    changes := changes || jsonb_build_object('intent_id', jsonb_build_array(old.intent_id, new.intent_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.gateway is distinct from old.gateway then
    changes := changes || jsonb_build_object('gateway', jsonb_build_array(old.gateway, new.gateway));
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
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
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
  if new.response is distinct from old.response then
    changes := changes || jsonb_build_object('response', jsonb_build_array(old.response, new.response));
  end if;
  if new.saves_method is distinct from old.saves_method then
    changes := changes || jsonb_build_object('saves_method', jsonb_build_array(old.saves_method, new.saves_method));
  end if;
  if new.method_id is distinct from old.method_id then
    changes := changes || jsonb_build_object('method_id', jsonb_build_array(old.method_id, new.method_id));
  end if;
  if new.is_booked is distinct from old.is_booked then
    changes := changes || jsonb_build_object('is_booked', jsonb_build_array(old.is_booked, new.is_booked));
  end if;
  if new.release_due_at is distinct from old.release_due_at then
    changes := changes || jsonb_build_object('release_due_at', jsonb_build_array(old.release_due_at, new.release_due_at));
  end if;
  if new.checks is distinct from old.checks then
    changes := changes || jsonb_build_object('checks', jsonb_build_array(old.checks, new.checks));
  end if;
  if new.next_check_at is distinct from old.next_check_at then
    changes := changes || jsonb_build_object('next_check_at', jsonb_build_array(old.next_check_at, new.next_check_at));
  end if;
  if new.completed_at is distinct from old.completed_at then
    changes := changes || jsonb_build_object('completed_at', jsonb_build_array(old.completed_at, new.completed_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payments', 'payment_transactions', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_refunds() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'intent_id', jsonb_build_array(null, new.intent_id),
      'transaction_id', jsonb_build_array(null, new.transaction_id),
      'dispute_id', jsonb_build_array(null, new.dispute_id),
      'kind', jsonb_build_array(null, new.kind),
      'amount', jsonb_build_array(null, new.amount),
      'from_payable', jsonb_build_array(null, new.from_payable),
      'from_debt', jsonb_build_array(null, new.from_debt),
      'from_escrow', jsonb_build_array(null, new.from_escrow),
      'from_platform', jsonb_build_array(null, new.from_platform),
      'currency', jsonb_build_array(null, new.currency),
      'reason', jsonb_build_array(null, new.reason),
      'note', jsonb_build_array(null, new.note),
      'destination', jsonb_build_array(null, new.destination),
      'status', jsonb_build_array(null, new.status),
      'provider', jsonb_build_array(null, new.provider),
      'provider_reference', jsonb_build_array(null, new.provider_reference),
      'failure_code', jsonb_build_array(null, new.failure_code),
      'requested_by', jsonb_build_array(null, new.requested_by),
      'next_at', jsonb_build_array(null, new.next_at),
      'completed_at', jsonb_build_array(null, new.completed_at));
    perform khidma.write_audit('payments', 'refunds', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'intent_id', jsonb_build_array(old.intent_id, null),
      'transaction_id', jsonb_build_array(old.transaction_id, null),
      'dispute_id', jsonb_build_array(old.dispute_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'amount', jsonb_build_array(old.amount, null),
      'from_payable', jsonb_build_array(old.from_payable, null),
      'from_debt', jsonb_build_array(old.from_debt, null),
      'from_escrow', jsonb_build_array(old.from_escrow, null),
      'from_platform', jsonb_build_array(old.from_platform, null),
      'currency', jsonb_build_array(old.currency, null),
      'reason', jsonb_build_array(old.reason, null),
      'note', jsonb_build_array(old.note, null),
      'destination', jsonb_build_array(old.destination, null),
      'status', jsonb_build_array(old.status, null),
      'provider', jsonb_build_array(old.provider, null),
      'provider_reference', jsonb_build_array(old.provider_reference, null),
      'failure_code', jsonb_build_array(old.failure_code, null),
      'requested_by', jsonb_build_array(old.requested_by, null),
      'next_at', jsonb_build_array(old.next_at, null),
      'completed_at', jsonb_build_array(old.completed_at, null));
    perform khidma.write_audit('payments', 'refunds', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.intent_id is distinct from old.intent_id then
    changes := changes || jsonb_build_object('intent_id', jsonb_build_array(old.intent_id, new.intent_id));
  end if;
  if new.transaction_id is distinct from old.transaction_id then
    changes := changes || jsonb_build_object('transaction_id', jsonb_build_array(old.transaction_id, new.transaction_id));
  end if;
  if new.dispute_id is distinct from old.dispute_id then
    changes := changes || jsonb_build_object('dispute_id', jsonb_build_array(old.dispute_id, new.dispute_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.from_payable is distinct from old.from_payable then
    changes := changes || jsonb_build_object('from_payable', jsonb_build_array(old.from_payable, new.from_payable));
  end if;
  if new.from_debt is distinct from old.from_debt then
    changes := changes || jsonb_build_object('from_debt', jsonb_build_array(old.from_debt, new.from_debt));
  end if;
  if new.from_escrow is distinct from old.from_escrow then
    changes := changes || jsonb_build_object('from_escrow', jsonb_build_array(old.from_escrow, new.from_escrow));
  end if;
  if new.from_platform is distinct from old.from_platform then
    changes := changes || jsonb_build_object('from_platform', jsonb_build_array(old.from_platform, new.from_platform));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.note is distinct from old.note then
    changes := changes || jsonb_build_object('note', jsonb_build_array(old.note, new.note));
  end if;
  if new.destination is distinct from old.destination then
    changes := changes || jsonb_build_object('destination', jsonb_build_array(old.destination, new.destination));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
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
  if new.requested_by is distinct from old.requested_by then
    changes := changes || jsonb_build_object('requested_by', jsonb_build_array(old.requested_by, new.requested_by));
  end if;
  if new.next_at is distinct from old.next_at then
    changes := changes || jsonb_build_object('next_at', jsonb_build_array(old.next_at, new.next_at));
  end if;
  if new.completed_at is distinct from old.completed_at then
    changes := changes || jsonb_build_object('completed_at', jsonb_build_array(old.completed_at, new.completed_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payments', 'refunds', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
