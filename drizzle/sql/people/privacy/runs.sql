-- Deletes reports of runs after their period, at most `p_limit`.
create or replace function khidma.purge_runs(p_limit int) returns json language plpgsql as $$
declare
  runs int;
begin
  delete from retention_runs where ctid = any (array(
    select r.ctid from retention_runs r where r.started_at < now() - khidma.retention_period('run_reports')
     order by r.started_at limit p_limit for update skip locked));
  get diagnostics runs = row_count;
  return json_build_object('runs', runs);
end $$;

-- Stores the report of a run that did something or failed. Of runs that found nothing it stores the first after another outcome,
-- and one an hour.
create or replace function khidma.report_run(
  p_job text, p_report json, p_is_news boolean default null, p_error text default null,
  p_started_at timestamptz default now(), p_duration_ms int default null
) returns json language plpgsql as $$
declare
  outcome text := case when p_error is null then 'done' else 'failed' end;
  is_news boolean;
begin
  if khidma.failed_rows() > 0 then
    p_report := (p_report::jsonb || jsonb_build_object('failedRows', khidma.failed_rows()))::json;
  end if;
  is_news := coalesce(p_is_news, exists (select from json_each_text(p_report) e where e.value <> '0'));
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

-- Returns whether a job has failed in the last while. What a run of it costs grows with what it has to do, so that one which takes too long is not
-- begun again by the next run.
create or replace function khidma.has_failed(p_job text, p_within interval) returns boolean language plpgsql stable as $$
begin
  return exists (select from retention_runs r where r.job = p_job and r.outcome = 'failed' and r.started_at > now() - p_within);
end $$;
