-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_api_keys() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'name', jsonb_build_array(null, new.name),
      'prefix', jsonb_build_array(null, new.prefix),
      'secret_id', jsonb_build_array(null, new.secret_id),
      'scopes', jsonb_build_array(null, new.scopes),
      'owner_role', jsonb_build_array(null, new.owner_role),
      'requests_per_minute', jsonb_build_array(null, new.requests_per_minute),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'revoked_at', jsonb_build_array(null, new.revoked_at),
      'previous_until', jsonb_build_array(null, new.previous_until));
    perform khidma.write_audit('api-keys', 'api_keys', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'name', jsonb_build_array(old.name, null),
      'prefix', jsonb_build_array(old.prefix, null),
      'secret_id', jsonb_build_array(old.secret_id, null),
      'scopes', jsonb_build_array(old.scopes, null),
      'owner_role', jsonb_build_array(old.owner_role, null),
      'requests_per_minute', jsonb_build_array(old.requests_per_minute, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'revoked_at', jsonb_build_array(old.revoked_at, null),
      'previous_until', jsonb_build_array(old.previous_until, null));
    perform khidma.write_audit('api-keys', 'api_keys', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if new.prefix is distinct from old.prefix then
    changes := changes || jsonb_build_object('prefix', jsonb_build_array(old.prefix, new.prefix));
  end if;
  if new.secret_id is distinct from old.secret_id then
    changes := changes || jsonb_build_object('secret_id', jsonb_build_array(old.secret_id, new.secret_id));
  end if;
  if new.scopes is distinct from old.scopes then
    changes := changes || jsonb_build_object('scopes', jsonb_build_array(old.scopes, new.scopes));
  end if;
  if new.owner_role is distinct from old.owner_role then
    changes := changes || jsonb_build_object('owner_role', jsonb_build_array(old.owner_role, new.owner_role));
  end if;
  if new.requests_per_minute is distinct from old.requests_per_minute then
    changes := changes || jsonb_build_object('requests_per_minute', jsonb_build_array(old.requests_per_minute, new.requests_per_minute));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.revoked_at is distinct from old.revoked_at then
    changes := changes || jsonb_build_object('revoked_at', jsonb_build_array(old.revoked_at, new.revoked_at));
  end if;
  if new.previous_until is distinct from old.previous_until then
    changes := changes || jsonb_build_object('previous_until', jsonb_build_array(old.previous_until, new.previous_until));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('api-keys', 'api_keys', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
