-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_disputes() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'status', jsonb_build_array(null, new.status),
      'opened_by', jsonb_build_array(null, new.opened_by),
      'reason', jsonb_build_array(null, new.reason),
      'amount_in_question', jsonb_build_array(null, new.amount_in_question),
      'currency', jsonb_build_array(null, new.currency),
      'resolution', jsonb_build_array(null, new.resolution));
    perform khidma.write_audit('disputes', 'disputes', 'insert', new.id::text, new.opened_by, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'status', jsonb_build_array(old.status, null),
      'opened_by', jsonb_build_array(old.opened_by, null),
      'reason', jsonb_build_array(old.reason, null),
      'amount_in_question', jsonb_build_array(old.amount_in_question, null),
      'currency', jsonb_build_array(old.currency, null),
      'resolution', jsonb_build_array(old.resolution, null));
    perform khidma.write_audit('disputes', 'disputes', 'delete', old.id::text, old.opened_by, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.opened_by is distinct from old.opened_by then
    changes := changes || jsonb_build_object('opened_by', jsonb_build_array(old.opened_by, new.opened_by));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.amount_in_question is distinct from old.amount_in_question then
    changes := changes || jsonb_build_object('amount_in_question', jsonb_build_array(old.amount_in_question, new.amount_in_question));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.resolution is distinct from old.resolution then
    changes := changes || jsonb_build_object('resolution', jsonb_build_array(old.resolution, new.resolution));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('disputes', 'disputes', 'update', new.id::text, new.opened_by, changes);
  end if;
  return null;
end $$;
