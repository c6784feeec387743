-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_job_postings() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'company_id', jsonb_build_array(null, new.company_id),
      'posted_by', jsonb_build_array(null, new.posted_by),
      'status', jsonb_build_array(null, new.status),
      'title', jsonb_build_array(null, new.title),
      'employment_type', jsonb_build_array(null, new.employment_type),
      'work_mode', jsonb_build_array(null, new.work_mode),
      'place_name', jsonb_build_array(null, new.place_name),
      'city', jsonb_build_array(null, new.city),
      'country', jsonb_build_array(null, new.country),
      'lat', jsonb_build_array(null, new.lat),
      'lng', jsonb_build_array(null, new.lng),
      'salary_min', jsonb_build_array(null, new.salary_min),
      'salary_max', jsonb_build_array(null, new.salary_max),
      'salary_currency', jsonb_build_array(null, new.salary_currency),
      'salary_period', jsonb_build_array(null, new.salary_period),
      'salary_yearly', jsonb_build_array(null, new.salary_yearly),
      'closes_at', jsonb_build_array(null, new.closes_at),
      'submitted_at', jsonb_build_array(null, new.submitted_at),
      'live_at', jsonb_build_array(null, new.live_at),
      'reviewed_at', jsonb_build_array(null, new.reviewed_at),
      'reviewed_by', jsonb_build_array(null, new.reviewed_by),
      'rejection_reason', jsonb_build_array(null, new.rejection_reason),
      'closed_at', jsonb_build_array(null, new.closed_at),
      'close_reason', jsonb_build_array(null, new.close_reason),
      'answer_by', jsonb_build_array(null, new.answer_by),
      'pay_with', jsonb_build_array(null, new.pay_with),
      'paid_until', jsonb_build_array(null, new.paid_until));
    perform khidma.write_audit('job-postings', 'job_postings', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'company_id', jsonb_build_array(old.company_id, null),
      'posted_by', jsonb_build_array(old.posted_by, null),
      'status', jsonb_build_array(old.status, null),
      'title', jsonb_build_array(old.title, null),
      'employment_type', jsonb_build_array(old.employment_type, null),
      'work_mode', jsonb_build_array(old.work_mode, null),
      'place_name', jsonb_build_array(old.place_name, null),
      'city', jsonb_build_array(old.city, null),
      'country', jsonb_build_array(old.country, null),
      'lat', jsonb_build_array(old.lat, null),
      'lng', jsonb_build_array(old.lng, null),
      'salary_min', jsonb_build_array(old.salary_min, null),
      'salary_max', jsonb_build_array(old.salary_max, null),
      'salary_currency', jsonb_build_array(old.salary_currency, null),
      'salary_period', jsonb_build_array(old.salary_period, null),
      'salary_yearly', jsonb_build_array(old.salary_yearly, null),
      'closes_at', jsonb_build_array(old.closes_at, null),
      'submitted_at', jsonb_build_array(old.submitted_at, null),
      'live_at', jsonb_build_array(old.live_at, null),
      'reviewed_at', jsonb_build_array(old.reviewed_at, null),
      'reviewed_by', jsonb_build_array(old.reviewed_by, null),
      'rejection_reason', jsonb_build_array(old.rejection_reason, null),
      'closed_at', jsonb_build_array(old.closed_at, null),
      'close_reason', jsonb_build_array(old.close_reason, null),
      'answer_by', jsonb_build_array(old.answer_by, null),
      'pay_with', jsonb_build_array(old.pay_with, null),
      'paid_until', jsonb_build_array(old.paid_until, null));
    perform khidma.write_audit('job-postings', 'job_postings', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.company_id is distinct from old.company_id then
    changes := changes || jsonb_build_object('company_id', jsonb_build_array(old.company_id, new.company_id));
  end if;
  if new.posted_by is distinct from old.posted_by then
    changes := changes || jsonb_build_object('posted_by', jsonb_build_array(old.posted_by, new.posted_by));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.title is distinct from old.title then
    changes := changes || jsonb_build_object('title', jsonb_build_array(old.title, new.title));
  end if;
  if new.employment_type is distinct from old.employment_type then
    changes := changes || jsonb_build_object('employment_type', jsonb_build_array(old.employment_type, new.employment_type));
  end if;
  if new.work_mode is distinct from old.work_mode then
    changes := changes || jsonb_build_object('work_mode', jsonb_build_array(old.work_mode, new.work_mode));
  end if;
  if new.place_name is distinct from old.place_name then
    changes := changes || jsonb_build_object('place_name', jsonb_build_array(old.place_name, new.place_name));
  end if;
  if new.city is distinct from old.city then
    changes := changes || jsonb_build_object('city', jsonb_build_array(old.city, new.city));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.lat is distinct from old.lat then
    changes := changes || jsonb_build_object('lat', jsonb_build_array(old.lat, new.lat));
  end if;
  if new.lng is distinct from old.lng then
    changes := changes || jsonb_build_object('lng', jsonb_build_array(old.lng, new.lng));
  end if;
  if new.salary_min is distinct from old.salary_min then
    changes := changes || jsonb_build_object('salary_min', jsonb_build_array(old.salary_min, new.salary_min));
  end if;
  if new.salary_max is distinct from old.salary_max then
    changes := changes || jsonb_build_object('salary_max', jsonb_build_array(old.salary_max, new.salary_max));
  end if;
  if new.salary_currency is distinct from old.salary_currency then
    changes := changes || jsonb_build_object('salary_currency', jsonb_build_array(old.salary_currency, new.salary_currency));
  end if;
  if new.salary_period is distinct from old.salary_period then
    changes := changes || jsonb_build_object('salary_period', jsonb_build_array(old.salary_period, new.salary_period));
  end if;
  if new.salary_yearly is distinct from old.salary_yearly then
    changes := changes || jsonb_build_object('salary_yearly', jsonb_build_array(old.salary_yearly, new.salary_yearly));
  end if;
  if new.closes_at is distinct from old.closes_at then
    changes := changes || jsonb_build_object('closes_at', jsonb_build_array(old.closes_at, new.closes_at));
  end if;
  if new.submitted_at is distinct from old.submitted_at then
    changes := changes || jsonb_build_object('submitted_at', jsonb_build_array(old.submitted_at, new.submitted_at));
  end if;
  if new.live_at is distinct from old.live_at then
    changes := changes || jsonb_build_object('live_at', jsonb_build_array(old.live_at, new.live_at));
  end if;
  if new.reviewed_at is distinct from old.reviewed_at then
    changes := changes || jsonb_build_object('reviewed_at', jsonb_build_array(old.reviewed_at, new.reviewed_at));
  end if;
  if new.reviewed_by is distinct from old.reviewed_by then
    changes := changes || jsonb_build_object('reviewed_by', jsonb_build_array(old.reviewed_by, new.reviewed_by));
  end if;
  if new.rejection_reason is distinct from old.rejection_reason then
    changes := changes || jsonb_build_object('rejection_reason', jsonb_build_array(old.rejection_reason, new.rejection_reason));
  end if;
  if new.closed_at is distinct from old.closed_at then
    changes := changes || jsonb_build_object('closed_at', jsonb_build_array(old.closed_at, new.closed_at));
  end if;
  if new.close_reason is distinct from old.close_reason then
    changes := changes || jsonb_build_object('close_reason', jsonb_build_array(old.close_reason, new.close_reason));
  end if;
  if new.answer_by is distinct from old.answer_by then
    changes := changes || jsonb_build_object('answer_by', jsonb_build_array(old.answer_by, new.answer_by));
  end if;
  if new.pay_with is distinct from old.pay_with then
    changes := changes || jsonb_build_object('pay_with', jsonb_build_array(old.pay_with, new.pay_with));
  end if;
  if new.paid_until is distinct from old.paid_until then
    changes := changes || jsonb_build_object('paid_until', jsonb_build_array(old.paid_until, new.paid_until));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('job-postings', 'job_postings', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_job_posting_payments() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'posting_id', jsonb_build_array(null, new.posting_id),
      'company_id', jsonb_build_array(null, new.company_id),
      'kind', jsonb_build_array(null, new.kind),
      'method', jsonb_build_array(null, new.method),
      'credits', jsonb_build_array(null, new.credits),
      'days', jsonb_build_array(null, new.days),
      'entitlement_id', jsonb_build_array(null, new.entitlement_id),
      'status', jsonb_build_array(null, new.status),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('job-postings', 'job_posting_payments', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'posting_id', jsonb_build_array(old.posting_id, null),
      'company_id', jsonb_build_array(old.company_id, null),
      'kind', jsonb_build_array(old.kind, null),
      'method', jsonb_build_array(old.method, null),
      'credits', jsonb_build_array(old.credits, null),
      'days', jsonb_build_array(old.days, null),
      'entitlement_id', jsonb_build_array(old.entitlement_id, null),
      'status', jsonb_build_array(old.status, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('job-postings', 'job_posting_payments', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.posting_id is distinct from old.posting_id then
    changes := changes || jsonb_build_object('posting_id', jsonb_build_array(old.posting_id, new.posting_id));
  end if;
  if new.company_id is distinct from old.company_id then
    changes := changes || jsonb_build_object('company_id', jsonb_build_array(old.company_id, new.company_id));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.method is distinct from old.method then
    changes := changes || jsonb_build_object('method', jsonb_build_array(old.method, new.method));
  end if;
  if new.credits is distinct from old.credits then
    changes := changes || jsonb_build_object('credits', jsonb_build_array(old.credits, new.credits));
  end if;
  if new.days is distinct from old.days then
    changes := changes || jsonb_build_object('days', jsonb_build_array(old.days, new.days));
  end if;
  if new.entitlement_id is distinct from old.entitlement_id then
    changes := changes || jsonb_build_object('entitlement_id', jsonb_build_array(old.entitlement_id, new.entitlement_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('job-postings', 'job_posting_payments', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_job_applications() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'posting_id', jsonb_build_array(null, new.posting_id),
      'company_id', jsonb_build_array(null, new.company_id),
      'user_id', jsonb_build_array(null, new.user_id),
      'status', jsonb_build_array(null, new.status),
      'interview_slots', jsonb_build_array(null, new.interview_slots),
      'interview_minutes', jsonb_build_array(null, new.interview_minutes),
      'interview_at', jsonb_build_array(null, new.interview_at),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('job-postings', 'job_applications', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'posting_id', jsonb_build_array(old.posting_id, null),
      'company_id', jsonb_build_array(old.company_id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'status', jsonb_build_array(old.status, null),
      'interview_slots', jsonb_build_array(old.interview_slots, null),
      'interview_minutes', jsonb_build_array(old.interview_minutes, null),
      'interview_at', jsonb_build_array(old.interview_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('job-postings', 'job_applications', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.posting_id is distinct from old.posting_id then
    changes := changes || jsonb_build_object('posting_id', jsonb_build_array(old.posting_id, new.posting_id));
  end if;
  if new.company_id is distinct from old.company_id then
    changes := changes || jsonb_build_object('company_id', jsonb_build_array(old.company_id, new.company_id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if new.status is distinct from old.status then
    changes := changes || jsonb_build_object('status', jsonb_build_array(old.status, new.status));
  end if;
  if new.interview_slots is distinct from old.interview_slots then
    changes := changes || jsonb_build_object('interview_slots', jsonb_build_array(old.interview_slots, new.interview_slots));
  end if;
  if new.interview_minutes is distinct from old.interview_minutes then
    changes := changes || jsonb_build_object('interview_minutes', jsonb_build_array(old.interview_minutes, new.interview_minutes));
  end if;
  if new.interview_at is distinct from old.interview_at then
    changes := changes || jsonb_build_object('interview_at', jsonb_build_array(old.interview_at, new.interview_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('job-postings', 'job_applications', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_job_application_notes() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'application_id', jsonb_build_array(null, new.application_id),
      'author_id', jsonb_build_array(null, new.author_id));
    perform khidma.write_audit('job-postings', 'job_application_notes', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'application_id', jsonb_build_array(old.application_id, null),
      'author_id', jsonb_build_array(old.author_id, null));
    perform khidma.write_audit('job-postings', 'job_application_notes', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.application_id is distinct from old.application_id then
    changes := changes || jsonb_build_object('application_id', jsonb_build_array(old.application_id, new.application_id));
  end if;
  if new.author_id is distinct from old.author_id then
    changes := changes || jsonb_build_object('author_id', jsonb_build_array(old.author_id, new.author_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('job-postings', 'job_application_notes', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_candidate_listings() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'user_id', jsonb_build_array(null, new.user_id));
    perform khidma.write_audit('job-postings', 'candidate_listings', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'user_id', jsonb_build_array(old.user_id, null));
    perform khidma.write_audit('job-postings', 'candidate_listings', 'delete', old.id::text, old.user_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.user_id is distinct from old.user_id then
    changes := changes || jsonb_build_object('user_id', jsonb_build_array(old.user_id, new.user_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('job-postings', 'candidate_listings', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_candidate_views() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'company_id', jsonb_build_array(null, new.company_id),
      'user_id', jsonb_build_array(null, new.user_id),
      'viewed_by', jsonb_build_array(null, new.viewed_by),
      'entitlement_id', jsonb_build_array(null, new.entitlement_id),
      'open_until', jsonb_build_array(null, new.open_until));
    perform khidma.write_audit('job-postings', 'candidate_views', 'insert', new.id::text, new.user_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'company_id', jsonb_build_array(old.company_id, null),
      'user_id', jsonb_build_array(old.user_id, null),
      'viewed_by', jsonb_build_array(old.viewed_by, null),
      'entitlement_id', jsonb_build_array(old.entitlement_id, null),
      'open_until', jsonb_build_array(old.open_until, null));
    perform khidma.write_audit('job-postings', 'candidate_views', 'delete', old.id::text, old.user_id, changes);
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
  if new.viewed_by is distinct from old.viewed_by then
    changes := changes || jsonb_build_object('viewed_by', jsonb_build_array(old.viewed_by, new.viewed_by));
  end if;
  if new.entitlement_id is distinct from old.entitlement_id then
    changes := changes || jsonb_build_object('entitlement_id', jsonb_build_array(old.entitlement_id, new.entitlement_id));
  end if;
  if new.open_until is distinct from old.open_until then
    changes := changes || jsonb_build_object('open_until', jsonb_build_array(old.open_until, new.open_until));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('job-postings', 'candidate_views', 'update', new.id::text, new.user_id, changes);
  end if;
  return null;
end $$;
