-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_config_entries() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'key', jsonb_build_array(null, new.key),
      'country', jsonb_build_array(null, new.country),
      'city', jsonb_build_array(null, new.city),
      'category_id', jsonb_build_array(null, new.category_id),
      'value', jsonb_build_array(null, new.value),
      'valid_during', jsonb_build_array(null, new.valid_during),
      'replaces', jsonb_build_array(null, new.replaces),
      'reason', jsonb_build_array(null, new.reason),
      'created_by', jsonb_build_array(null, new.created_by));
    perform khidma.write_audit('configuration', 'config_entries', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'key', jsonb_build_array(old.key, null),
      'country', jsonb_build_array(old.country, null),
      'city', jsonb_build_array(old.city, null),
      'category_id', jsonb_build_array(old.category_id, null),
      'value', jsonb_build_array(old.value, null),
      'valid_during', jsonb_build_array(old.valid_during, null),
      'replaces', jsonb_build_array(old.replaces, null),
      'reason', jsonb_build_array(old.reason, null),
      'created_by', jsonb_build_array(old.created_by, null));
    perform khidma.write_audit('configuration', 'config_entries', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.key is distinct from old.key then
    changes := changes || jsonb_build_object('key', jsonb_build_array(old.key, new.key));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.category_id is distinct from old.category_id then
    changes := changes || jsonb_build_object('category_id', jsonb_build_array(old.category_id, new.category_id));
  end if;
  if new.value is distinct from old.value then
    changes := changes || jsonb_build_object('value', jsonb_build_array(old.value, new.value));
  end if;
  if new.valid_during is distinct from old.valid_during then
    changes := changes || jsonb_build_object('valid_during', jsonb_build_array(old.valid_during, new.valid_during));
  end if;
  if new.replaces is distinct from old.replaces then
    changes := changes || jsonb_build_object('replaces', jsonb_build_array(old.replaces, new.replaces));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.created_by is distinct from old.created_by then
    changes := changes || jsonb_build_object('created_by', jsonb_build_array(old.created_by, new.created_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('configuration', 'config_entries', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
