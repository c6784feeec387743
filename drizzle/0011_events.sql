-- The next time for the sweep: after as long again as it has been waiting, a minute at least and six hours at most.
create function khidma.is_sweep_due(p_created_at timestamptz, p_swept_at timestamptz) returns boolean
language sql stable parallel safe as $$
  select p_swept_at is null
      or p_swept_at < now() - least(greatest(p_swept_at - p_created_at, interval '1 minute'), interval '6 hours')
$$;
--> statement-breakpoint
create function khidma.event_for_fan_out(p_event uuid, out event json, out recipients json, out subscriptions json)
language sql stable as $$
  select to_json(o),
         (select coalesce(json_agg(json_build_object('userId', u.id, 'locale', u.locale)), '[]')
            from outbox_recipients r join users u on u.id = r.user_id where r.event_id = o.id),
         -- A person's subscriptions hear of what concerns them; those of staff hear of everything.
         (select coalesce(json_agg(s.id), '[]')
            from webhook_subscriptions s join users u on u.id = s.user_id
           where s.active and s.created_at <= o.created_at
             and (u.role in ('ops', 'admin')
                  or exists (select 1 from outbox_recipients r where r.event_id = o.id and r.user_id = s.user_id))
             and (o.type = any (s.events) or '*' = any (s.events) or split_part(o.type, '.', 1) || '.*' = any (s.events)))
    from outbox o where o.id = p_event
$$;
--> statement-breakpoint
-- Takes a delivery for one attempt: of two consumers that hold the same message only one gets it, for a minute. What
-- waits for a webhook that was switched off goes no more, unless somebody asked for just that.
create function khidma.take_delivery(p_delivery uuid) returns table (
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
--> statement-breakpoint
-- What an attempt came to. An endpoint that says 410, or lets twenty deliveries in a row run out, is switched off.
create function khidma.record_attempt(
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
--> statement-breakpoint
-- Everything old enough to go, a bounded number of rows a run; tells what went.
create function khidma.purge_expired(p_limit int) returns json language plpgsql as $$
declare
  otp int; keys int; notes int; tokens int;
begin
  delete from otp_requests where id in (
    select o.id from otp_requests o where o.created_at < now() - interval '10 minutes' limit p_limit);
  get diagnostics otp = row_count;
  delete from idempotency_keys where (scope, key) in (
    select k.scope, k.key from idempotency_keys k where k.created_at < now() - interval '24 hours' limit p_limit);
  get diagnostics keys = row_count;
  delete from notifications where id in (
    select n.id from notifications n where n.created_at < now() - interval '90 days' limit p_limit);
  get diagnostics notes = row_count;
  delete from refresh_tokens where id in (
    select r.id from refresh_tokens r where r.expires_at < now() limit p_limit);
  get diagnostics tokens = row_count;
  return json_build_object('otpRequests', otp, 'idempotencyKeys', keys, 'notifications', notes, 'refreshTokens', tokens);
end $$;
