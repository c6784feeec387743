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
      'title', jsonb_build_array(null, new.title),
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
      'budget_min_amount', jsonb_build_array(null, new.budget_min_amount),
      'budget_max_amount', jsonb_build_array(null, new.budget_max_amount),
      'priority', jsonb_build_array(null, new.priority),
      'urgency_level', jsonb_build_array(null, new.urgency_level),
      'location_type', jsonb_build_array(null, new.location_type),
      'is_remote', jsonb_build_array(null, new.is_remote),
      'preferred_date', jsonb_build_array(null, new.preferred_date),
      'preferred_time', jsonb_build_array(null, new.preferred_time),
      'timezone', jsonb_build_array(null, new.timezone),
      'deadline', jsonb_build_array(null, new.deadline),
      'experience_level', jsonb_build_array(null, new.experience_level),
      'requirements', jsonb_build_array(null, new.requirements),
      'skills', jsonb_build_array(null, new.skills),
      'client_notes', jsonb_build_array(null, new.client_notes),
      'internal_notes', jsonb_build_array(null, new.internal_notes),
      'assigned_to', jsonb_build_array(null, new.assigned_to),
      'assigned_at', jsonb_build_array(null, new.assigned_at),
      'final_cost_amount', jsonb_build_array(null, new.final_cost_amount),
      'address_id', jsonb_build_array(null, new.address_id))
      || jsonb_build_object(
      'addons_amount', jsonb_build_array(null, new.addons_amount),
      'addons_minutes', jsonb_build_array(null, new.addons_minutes),
      'inputs_version', jsonb_build_array(null, new.inputs_version),
      'round', jsonb_build_array(null, new.round),
      'first_in_line', jsonb_build_array(null, new.first_in_line),
      'auto_rematch', jsonb_build_array(null, new.auto_rematch),
      'ladder', jsonb_build_array(null, new.ladder),
      'rung', jsonb_build_array(null, new.rung),
      'climbs_at', jsonb_build_array(null, new.climbs_at),
      'invited_only', jsonb_build_array(null, new.invited_only),
      'service_id', jsonb_build_array(null, new.service_id),
      'service_terms', jsonb_build_array(null, new.service_terms),
      'copied_from', jsonb_build_array(null, new.copied_from),
      'series_id', jsonb_build_array(null, new.series_id),
      'series_day', jsonb_build_array(null, new.series_day),
      'state', jsonb_build_array(null, new.state),
      'deleted_at', jsonb_build_array(null, new.deleted_at),
      'restored_at', jsonb_build_array(null, new.restored_at));
    perform khidma.write_audit('tasks', 'tasks', 'insert', new.id::text, new.client_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'client_id', jsonb_build_array(old.client_id, null),
      'sourcing', jsonb_build_array(old.sourcing, null),
      'category', jsonb_build_array(old.category, null),
      'subcategory', jsonb_build_array(old.subcategory, null),
      'title', jsonb_build_array(old.title, null),
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
      'budget_min_amount', jsonb_build_array(old.budget_min_amount, null),
      'budget_max_amount', jsonb_build_array(old.budget_max_amount, null),
      'priority', jsonb_build_array(old.priority, null),
      'urgency_level', jsonb_build_array(old.urgency_level, null),
      'location_type', jsonb_build_array(old.location_type, null),
      'is_remote', jsonb_build_array(old.is_remote, null),
      'preferred_date', jsonb_build_array(old.preferred_date, null),
      'preferred_time', jsonb_build_array(old.preferred_time, null),
      'timezone', jsonb_build_array(old.timezone, null),
      'deadline', jsonb_build_array(old.deadline, null),
      'experience_level', jsonb_build_array(old.experience_level, null),
      'requirements', jsonb_build_array(old.requirements, null),
      'skills', jsonb_build_array(old.skills, null),
      'client_notes', jsonb_build_array(old.client_notes, null),
      'internal_notes', jsonb_build_array(old.internal_notes, null),
      'assigned_to', jsonb_build_array(old.assigned_to, null),
      'assigned_at', jsonb_build_array(old.assigned_at, null),
      'final_cost_amount', jsonb_build_array(old.final_cost_amount, null),
      'address_id', jsonb_build_array(old.address_id, null))
      || jsonb_build_object(
      'addons_amount', jsonb_build_array(old.addons_amount, null),
      'addons_minutes', jsonb_build_array(old.addons_minutes, null),
      'inputs_version', jsonb_build_array(old.inputs_version, null),
      'round', jsonb_build_array(old.round, null),
      'first_in_line', jsonb_build_array(old.first_in_line, null),
      'auto_rematch', jsonb_build_array(old.auto_rematch, null),
      'ladder', jsonb_build_array(old.ladder, null),
      'rung', jsonb_build_array(old.rung, null),
      'climbs_at', jsonb_build_array(old.climbs_at, null),
      'invited_only', jsonb_build_array(old.invited_only, null),
      'service_id', jsonb_build_array(old.service_id, null),
      'service_terms', jsonb_build_array(old.service_terms, null),
      'copied_from', jsonb_build_array(old.copied_from, null),
      'series_id', jsonb_build_array(old.series_id, null),
      'series_day', jsonb_build_array(old.series_day, null),
      'state', jsonb_build_array(old.state, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null),
      'restored_at', jsonb_build_array(old.restored_at, null));
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
  if new.title is distinct from old.title then
    changes := changes || jsonb_build_object('title', jsonb_build_array(old.title, new.title));
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
  if new.budget_min_amount is distinct from old.budget_min_amount then
    changes := changes || jsonb_build_object('budget_min_amount', jsonb_build_array(old.budget_min_amount, new.budget_min_amount));
  end if;
  if new.budget_max_amount is distinct from old.budget_max_amount then
    changes := changes || jsonb_build_object('budget_max_amount', jsonb_build_array(old.budget_max_amount, new.budget_max_amount));
  end if;
  if new.priority is distinct from old.priority then
    changes := changes || jsonb_build_object('priority', jsonb_build_array(old.priority, new.priority));
  end if;
  if new.urgency_level is distinct from old.urgency_level then
    changes := changes || jsonb_build_object('urgency_level', jsonb_build_array(old.urgency_level, new.urgency_level));
  end if;
  if new.location_type is distinct from old.location_type then
    changes := changes || jsonb_build_object('location_type', jsonb_build_array(old.location_type, new.location_type));
  end if;
  if new.is_remote is distinct from old.is_remote then
    changes := changes || jsonb_build_object('is_remote', jsonb_build_array(old.is_remote, new.is_remote));
  end if;
  if new.preferred_date is distinct from old.preferred_date then
    changes := changes || jsonb_build_object('preferred_date', jsonb_build_array(old.preferred_date, new.preferred_date));
  end if;
  if new.preferred_time is distinct from old.preferred_time then
    changes := changes || jsonb_build_object('preferred_time', jsonb_build_array(old.preferred_time, new.preferred_time));
  end if;
  if new.timezone is distinct from old.timezone then
    changes := changes || jsonb_build_object('timezone', jsonb_build_array(old.timezone, new.timezone));
  end if;
  if new.deadline is distinct from old.deadline then
    changes := changes || jsonb_build_object('deadline', jsonb_build_array(old.deadline, new.deadline));
  end if;
  if new.experience_level is distinct from old.experience_level then
    changes := changes || jsonb_build_object('experience_level', jsonb_build_array(old.experience_level, new.experience_level));
  end if;
  if new.requirements is distinct from old.requirements then
    changes := changes || jsonb_build_object('requirements', jsonb_build_array(old.requirements, new.requirements));
  end if;
  if new.skills is distinct from old.skills then
    changes := changes || jsonb_build_object('skills', jsonb_build_array(old.skills, new.skills));
  end if;
  if new.client_notes is distinct from old.client_notes then
    changes := changes || jsonb_build_object('client_notes', jsonb_build_array(old.client_notes, new.client_notes));
  end if;
  if new.internal_notes is distinct from old.internal_notes then
    changes := changes || jsonb_build_object('internal_notes', jsonb_build_array(old.internal_notes, new.internal_notes));
  end if;
  if new.assigned_to is distinct from old.assigned_to then
    changes := changes || jsonb_build_object('assigned_to', jsonb_build_array(old.assigned_to, new.assigned_to));
  end if;
  if new.assigned_at is distinct from old.assigned_at then
    changes := changes || jsonb_build_object('assigned_at', jsonb_build_array(old.assigned_at, new.assigned_at));
  end if;
  if new.final_cost_amount is distinct from old.final_cost_amount then
    changes := changes || jsonb_build_object('final_cost_amount', jsonb_build_array(old.final_cost_amount, new.final_cost_amount));
  end if;
  if new.address_id is distinct from old.address_id then
    changes := changes || jsonb_build_object('address_id', jsonb_build_array(old.address_id, new.address_id));
  end if;
  if new.addons_amount is distinct from old.addons_amount then
    changes := changes || jsonb_build_object('addons_amount', jsonb_build_array(old.addons_amount, new.addons_amount));
  end if;
  if new.addons_minutes is distinct from old.addons_minutes then
    changes := changes || jsonb_build_object('addons_minutes', jsonb_build_array(old.addons_minutes, new.addons_minutes));
  end if;
  if new.inputs_version is distinct from old.inputs_version then
    changes := changes || jsonb_build_object('inputs_version', jsonb_build_array(old.inputs_version, new.inputs_version));
  end if;
  if new.round is distinct from old.round then
    changes := changes || jsonb_build_object('round', jsonb_build_array(old.round, new.round));
  end if;
  if new.first_in_line is distinct from old.first_in_line then
    changes := changes || jsonb_build_object('first_in_line', jsonb_build_array(old.first_in_line, new.first_in_line));
  end if;
  if new.auto_rematch is distinct from old.auto_rematch then
    changes := changes || jsonb_build_object('auto_rematch', jsonb_build_array(old.auto_rematch, new.auto_rematch));
  end if;
  if new.ladder is distinct from old.ladder then
    changes := changes || jsonb_build_object('ladder', jsonb_build_array(old.ladder, new.ladder));
  end if;
  if new.rung is distinct from old.rung then
    changes := changes || jsonb_build_object('rung', jsonb_build_array(old.rung, new.rung));
  end if;
  if new.climbs_at is distinct from old.climbs_at then
    changes := changes || jsonb_build_object('climbs_at', jsonb_build_array(old.climbs_at, new.climbs_at));
  end if;
  if new.invited_only is distinct from old.invited_only then
    changes := changes || jsonb_build_object('invited_only', jsonb_build_array(old.invited_only, new.invited_only));
  end if;
  if new.service_id is distinct from old.service_id then
    changes := changes || jsonb_build_object('service_id', jsonb_build_array(old.service_id, new.service_id));
  end if;
  if new.service_terms is distinct from old.service_terms then
    changes := changes || jsonb_build_object('service_terms', jsonb_build_array(old.service_terms, new.service_terms));
  end if;
  if new.copied_from is distinct from old.copied_from then
    changes := changes || jsonb_build_object('copied_from', jsonb_build_array(old.copied_from, new.copied_from));
  end if;
  if new.series_id is distinct from old.series_id then
    changes := changes || jsonb_build_object('series_id', jsonb_build_array(old.series_id, new.series_id));
  end if;
  if new.series_day is distinct from old.series_day then
    changes := changes || jsonb_build_object('series_day', jsonb_build_array(old.series_day, new.series_day));
  end if;
  if new.state is distinct from old.state then
    changes := changes || jsonb_build_object('state', jsonb_build_array(old.state, new.state));
  end if;
  if new.deleted_at is distinct from old.deleted_at then
    changes := changes || jsonb_build_object('deleted_at', jsonb_build_array(old.deleted_at, new.deleted_at));
  end if;
  if new.restored_at is distinct from old.restored_at then
    changes := changes || jsonb_build_object('restored_at', jsonb_build_array(old.restored_at, new.restored_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('tasks', 'tasks', 'update', new.id::text, new.client_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_task_addons() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'task_id', jsonb_build_array(null, new.task_id),
      'addon_id', jsonb_build_array(null, new.addon_id),
      'quantity', jsonb_build_array(null, new.quantity),
      'price_amount', jsonb_build_array(null, new.price_amount),
      'currency', jsonb_build_array(null, new.currency),
      'minutes', jsonb_build_array(null, new.minutes),
      'deleted_at', jsonb_build_array(null, new.deleted_at),
      'restored_at', jsonb_build_array(null, new.restored_at));
    perform khidma.write_audit('tasks', 'task_addons', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'addon_id', jsonb_build_array(old.addon_id, null),
      'quantity', jsonb_build_array(old.quantity, null),
      'price_amount', jsonb_build_array(old.price_amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'minutes', jsonb_build_array(old.minutes, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null),
      'restored_at', jsonb_build_array(old.restored_at, null));
    perform khidma.write_audit('tasks', 'task_addons', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.addon_id is distinct from old.addon_id then
    changes := changes || jsonb_build_object('addon_id', jsonb_build_array(old.addon_id, new.addon_id));
  end if;
  if new.quantity is distinct from old.quantity then
    changes := changes || jsonb_build_object('quantity', jsonb_build_array(old.quantity, new.quantity));
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
  if new.deleted_at is distinct from old.deleted_at then
    changes := changes || jsonb_build_object('deleted_at', jsonb_build_array(old.deleted_at, new.deleted_at));
  end if;
  if new.restored_at is distinct from old.restored_at then
    changes := changes || jsonb_build_object('restored_at', jsonb_build_array(old.restored_at, new.restored_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('tasks', 'task_addons', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_task_series() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'client_id', jsonb_build_array(null, new.client_id),
      'task_id', jsonb_build_array(null, new.task_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'weekdays', jsonb_build_array(null, new.weekdays),
      'every_weeks', jsonb_build_array(null, new.every_weeks),
      'local_time', jsonb_build_array(null, new.local_time),
      'timezone', jsonb_build_array(null, new.timezone),
      'starts_on', jsonb_build_array(null, new.starts_on),
      'ends_on', jsonb_build_array(null, new.ends_on),
      'pauses', jsonb_build_array(null, new.pauses),
      'days_ahead', jsonb_build_array(null, new.days_ahead),
      'planned_until', jsonb_build_array(null, new.planned_until),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('tasks', 'task_series', 'insert', new.id::text, new.client_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'client_id', jsonb_build_array(old.client_id, null),
      'task_id', jsonb_build_array(old.task_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'weekdays', jsonb_build_array(old.weekdays, null),
      'every_weeks', jsonb_build_array(old.every_weeks, null),
      'local_time', jsonb_build_array(old.local_time, null),
      'timezone', jsonb_build_array(old.timezone, null),
      'starts_on', jsonb_build_array(old.starts_on, null),
      'ends_on', jsonb_build_array(old.ends_on, null),
      'pauses', jsonb_build_array(old.pauses, null),
      'days_ahead', jsonb_build_array(old.days_ahead, null),
      'planned_until', jsonb_build_array(old.planned_until, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('tasks', 'task_series', 'delete', old.id::text, old.client_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.client_id is distinct from old.client_id then
    changes := changes || jsonb_build_object('client_id', jsonb_build_array(old.client_id, new.client_id));
  end if;
  if new.task_id is distinct from old.task_id then
    changes := changes || jsonb_build_object('task_id', jsonb_build_array(old.task_id, new.task_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.weekdays is distinct from old.weekdays then
    changes := changes || jsonb_build_object('weekdays', jsonb_build_array(old.weekdays, new.weekdays));
  end if;
  if new.every_weeks is distinct from old.every_weeks then
    changes := changes || jsonb_build_object('every_weeks', jsonb_build_array(old.every_weeks, new.every_weeks));
  end if;
  if new.local_time is distinct from old.local_time then
    changes := changes || jsonb_build_object('local_time', jsonb_build_array(old.local_time, new.local_time));
  end if;
  if new.timezone is distinct from old.timezone then
    changes := changes || jsonb_build_object('timezone', jsonb_build_array(old.timezone, new.timezone));
  end if;
  if new.starts_on is distinct from old.starts_on then
    changes := changes || jsonb_build_object('starts_on', jsonb_build_array(old.starts_on, new.starts_on));
  end if;
  if new.ends_on is distinct from old.ends_on then
    changes := changes || jsonb_build_object('ends_on', jsonb_build_array(old.ends_on, new.ends_on));
  end if;
  if new.pauses is distinct from old.pauses then
    changes := changes || jsonb_build_object('pauses', jsonb_build_array(old.pauses, new.pauses));
  end if;
  if new.days_ahead is distinct from old.days_ahead then
    changes := changes || jsonb_build_object('days_ahead', jsonb_build_array(old.days_ahead, new.days_ahead));
  end if;
  if new.planned_until is distinct from old.planned_until then
    changes := changes || jsonb_build_object('planned_until', jsonb_build_array(old.planned_until, new.planned_until));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('tasks', 'task_series', 'update', new.id::text, new.client_id, changes);
  end if;
  return null;
end $$;
