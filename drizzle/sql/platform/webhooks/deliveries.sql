-- Attempts that may be in flight at once: at an endpoint, and at all endpoints of an owner.
create or replace function khidma.webhook_places(out of_endpoint int, out of_owner int) language sql immutable parallel safe as $$
  select 4, 8
$$;

-- Longest time that an attempt has its place before its slot comes.
create or replace function khidma.slot_horizon() returns interval language sql immutable parallel safe as $$
  select interval '1 second'
$$;

-- Serialises taking and recording of one owner's deliveries, so that places are counted right.
create or replace function khidma.lock_deliveries_of(p_owner uuid) returns void language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('webhooks:' || p_owner, 21));
end $$;

-- Takes a delivery for one attempt, for a minute at most. Otherwise says why not:
--   over     it has ended, another consumer has it, or it waits for a place or, where its endpoint has a rate, for a slot within a
--            second (it is parked: `khidma.record_attempt` wakes it; whoever has the last slot is still in flight)
--   not_due  its time has not come, or the endpoint has asked for a pause
--   slow     its endpoint timed out last time, and this is not the slow queue
-- A taken delivery is sent after `waitMs`, at its slot. Deliveries that wait for a webhook that was switched off fail, unless a user
-- asked for just that one (a test, a redelivery).
create or replace function khidma.take_delivery(p_delivery uuid, p_in_slow_queue boolean) returns json language plpgsql as $$
declare
  endpoint webhook_subscriptions;
  delivery webhook_deliveries;
  places record;
  at_endpoint int;
  at_owner int;
  due timestamptz;
  slot timestamptz;
begin
  select s.* into endpoint from webhook_deliveries d join webhook_subscriptions s on s.id = d.subscription_id
   where d.id = p_delivery and d.status = 'pending';
  if endpoint.id is null then
    return json_build_object('kind', 'over');
  end if;
  perform khidma.lock_deliveries_of(coalesce(endpoint.user_id, endpoint.id));
  select * into endpoint from webhook_subscriptions s where s.id = endpoint.id;
  select * into delivery from webhook_deliveries d where d.id = p_delivery and d.status = 'pending' for update;
  if delivery.id is null or delivery.taken_until > now() or delivery.parked and delivery.next_attempt_at > now() then
    return json_build_object('kind', 'over');
  end if;
  if not (endpoint.active or delivery.cause in ('test', 'redelivery')) then
    update webhook_deliveries d set status = 'failed', parked = false, attempt_log = d.attempt_log || jsonb_build_array(jsonb_build_object(
           'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'status', null, 'durationMs', 0,
           'error', 'the webhook is switched off'))
     where d.id = p_delivery;
    return json_build_object('kind', 'over');
  end if;
  due := greatest(delivery.next_attempt_at, endpoint.paused_until);
  if due > now() + interval '500 milliseconds' then
    update webhook_deliveries d set next_attempt_at = due, parked = false where d.id = p_delivery and d.next_attempt_at < due;
    return json_build_object('kind', 'not_due', 'inSeconds', ceil(extract(epoch from due - now()))::int);
  end if;
  if endpoint.slow and not p_in_slow_queue then
    return json_build_object('kind', 'slow');
  end if;
  select count(*) filter (where d.subscription_id = endpoint.id), count(*) into at_endpoint, at_owner
    from webhook_deliveries d
   where d.taken_until > now()
     and d.subscription_id in (select s.id from webhook_subscriptions s where s.id = endpoint.id or s.user_id = endpoint.user_id);
  places := khidma.webhook_places();
  -- The clock, not the time of the transaction, which may have waited for the lock.
  slot := case when endpoint.max_per_second is not null then greatest(endpoint.next_slot_at, clock_timestamp()) end;
  if at_endpoint >= places.of_endpoint or at_owner >= places.of_owner or slot > clock_timestamp() + khidma.slot_horizon() then
    update webhook_deliveries d set parked = true, next_attempt_at = now() + interval '1 minute' where d.id = p_delivery;
    return json_build_object('kind', 'over');
  end if;
  update webhook_deliveries d
     set attempts = d.attempts + 1, taken_until = now() + interval '1 minute', next_attempt_at = now() + interval '1 minute', parked = false
   where d.id = p_delivery;
  if slot is not null then
    update webhook_subscriptions s set next_slot_at = slot + interval '1 second' / s.max_per_second where s.id = endpoint.id;
  end if;
  return json_build_object('kind', 'taken', 'delivery', json_build_object(
    'id', delivery.id, 'webhookId', endpoint.id, 'eventId', delivery.event_id, 'payload', delivery.payload,
    'attempts', delivery.attempts + 1, 'url', endpoint.url, 'headers', endpoint.headers,
    'waitMs', greatest(coalesce(ceil(extract(epoch from slot - clock_timestamp()) * 1000), 0), 0)::int,
    'secret', endpoint.secret,
    'previousSecret', case when endpoint.previous_secret_until > now() then endpoint.previous_secret end));
end $$;

-- Stores what an attempt says of its endpoint, and tells the owner: after an hour without a success, when it is switched off (after
-- three days, or at once where it answers 410), and when an outage of which they were notified is over.
create or replace function khidma.record_health(p_subscription uuid, p_outcome text) returns void language plpgsql as $$
declare
  before webhook_subscriptions;
begin
  select * into before from webhook_subscriptions s where s.id = p_subscription;
  if p_outcome = 'delivered' then
    if before.failing_since is not null then
      update webhook_subscriptions s set failing_since = null, failing_notified = false where s.id = p_subscription;
    end if;
    if before.failing_notified then
      perform khidma.tell_webhook('webhook.recovered', p_subscription);
    end if;
  elsif before.active and (p_outcome = 'gone' or before.failing_since <= now() - interval '3 days') then
    update webhook_subscriptions s set active = false, failing_since = coalesce(s.failing_since, now()), failing_notified = true
     where s.id = p_subscription;
    perform khidma.tell_webhook('webhook.disabled', p_subscription,
      jsonb_build_object('reason', case p_outcome when 'gone' then 'gone' else 'failing' end));
  elsif before.failing_since is null then
    update webhook_subscriptions s set failing_since = now() where s.id = p_subscription;
  elsif before.active and not before.failing_notified and before.failing_since <= now() - interval '1 hour' then
    update webhook_subscriptions s set failing_notified = true where s.id = p_subscription;
    perform khidma.tell_webhook('webhook.failing', p_subscription);
  end if;
end $$;

-- Emits an event about a webhook to its owner, with a security notification: events that go nowhere may be those of an attack.
create or replace function khidma.tell_webhook(p_type text, p_subscription uuid, p_data jsonb default '{}') returns void language plpgsql as $$
declare
  webhook webhook_subscriptions;
begin
  select * into webhook from webhook_subscriptions s where s.id = p_subscription;
  if webhook.user_id is null then
    return;
  end if;
  perform khidma.emit(p_type, 'webhook', webhook.id, webhook.version,
    jsonb_build_object('webhookId', webhook.id, 'userId', webhook.user_id) || p_data, array[webhook.user_id]);
  perform khidma.mail_security(p_type, webhook.id, webhook.user_id);
end $$;

-- Stores the outcome of an attempt. `p_timed_out` puts its endpoint into the slow queue or back; `p_pause_seconds` is the pause that
-- the endpoint asked for. Returns the parked delivery that has the place now: of the same endpoint, or of another one of the owner that has a place.
create or replace function khidma.record_attempt(
  p_delivery uuid, p_outcome text, p_response_status int, p_response_body text, p_attempt jsonb, p_retry_seconds int,
  p_timed_out boolean, p_pause_seconds int
) returns uuid language plpgsql as $$
declare
  endpoint webhook_subscriptions;
  woken uuid;
begin
  select s.* into endpoint from webhook_deliveries d join webhook_subscriptions s on s.id = d.subscription_id where d.id = p_delivery;
  if endpoint.id is null then
    return null;
  end if;
  perform khidma.lock_deliveries_of(coalesce(endpoint.user_id, endpoint.id));
  update webhook_deliveries set
      status = case p_outcome when 'retry' then 'pending' when 'delivered' then 'delivered' else 'failed' end,
      response_status = p_response_status, response_body = p_response_body,
      attempt_log = attempt_log || jsonb_build_array(p_attempt),
      delivered_at = case when p_outcome = 'delivered' then now() end,
      next_attempt_at = now() + make_interval(secs => coalesce(p_retry_seconds, 0)), taken_until = null
    where id = p_delivery;
  -- A pause that runs stays, whatever an attempt beside it says that was in flight before.
  update webhook_subscriptions s set
      slow = p_timed_out,
      paused_until = greatest(now() + make_interval(secs => p_pause_seconds), case when s.paused_until > now() then s.paused_until end)
    where s.id = endpoint.id and (s.slow <> p_timed_out or p_pause_seconds is not null or s.paused_until < now());
  perform khidma.record_health(endpoint.id, p_outcome);
  update webhook_deliveries d set parked = false, next_attempt_at = now()
   where d.id = (
     select first.id
       from webhook_subscriptions s
       cross join lateral (
         select w.id from webhook_deliveries w where w.subscription_id = s.id and w.parked
          order by w.cause = 'replay', w.id limit 1) first
      where (s.id = endpoint.id or s.user_id = endpoint.user_id)
        and (s.max_per_second is null or s.next_slot_at is null or s.next_slot_at <= clock_timestamp() + khidma.slot_horizon())
        and (select count(*) from webhook_deliveries o where o.subscription_id = s.id and o.taken_until > now())
            < (khidma.webhook_places()).of_endpoint
      order by s.id = endpoint.id desc, first.id limit 1)
  returning d.id into woken;
  return woken;
end $$;

-- Returns whether a replay sends an event to an endpoint: not what is still on its way to it, because it is not fanned out yet or has
-- a pending delivery; with `p_only_undelivered` not what it has taken.
create or replace function khidma.is_replayable(
  p_event outbox, p_subscription uuid, p_patterns text[], p_since timestamptz, p_until timestamptz, p_types text[],
  p_only_undelivered boolean
) returns boolean language plpgsql stable as $$
begin
  return (
    select p_event.dispatched_at is not null
       and (p_since is null or p_event.created_at >= p_since) and (p_until is null or p_event.created_at < p_until)
       and khidma.subscribes_to(p_patterns, p_event.type) and (p_types is null or p_event.type = any (p_types))
       and not exists (
         select from webhook_deliveries d where d.subscription_id = p_subscription and d.event_id = p_event.id
            and (d.status = 'pending' or p_only_undelivered and d.status = 'delivered')));
end $$;

-- Queues once more, in their order, the events since a time or behind an event that the endpoint's owner may see now and that its
-- subscription asks for (`khidma.is_replayable`), at most `p_limit`. As many as there are places come first, the others are parked, so
-- that a replay fills no queue: each attempt that ends wakes the next. The sweep finds the parked ones little by little.
create or replace function khidma.replay_events(
  p_subscription uuid, p_owner uuid, p_since timestamptz, p_behind uuid, p_until timestamptz, p_types text[],
  p_only_undelivered boolean, p_limit int
) returns json language plpgsql as $$
declare
  endpoint webhook_subscriptions;
  hears_all boolean := khidma.hears_all_events(p_owner);
  start_xid xid8 := '0';
  start_seq bigint := 0;
  places int := (khidma.webhook_places()).of_endpoint;
  chosen uuid[];
  replayed json;
begin
  select * into endpoint from webhook_subscriptions s where s.id = p_subscription and s.user_id = p_owner for no key update;
  if endpoint.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif not endpoint.active then
    perform khidma.refuse(409, 'webhook_inactive');
  end if;
  if p_behind is not null then
    select o.xid, o.seq into start_xid, start_seq from outbox o
     where o.id = p_behind
       and (hears_all or exists (select from outbox_recipients r where r.event_id = o.id and r.user_id = p_owner));
    if not found then
      perform khidma.refuse(422, 'event_unavailable', '{"field": "sinceEventId"}');
    end if;
  else
    -- A transaction takes its number after it starts: what starts after an event was written has a higher one.
    select o.xid, 0 into start_xid, start_seq from outbox o
     where o.id < khidma.first_uuid_v7(p_since - interval '1 minute') order by o.id desc limit 1;
    start_xid := coalesce(start_xid, '0');
    start_seq := coalesce(start_seq, 0);
  end if;
  -- Each by the index that has the order: one query of both would sort all that there is.
  if hears_all then
    chosen := array(
      select o.id from outbox o
       where (o.xid, o.seq) > (start_xid, start_seq)
         and khidma.is_replayable(o, p_subscription, endpoint.events, p_since, p_until, p_types, p_only_undelivered)
       order by o.xid, o.seq limit p_limit + 1);
  else
    chosen := array(
      select o.id from outbox_recipients r join outbox o on o.id = r.event_id
       where r.user_id = p_owner and (r.xid, r.seq) > (start_xid, start_seq)
         and khidma.is_replayable(o, p_subscription, endpoint.events, p_since, p_until, p_types, p_only_undelivered)
       order by r.xid, r.seq limit p_limit + 1);
  end if;
  with queued as (
    insert into webhook_deliveries (id, subscription_id, event_id, round, cause, event_type, payload, parked, next_attempt_at)
    select khidma.uuid_v7(), p_subscription, o.id,
           1 + coalesce((select max(d.round) from webhook_deliveries d where d.subscription_id = p_subscription and d.event_id = o.id), 0),
           'replay', o.type, khidma.event_envelope(o), c.n > places,
           now() + case when c.n > places then interval '1 minute' * (1 + c.n / 100) else interval '0' end
      from unnest(chosen[:p_limit]) with ordinality c (id, n) join outbox o on o.id = c.id order by c.n
    returning id, parked
  )
  select json_build_object(
           'queued', (select count(*) from queued),
           'lastEventId', chosen[least(cardinality(chosen), p_limit)],
           'hasMore', cardinality(chosen) > p_limit,
           'first', (select coalesce(json_agg(q.id), '[]') from queued q where not q.parked))
    into replayed;
  return replayed;
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
create or replace function khidma.stop_webhooks_of(p_user_id uuid) returns void language plpgsql as $$
begin
  update webhook_subscriptions set active = false where user_id = p_user_id and active;
end $$;
