-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_role_profiles() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'profession', jsonb_build_array(null, new.profession),
      'status', jsonb_build_array(null, new.status),
      'verification_status', jsonb_build_array(null, new.verification_status),
      'verified_at', jsonb_build_array(null, new.verified_at),
      'approval_status', jsonb_build_array(null, new.approval_status),
      'rejection_reason', jsonb_build_array(null, new.rejection_reason),
      'approved_at', jsonb_build_array(null, new.approved_at),
      'is_public', jsonb_build_array(null, new.is_public),
      'languages', jsonb_build_array(null, new.languages),
      'travel_radius_km', jsonb_build_array(null, new.travel_radius_km),
      'public_version_id', jsonb_build_array(null, new.public_version_id),
      'pending_version_id', jsonb_build_array(null, new.pending_version_id),
      'deleted_at', jsonb_build_array(null, new.deleted_at));
    perform khidma.write_audit('professions', 'role_profiles', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'profession', jsonb_build_array(old.profession, null),
      'status', jsonb_build_array(old.status, null),
      'verification_status', jsonb_build_array(old.verification_status, null),
      'verified_at', jsonb_build_array(old.verified_at, null),
      'approval_status', jsonb_build_array(old.approval_status, null),
      'rejection_reason', jsonb_build_array(old.rejection_reason, null),
      'approved_at', jsonb_build_array(old.approved_at, null),
      'is_public', jsonb_build_array(old.is_public, null),
      'languages', jsonb_build_array(old.languages, null),
      'travel_radius_km', jsonb_build_array(old.travel_radius_km, null),
      'public_version_id', jsonb_build_array(old.public_version_id, null),
      'pending_version_id', jsonb_build_array(old.pending_version_id, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null));
    perform khidma.write_audit('professions', 'role_profiles', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.profession is distinct from old.profession then
    changes := changes || jsonb_build_object('profession', jsonb_build_array(old.profession, new.profession));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.verification_status is distinct from old.verification_status then
    changes := changes || jsonb_build_object('verification_status', jsonb_build_array(old.verification_status, new.verification_status));
  end if;
  if new.verified_at is distinct from old.verified_at then
    changes := changes || jsonb_build_object('verified_at', jsonb_build_array(old.verified_at, new.verified_at));
  end if;
  if new.approval_status is distinct from old.approval_status then
    changes := changes || jsonb_build_object('approval_status', jsonb_build_array(old.approval_status, new.approval_status));
  end if;
  if new.rejection_reason is distinct from old.rejection_reason then
    changes := changes || jsonb_build_object('rejection_reason', jsonb_build_array(old.rejection_reason, new.rejection_reason));
  end if;
  if new.approved_at is distinct from old.approved_at then
    changes := changes || jsonb_build_object('approved_at', jsonb_build_array(old.approved_at, new.approved_at));
  end if;
  if new.is_public is distinct from old.is_public then
    changes := changes || jsonb_build_object('is_public', jsonb_build_array(old.is_public, new.is_public));
  end if;
  if new.languages is distinct from old.languages then
    changes := changes || jsonb_build_object('languages', jsonb_build_array(old.languages, new.languages));
  end if;
  if new.travel_radius_km is distinct from old.travel_radius_km then
    changes := changes || jsonb_build_object('travel_radius_km', jsonb_build_array(old.travel_radius_km, new.travel_radius_km));
  end if;
  if new.public_version_id is distinct from old.public_version_id then
    changes := changes || jsonb_build_object('public_version_id', jsonb_build_array(old.public_version_id, new.public_version_id));
  end if;
  if new.pending_version_id is distinct from old.pending_version_id then
    changes := changes || jsonb_build_object('pending_version_id', jsonb_build_array(old.pending_version_id, new.pending_version_id));
  end if;
  if new.deleted_at is distinct from old.deleted_at then
    changes := changes || jsonb_build_object('deleted_at', jsonb_build_array(old.deleted_at, new.deleted_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('professions', 'role_profiles', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_role_profile_versions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'profile_id', jsonb_build_array(null, new.profile_id),
      'user_id', jsonb_build_array(null, new.user_id),
      'number', jsonb_build_array(null, new.number),
      'avatar_media_id', jsonb_build_array(null, new.avatar_media_id),
      'experience_years', jsonb_build_array(null, new.experience_years),
      'price_amount', jsonb_build_array(null, new.price_amount),
      'price_currency', jsonb_build_array(null, new.price_currency),
      'approval_status', jsonb_build_array(null, new.approval_status),
      'rejection_reason', jsonb_build_array(null, new.rejection_reason),
      'reviewed_at', jsonb_build_array(null, new.reviewed_at),
      'reviewed_by', jsonb_build_array(null, new.reviewed_by));
    perform khidma.write_audit('professions', 'role_profile_versions', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'profile_id', jsonb_build_array(old.profile_id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'number', jsonb_build_array(old.number, null),
      'avatar_media_id', jsonb_build_array(old.avatar_media_id, null),
      'experience_years', jsonb_build_array(old.experience_years, null),
      'price_amount', jsonb_build_array(old.price_amount, null),
      'price_currency', jsonb_build_array(old.price_currency, null),
      'approval_status', jsonb_build_array(old.approval_status, null),
      'rejection_reason', jsonb_build_array(old.rejection_reason, null),
      'reviewed_at', jsonb_build_array(old.reviewed_at, null),
      'reviewed_by', jsonb_build_array(old.reviewed_by, null));
    perform khidma.write_audit('professions', 'role_profile_versions', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.profile_id is distinct from old.profile_id then
    changes := changes || jsonb_build_object('profile_id', jsonb_build_array(old.profile_id, new.profile_id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.number is distinct from old.number then
    changes := changes || jsonb_build_object('number', jsonb_build_array(old.number, new.number));
  end if;
  if new.avatar_media_id is distinct from old.avatar_media_id then
    changes := changes || jsonb_build_object('avatar_media_id', jsonb_build_array(old.avatar_media_id, new.avatar_media_id));
  end if;
  if new.experience_years is distinct from old.experience_years then
    changes := changes || jsonb_build_object('experience_years', jsonb_build_array(old.experience_years, new.experience_years));
  end if;
  if new.price_amount is distinct from old.price_amount then
    changes := changes || jsonb_build_object('price_amount', jsonb_build_array(old.price_amount, new.price_amount));
  end if;
  if new.price_currency is distinct from old.price_currency then
    changes := changes || jsonb_build_object('price_currency', jsonb_build_array(old.price_currency, new.price_currency));
  end if;
  if new.approval_status is distinct from old.approval_status then
    changes := changes || jsonb_build_object('approval_status', jsonb_build_array(old.approval_status, new.approval_status));
  end if;
  if new.rejection_reason is distinct from old.rejection_reason then
    changes := changes || jsonb_build_object('rejection_reason', jsonb_build_array(old.rejection_reason, new.rejection_reason));
  end if;
  if new.reviewed_at is distinct from old.reviewed_at then
    changes := changes || jsonb_build_object('reviewed_at', jsonb_build_array(old.reviewed_at, new.reviewed_at));
  end if;
  if new.reviewed_by is distinct from old.reviewed_by then
    changes := changes || jsonb_build_object('reviewed_by', jsonb_build_array(old.reviewed_by, new.reviewed_by));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('professions', 'role_profile_versions', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_role_profile_areas() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'profile_id', jsonb_build_array(null, new.profile_id),
      'position', jsonb_build_array(null, new.position),
      'radius_km', jsonb_build_array(null, new.radius_km),
      'city', jsonb_build_array(null, new.city),
      'district', jsonb_build_array(null, new.district));
    perform khidma.write_audit('professions', 'role_profile_areas', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'profile_id', jsonb_build_array(old.profile_id, null),
      'position', jsonb_build_array(old.position, null),
      'radius_km', jsonb_build_array(old.radius_km, null),
      'city', jsonb_build_array(old.city, null),
      'district', jsonb_build_array(old.district, null));
    perform khidma.write_audit('professions', 'role_profile_areas', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.profile_id is distinct from old.profile_id then
    changes := changes || jsonb_build_object('profile_id', jsonb_build_array(old.profile_id, new.profile_id));
  end if;
  if new.position is distinct from old.position then
    changes := changes || jsonb_build_object('position', jsonb_build_array(old.position, new.position));
  end if;
  if new.radius_km is distinct from old.radius_km then
    changes := changes || jsonb_build_object('radius_km', jsonb_build_array(old.radius_km, new.radius_km));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.district is distinct from old.district then
    changes := changes || jsonb_build_object('district', jsonb_build_array(old.district, new.district));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('professions', 'role_profile_areas', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_services() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'profile_id', jsonb_build_array(null, new.profile_id),
      'name', jsonb_build_array(null, new.name),
      'category', jsonb_build_array(null, new.category),
      'price_type', jsonb_build_array(null, new.price_type),
      'price_amount', jsonb_build_array(null, new.price_amount),
      'currency', jsonb_build_array(null, new.currency),
      'unit_name', jsonb_build_array(null, new.unit_name),
      'duration_minutes', jsonb_build_array(null, new.duration_minutes),
      'is_active', jsonb_build_array(null, new.is_active),
      'display_order', jsonb_build_array(null, new.display_order),
      'deleted_at', jsonb_build_array(null, new.deleted_at));
    perform khidma.write_audit('professions', 'services', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'profile_id', jsonb_build_array(old.profile_id, null),
      'name', jsonb_build_array(old.name, null),
      'category', jsonb_build_array(old.category, null),
      'price_type', jsonb_build_array(old.price_type, null),
      'price_amount', jsonb_build_array(old.price_amount, null),
      'currency', jsonb_build_array(old.currency, null),
      'unit_name', jsonb_build_array(old.unit_name, null),
      'duration_minutes', jsonb_build_array(old.duration_minutes, null),
      'is_active', jsonb_build_array(old.is_active, null),
      'display_order', jsonb_build_array(old.display_order, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null));
    perform khidma.write_audit('professions', 'services', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.profile_id is distinct from old.profile_id then
    changes := changes || jsonb_build_object('profile_id', jsonb_build_array(old.profile_id, new.profile_id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.category is distinct from old.category then
    changes := changes || jsonb_build_object('category', jsonb_build_array(old.category, new.category));
  end if;
  if new.price_type is distinct from old.price_type then
    changes := changes || jsonb_build_object('price_type', jsonb_build_array(old.price_type, new.price_type));
  end if;
  if new.price_amount is distinct from old.price_amount then
    changes := changes || jsonb_build_object('price_amount', jsonb_build_array(old.price_amount, new.price_amount));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.unit_name is distinct from old.unit_name then
    changes := changes || jsonb_build_object('unit_name', jsonb_build_array(old.unit_name, new.unit_name));
  end if;
  if new.duration_minutes is distinct from old.duration_minutes then
    changes := changes || jsonb_build_object('duration_minutes', jsonb_build_array(old.duration_minutes, new.duration_minutes));
  end if;
  if new.is_active is distinct from old.is_active then
    changes := changes || jsonb_build_object('is_active', jsonb_build_array(old.is_active, new.is_active));
  end if;
  if new.display_order is distinct from old.display_order then
    changes := changes || jsonb_build_object('display_order', jsonb_build_array(old.display_order, new.display_order));
  end if;
  if new.deleted_at is distinct from old.deleted_at then
    changes := changes || jsonb_build_object('deleted_at', jsonb_build_array(old.deleted_at, new.deleted_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('professions', 'services', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_service_extras() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'service_id', jsonb_build_array(null, new.service_id),
      'name', jsonb_build_array(null, new.name),
      'price_amount', jsonb_build_array(null, new.price_amount),
      'minutes', jsonb_build_array(null, new.minutes),
      'display_order', jsonb_build_array(null, new.display_order));
    perform khidma.write_audit('professions', 'service_extras', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'service_id', jsonb_build_array(old.service_id, null),
      'name', jsonb_build_array(old.name, null),
      'price_amount', jsonb_build_array(old.price_amount, null),
      'minutes', jsonb_build_array(old.minutes, null),
      'display_order', jsonb_build_array(old.display_order, null));
    perform khidma.write_audit('professions', 'service_extras', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.service_id is distinct from old.service_id then
    changes := changes || jsonb_build_object('service_id', jsonb_build_array(old.service_id, new.service_id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.price_amount is distinct from old.price_amount then
    changes := changes || jsonb_build_object('price_amount', jsonb_build_array(old.price_amount, new.price_amount));
  end if;
  if new.minutes is distinct from old.minutes then
    changes := changes || jsonb_build_object('minutes', jsonb_build_array(old.minutes, new.minutes));
  end if;
  if new.display_order is distinct from old.display_order then
    changes := changes || jsonb_build_object('display_order', jsonb_build_array(old.display_order, new.display_order));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('professions', 'service_extras', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_portfolio_items() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'profile_id', jsonb_build_array(null, new.profile_id),
      'display_order', jsonb_build_array(null, new.display_order));
    perform khidma.write_audit('professions', 'portfolio_items', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'profile_id', jsonb_build_array(old.profile_id, null),
      'display_order', jsonb_build_array(old.display_order, null));
    perform khidma.write_audit('professions', 'portfolio_items', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.profile_id is distinct from old.profile_id then
    changes := changes || jsonb_build_object('profile_id', jsonb_build_array(old.profile_id, new.profile_id));
  end if;
  if new.display_order is distinct from old.display_order then
    changes := changes || jsonb_build_object('display_order', jsonb_build_array(old.display_order, new.display_order));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('professions', 'portfolio_items', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_portfolio_images() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'item_id', jsonb_build_array(null, new.item_id),
      'media_id', jsonb_build_array(null, new.media_id),
      'display_order', jsonb_build_array(null, new.display_order));
    perform khidma.write_audit('professions', 'portfolio_images', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'item_id', jsonb_build_array(old.item_id, null),
      'media_id', jsonb_build_array(old.media_id, null),
      'display_order', jsonb_build_array(old.display_order, null));
    perform khidma.write_audit('professions', 'portfolio_images', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.item_id is distinct from old.item_id then
    changes := changes || jsonb_build_object('item_id', jsonb_build_array(old.item_id, new.item_id));
  end if;
  if new.media_id is distinct from old.media_id then
    changes := changes || jsonb_build_object('media_id', jsonb_build_array(old.media_id, new.media_id));
  end if;
  if new.display_order is distinct from old.display_order then
    changes := changes || jsonb_build_object('display_order', jsonb_build_array(old.display_order, new.display_order));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('professions', 'portfolio_images', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
