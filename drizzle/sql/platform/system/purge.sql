-- Deletes expired rows, oldest first, at most `p_limit` of each kind a run, and returns how many it deleted. Rows that another
-- transaction has locked wait for the next run; notifications of users under legal hold stay.
create or replace function khidma.purge_expired(p_limit int) returns json language plpgsql as $$
declare
  otp int; keys int; notes int; tokens int;
begin
  delete from otp_requests where ctid = any (array(
    select o.ctid from otp_requests o where o.created_at < now() - khidma.retention_period('sign_in_codes')
     order by o.created_at limit p_limit for update skip locked));
  get diagnostics otp = row_count;
  delete from idempotency_keys where ctid = any (array(
    select k.ctid from idempotency_keys k where k.created_at < now() - khidma.retention_period('repeated_requests')
     order by k.created_at limit p_limit for update skip locked));
  get diagnostics keys = row_count;
  delete from notifications where ctid = any (array(
    select n.ctid from notifications n where n.created_at < now() - khidma.retention_period('notifications')
       and not exists (select from users u where u.id = n.user_id and u.legal_hold)
     order by n.created_at limit p_limit for update skip locked));
  get diagnostics notes = row_count;
  delete from refresh_tokens where ctid = any (array(
    select r.ctid from refresh_tokens r where r.expires_at < now() - khidma.retention_period('refresh_tokens') order by r.expires_at limit p_limit for update skip locked));
  get diagnostics tokens = row_count;
  return json_build_object('otpRequests', otp, 'idempotencyKeys', keys, 'notifications', notes, 'refreshTokens', tokens);
end $$;

-- Deletes dispatched events, ended deliveries, dead letters (sealed codes sooner), reports of runs and requests for exports, each
-- after its period, at most `p_limit` of each a run. Deliveries and exports of users under legal hold stay.
create or replace function khidma.purge_traces(p_limit int) returns json language plpgsql as $$
declare
  deliveries int; events int; codes int; letters int; runs int; exports int;
begin
  delete from webhook_deliveries where ctid = any (array(
    select d.ctid from webhook_deliveries d where d.created_at < now() - khidma.retention_period('webhook_deliveries') and d.status <> 'pending'
       and not exists (select from webhook_subscriptions s join users u on u.id = s.user_id and u.legal_hold where s.id = d.subscription_id)
     order by d.created_at limit p_limit for update skip locked));
  get diagnostics deliveries = row_count;
  delete from outbox where ctid = any (array(
    select o.ctid from outbox o where o.created_at < now() - khidma.retention_period('events') and o.dispatched_at is not null
     order by o.created_at limit p_limit for update skip locked));
  get diagnostics events = row_count;
  delete from dead_letters where ctid = any (array(
    select l.ctid from dead_letters l where l.created_at < now() - khidma.retention_period('dead_letters')
     order by l.created_at limit p_limit for update skip locked));
  get diagnostics letters = row_count;
  delete from dead_letters where ctid = any (array(
    select l.ctid from dead_letters l where l.created_at < now() - khidma.retention_period('dead_codes') and l.body ->> 'kind' in ('otp', 'email_code')
     order by l.created_at limit p_limit for update skip locked));
  get diagnostics codes = row_count;
  delete from retention_runs where ctid = any (array(
    select r.ctid from retention_runs r where r.started_at < now() - khidma.retention_period('run_reports')
     order by r.started_at limit p_limit for update skip locked));
  get diagnostics runs = row_count;
  delete from export_requests where ctid = any (array(
    select e.ctid from export_requests e where e.status in ('expired', 'failed') and e.created_at < now() - khidma.retention_period('export_requests')
       and not exists (select from users u where u.id = e.user_id and u.legal_hold)
     order by e.created_at limit p_limit for update skip locked));
  get diagnostics exports = row_count;
  return json_build_object('webhookDeliveries', deliveries, 'events', events, 'deadLetters', codes + letters, 'runs', runs,
                           'exports', exports);
end $$;

-- Stores the report of a run that did something or failed. Of runs that found nothing it stores the first after another outcome,
-- and one an hour.
create or replace function khidma.report_run(
  p_job text, p_report json, p_is_news boolean default null, p_error text default null,
  p_started_at timestamptz default now(), p_duration_ms int default null
) returns json language plpgsql as $$
declare
  outcome text := case when p_error is null then 'done' else 'failed' end;
  is_news boolean := coalesce(p_is_news, exists (select from json_each_text(p_report) e where e.value <> '0'));
begin
  if is_news or p_error is not null or not exists (
    select from (select r.outcome, r.started_at from retention_runs r where r.job = p_job order by r.id desc limit 1) last
     where last.outcome = 'done' and last.started_at > now() - interval '1 hour')
  then
    insert into retention_runs (id, job, outcome, report, error, started_at, duration_ms)
    values (khidma.uuid_v7(), p_job, outcome, p_report::jsonb, p_error, p_started_at,
            coalesce(p_duration_ms, (extract(epoch from clock_timestamp() - p_started_at) * 1000)::int));
  end if;
  return p_report;
end $$;
