-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_reports() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'reporter_id', jsonb_build_array(null, new.reporter_id),
      'reported_user_id', jsonb_build_array(null, new.reported_user_id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'kind', jsonb_build_array(null, new.kind),
      'description', jsonb_build_array(null, new.description),
      'status', jsonb_build_array(null, new.status));
    perform khidma.write_audit('reports', 'reports', 'insert', new.id::text, new.reporter_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'reporter_id', jsonb_build_array(old.reporter_id, null),
      'reported_user_id', jsonb_build_array(old.reported_user_id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'description', jsonb_build_array(old.description, null),
      'status', jsonb_build_array(old.status, null));
    perform khidma.write_audit('reports', 'reports', 'delete', old.id::text, old.reporter_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.reporter_id is distinct from old.reporter_id then
    changes := changes || jsonb_build_object('reporter_id', jsonb_build_array(old.reporter_id, new.reporter_id));
  end if;
  if new.reported_user_id is distinct from old.reported_user_id then
    changes := changes || jsonb_build_object('reported_user_id', jsonb_build_array(old.reported_user_id, new.reported_user_id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('reports', 'reports', 'update', new.id::text, new.reporter_id, changes);
  end if;
  return null;
end $$;
