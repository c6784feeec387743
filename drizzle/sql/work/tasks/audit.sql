-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_tasks() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'client_id', jsonb_build_array(null, new.client_id),
      'sourcing', jsonb_build_array(null, new.sourcing),
      'category', jsonb_build_array(null, new.category),
      'subcategory', jsonb_build_array(null, new.subcategory),
      'description', jsonb_build_array(null, new.description),
      'address', jsonb_build_array(null, new.address),
      'city', jsonb_build_array(null, new.city),
      'district', jsonb_build_array(null, new.district),
      'lat', jsonb_build_array(null, new.lat),
      'lng', jsonb_build_array(null, new.lng),
      'starts_at', jsonb_build_array(null, new.starts_at),
      'flexibility_minutes', jsonb_build_array(null, new.flexibility_minutes),
      'pricing_model', jsonb_build_array(null, new.pricing_model),
      'price_band_id', jsonb_build_array(null, new.price_band_id),
      'est_minutes', jsonb_build_array(null, new.est_minutes),
      'est_min_amount', jsonb_build_array(null, new.est_min_amount),
      'est_max_amount', jsonb_build_array(null, new.est_max_amount),
      'currency', jsonb_build_array(null, new.currency),
      'structured_inputs', jsonb_build_array(null, new.structured_inputs),
      'state', jsonb_build_array(null, new.state));
    perform khidma.write_audit('tasks', 'tasks', 'insert', new.id::text, new.client_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'client_id', jsonb_build_array(old.client_id, null),
      'sourcing', jsonb_build_array(old.sourcing, null),
      'category', jsonb_build_array(old.category, null),
      'subcategory', jsonb_build_array(old.subcategory, null),
      'description', jsonb_build_array(old.description, null),
      'address', jsonb_build_array(old.address, null),
      'city', jsonb_build_array(old.city, null),
      'district', jsonb_build_array(old.district, null),
      'lat', jsonb_build_array(old.lat, null),
      'lng', jsonb_build_array(old.lng, null),
      'starts_at', jsonb_build_array(old.starts_at, null),
      'flexibility_minutes', jsonb_build_array(old.flexibility_minutes, null),
      'pricing_model', jsonb_build_array(old.pricing_model, null),
      'price_band_id', jsonb_build_array(old.price_band_id, null),
      'est_minutes', jsonb_build_array(old.est_minutes, null),
      'est_min_amount', jsonb_build_array(old.est_min_amount, null),
      'est_max_amount', jsonb_build_array(old.est_max_amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'structured_inputs', jsonb_build_array(old.structured_inputs, null),
      'state', jsonb_build_array(old.state, null));
    perform khidma.write_audit('tasks', 'tasks', 'delete', old.id::text, old.client_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.client_id is distinct from old.client_id then
    changes := changes || jsonb_build_object('client_id', jsonb_build_array(old.client_id, new.client_id));
  end if;
  if new.sourcing is distinct from old.sourcing then
    changes := changes || jsonb_build_object('sourcing', jsonb_build_array(old.sourcing, new.sourcing));
  end if;
  if new.category is distinct from old.category then
    changes := changes || jsonb_build_object('category', jsonb_build_array(old.category, new.category));
  end if;
  if new.subcategory is distinct from old.subcategory then
    changes := changes || jsonb_build_object('subcategory', jsonb_build_array(old.subcategory, new.subcategory));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.address is distinct from old.address then
    changes := changes || jsonb_build_object('address', jsonb_build_array(old.address, new.address));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.district is distinct from old.district then
    changes := changes || jsonb_build_object('district', jsonb_build_array(old.district, new.district));
  end if;
  if new.lat is distinct from old.lat then
    changes := changes || jsonb_build_object('lat', jsonb_build_array(old.lat, new.lat));
  end if;
  if new.lng is distinct from old.lng then
    changes := changes || jsonb_build_object('lng', jsonb_build_array(old.lng, new.lng));
  end if;
  if new.starts_at is distinct from old.starts_at then
    changes := changes || jsonb_build_object('starts_at', jsonb_build_array(old.starts_at, new.starts_at));
  end if;
  if new.flexibility_minutes is distinct from old.flexibility_minutes then
    changes := changes || jsonb_build_object('flexibility_minutes', jsonb_build_array(old.flexibility_minutes, new.flexibility_minutes));
  end if;
  if new.pricing_model is distinct from old.pricing_model then
    changes := changes || jsonb_build_object('pricing_model', jsonb_build_array(old.pricing_model, new.pricing_model));
  end if;
  if new.price_band_id is distinct from old.price_band_id then
    changes := changes || jsonb_build_object('price_band_id', jsonb_build_array(old.price_band_id, new.price_band_id));
  end if;
  if new.est_minutes is distinct from old.est_minutes then
    changes := changes || jsonb_build_object('est_minutes', jsonb_build_array(old.est_minutes, new.est_minutes));
  end if;
  if new.est_min_amount is distinct from old.est_min_amount then
    changes := changes || jsonb_build_object('est_min_amount', jsonb_build_array(old.est_min_amount, new.est_min_amount));
  end if;
  if new.est_max_amount is distinct from old.est_max_amount then
    changes := changes || jsonb_build_object('est_max_amount', jsonb_build_array(old.est_max_amount, new.est_max_amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.structured_inputs is distinct from old.structured_inputs then
    changes := changes || jsonb_build_object('structured_inputs', jsonb_build_array(old.structured_inputs, new.structured_inputs));
  end if;
  if new.state is distinct from old.state then
    changes := changes || jsonb_build_object('state', jsonb_build_array(old.state, new.state));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('tasks', 'tasks', 'update', new.id::text, new.client_id, changes);
  end if;
  return null;
end $$;
