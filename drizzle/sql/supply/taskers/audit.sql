-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_tasker_profiles() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'status', jsonb_build_array(null, new.status),
      'tier', jsonb_build_array(null, new.tier),
      'assignment_mode', jsonb_build_array(null, new.assignment_mode),
      'bio', jsonb_build_array(null, new.bio),
      'hourly_rate_amount', jsonb_build_array(null, new.hourly_rate_amount),
      'hourly_rate_currency', jsonb_build_array(null, new.hourly_rate_currency));
    perform khidma.write_audit('taskers', 'tasker_profiles', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'status', jsonb_build_array(old.status, null),
      'tier', jsonb_build_array(old.tier, null),
      'assignment_mode', jsonb_build_array(old.assignment_mode, null),
      'bio', jsonb_build_array(old.bio, null),
      'hourly_rate_amount', jsonb_build_array(old.hourly_rate_amount, null),
      'hourly_rate_currency', jsonb_build_array(old.hourly_rate_currency, null));
    perform khidma.write_audit('taskers', 'tasker_profiles', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.tier is distinct from old.tier then
    changes := changes || jsonb_build_object('tier', jsonb_build_array(old.tier, new.tier));
  end if;
  if new.assignment_mode is distinct from old.assignment_mode then
    changes := changes || jsonb_build_object('assignment_mode', jsonb_build_array(old.assignment_mode, new.assignment_mode));
  end if;
  if new.bio is distinct from old.bio then
    changes := changes || jsonb_build_object('bio', jsonb_build_array(old.bio, new.bio));
  end if;
  if new.hourly_rate_amount is distinct from old.hourly_rate_amount then
    changes := changes || jsonb_build_object('hourly_rate_amount', jsonb_build_array(old.hourly_rate_amount, new.hourly_rate_amount));
  end if;
  if new.hourly_rate_currency is distinct from old.hourly_rate_currency then
    changes := changes || jsonb_build_object('hourly_rate_currency', jsonb_build_array(old.hourly_rate_currency, new.hourly_rate_currency));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('taskers', 'tasker_profiles', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_tasker_service_areas() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'center_lat', jsonb_build_array(null, new.center_lat),
      'center_lng', jsonb_build_array(null, new.center_lng),
      'radius_km', jsonb_build_array(null, new.radius_km));
    perform khidma.write_audit('taskers', 'tasker_service_areas', 'insert', new.tasker_id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'center_lat', jsonb_build_array(old.center_lat, null),
      'center_lng', jsonb_build_array(old.center_lng, null),
      'radius_km', jsonb_build_array(old.radius_km, null));
    perform khidma.write_audit('taskers', 'tasker_service_areas', 'delete', old.tasker_id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.center_lat is distinct from old.center_lat then
    changes := changes || jsonb_build_object('center_lat', jsonb_build_array(old.center_lat, new.center_lat));
  end if;
  if new.center_lng is distinct from old.center_lng then
    changes := changes || jsonb_build_object('center_lng', jsonb_build_array(old.center_lng, new.center_lng));
  end if;
  if new.radius_km is distinct from old.radius_km then
    changes := changes || jsonb_build_object('radius_km', jsonb_build_array(old.radius_km, new.radius_km));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('taskers', 'tasker_service_areas', 'update', new.tasker_id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;
