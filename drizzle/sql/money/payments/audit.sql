-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_payment_intents() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'method', jsonb_build_array(null, new.method),
      'status', jsonb_build_array(null, new.status),
      'provider', jsonb_build_array(null, new.provider),
      'provider_reference', jsonb_build_array(null, new.provider_reference),
      'amount_authorized', jsonb_build_array(null, new.amount_authorized),
      'amount_captured', jsonb_build_array(null, new.amount_captured),
      'currency', jsonb_build_array(null, new.currency));
    perform khidma.write_audit('payments', 'payment_intents', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'method', jsonb_build_array(old.method, null),
      'status', jsonb_build_array(old.status, null),
      'provider', jsonb_build_array(old.provider, null),
      'provider_reference', jsonb_build_array(old.provider_reference, null),
      'amount_authorized', jsonb_build_array(old.amount_authorized, null),
      'amount_captured', jsonb_build_array(old.amount_captured, null),
      'currency', jsonb_build_array(old.currency, null));
    perform khidma.write_audit('payments', 'payment_intents', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
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
  if new.amount_authorized is distinct from old.amount_authorized then
    changes := changes || jsonb_build_object('amount_authorized', jsonb_build_array(old.amount_authorized, new.amount_authorized));
  end if;
  if new.amount_captured is distinct from old.amount_captured then
    changes := changes || jsonb_build_object('amount_captured', jsonb_build_array(old.amount_captured, new.amount_captured));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payments', 'payment_intents', 'update', new.id::text, null, changes);
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
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'amount', jsonb_build_array(null, new.amount),
      'currency', jsonb_build_array(null, new.currency),
      'status', jsonb_build_array(null, new.status),
      'provider', jsonb_build_array(null, new.provider),
      'provider_reference', jsonb_build_array(null, new.provider_reference),
      'scheduled_for', jsonb_build_array(null, new.scheduled_for),
      'paid_at', jsonb_build_array(null, new.paid_at));
    perform khidma.write_audit('payments', 'payouts', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'amount', jsonb_build_array(old.amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'status', jsonb_build_array(old.status, null),
      'provider', jsonb_build_array(old.provider, null),
      'provider_reference', jsonb_build_array(old.provider_reference, null),
      'scheduled_for', jsonb_build_array(old.scheduled_for, null),
      'paid_at', jsonb_build_array(old.paid_at, null));
    perform khidma.write_audit('payments', 'payouts', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
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
  if new.provider is distinct from old.provider then
    changes := changes || jsonb_build_object('provider', jsonb_build_array(old.provider, new.provider));
  end if;
  if new.provider_reference is distinct from old.provider_reference then
    changes := changes || jsonb_build_object('provider_reference', jsonb_build_array(old.provider_reference, new.provider_reference));
  end if;
  if new.scheduled_for is distinct from old.scheduled_for then
    changes := changes || jsonb_build_object('scheduled_for', jsonb_build_array(old.scheduled_for, new.scheduled_for));
  end if;
  if new.paid_at is distinct from old.paid_at then
    changes := changes || jsonb_build_object('paid_at', jsonb_build_array(old.paid_at, new.paid_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('payments', 'payouts', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;
