-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_pricing_bands() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'category_id', jsonb_build_array(null, new.category_id),
      'city', jsonb_build_array(null, new.city),
      'min_amount', jsonb_build_array(null, new.min_amount),
      'max_amount', jsonb_build_array(null, new.max_amount),
      'currency', jsonb_build_array(null, new.currency),
      'valid_during', jsonb_build_array(null, new.valid_during));
    perform khidma.write_audit('pricing', 'pricing_bands', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'category_id', jsonb_build_array(old.category_id, null),
      'city', jsonb_build_array(old.city, null),
      'min_amount', jsonb_build_array(old.min_amount, null),
      'max_amount', jsonb_build_array(old.max_amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'valid_during', jsonb_build_array(old.valid_during, null));
    perform khidma.write_audit('pricing', 'pricing_bands', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.category_id is distinct from old.category_id then
    changes := changes || jsonb_build_object('category_id', jsonb_build_array(old.category_id, new.category_id));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.min_amount is distinct from old.min_amount then
    changes := changes || jsonb_build_object('min_amount', jsonb_build_array(old.min_amount, new.min_amount));
  end if;
  if new.max_amount is distinct from old.max_amount then
    changes := changes || jsonb_build_object('max_amount', jsonb_build_array(old.max_amount, new.max_amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.valid_during is distinct from old.valid_during then
    changes := changes || jsonb_build_object('valid_during', jsonb_build_array(old.valid_during, new.valid_during));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('pricing', 'pricing_bands', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
