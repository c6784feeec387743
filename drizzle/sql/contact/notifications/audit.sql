-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_notification_preferences() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(null, new.user_id),
      'push_enabled', jsonb_build_array(null, new.push_enabled),
      'sms_enabled', jsonb_build_array(null, new.sms_enabled),
      'email_enabled', jsonb_build_array(null, new.email_enabled),
      'preferences', jsonb_build_array(null, new.preferences));
    perform khidma.write_audit('notifications', 'notification_preferences', 'insert', new.user_id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'user_id', jsonb_build_array(old.user_id, null),
      'push_enabled', jsonb_build_array(old.push_enabled, null),
      'sms_enabled', jsonb_build_array(old.sms_enabled, null),
      'email_enabled', jsonb_build_array(old.email_enabled, null),
      'preferences', jsonb_build_array(old.preferences, null));
    perform khidma.write_audit('notifications', 'notification_preferences', 'delete', old.user_id::text, old.user_id, changes);
    return null;
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.push_enabled is distinct from old.push_enabled then
    changes := changes || jsonb_build_object('push_enabled', jsonb_build_array(old.push_enabled, new.push_enabled));
  end if;
  if new.sms_enabled is distinct from old.sms_enabled then
    changes := changes || jsonb_build_object('sms_enabled', jsonb_build_array(old.sms_enabled, new.sms_enabled));
  end if;
  if new.email_enabled is distinct from old.email_enabled then
    changes := changes || jsonb_build_object('email_enabled', jsonb_build_array(old.email_enabled, new.email_enabled));
  end if;
  if new.preferences is distinct from old.preferences then
    changes := changes || jsonb_build_object('preferences', jsonb_build_array(old.preferences, new.preferences));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('notifications', 'notification_preferences', 'update', new.user_id::text, new.user_id, changes);
  end if;
  return null;
end $$;
