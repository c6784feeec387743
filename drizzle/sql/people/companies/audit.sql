-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_company_members() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'company_id', jsonb_build_array(null, new.company_id),
      'user_id', jsonb_build_array(null, new.user_id),
      'is_by_contact', jsonb_build_array(null, new.is_by_contact),
      'role', jsonb_build_array(null, new.role),
      'status', jsonb_build_array(null, new.status),
      'payout_to', jsonb_build_array(null, new.payout_to),
      'payout_proposed', jsonb_build_array(null, new.payout_proposed),
      'invited_by', jsonb_build_array(null, new.invited_by),
      'sent_at', jsonb_build_array(null, new.sent_at),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'joined_at', jsonb_build_array(null, new.joined_at),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('companies', 'company_members', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'company_id', jsonb_build_array(old.company_id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'is_by_contact', jsonb_build_array(old.is_by_contact, null),
      'role', jsonb_build_array(old.role, null),
      'status', jsonb_build_array(old.status, null),
      'payout_to', jsonb_build_array(old.payout_to, null),
      'payout_proposed', jsonb_build_array(old.payout_proposed, null),
      'invited_by', jsonb_build_array(old.invited_by, null),
      'sent_at', jsonb_build_array(old.sent_at, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'joined_at', jsonb_build_array(old.joined_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('companies', 'company_members', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.company_id is distinct from old.company_id then
    changes := changes || jsonb_build_object('company_id', jsonb_build_array(old.company_id, new.company_id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.is_by_contact is distinct from old.is_by_contact then
    changes := changes || jsonb_build_object('is_by_contact', jsonb_build_array(old.is_by_contact, new.is_by_contact));
  end if;
  if new.role is distinct from old.role then
    changes := changes || jsonb_build_object('role', jsonb_build_array(old.role, new.role));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.payout_to is distinct from old.payout_to then
    changes := changes || jsonb_build_object('payout_to', jsonb_build_array(old.payout_to, new.payout_to));
  end if;
  if new.payout_proposed is distinct from old.payout_proposed then
    changes := changes || jsonb_build_object('payout_proposed', jsonb_build_array(old.payout_proposed, new.payout_proposed));
  end if;
  if new.invited_by is distinct from old.invited_by then
    changes := changes || jsonb_build_object('invited_by', jsonb_build_array(old.invited_by, new.invited_by));
  end if;
  if new.sent_at is distinct from old.sent_at then
    changes := changes || jsonb_build_object('sent_at', jsonb_build_array(old.sent_at, new.sent_at));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.joined_at is distinct from old.joined_at then
    changes := changes || jsonb_build_object('joined_at', jsonb_build_array(old.joined_at, new.joined_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('companies', 'company_members', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
