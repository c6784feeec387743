-- Takes a delivery for one attempt: of two consumers that hold the same message only one gets it, for a minute. Deliveries that
-- wait for a webhook that was switched off fail, unless a user asked for just that one (a test, a further round).
create or replace function khidma.take_delivery(p_delivery uuid) returns table (
  id uuid, event_id uuid, payload jsonb, attempts int, url text, secret text, previous_secret text, created_at timestamptz
) language sql volatile as $$
  with due as (
    select d.id, s.active or d.round > 1 or d.event_type = 'webhook.test' as is_wanted
      from webhook_deliveries d join webhook_subscriptions s on s.id = d.subscription_id
     where d.id = p_delivery and d.status = 'pending' and d.next_attempt_at <= now() + interval '500 milliseconds'
       for update of d
  ), dropped as (
    update webhook_deliveries d set status = 'failed', attempt_log = d.attempt_log || jsonb_build_array(jsonb_build_object(
             'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'status', null, 'durationMs', 0,
             'error', 'the webhook is switched off'))
      from due where d.id = due.id and not due.is_wanted
  ), taken as (
    update webhook_deliveries d set attempts = d.attempts + 1, next_attempt_at = now() + interval '1 minute'
      from due where d.id = due.id and due.is_wanted
    returning d.*
  )
  select t.id, t.event_id, t.payload, t.attempts, s.url, s.secret,
         case when s.previous_secret_until > now() then s.previous_secret end, t.created_at
    from taken t join webhook_subscriptions s on s.id = t.subscription_id
$$;

-- Stores the outcome of an attempt. An endpoint that answers 410, or lets twenty deliveries in a row run out, is switched off.
create or replace function khidma.record_attempt(
  p_delivery uuid, p_outcome text, p_response_status int, p_response_body text, p_attempt jsonb, p_retry_seconds int
) returns void language plpgsql as $$
declare
  subscription uuid;
begin
  update webhook_deliveries set
      status = case p_outcome when 'retry' then 'pending' when 'delivered' then 'delivered' else 'failed' end,
      response_status = p_response_status, response_body = p_response_body,
      attempt_log = attempt_log || jsonb_build_array(p_attempt),
      delivered_at = case when p_outcome = 'delivered' then now() end,
      next_attempt_at = now() + make_interval(secs => coalesce(p_retry_seconds, 0))
    where id = p_delivery returning subscription_id into subscription;
  if p_outcome = 'delivered' then
    update webhook_subscriptions set failures = 0 where id = subscription and failures > 0;
  elsif p_outcome = 'gone' then
    update webhook_subscriptions set active = false where id = subscription and active;
  elsif p_outcome = 'failed' then
    update webhook_subscriptions set failures = failures + 1, active = active and failures + 1 < 20 where id = subscription;
  end if;
end $$;

-- Deletes ended deliveries after their period, at most `p_limit`. Those of users under legal hold stay.
create or replace function khidma.purge_deliveries(p_limit int) returns json language plpgsql as $$
declare
  deliveries int;
begin
  delete from webhook_deliveries where ctid = any (array(
    select d.ctid from webhook_deliveries d where d.created_at < now() - khidma.retention_period('webhook_deliveries') and d.status <> 'pending'
       and not exists (select from webhook_subscriptions s join users u on u.id = s.user_id and u.legal_hold where s.id = d.subscription_id)
     order by d.created_at limit p_limit for update skip locked));
  get diagnostics deliveries = row_count;
  return json_build_object('webhookDeliveries', deliveries);
end $$;

-- Stops every webhook of an account.
create or replace function khidma.stop_webhooks_of(p_user_id uuid) returns void language sql as $$
  update webhook_subscriptions set active = false where user_id = p_user_id and active
$$;
