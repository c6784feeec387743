-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_packages() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'kind', jsonb_build_array(null, new.kind),
      'names', jsonb_build_array(null, new.names),
      'descriptions', jsonb_build_array(null, new.descriptions),
      'country', jsonb_build_array(null, new.country),
      'price', jsonb_build_array(null, new.price),
      'currency', jsonb_build_array(null, new.currency),
      'postings', jsonb_build_array(null, new.postings),
      'contact_views', jsonb_build_array(null, new.contact_views),
      'credits', jsonb_build_array(null, new.credits),
      'validity_days', jsonb_build_array(null, new.validity_days),
      'posting_days', jsonb_build_array(null, new.posting_days),
      'active', jsonb_build_array(null, new.active),
      'sort_order', jsonb_build_array(null, new.sort_order),
      'retired_at', jsonb_build_array(null, new.retired_at));
    perform khidma.write_audit('packages', 'packages', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'kind', jsonb_build_array(old.kind, null),
      'names', jsonb_build_array(old.names, null),
      'descriptions', jsonb_build_array(old.descriptions, null),
      'country', jsonb_build_array(old.country, null),
      'price', jsonb_build_array(old.price, null),
      'currency', jsonb_build_array(old.currency, null),
      'postings', jsonb_build_array(old.postings, null),
      'contact_views', jsonb_build_array(old.contact_views, null),
      'credits', jsonb_build_array(old.credits, null),
      'validity_days', jsonb_build_array(old.validity_days, null),
      'posting_days', jsonb_build_array(old.posting_days, null),
      'active', jsonb_build_array(old.active, null),
      'sort_order', jsonb_build_array(old.sort_order, null),
      'retired_at', jsonb_build_array(old.retired_at, null));
    perform khidma.write_audit('packages', 'packages', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.names is distinct from old.names then
    changes := changes || jsonb_build_object('names', jsonb_build_array(old.names, new.names));
  end if;
  if new.descriptions is distinct from old.descriptions then
    changes := changes || jsonb_build_object('descriptions', jsonb_build_array(old.descriptions, new.descriptions));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.price is distinct from old.price then
    changes := changes || jsonb_build_object('price', jsonb_build_array(old.price, new.price));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.postings is distinct from old.postings then
    changes := changes || jsonb_build_object('postings', jsonb_build_array(old.postings, new.postings));
  end if;
  if new.contact_views is distinct from old.contact_views then
    changes := changes || jsonb_build_object('contact_views', jsonb_build_array(old.contact_views, new.contact_views));
  end if;
  if new.credits is distinct from old.credits then
    changes := changes || jsonb_build_object('credits', jsonb_build_array(old.credits, new.credits));
  end if;
  if new.validity_days is distinct from old.validity_days then
    changes := changes || jsonb_build_object('validity_days', jsonb_build_array(old.validity_days, new.validity_days));
  end if;
  if new.posting_days is distinct from old.posting_days then
    changes := changes || jsonb_build_object('posting_days', jsonb_build_array(old.posting_days, new.posting_days));
  end if;
  if new.active is distinct from old.active then
    changes := changes || jsonb_build_object('active', jsonb_build_array(old.active, new.active));
  end if;
  if new.sort_order is distinct from old.sort_order then
    changes := changes || jsonb_build_object('sort_order', jsonb_build_array(old.sort_order, new.sort_order));
  end if;
  if new.retired_at is distinct from old.retired_at then
    changes := changes || jsonb_build_object('retired_at', jsonb_build_array(old.retired_at, new.retired_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('packages', 'packages', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_entitlements() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'owner_id', jsonb_build_array(null, new.owner_id),
      'kind', jsonb_build_array(null, new.kind),
      'quantity', jsonb_build_array(null, new.quantity),
      'document_type', jsonb_build_array(null, new.document_type),
      'document_id', jsonb_build_array(null, new.document_id),
      'part', jsonb_build_array(null, new.part),
      'valid_from', jsonb_build_array(null, new.valid_from),
      'valid_until', jsonb_build_array(null, new.valid_until),
      'taken_back', jsonb_build_array(null, new.taken_back),
      'revoked_at', jsonb_build_array(null, new.revoked_at),
      'posting_days', jsonb_build_array(null, new.posting_days));
    perform khidma.write_audit('packages', 'entitlements', 'insert', new.id::text, new.owner_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'owner_id', jsonb_build_array(old.owner_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'quantity', jsonb_build_array(old.quantity, null),
      'document_type', jsonb_build_array(old.document_type, null),
      'document_id', jsonb_build_array(old.document_id, null),
      'part', jsonb_build_array(old.part, null),
      'valid_from', jsonb_build_array(old.valid_from, null),
      'valid_until', jsonb_build_array(old.valid_until, null),
      'taken_back', jsonb_build_array(old.taken_back, null),
      'revoked_at', jsonb_build_array(old.revoked_at, null),
      'posting_days', jsonb_build_array(old.posting_days, null));
    perform khidma.write_audit('packages', 'entitlements', 'delete', old.id::text, old.owner_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.owner_id is distinct from old.owner_id then
    changes := changes || jsonb_build_object('owner_id', jsonb_build_array(old.owner_id, new.owner_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.quantity is distinct from old.quantity then
    changes := changes || jsonb_build_object('quantity', jsonb_build_array(old.quantity, new.quantity));
  end if;
  if new.document_type is distinct from old.document_type then
    changes := changes || jsonb_build_object('document_type', jsonb_build_array(old.document_type, new.document_type));
  end if;
  if new.document_id is distinct from old.document_id then
    changes := changes || jsonb_build_object('document_id', jsonb_build_array(old.document_id, new.document_id));
  end if;
  if new.part is distinct from old.part then
    changes := changes || jsonb_build_object('part', jsonb_build_array(old.part, new.part));
  end if;
  if new.valid_from is distinct from old.valid_from then
    changes := changes || jsonb_build_object('valid_from', jsonb_build_array(old.valid_from, new.valid_from));
  end if;
  if new.valid_until is distinct from old.valid_until then
    changes := changes || jsonb_build_object('valid_until', jsonb_build_array(old.valid_until, new.valid_until));
  end if;
  if new.taken_back is distinct from old.taken_back then
    changes := changes || jsonb_build_object('taken_back', jsonb_build_array(old.taken_back, new.taken_back));
  end if;
  if new.revoked_at is distinct from old.revoked_at then
    changes := changes || jsonb_build_object('revoked_at', jsonb_build_array(old.revoked_at, new.revoked_at));
  end if;
  if new.posting_days is distinct from old.posting_days then
    changes := changes || jsonb_build_object('posting_days', jsonb_build_array(old.posting_days, new.posting_days));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('packages', 'entitlements', 'update', new.id::text, new.owner_id, changes);
  end if;
  return null;
end $$;
