-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_webhook_subscriptions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id),
      'url', jsonb_build_array(null, new.url),
      'events', jsonb_build_array(null, new.events),
      'previous_secret_until', jsonb_build_array(null, new.previous_secret_until),
      'active', jsonb_build_array(null, new.active),
      'description', jsonb_build_array(null, new.description),
      'max_per_second', jsonb_build_array(null, new.max_per_second),
      'header_names', jsonb_build_array(null, new.header_names),
      'headers_set_at', jsonb_build_array(null, new.headers_set_at),
      'failing_since', jsonb_build_array(null, new.failing_since));
    perform khidma.write_audit('webhooks', 'webhook_subscriptions', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'url', jsonb_build_array(old.url, null),
      'events', jsonb_build_array(old.events, null),
      'previous_secret_until', jsonb_build_array(old.previous_secret_until, null),
      'active', jsonb_build_array(old.active, null),
      'description', jsonb_build_array(old.description, null),
      'max_per_second', jsonb_build_array(old.max_per_second, null),
      'header_names', jsonb_build_array(old.header_names, null),
      'headers_set_at', jsonb_build_array(old.headers_set_at, null),
      'failing_since', jsonb_build_array(old.failing_since, null));
    perform khidma.write_audit('webhooks', 'webhook_subscriptions', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.url is distinct from old.url then
    changes := changes || jsonb_build_object('url', jsonb_build_array(old.url, new.url));
  end if;
  if new.events is distinct from old.events then
    changes := changes || jsonb_build_object('events', jsonb_build_array(old.events, new.events));
  end if;
  if new.previous_secret_until is distinct from old.previous_secret_until then
    changes := changes || jsonb_build_object('previous_secret_until', jsonb_build_array(old.previous_secret_until, new.previous_secret_until));
  end if;
  if new.active is distinct from old.active then
    changes := changes || jsonb_build_object('active', jsonb_build_array(old.active, new.active));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.max_per_second is distinct from old.max_per_second then
    changes := changes || jsonb_build_object('max_per_second', jsonb_build_array(old.max_per_second, new.max_per_second));
  end if;
  if new.header_names is distinct from old.header_names then
    changes := changes || jsonb_build_object('header_names', jsonb_build_array(old.header_names, new.header_names));
  end if;
  if new.headers_set_at is distinct from old.headers_set_at then
    changes := changes || jsonb_build_object('headers_set_at', jsonb_build_array(old.headers_set_at, new.headers_set_at));
  end if;
  if new.failing_since is distinct from old.failing_since then
    changes := changes || jsonb_build_object('failing_since', jsonb_build_array(old.failing_since, new.failing_since));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('webhooks', 'webhook_subscriptions', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
