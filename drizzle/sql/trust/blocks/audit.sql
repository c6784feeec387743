-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_user_blocks() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'blocker_id', jsonb_build_array(null, new.blocker_id),
      'blocked_id', jsonb_build_array(null, new.blocked_id));
    perform khidma.write_audit('blocks', 'user_blocks', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'blocker_id', jsonb_build_array(old.blocker_id, null),
      'blocked_id', jsonb_build_array(old.blocked_id, null));
    perform khidma.write_audit('blocks', 'user_blocks', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.blocker_id is distinct from old.blocker_id then
    changes := changes || jsonb_build_object('blocker_id', jsonb_build_array(old.blocker_id, new.blocker_id));
  end if;
  if new.blocked_id is distinct from old.blocked_id then
    changes := changes || jsonb_build_object('blocked_id', jsonb_build_array(old.blocked_id, new.blocked_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('blocks', 'user_blocks', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
