-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_task_categories() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'slug', jsonb_build_array(null, new.slug),
      'names', jsonb_build_array(null, new.names),
      'descriptions', jsonb_build_array(null, new.descriptions),
      'parent_id', jsonb_build_array(null, new.parent_id),
      'color', jsonb_build_array(null, new.color),
      'icon_media_id', jsonb_build_array(null, new.icon_media_id),
      'active', jsonb_build_array(null, new.active),
      'sort_order', jsonb_build_array(null, new.sort_order),
      'deleted_at', jsonb_build_array(null, new.deleted_at),
      'restored_at', jsonb_build_array(null, new.restored_at));
    perform khidma.write_audit('catalog', 'task_categories', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'slug', jsonb_build_array(old.slug, null),
      'names', jsonb_build_array(old.names, null),
      'descriptions', jsonb_build_array(old.descriptions, null),
      'parent_id', jsonb_build_array(old.parent_id, null),
      'color', jsonb_build_array(old.color, null),
      'icon_media_id', jsonb_build_array(old.icon_media_id, null),
      'active', jsonb_build_array(old.active, null),
      'sort_order', jsonb_build_array(old.sort_order, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null),
      'restored_at', jsonb_build_array(old.restored_at, null));
    perform khidma.write_audit('catalog', 'task_categories', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.slug is distinct from old.slug then
    changes := changes || jsonb_build_object('slug', jsonb_build_array(old.slug, new.slug));
  end if;
  if new.names is distinct from old.names then
    changes := changes || jsonb_build_object('names', jsonb_build_array(old.names, new.names));
  end if;
  if new.descriptions is distinct from old.descriptions then
    changes := changes || jsonb_build_object('descriptions', jsonb_build_array(old.descriptions, new.descriptions));
  end if;
  if new.parent_id is distinct from old.parent_id then
    changes := changes || jsonb_build_object('parent_id', jsonb_build_array(old.parent_id, new.parent_id));
  end if;
  if new.color is distinct from old.color then
    changes := changes || jsonb_build_object('color', jsonb_build_array(old.color, new.color));
  end if;
  if new.icon_media_id is distinct from old.icon_media_id then
    changes := changes || jsonb_build_object('icon_media_id', jsonb_build_array(old.icon_media_id, new.icon_media_id));
  end if;
  if new.active is distinct from old.active then
    changes := changes || jsonb_build_object('active', jsonb_build_array(old.active, new.active));
  end if;
  if new.sort_order is distinct from old.sort_order then
    changes := changes || jsonb_build_object('sort_order', jsonb_build_array(old.sort_order, new.sort_order));
  end if;
  if new.deleted_at is distinct from old.deleted_at then
    changes := changes || jsonb_build_object('deleted_at', jsonb_build_array(old.deleted_at, new.deleted_at));
  end if;
  if new.restored_at is distinct from old.restored_at then
    changes := changes || jsonb_build_object('restored_at', jsonb_build_array(old.restored_at, new.restored_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('catalog', 'task_categories', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_service_addons() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'category_id', jsonb_build_array(null, new.category_id),
      'names', jsonb_build_array(null, new.names),
      'descriptions', jsonb_build_array(null, new.descriptions),
      'price_amount', jsonb_build_array(null, new.price_amount),
      'currency', jsonb_build_array(null, new.currency),
      'minutes', jsonb_build_array(null, new.minutes),
      'active', jsonb_build_array(null, new.active),
      'sort_order', jsonb_build_array(null, new.sort_order),
      'deleted_at', jsonb_build_array(null, new.deleted_at),
      'restored_at', jsonb_build_array(null, new.restored_at));
    perform khidma.write_audit('catalog', 'service_addons', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'category_id', jsonb_build_array(old.category_id, null),
      'names', jsonb_build_array(old.names, null),
      'descriptions', jsonb_build_array(old.descriptions, null),
      'price_amount', jsonb_build_array(old.price_amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'minutes', jsonb_build_array(old.minutes, null),
      'active', jsonb_build_array(old.active, null),
      'sort_order', jsonb_build_array(old.sort_order, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null),
      'restored_at', jsonb_build_array(old.restored_at, null));
    perform khidma.write_audit('catalog', 'service_addons', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.category_id is distinct from old.category_id then
    changes := changes || jsonb_build_object('category_id', jsonb_build_array(old.category_id, new.category_id));
  end if;
  if new.names is distinct from old.names then
    changes := changes || jsonb_build_object('names', jsonb_build_array(old.names, new.names));
  end if;
  if new.descriptions is distinct from old.descriptions then
    changes := changes || jsonb_build_object('descriptions', jsonb_build_array(old.descriptions, new.descriptions));
  end if;
  if new.price_amount is distinct from old.price_amount then
    changes := changes || jsonb_build_object('price_amount', jsonb_build_array(old.price_amount, new.price_amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.minutes is distinct from old.minutes then
    changes := changes || jsonb_build_object('minutes', jsonb_build_array(old.minutes, new.minutes));
  end if;
  if new.active is distinct from old.active then
    changes := changes || jsonb_build_object('active', jsonb_build_array(old.active, new.active));
  end if;
  if new.sort_order is distinct from old.sort_order then
    changes := changes || jsonb_build_object('sort_order', jsonb_build_array(old.sort_order, new.sort_order));
  end if;
  if new.deleted_at is distinct from old.deleted_at then
    changes := changes || jsonb_build_object('deleted_at', jsonb_build_array(old.deleted_at, new.deleted_at));
  end if;
  if new.restored_at is distinct from old.restored_at then
    changes := changes || jsonb_build_object('restored_at', jsonb_build_array(old.restored_at, new.restored_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('catalog', 'service_addons', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_category_inputs() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'category_id', jsonb_build_array(null, new.category_id),
      'questions', jsonb_build_array(null, new.questions),
      'created_by', jsonb_build_array(null, new.created_by));
    perform khidma.write_audit('catalog', 'category_inputs', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'category_id', jsonb_build_array(old.category_id, null),
      'questions', jsonb_build_array(old.questions, null),
      'created_by', jsonb_build_array(old.created_by, null));
    perform khidma.write_audit('catalog', 'category_inputs', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.category_id is distinct from old.category_id then
    changes := changes || jsonb_build_object('category_id', jsonb_build_array(old.category_id, new.category_id));
  end if;
  if new.questions is distinct from old.questions then
    changes := changes || jsonb_build_object('questions', jsonb_build_array(old.questions, new.questions));
  end if;
  if new.created_by is distinct from old.created_by then
    changes := changes || jsonb_build_object('created_by', jsonb_build_array(old.created_by, new.created_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('catalog', 'category_inputs', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
