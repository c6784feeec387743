-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_contracts() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'client_id', jsonb_build_array(null, new.client_id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'proposed_by', jsonb_build_array(null, new.proposed_by),
      'status', jsonb_build_array(null, new.status),
      'currency', jsonb_build_array(null, new.currency),
      'total_amount', jsonb_build_array(null, new.total_amount),
      'terms', jsonb_build_array(null, new.terms),
      'signed_sha256', jsonb_build_array(null, new.signed_sha256),
      'release_days', jsonb_build_array(null, new.release_days),
      'max_rounds', jsonb_build_array(null, new.max_rounds),
      'max_paused_days', jsonb_build_array(null, new.max_paused_days),
      'arbitration_basis_points', jsonb_build_array(null, new.arbitration_basis_points),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'activated_at', jsonb_build_array(null, new.activated_at),
      'ended_at', jsonb_build_array(null, new.ended_at),
      'end_reason', jsonb_build_array(null, new.end_reason),
      'last_activity_at', jsonb_build_array(null, new.last_activity_at),
      'dormant_notices', jsonb_build_array(null, new.dormant_notices),
      'dormant_due_at', jsonb_build_array(null, new.dormant_due_at));
    perform khidma.write_audit('contracts', 'contracts', 'insert', new.id::text, new.client_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'client_id', jsonb_build_array(old.client_id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'proposed_by', jsonb_build_array(old.proposed_by, null),
      'status', jsonb_build_array(old.status, null),
      'currency', jsonb_build_array(old.currency, null),
      'total_amount', jsonb_build_array(old.total_amount, null),
      'terms', jsonb_build_array(old.terms, null),
      'signed_sha256', jsonb_build_array(old.signed_sha256, null),
      'release_days', jsonb_build_array(old.release_days, null),
      'max_rounds', jsonb_build_array(old.max_rounds, null),
      'max_paused_days', jsonb_build_array(old.max_paused_days, null),
      'arbitration_basis_points', jsonb_build_array(old.arbitration_basis_points, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'activated_at', jsonb_build_array(old.activated_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null),
      'end_reason', jsonb_build_array(old.end_reason, null),
      'last_activity_at', jsonb_build_array(old.last_activity_at, null),
      'dormant_notices', jsonb_build_array(old.dormant_notices, null),
      'dormant_due_at', jsonb_build_array(old.dormant_due_at, null));
    perform khidma.write_audit('contracts', 'contracts', 'delete', old.id::text, old.client_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.client_id is distinct from old.client_id then
    changes := changes || jsonb_build_object('client_id', jsonb_build_array(old.client_id, new.client_id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.proposed_by is distinct from old.proposed_by then
    changes := changes || jsonb_build_object('proposed_by', jsonb_build_array(old.proposed_by, new.proposed_by));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.total_amount is distinct from old.total_amount then
    changes := changes || jsonb_build_object('total_amount', jsonb_build_array(old.total_amount, new.total_amount));
  end if;
  if new.terms is distinct from old.terms then
    changes := changes || jsonb_build_object('terms', jsonb_build_array(old.terms, new.terms));
  end if;
  if new.signed_sha256 is distinct from old.signed_sha256 then
    changes := changes || jsonb_build_object('signed_sha256', jsonb_build_array(old.signed_sha256, new.signed_sha256));
  end if;
  if new.release_days is distinct from old.release_days then
    changes := changes || jsonb_build_object('release_days', jsonb_build_array(old.release_days, new.release_days));
  end if;
  if new.max_rounds is distinct from old.max_rounds then
    changes := changes || jsonb_build_object('max_rounds', jsonb_build_array(old.max_rounds, new.max_rounds));
  end if;
  if new.max_paused_days is distinct from old.max_paused_days then
    changes := changes || jsonb_build_object('max_paused_days', jsonb_build_array(old.max_paused_days, new.max_paused_days));
  end if;
  if new.arbitration_basis_points is distinct from old.arbitration_basis_points then
    changes := changes || jsonb_build_object('arbitration_basis_points', jsonb_build_array(old.arbitration_basis_points, new.arbitration_basis_points));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.activated_at is distinct from old.activated_at then
    changes := changes || jsonb_build_object('activated_at', jsonb_build_array(old.activated_at, new.activated_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if new.end_reason is distinct from old.end_reason then
    changes := changes || jsonb_build_object('end_reason', jsonb_build_array(old.end_reason, new.end_reason));
  end if;
  if new.last_activity_at is distinct from old.last_activity_at then
    changes := changes || jsonb_build_object('last_activity_at', jsonb_build_array(old.last_activity_at, new.last_activity_at));
  end if;
  if new.dormant_notices is distinct from old.dormant_notices then
    changes := changes || jsonb_build_object('dormant_notices', jsonb_build_array(old.dormant_notices, new.dormant_notices));
  end if;
  if new.dormant_due_at is distinct from old.dormant_due_at then
    changes := changes || jsonb_build_object('dormant_due_at', jsonb_build_array(old.dormant_due_at, new.dormant_due_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('contracts', 'contracts', 'update', new.id::text, new.client_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_contract_amendments() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'contract_id', jsonb_build_array(null, new.contract_id),
      'proposed_by', jsonb_build_array(null, new.proposed_by),
      'proposed_to', jsonb_build_array(null, new.proposed_to),
      'status', jsonb_build_array(null, new.status),
      'reason', jsonb_build_array(null, new.reason),
      'terms', jsonb_build_array(null, new.terms),
      'milestones', jsonb_build_array(null, new.milestones),
      'total_amount', jsonb_build_array(null, new.total_amount),
      'was_terms', jsonb_build_array(null, new.was_terms),
      'was_milestones', jsonb_build_array(null, new.was_milestones),
      'was_total_amount', jsonb_build_array(null, new.was_total_amount),
      'text_sha256', jsonb_build_array(null, new.text_sha256),
      'expires_at', jsonb_build_array(null, new.expires_at),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('contracts', 'contract_amendments', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'contract_id', jsonb_build_array(old.contract_id, null),
      'proposed_by', jsonb_build_array(old.proposed_by, null),
      'proposed_to', jsonb_build_array(old.proposed_to, null),
      'status', jsonb_build_array(old.status, null),
      'reason', jsonb_build_array(old.reason, null),
      'terms', jsonb_build_array(old.terms, null),
      'milestones', jsonb_build_array(old.milestones, null),
      'total_amount', jsonb_build_array(old.total_amount, null),
      'was_terms', jsonb_build_array(old.was_terms, null),
      'was_milestones', jsonb_build_array(old.was_milestones, null),
      'was_total_amount', jsonb_build_array(old.was_total_amount, null),
      'text_sha256', jsonb_build_array(old.text_sha256, null),
      'expires_at', jsonb_build_array(old.expires_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('contracts', 'contract_amendments', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.contract_id is distinct from old.contract_id then
    changes := changes || jsonb_build_object('contract_id', jsonb_build_array(old.contract_id, new.contract_id));
  end if;
  if new.proposed_by is distinct from old.proposed_by then
    changes := changes || jsonb_build_object('proposed_by', jsonb_build_array(old.proposed_by, new.proposed_by));
  end if;
  if new.proposed_to is distinct from old.proposed_to then
    changes := changes || jsonb_build_object('proposed_to', jsonb_build_array(old.proposed_to, new.proposed_to));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.reason is distinct from old.reason then
    changes := changes || jsonb_build_object('reason', jsonb_build_array(old.reason, new.reason));
  end if;
  if new.terms is distinct from old.terms then
    changes := changes || jsonb_build_object('terms', jsonb_build_array(old.terms, new.terms));
  end if;
  if new.milestones is distinct from old.milestones then
    changes := changes || jsonb_build_object('milestones', jsonb_build_array(old.milestones, new.milestones));
  end if;
  if new.total_amount is distinct from old.total_amount then
    changes := changes || jsonb_build_object('total_amount', jsonb_build_array(old.total_amount, new.total_amount));
  end if;
  if new.was_terms is distinct from old.was_terms then
    changes := changes || jsonb_build_object('was_terms', jsonb_build_array(old.was_terms, new.was_terms));
  end if;
  if new.was_milestones is distinct from old.was_milestones then
    changes := changes || jsonb_build_object('was_milestones', jsonb_build_array(old.was_milestones, new.was_milestones));
  end if;
  if new.was_total_amount is distinct from old.was_total_amount then
    changes := changes || jsonb_build_object('was_total_amount', jsonb_build_array(old.was_total_amount, new.was_total_amount));
  end if;
  if new.text_sha256 is distinct from old.text_sha256 then
    changes := changes || jsonb_build_object('text_sha256', jsonb_build_array(old.text_sha256, new.text_sha256));
  end if;
  if new.expires_at is distinct from old.expires_at then
    changes := changes || jsonb_build_object('expires_at', jsonb_build_array(old.expires_at, new.expires_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('contracts', 'contract_amendments', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_contract_signatures() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'contract_id', jsonb_build_array(null, new.contract_id),
      'amendment_id', jsonb_build_array(null, new.amendment_id),
      'user_id', jsonb_build_array(null, new.user_id),
      'party', jsonb_build_array(null, new.party),
      'text_sha256', jsonb_build_array(null, new.text_sha256),
      'session_id', jsonb_build_array(null, new.session_id),
      'user_agent', jsonb_build_array(null, new.user_agent),
      'ip_address', jsonb_build_array(null, new.ip_address),
      'signed_at', jsonb_build_array(null, new.signed_at),
      'cleared_at', jsonb_build_array(null, new.cleared_at));
    perform khidma.write_audit('contracts', 'contract_signatures', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'contract_id', jsonb_build_array(old.contract_id, null),
      'amendment_id', jsonb_build_array(old.amendment_id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'party', jsonb_build_array(old.party, null),
      'text_sha256', jsonb_build_array(old.text_sha256, null),
      'session_id', jsonb_build_array(old.session_id, null),
      'user_agent', jsonb_build_array(old.user_agent, null),
      'ip_address', jsonb_build_array(old.ip_address, null),
      'signed_at', jsonb_build_array(old.signed_at, null),
      'cleared_at', jsonb_build_array(old.cleared_at, null));
    perform khidma.write_audit('contracts', 'contract_signatures', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.contract_id is distinct from old.contract_id then
    changes := changes || jsonb_build_object('contract_id', jsonb_build_array(old.contract_id, new.contract_id));
  end if;
  if new.amendment_id is distinct from old.amendment_id then
    changes := changes || jsonb_build_object('amendment_id', jsonb_build_array(old.amendment_id, new.amendment_id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.party is distinct from old.party then
    changes := changes || jsonb_build_object('party', jsonb_build_array(old.party, new.party));
  end if;
  if new.text_sha256 is distinct from old.text_sha256 then
    changes := changes || jsonb_build_object('text_sha256', jsonb_build_array(old.text_sha256, new.text_sha256));
  end if;
  if new.session_id is distinct from old.session_id then
    changes := changes || jsonb_build_object('session_id', jsonb_build_array(old.session_id, new.session_id));
  end if;
  if new.user_agent is distinct from old.user_agent then
    changes := changes || jsonb_build_object('user_agent', jsonb_build_array(old.user_agent, new.user_agent));
  end if;
  if new.ip_address is distinct from old.ip_address then
    changes := changes || jsonb_build_object('ip_address', jsonb_build_array(old.ip_address, new.ip_address));
  end if;
  if new.signed_at is distinct from old.signed_at then
    changes := changes || jsonb_build_object('signed_at', jsonb_build_array(old.signed_at, new.signed_at));
  end if;
  if new.cleared_at is distinct from old.cleared_at then
    changes := changes || jsonb_build_object('cleared_at', jsonb_build_array(old.cleared_at, new.cleared_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('contracts', 'contract_signatures', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_milestones() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'contract_id', jsonb_build_array(null, new.contract_id),
      'position', jsonb_build_array(null, new.position),
      'title', jsonb_build_array(null, new.title),
      'description', jsonb_build_array(null, new.description),
      'amount', jsonb_build_array(null, new.amount),
      'due_at', jsonb_build_array(null, new.due_at),
      'deadline_at', jsonb_build_array(null, new.deadline_at),
      'status', jsonb_build_array(null, new.status),
      'funding_intent_id', jsonb_build_array(null, new.funding_intent_id),
      'funded_at', jsonb_build_array(null, new.funded_at),
      'started_at', jsonb_build_array(null, new.started_at),
      'submitted_at', jsonb_build_array(null, new.submitted_at),
      'releases_at', jsonb_build_array(null, new.releases_at),
      'release_reminders', jsonb_build_array(null, new.release_reminders),
      'release_requested_at', jsonb_build_array(null, new.release_requested_at),
      'due_reminded_at', jsonb_build_array(null, new.due_reminded_at),
      'rounds', jsonb_build_array(null, new.rounds),
      'paused_seconds', jsonb_build_array(null, new.paused_seconds),
      'paused_since', jsonb_build_array(null, new.paused_since),
      'ended_at', jsonb_build_array(null, new.ended_at),
      'outcome', jsonb_build_array(null, new.outcome),
      'released_amount', jsonb_build_array(null, new.released_amount),
      'refunded_amount', jsonb_build_array(null, new.refunded_amount),
      'arbitration_amount', jsonb_build_array(null, new.arbitration_amount));
    perform khidma.write_audit('contracts', 'milestones', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'contract_id', jsonb_build_array(old.contract_id, null),
      'position', jsonb_build_array(old.position, null),
      'title', jsonb_build_array(old.title, null),
      'description', jsonb_build_array(old.description, null),
      'amount', jsonb_build_array(old.amount, null),
      'due_at', jsonb_build_array(old.due_at, null),
      'deadline_at', jsonb_build_array(old.deadline_at, null),
      'status', jsonb_build_array(old.status, null),
      'funding_intent_id', jsonb_build_array(old.funding_intent_id, null),
      'funded_at', jsonb_build_array(old.funded_at, null),
      'started_at', jsonb_build_array(old.started_at, null),
      'submitted_at', jsonb_build_array(old.submitted_at, null),
      'releases_at', jsonb_build_array(old.releases_at, null),
      'release_reminders', jsonb_build_array(old.release_reminders, null),
      'release_requested_at', jsonb_build_array(old.release_requested_at, null),
      'due_reminded_at', jsonb_build_array(old.due_reminded_at, null),
      'rounds', jsonb_build_array(old.rounds, null),
      'paused_seconds', jsonb_build_array(old.paused_seconds, null),
      'paused_since', jsonb_build_array(old.paused_since, null),
      'ended_at', jsonb_build_array(old.ended_at, null),
      'outcome', jsonb_build_array(old.outcome, null),
      'released_amount', jsonb_build_array(old.released_amount, null),
      'refunded_amount', jsonb_build_array(old.refunded_amount, null),
      'arbitration_amount', jsonb_build_array(old.arbitration_amount, null));
    perform khidma.write_audit('contracts', 'milestones', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.contract_id is distinct from old.contract_id then
    changes := changes || jsonb_build_object('contract_id', jsonb_build_array(old.contract_id, new.contract_id));
  end if;
  if new.position is distinct from old.position then
    changes := changes || jsonb_build_object('position', jsonb_build_array(old.position, new.position));
  end if;
  if new.title is distinct from old.title then
    changes := changes || jsonb_build_object('title', jsonb_build_array(old.title, new.title));
  end if;
  if new.description is distinct from old.description then
    changes := changes || jsonb_build_object('description', jsonb_build_array(old.description, new.description));
  end if;
  if new.amount is distinct from old.amount then
    changes := changes || jsonb_build_object('amount', jsonb_build_array(old.amount, new.amount));
  end if;
  if new.due_at is distinct from old.due_at then
    changes := changes || jsonb_build_object('due_at', jsonb_build_array(old.due_at, new.due_at));
  end if;
  if new.deadline_at is distinct from old.deadline_at then
    changes := changes || jsonb_build_object('deadline_at', jsonb_build_array(old.deadline_at, new.deadline_at));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.funding_intent_id is distinct from old.funding_intent_id then
    changes := changes || jsonb_build_object('funding_intent_id', jsonb_build_array(old.funding_intent_id, new.funding_intent_id));
  end if;
  if new.funded_at is distinct from old.funded_at then
    changes := changes || jsonb_build_object('funded_at', jsonb_build_array(old.funded_at, new.funded_at));
  end if;
  if new.started_at is distinct from old.started_at then
    changes := changes || jsonb_build_object('started_at', jsonb_build_array(old.started_at, new.started_at));
  end if;
  if new.submitted_at is distinct from old.submitted_at then
    changes := changes || jsonb_build_object('submitted_at', jsonb_build_array(old.submitted_at, new.submitted_at));
  end if;
  if new.releases_at is distinct from old.releases_at then
    changes := changes || jsonb_build_object('releases_at', jsonb_build_array(old.releases_at, new.releases_at));
  end if;
  if new.release_reminders is distinct from old.release_reminders then
    changes := changes || jsonb_build_object('release_reminders', jsonb_build_array(old.release_reminders, new.release_reminders));
  end if;
  if new.release_requested_at is distinct from old.release_requested_at then
    changes := changes || jsonb_build_object('release_requested_at', jsonb_build_array(old.release_requested_at, new.release_requested_at));
  end if;
  if new.due_reminded_at is distinct from old.due_reminded_at then
    changes := changes || jsonb_build_object('due_reminded_at', jsonb_build_array(old.due_reminded_at, new.due_reminded_at));
  end if;
  if new.rounds is distinct from old.rounds then
    changes := changes || jsonb_build_object('rounds', jsonb_build_array(old.rounds, new.rounds));
  end if;
  if new.paused_seconds is distinct from old.paused_seconds then
    changes := changes || jsonb_build_object('paused_seconds', jsonb_build_array(old.paused_seconds, new.paused_seconds));
  end if;
  if new.paused_since is distinct from old.paused_since then
    changes := changes || jsonb_build_object('paused_since', jsonb_build_array(old.paused_since, new.paused_since));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if new.outcome is distinct from old.outcome then
    changes := changes || jsonb_build_object('outcome', jsonb_build_array(old.outcome, new.outcome));
  end if;
  if new.released_amount is distinct from old.released_amount then
    changes := changes || jsonb_build_object('released_amount', jsonb_build_array(old.released_amount, new.released_amount));
  end if;
  if new.refunded_amount is distinct from old.refunded_amount then
    changes := changes || jsonb_build_object('refunded_amount', jsonb_build_array(old.refunded_amount, new.refunded_amount));
  end if;
  if new.arbitration_amount is distinct from old.arbitration_amount then
    changes := changes || jsonb_build_object('arbitration_amount', jsonb_build_array(old.arbitration_amount, new.arbitration_amount));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('contracts', 'milestones', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_milestone_submissions() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'milestone_id', jsonb_build_array(null, new.milestone_id),
      'round', jsonb_build_array(null, new.round),
      'note', jsonb_build_array(null, new.note),
      'submitted_by', jsonb_build_array(null, new.submitted_by),
      'submitted_at', jsonb_build_array(null, new.submitted_at),
      'answer', jsonb_build_array(null, new.answer),
      'answer_note', jsonb_build_array(null, new.answer_note),
      'answered_at', jsonb_build_array(null, new.answered_at));
    perform khidma.write_audit('contracts', 'milestone_submissions', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'milestone_id', jsonb_build_array(old.milestone_id, null),
      'round', jsonb_build_array(old.round, null),
      'note', jsonb_build_array(old.note, null),
      'submitted_by', jsonb_build_array(old.submitted_by, null),
      'submitted_at', jsonb_build_array(old.submitted_at, null),
      'answer', jsonb_build_array(old.answer, null),
      'answer_note', jsonb_build_array(old.answer_note, null),
      'answered_at', jsonb_build_array(old.answered_at, null));
    perform khidma.write_audit('contracts', 'milestone_submissions', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.milestone_id is distinct from old.milestone_id then
    changes := changes || jsonb_build_object('milestone_id', jsonb_build_array(old.milestone_id, new.milestone_id));
  end if;
  if new.round is distinct from old.round then
    changes := changes || jsonb_build_object('round', jsonb_build_array(old.round, new.round));
  end if;
  if new.note is distinct from old.note then
    changes := changes || jsonb_build_object('note', jsonb_build_array(old.note, new.note));
  end if;
  if new.submitted_by is distinct from old.submitted_by then
    changes := changes || jsonb_build_object('submitted_by', jsonb_build_array(old.submitted_by, new.submitted_by));
  end if;
  if new.submitted_at is distinct from old.submitted_at then
    changes := changes || jsonb_build_object('submitted_at', jsonb_build_array(old.submitted_at, new.submitted_at));
  end if;
  if new.answer is distinct from old.answer then
    changes := changes || jsonb_build_object('answer', jsonb_build_array(old.answer, new.answer));
  end if;
  if new.answer_note is distinct from old.answer_note then
    changes := changes || jsonb_build_object('answer_note', jsonb_build_array(old.answer_note, new.answer_note));
  end if;
  if new.answered_at is distinct from old.answered_at then
    changes := changes || jsonb_build_object('answered_at', jsonb_build_array(old.answered_at, new.answered_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('contracts', 'milestone_submissions', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_milestone_deliverables() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'submission_id', jsonb_build_array(null, new.submission_id),
      'media_id', jsonb_build_array(null, new.media_id));
    perform khidma.write_audit('contracts', 'milestone_deliverables', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'submission_id', jsonb_build_array(old.submission_id, null),
      'media_id', jsonb_build_array(old.media_id, null));
    perform khidma.write_audit('contracts', 'milestone_deliverables', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.submission_id is distinct from old.submission_id then
    changes := changes || jsonb_build_object('submission_id', jsonb_build_array(old.submission_id, new.submission_id));
  end if;
  if new.media_id is distinct from old.media_id then
    changes := changes || jsonb_build_object('media_id', jsonb_build_array(old.media_id, new.media_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('contracts', 'milestone_deliverables', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_escrows() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'contract_id', jsonb_build_array(null, new.contract_id),
      'currency', jsonb_build_array(null, new.currency),
      'status', jsonb_build_array(null, new.status),
      'funded_amount', jsonb_build_array(null, new.funded_amount),
      'released_amount', jsonb_build_array(null, new.released_amount),
      'commission_amount', jsonb_build_array(null, new.commission_amount),
      'refunded_amount', jsonb_build_array(null, new.refunded_amount),
      'arbitration_amount', jsonb_build_array(null, new.arbitration_amount),
      'disputed_amount', jsonb_build_array(null, new.disputed_amount),
      'arbitration_basis_points', jsonb_build_array(null, new.arbitration_basis_points),
      'held_at', jsonb_build_array(null, new.held_at),
      'released_at', jsonb_build_array(null, new.released_at));
    perform khidma.write_audit('contracts', 'escrows', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'contract_id', jsonb_build_array(old.contract_id, null),
      'currency', jsonb_build_array(old.currency, null),
      'status', jsonb_build_array(old.status, null),
      'funded_amount', jsonb_build_array(old.funded_amount, null),
      'released_amount', jsonb_build_array(old.released_amount, null),
      'commission_amount', jsonb_build_array(old.commission_amount, null),
      'refunded_amount', jsonb_build_array(old.refunded_amount, null),
      'arbitration_amount', jsonb_build_array(old.arbitration_amount, null),
      'disputed_amount', jsonb_build_array(old.disputed_amount, null),
      'arbitration_basis_points', jsonb_build_array(old.arbitration_basis_points, null),
      'held_at', jsonb_build_array(old.held_at, null),
      'released_at', jsonb_build_array(old.released_at, null));
    perform khidma.write_audit('contracts', 'escrows', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.contract_id is distinct from old.contract_id then
    changes := changes || jsonb_build_object('contract_id', jsonb_build_array(old.contract_id, new.contract_id));
  end if;
  if new.currency is distinct from old.currency then
    changes := changes || jsonb_build_object('currency', jsonb_build_array(old.currency, new.currency));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.funded_amount is distinct from old.funded_amount then
    changes := changes || jsonb_build_object('funded_amount', jsonb_build_array(old.funded_amount, new.funded_amount));
  end if;
  if new.released_amount is distinct from old.released_amount then
    changes := changes || jsonb_build_object('released_amount', jsonb_build_array(old.released_amount, new.released_amount));
  end if;
  if new.commission_amount is distinct from old.commission_amount then
    changes := changes || jsonb_build_object('commission_amount', jsonb_build_array(old.commission_amount, new.commission_amount));
  end if;
  if new.refunded_amount is distinct from old.refunded_amount then
    changes := changes || jsonb_build_object('refunded_amount', jsonb_build_array(old.refunded_amount, new.refunded_amount));
  end if;
  if new.arbitration_amount is distinct from old.arbitration_amount then
    changes := changes || jsonb_build_object('arbitration_amount', jsonb_build_array(old.arbitration_amount, new.arbitration_amount));
  end if;
  if new.disputed_amount is distinct from old.disputed_amount then
    changes := changes || jsonb_build_object('disputed_amount', jsonb_build_array(old.disputed_amount, new.disputed_amount));
  end if;
  if new.arbitration_basis_points is distinct from old.arbitration_basis_points then
    changes := changes || jsonb_build_object('arbitration_basis_points', jsonb_build_array(old.arbitration_basis_points, new.arbitration_basis_points));
  end if;
  if new.held_at is distinct from old.held_at then
    changes := changes || jsonb_build_object('held_at', jsonb_build_array(old.held_at, new.held_at));
  end if;
  if new.released_at is distinct from old.released_at then
    changes := changes || jsonb_build_object('released_at', jsonb_build_array(old.released_at, new.released_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('contracts', 'escrows', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;
