-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_invoice_sellers() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'country', jsonb_build_array(null, new.country),
      'name', jsonb_build_array(null, new.name),
      'tax_id', jsonb_build_array(null, new.tax_id),
      'address', jsonb_build_array(null, new.address),
      'timezone', jsonb_build_array(null, new.timezone),
      'fiscal_year_starts_in', jsonb_build_array(null, new.fiscal_year_starts_in));
    perform khidma.write_audit('invoices', 'invoice_sellers', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'country', jsonb_build_array(old.country, null),
      'name', jsonb_build_array(old.name, null),
      'tax_id', jsonb_build_array(old.tax_id, null),
      'address', jsonb_build_array(old.address, null),
      'timezone', jsonb_build_array(old.timezone, null),
      'fiscal_year_starts_in', jsonb_build_array(old.fiscal_year_starts_in, null));
    perform khidma.write_audit('invoices', 'invoice_sellers', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.tax_id is distinct from old.tax_id then
    changes := changes || jsonb_build_object('tax_id', jsonb_build_array(old.tax_id, new.tax_id));
  end if;
  if new.address is distinct from old.address then
    changes := changes || jsonb_build_object('address', jsonb_build_array(old.address, new.address));
  end if;
  if new.timezone is distinct from old.timezone then
    changes := changes || jsonb_build_object('timezone', jsonb_build_array(old.timezone, new.timezone));
  end if;
  if new.fiscal_year_starts_in is distinct from old.fiscal_year_starts_in then
    changes := changes || jsonb_build_object('fiscal_year_starts_in', jsonb_build_array(old.fiscal_year_starts_in, new.fiscal_year_starts_in));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('invoices', 'invoice_sellers', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_invoices() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'kind', jsonb_build_array(null, new.kind),
      'seller_id', jsonb_build_array(null, new.seller_id),
      'series', jsonb_build_array(null, new.series),
      'fiscal_year', jsonb_build_array(null, new.fiscal_year),
      'number', jsonb_build_array(null, new.number),
      'label', jsonb_build_array(null, new.label),
      'document_type', jsonb_build_array(null, new.document_type),
      'document_id', jsonb_build_array(null, new.document_id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'credited_invoice_id', jsonb_build_array(null, new.credited_invoice_id),
      'credited_before', jsonb_build_array(null, new.credited_before),
      'buyer_id', jsonb_build_array(null, new.buyer_id),
      'supplier_id', jsonb_build_array(null, new.supplier_id),
      'seller', jsonb_build_array(null, new.seller),
      'language', jsonb_build_array(null, new.language),
      'currency', jsonb_build_array(null, new.currency),
      'subtotal', jsonb_build_array(null, new.subtotal),
      'discount', jsonb_build_array(null, new.discount),
      'tax', jsonb_build_array(null, new.tax),
      'total', jsonb_build_array(null, new.total),
      'credited_amount', jsonb_build_array(null, new.credited_amount),
      'status', jsonb_build_array(null, new.status),
      'reason', jsonb_build_array(null, new.reason),
      'issued_at', jsonb_build_array(null, new.issued_at),
      'due_at', jsonb_build_array(null, new.due_at),
      'paid_at', jsonb_build_array(null, new.paid_at),
      'voided_at', jsonb_build_array(null, new.voided_at));
    perform khidma.write_audit('invoices', 'invoices', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'kind', jsonb_build_array(old.kind, null),
      'seller_id', jsonb_build_array(old.seller_id, null),
      'series', jsonb_build_array(old.series, null),
      'fiscal_year', jsonb_build_array(old.fiscal_year, null),
      'number', jsonb_build_array(old.number, null),
      'label', jsonb_build_array(old.label, null),
      'document_type', jsonb_build_array(old.document_type, null),
      'document_id', jsonb_build_array(old.document_id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'credited_invoice_id', jsonb_build_array(old.credited_invoice_id, null),
      'credited_before', jsonb_build_array(old.credited_before, null),
      'buyer_id', jsonb_build_array(old.buyer_id, null),
      'supplier_id', jsonb_build_array(old.supplier_id, null),
      'seller', jsonb_build_array(old.seller, null),
      'language', jsonb_build_array(old.language, null),
      'currency', jsonb_build_array(old.currency, null),
      'subtotal', jsonb_build_array(old.subtotal, null),
      'discount', jsonb_build_array(old.discount, null),
      'tax', jsonb_build_array(old.tax, null),
      'total', jsonb_build_array(old.total, null),
      'credited_amount', jsonb_build_array(old.credited_amount, null),
      'status', jsonb_build_array(old.status, null),
      'reason', jsonb_build_array(old.reason, null),
      'issued_at', jsonb_build_array(old.issued_at, null),
      'due_at', jsonb_build_array(old.due_at, null),
      'paid_at', jsonb_build_array(old.paid_at, null),
      'voided_at', jsonb_build_array(old.voided_at, null));
    perform khidma.write_audit('invoices', 'invoices', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.seller_id is distinct from old.seller_id then
    changes := changes || jsonb_build_object('seller_id', jsonb_build_array(old.seller_id, new.seller_id));
  end if;
  if new.series is distinct from old.series then
    changes := changes || jsonb_build_object('series', jsonb_build_array(old.series, new.series));
  end if;
  if new.fiscal_year is distinct from old.fiscal_year then
    changes := changes || jsonb_build_object('fiscal_year', jsonb_build_array(old.fiscal_year, new.fiscal_year));
  end if;
  if new.number is distinct from old.number then
    changes := changes || jsonb_build_object('number', jsonb_build_array(old.number, new.number));
  end if;
  if new.label is distinct from old.label then
    changes := changes || jsonb_build_object('label', jsonb_build_array(old.label, new.label));
  end if;
  if new.document_type is distinct from old.document_type then
    changes := changes || jsonb_build_object('document_type', jsonb_build_array(old.document_type, new.document_type));
  end if;
  if new.document_id is distinct from old.document_id then
    changes := changes || jsonb_build_object('document_id', jsonb_build_array(old.document_id, new.document_id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.credited_invoice_id is distinct from old.credited_invoice_id then
    changes := changes || jsonb_build_object('credited_invoice_id', jsonb_build_array(old.credited_invoice_id, new.credited_invoice_id));
  end if;
  if new.credited_before is distinct from old.credited_before then
    changes := changes || jsonb_build_object('credited_before', jsonb_build_array(old.credited_before, new.credited_before));
  end if;
  if new.buyer_id is distinct from old.buyer_id then
    changes := changes || jsonb_build_object('buyer_id', jsonb_build_array(old.buyer_id, new.buyer_id));
  end if;
  if new.supplier_id is distinct from old.supplier_id then
    changes := changes || jsonb_build_object('supplier_id', jsonb_build_array(old.supplier_id, new.supplier_id));
  end if;
  if new.seller is distinct from old.seller then
    changes := changes || jsonb_build_object('seller', jsonb_build_array(old.seller, new.seller));
  end if;
  if new.language is distinct from old.language then
    changes := changes || jsonb_build_object('language', jsonb_build_array(old.language, new.language));
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
  if new.credited_amount is distinct from old.credited_amount then
    changes := changes || jsonb_build_object('credited_amount', jsonb_build_array(old.credited_amount, new.credited_amount));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.issued_at is distinct from old.issued_at then
    changes := changes || jsonb_build_object('issued_at', jsonb_build_array(old.issued_at, new.issued_at));
  end if;
  if new.due_at is distinct from old.due_at then
    changes := changes || jsonb_build_object('due_at', jsonb_build_array(old.due_at, new.due_at));
  end if;
  if new.paid_at is distinct from old.paid_at then
    changes := changes || jsonb_build_object('paid_at', jsonb_build_array(old.paid_at, new.paid_at));
  end if;
  if new.voided_at is distinct from old.voided_at then
    changes := changes || jsonb_build_object('voided_at', jsonb_build_array(old.voided_at, new.voided_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('invoices', 'invoices', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_tax_details() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'country', jsonb_build_array(null, new.country),
      'status', jsonb_build_array(null, new.status),
      'region', jsonb_build_array(null, new.region));
    perform khidma.write_audit('invoices', 'tax_details', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'country', jsonb_build_array(old.country, null),
      'status', jsonb_build_array(old.status, null),
      'region', jsonb_build_array(old.region, null));
    perform khidma.write_audit('invoices', 'tax_details', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.region is distinct from old.region then
    changes := changes || jsonb_build_object('region', jsonb_build_array(old.region, new.region));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('invoices', 'tax_details', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;
