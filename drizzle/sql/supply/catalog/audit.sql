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
      'name_en', jsonb_build_array(null, new.name_en),
      'name_ar', jsonb_build_array(null, new.name_ar),
      'parent_id', jsonb_build_array(null, new.parent_id),
      'icon_url', jsonb_build_array(null, new.icon_url),
      'active', jsonb_build_array(null, new.active),
      'sort_order', jsonb_build_array(null, new.sort_order),
      'deleted_at', jsonb_build_array(null, new.deleted_at));
    perform khidma.write_audit('catalog', 'task_categories', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'slug', jsonb_build_array(old.slug, null),
      'name_en', jsonb_build_array(old.name_en, null),
      'name_ar', jsonb_build_array(old.name_ar, null),
      'parent_id', jsonb_build_array(old.parent_id, null),
      'icon_url', jsonb_build_array(old.icon_url, null),
      'active', jsonb_build_array(old.active, null),
      'sort_order', jsonb_build_array(old.sort_order, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null));
    perform khidma.write_audit('catalog', 'task_categories', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.slug is distinct from old.slug then
    changes := changes || jsonb_build_object('slug', jsonb_build_array(old.slug, new.slug));
  end if;
  if new.name_en is distinct from old.name_en then
    changes := changes || jsonb_build_object('name_en', jsonb_build_array(old.name_en, new.name_en));
  end if;
  if new.name_ar is distinct from old.name_ar then
    changes := changes || jsonb_build_object('name_ar', jsonb_build_array(old.name_ar, new.name_ar));
  end if;
  if new.parent_id is distinct from old.parent_id then
    changes := changes || jsonb_build_object('parent_id', jsonb_build_array(old.parent_id, new.parent_id));
  end if;
  if new.icon_url is distinct from old.icon_url then
    changes := changes || jsonb_build_object('icon_url', jsonb_build_array(old.icon_url, new.icon_url));
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
  if changes <> '{}' then
    perform khidma.write_audit('catalog', 'task_categories', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
