-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_users() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'role', jsonb_build_array(null, new.role),
      'phone', jsonb_build_array(null, new.phone),
      'email', jsonb_build_array(null, new.email),
      'email_verified_at', jsonb_build_array(null, new.email_verified_at),
      'username', jsonb_build_array(null, new.username),
      'full_name', jsonb_build_array(null, new.full_name),
      'locale', jsonb_build_array(null, new.locale),
      'account_type', jsonb_build_array(null, new.account_type),
      'status', jsonb_build_array(null, new.status),
      'timezone', jsonb_build_array(null, new.timezone),
      'currency', jsonb_build_array(null, new.currency),
      'country', jsonb_build_array(null, new.country),
      'erased_at', jsonb_build_array(null, new.erased_at),
      'legal_hold', jsonb_build_array(null, new.legal_hold),
      'restrictions', jsonb_build_array(null, new.restrictions),
      'deleted_at', jsonb_build_array(null, new.deleted_at),
      'restorable_until', jsonb_build_array(null, new.restorable_until),
      'restored_at', jsonb_build_array(null, new.restored_at));
    perform khidma.write_audit('identity', 'users', 'insert', new.id::text, new.id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'role', jsonb_build_array(old.role, null),
      'phone', jsonb_build_array(old.phone, null),
      'email', jsonb_build_array(old.email, null),
      'email_verified_at', jsonb_build_array(old.email_verified_at, null),
      'username', jsonb_build_array(old.username, null),
      'full_name', jsonb_build_array(old.full_name, null),
      'locale', jsonb_build_array(old.locale, null),
      'account_type', jsonb_build_array(old.account_type, null),
      'status', jsonb_build_array(old.status, null),
      'timezone', jsonb_build_array(old.timezone, null),
      'currency', jsonb_build_array(old.currency, null),
      'country', jsonb_build_array(old.country, null),
      'erased_at', jsonb_build_array(old.erased_at, null),
      'legal_hold', jsonb_build_array(old.legal_hold, null),
      'restrictions', jsonb_build_array(old.restrictions, null),
      'deleted_at', jsonb_build_array(old.deleted_at, null),
      'restorable_until', jsonb_build_array(old.restorable_until, null),
      'restored_at', jsonb_build_array(old.restored_at, null));
    perform khidma.write_audit('identity', 'users', 'delete', old.id::text, old.id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.role is distinct from old.role then
    changes := changes || jsonb_build_object('role', jsonb_build_array(old.role, new.role));
  end if;
  if new.phone is distinct from old.phone then
    changes := changes || jsonb_build_object('phone', jsonb_build_array(old.phone, new.phone));
  end if;
  if new.email is distinct from old.email then
    changes := changes || jsonb_build_object('email', jsonb_build_array(old.email, new.email));
  end if;
  if new.email_verified_at is distinct from old.email_verified_at then
    changes := changes || jsonb_build_object('email_verified_at', jsonb_build_array(old.email_verified_at, new.email_verified_at));
  end if;
  if new.username is distinct from old.username then
    changes := changes || jsonb_build_object('username', jsonb_build_array(old.username, new.username));
  end if;
  if new.full_name is distinct from old.full_name then
    changes := changes || jsonb_build_object('full_name', jsonb_build_array(old.full_name, new.full_name));
  end if;
  if new.locale is distinct from old.locale then
    changes := changes || jsonb_build_object('locale', jsonb_build_array(old.locale, new.locale));
  end if;
  if new.account_type is distinct from old.account_type then
    changes := changes || jsonb_build_object('account_type', jsonb_build_array(old.account_type, new.account_type));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.timezone is distinct from old.timezone then
    changes := changes || jsonb_build_object('timezone', jsonb_build_array(old.timezone, new.timezone));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.erased_at is distinct from old.erased_at then
    changes := changes || jsonb_build_object('erased_at', jsonb_build_array(old.erased_at, new.erased_at));
  end if;
  if new.legal_hold is distinct from old.legal_hold then
    changes := changes || jsonb_build_object('legal_hold', jsonb_build_array(old.legal_hold, new.legal_hold));
  end if;
  if new.restrictions is distinct from old.restrictions then
    changes := changes || jsonb_build_object('restrictions', jsonb_build_array(old.restrictions, new.restrictions));
  end if;
  if new.deleted_at is distinct from old.deleted_at then
    changes := changes || jsonb_build_object('deleted_at', jsonb_build_array(old.deleted_at, new.deleted_at));
  end if;
  if new.restorable_until is distinct from old.restorable_until then
    changes := changes || jsonb_build_object('restorable_until', jsonb_build_array(old.restorable_until, new.restorable_until));
  end if;
  if new.restored_at is distinct from old.restored_at then
    changes := changes || jsonb_build_object('restored_at', jsonb_build_array(old.restored_at, new.restored_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('identity', 'users', 'update', new.id::text, new.id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_sessions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'device_id', jsonb_build_array(null, new.device_id),
      'ip_address', jsonb_build_array(null, new.ip_address),
      'user_agent', jsonb_build_array(null, new.user_agent),
      'country', jsonb_build_array(null, new.country),
      'city', jsonb_build_array(null, new.city),
      'revoked_at', jsonb_build_array(null, new.revoked_at),
      'revoked_reason', jsonb_build_array(null, new.revoked_reason),
      'first_factor', jsonb_build_array(null, new.first_factor),
      'mfa_at', jsonb_build_array(null, new.mfa_at));
    perform khidma.write_audit('identity', 'sessions', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'device_id', jsonb_build_array(old.device_id, null),
      'ip_address', jsonb_build_array(old.ip_address, null),
      'user_agent', jsonb_build_array(old.user_agent, null),
      'country', jsonb_build_array(old.country, null),
      'city', jsonb_build_array(old.city, null),
      'revoked_at', jsonb_build_array(old.revoked_at, null),
      'revoked_reason', jsonb_build_array(old.revoked_reason, null),
      'first_factor', jsonb_build_array(old.first_factor, null),
      'mfa_at', jsonb_build_array(old.mfa_at, null));
    perform khidma.write_audit('identity', 'sessions', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.device_id is distinct from old.device_id then
    changes := changes || jsonb_build_object('device_id', jsonb_build_array(old.device_id, new.device_id));
  end if;
  if new.ip_address is distinct from old.ip_address then
    changes := changes || jsonb_build_object('ip_address', jsonb_build_array(old.ip_address, new.ip_address));
  end if;
  if new.user_agent is distinct from old.user_agent then
    changes := changes || jsonb_build_object('user_agent', jsonb_build_array(old.user_agent, new.user_agent));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.revoked_at is distinct from old.revoked_at then
    changes := changes || jsonb_build_object('revoked_at', jsonb_build_array(old.revoked_at, new.revoked_at));
  end if;
  if new.revoked_reason is distinct from old.revoked_reason then
    changes := changes || jsonb_build_object('revoked_reason', jsonb_build_array(old.revoked_reason, new.revoked_reason));
  end if;
  if new.first_factor is distinct from old.first_factor then
    changes := changes || jsonb_build_object('first_factor', jsonb_build_array(old.first_factor, new.first_factor));
  end if;
  if new.mfa_at is distinct from old.mfa_at then
    changes := changes || jsonb_build_object('mfa_at', jsonb_build_array(old.mfa_at, new.mfa_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('identity', 'sessions', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_user_credentials() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'password_changed_at', jsonb_build_array(null, new.password_changed_at),
      'told_blocked_at', jsonb_build_array(null, new.told_blocked_at));
    perform khidma.write_audit('identity', 'user_credentials', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'password_changed_at', jsonb_build_array(old.password_changed_at, null),
      'told_blocked_at', jsonb_build_array(old.told_blocked_at, null));
    perform khidma.write_audit('identity', 'user_credentials', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.password_changed_at is distinct from old.password_changed_at then
    changes := changes || jsonb_build_object('password_changed_at', jsonb_build_array(old.password_changed_at, new.password_changed_at));
  end if;
  if new.told_blocked_at is distinct from old.told_blocked_at then
    changes := changes || jsonb_build_object('told_blocked_at', jsonb_build_array(old.told_blocked_at, new.told_blocked_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('identity', 'user_credentials', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_mfa_factors() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'kind', jsonb_build_array(null, new.kind),
      'label', jsonb_build_array(null, new.label));
    perform khidma.write_audit('identity', 'mfa_factors', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'label', jsonb_build_array(old.label, null));
    perform khidma.write_audit('identity', 'mfa_factors', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.label is distinct from old.label then
    changes := changes || jsonb_build_object('label', jsonb_build_array(old.label, new.label));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('identity', 'mfa_factors', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_mfa_backup_codes() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'batch_id', jsonb_build_array(null, new.batch_id),
      'used_at', jsonb_build_array(null, new.used_at));
    perform khidma.write_audit('identity', 'mfa_backup_codes', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'batch_id', jsonb_build_array(old.batch_id, null),
      'used_at', jsonb_build_array(old.used_at, null));
    perform khidma.write_audit('identity', 'mfa_backup_codes', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.batch_id is distinct from old.batch_id then
    changes := changes || jsonb_build_object('batch_id', jsonb_build_array(old.batch_id, new.batch_id));
  end if;
  if new.used_at is distinct from old.used_at then
    changes := changes || jsonb_build_object('used_at', jsonb_build_array(old.used_at, new.used_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('identity', 'mfa_backup_codes', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_otp_breakers() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'prefix', jsonb_build_array(null, new.prefix),
      'channel', jsonb_build_array(null, new.channel),
      'tripped_at', jsonb_build_array(null, new.tripped_at),
      'paused_until', jsonb_build_array(null, new.paused_until),
      'trips', jsonb_build_array(null, new.trips),
      'sent', jsonb_build_array(null, new.sent),
      'verified', jsonb_build_array(null, new.verified),
      'id', jsonb_build_array(null, new.id),
      'reset_at', jsonb_build_array(null, new.reset_at));
    perform khidma.write_audit('identity', 'otp_breakers', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'prefix', jsonb_build_array(old.prefix, null),
      'channel', jsonb_build_array(old.channel, null),
      'tripped_at', jsonb_build_array(old.tripped_at, null),
      'paused_until', jsonb_build_array(old.paused_until, null),
      'trips', jsonb_build_array(old.trips, null),
      'sent', jsonb_build_array(old.sent, null),
      'verified', jsonb_build_array(old.verified, null),
      'id', jsonb_build_array(old.id, null),
      'reset_at', jsonb_build_array(old.reset_at, null));
    perform khidma.write_audit('identity', 'otp_breakers', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.prefix is distinct from old.prefix then
    changes := changes || jsonb_build_object('prefix', jsonb_build_array(old.prefix, new.prefix));
  end if;
  if new.channel is distinct from old.channel then
    changes := changes || jsonb_build_object('channel', jsonb_build_array(old.channel, new.channel));
  end if;
  if new.tripped_at is distinct from old.tripped_at then
    changes := changes || jsonb_build_object('tripped_at', jsonb_build_array(old.tripped_at, new.tripped_at));
  end if;
  if new.paused_until is distinct from old.paused_until then
    changes := changes || jsonb_build_object('paused_until', jsonb_build_array(old.paused_until, new.paused_until));
  end if;
  if new.trips is distinct from old.trips then
    changes := changes || jsonb_build_object('trips', jsonb_build_array(old.trips, new.trips));
  end if;
  if new.sent is distinct from old.sent then
    changes := changes || jsonb_build_object('sent', jsonb_build_array(old.sent, new.sent));
  end if;
  if new.verified is distinct from old.verified then
    changes := changes || jsonb_build_object('verified', jsonb_build_array(old.verified, new.verified));
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.reset_at is distinct from old.reset_at then
    changes := changes || jsonb_build_object('reset_at', jsonb_build_array(old.reset_at, new.reset_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('identity', 'otp_breakers', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
