-- Generated from the retention policies of the areas by `npm run machines`.

-- How long data is kept, by the name of its policy; an unknown name is an error.
create or replace function khidma.retention_period(p_policy text) returns interval language sql stable parallel safe as $$
  select case p_policy
    when 'sign_in_codes' then interval 'PT10M'
    when 'refresh_tokens' then interval 'PT0S'
    when 'email_codes' then interval 'P1D'
    when 'security_notifications' then interval 'P2D'
    when 'sent_codes' then interval 'P1D'
    when 'sign_in_attempts' then interval 'P30D'
    when 'devices' then interval 'P90D'
    when 'sessions' then interval 'P120D'
    when 'api_keys' then interval 'P1Y'
    when 'run_reports' then interval 'P1Y'
    when 'export_requests' then interval 'P1Y'
    when 'exports' then interval 'P7D'
    when 'directory_searches' then interval 'P1Y'
    when 'archived_tasks' then interval 'P5Y'
    when 'task_history' then interval 'P2Y'
    when 'calendar_items' then interval 'P90D'
    when 'job_applications' then interval 'P1Y'
    when 'job_postings' then interval 'P2Y'
    when 'candidate_views' then interval 'P1Y'
    when 'quotes' then interval 'P30D'
    when 'notifications' then interval 'P90D'
    when 'review_signals' then interval 'P1Y'
    when 'audit_log' then interval 'P2Y'
    when 'claims' then interval 'P30D'
    when 'temporary_files' then interval 'P7D'
    when 'webhook_deliveries' then interval 'P30D'
    when 'events' then interval 'P90D'
    when 'repeated_requests' then interval 'PT24H'
    when 'dead_letters' then interval 'P30D'
    when 'dead_codes' then interval 'P1D'
    else ('no policy ' || p_policy)::interval
  end
$$;
