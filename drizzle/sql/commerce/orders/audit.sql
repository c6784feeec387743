-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_price_documents() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'country', jsonb_build_array(null, new.country),
      'currency', jsonb_build_array(null, new.currency),
      'subtotal', jsonb_build_array(null, new.subtotal),
      'discount', jsonb_build_array(null, new.discount),
      'tax', jsonb_build_array(null, new.tax),
      'total', jsonb_build_array(null, new.total),
      'valid_until', jsonb_build_array(null, new.valid_until),
      'frozen_at', jsonb_build_array(null, new.frozen_at));
    perform khidma.write_audit('orders', 'price_documents', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'country', jsonb_build_array(old.country, null),
      'currency', jsonb_build_array(old.currency, null),
      'subtotal', jsonb_build_array(old.subtotal, null),
      'discount', jsonb_build_array(old.discount, null),
      'tax', jsonb_build_array(old.tax, null),
      'total', jsonb_build_array(old.total, null),
      'valid_until', jsonb_build_array(old.valid_until, null),
      'frozen_at', jsonb_build_array(old.frozen_at, null));
    perform khidma.write_audit('orders', 'price_documents', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.subtotal is distinct from old.subtotal then
    changes := changes || jsonb_build_object('subtotal', jsonb_build_array(old.subtotal, new.subtotal));
  end if;
  if new.discount is distinct from old.discount then
    changes := changes || jsonb_build_object('discount', jsonb_build_array(old.discount, new.discount));
  end if;
  if new.tax is distinct from old.tax then
    changes := changes || jsonb_build_object('tax', jsonb_build_array(old.tax, new.tax));
  end if;
  if new.total is distinct from old.total then
    changes := changes || jsonb_build_object('total', jsonb_build_array(old.total, new.total));
  end if;
  if new.valid_until is distinct from old.valid_until then
    changes := changes || jsonb_build_object('valid_until', jsonb_build_array(old.valid_until, new.valid_until));
  end if;
  if new.frozen_at is distinct from old.frozen_at then
    changes := changes || jsonb_build_object('frozen_at', jsonb_build_array(old.frozen_at, new.frozen_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('orders', 'price_documents', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_orders() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'document_id', jsonb_build_array(null, new.document_id),
      'status', jsonb_build_array(null, new.status),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'completed_at', jsonb_build_array(null, new.completed_at),
      'canceled_at', jsonb_build_array(null, new.canceled_at),
      'refunded_at', jsonb_build_array(null, new.refunded_at),
      'reason', jsonb_build_array(null, new.reason));
    perform khidma.write_audit('orders', 'orders', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'document_id', jsonb_build_array(old.document_id, null),
      'status', jsonb_build_array(old.status, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'completed_at', jsonb_build_array(old.completed_at, null),
      'canceled_at', jsonb_build_array(old.canceled_at, null),
      'refunded_at', jsonb_build_array(old.refunded_at, null),
      'reason', jsonb_build_array(old.reason, null));
    perform khidma.write_audit('orders', 'orders', 'delete', old.id::text, old.user_id, changes);
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
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.completed_at is distinct from old.completed_at then
    changes := changes || jsonb_build_object('completed_at', jsonb_build_array(old.completed_at, new.completed_at));
  end if;
  if new.canceled_at is distinct from old.canceled_at then
    changes := changes || jsonb_build_object('canceled_at', jsonb_build_array(old.canceled_at, new.canceled_at));
  end if;
  if new.refunded_at is distinct from old.refunded_at then
    changes := changes || jsonb_build_object('refunded_at', jsonb_build_array(old.refunded_at, new.refunded_at));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('orders', 'orders', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_order_refunds() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'order_id', jsonb_build_array(null, new.order_id),
      'refund_id', jsonb_build_array(null, new.refund_id),
      'item_id', jsonb_build_array(null, new.item_id),
      'first_unit', jsonb_build_array(null, new.first_unit),
      'last_unit', jsonb_build_array(null, new.last_unit),
      'refunded_by', jsonb_build_array(null, new.refunded_by));
    perform khidma.write_audit('orders', 'order_refunds', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'order_id', jsonb_build_array(old.order_id, null),
      'refund_id', jsonb_build_array(old.refund_id, null),
      'item_id', jsonb_build_array(old.item_id, null),
      'first_unit', jsonb_build_array(old.first_unit, null),
      'last_unit', jsonb_build_array(old.last_unit, null),
      'refunded_by', jsonb_build_array(old.refunded_by, null));
    perform khidma.write_audit('orders', 'order_refunds', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.order_id is distinct from old.order_id then
    changes := changes || jsonb_build_object('order_id', jsonb_build_array(old.order_id, new.order_id));
  end if;
  if new.refund_id is distinct from old.refund_id then
    changes := changes || jsonb_build_object('refund_id', jsonb_build_array(old.refund_id, new.refund_id));
  end if;
  if new.item_id is distinct from old.item_id then
    changes := changes || jsonb_build_object('item_id', jsonb_build_array(old.item_id, new.item_id));
  end if;
  if new.first_unit is distinct from old.first_unit then
    changes := changes || jsonb_build_object('first_unit', jsonb_build_array(old.first_unit, new.first_unit));
  end if;
  if new.last_unit is distinct from old.last_unit then
    changes := changes || jsonb_build_object('last_unit', jsonb_build_array(old.last_unit, new.last_unit));
  end if;
  if new.refunded_by is distinct from old.refunded_by then
    changes := changes || jsonb_build_object('refunded_by', jsonb_build_array(old.refunded_by, new.refunded_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('orders', 'order_refunds', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
