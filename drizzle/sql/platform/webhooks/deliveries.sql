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

-- Locks an endpoint, after its owner's deliveries. This is the order of locks wherever deliveries are taken, recorded, resumed or deleted:
-- owner, endpoint, delivery.
create or replace function khidma.lock_endpoint_of(p_delivery uuid) returns webhook_subscriptions language plpgsql volatile as $$
declare
  endpoint webhook_subscriptions;
begin
  select s.* into endpoint from webhook_deliveries d join webhook_subscriptions s on s.id = d.subscription_id
   where d.id = p_delivery and d.status = 'pending';
  if endpoint.id is not null then
    perform khidma.lock_deliveries_of(coalesce(endpoint.user_id, endpoint.id));
    select * into endpoint from webhook_subscriptions s where s.id = endpoint.id for no key update;
  end if;
  return endpoint;
end $$;

-- Returns whether an account may be sent an event now: it is active, and the event concerns it, or it may read every event. An event that
-- is not there, a sample or one whose period is over, was checked when it was queued.
create or replace function khidma.may_hear(p_user uuid, p_event uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select from users u where u.id = p_user and u.status = 'active')
     and (exists (select from outbox_recipients r where r.event_id = p_event and r.user_id = p_user)
          or khidma.hears_all_events(p_user)
          or not exists (select from outbox o where o.id = p_event));
end $$;

-- Takes a delivery for one attempt, for a minute at most. Otherwise says why not:
--   over     it has ended, another consumer has it, or it waits for a place or, where its endpoint has a rate, for a slot within a
--            second (it is parked: `khidma.wake_delivery` wakes it; whoever has the last slot is still in flight)
--   not_due  its time has not come, or the endpoint has asked for a pause: then it comes up to a fifth later, a minute at most, as not all
--            that wait shall come in the same second
--   slow     its endpoint timed out last time, and this is not the slow queue
-- A place that it was given and does not use goes to the delivery `woken`. A taken delivery is sent after `waitMs`, at its slot. Deliveries
-- that wait for a webhook that was switched off fail, unless a user asked for just that one (a test, a redelivery); so do those whose
-- owner is no longer active or may no longer read the event.
create or replace function khidma.take_delivery(p_delivery uuid, p_in_slow_queue boolean) returns json language plpgsql as $$
declare
  endpoint webhook_subscriptions := khidma.lock_endpoint_of(p_delivery);
  owner uuid := coalesce(endpoint.user_id, endpoint.id);
  delivery webhook_deliveries;
  places record;
  at_endpoint int;
  at_owner int;
  due timestamptz;
  slot timestamptz;
  refusal text;
begin
  select * into delivery from webhook_deliveries d
   where d.id = p_delivery and d.subscription_id = endpoint.id and d.status = 'pending' for update;
  if delivery.id is null then
    return json_build_object('kind', 'over');
  elsif delivery.taken_until > now() or delivery.parked and delivery.next_attempt_at > now() then
    return khidma.untaken('over', owner);
  end if;
  refusal := case
    when not (endpoint.active or delivery.cause in ('test', 'redelivery')) then 'the webhook is switched off'
    when not khidma.may_hear(endpoint.user_id, delivery.event_id) then 'the owner of the webhook may not receive the event' end;
  if refusal is not null then
    update webhook_deliveries d set status = 'failed', parked = false, attempt_log = d.attempt_log || jsonb_build_array(jsonb_build_object(
           'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'status', null, 'durationMs', 0, 'error', refusal))
     where d.id = p_delivery;
    return khidma.untaken('over', owner);
  end if;
  due := delivery.next_attempt_at;
  if endpoint.paused_until > greatest(due, now()) then
    due := endpoint.paused_until + random() * least((endpoint.paused_until - now()) / 5, interval '1 minute');
  end if;
  if due > now() + interval '500 milliseconds' then
    update webhook_deliveries d set next_attempt_at = due, parked = false where d.id = p_delivery and d.next_attempt_at < due;
    return khidma.untaken('not_due', owner, ceil(extract(epoch from due - now()))::int);
  end if;
  if endpoint.slow and not p_in_slow_queue then
    return khidma.untaken('slow', owner);
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
    return khidma.untaken('over', owner);
  end if;
  update webhook_deliveries d
     set attempts = d.attempts + 1, taken_until = now() + interval '1 minute', next_attempt_at = now() + interval '1 minute', parked = false
   where d.id = p_delivery;
  update webhook_subscriptions s
     set served_at = clock_timestamp(), next_slot_at = coalesce(slot + interval '1 second' / s.max_per_second, s.next_slot_at)
   where s.id = endpoint.id;
  return json_build_object('kind', 'taken', 'delivery', json_build_object(
    'id', delivery.id, 'webhookId', endpoint.id, 'eventId', delivery.event_id, 'payload', delivery.payload,
    'attempts', delivery.attempts + 1, 'url', endpoint.url, 'headers', endpoint.headers, 'throttles', endpoint.throttles,
    'waitMs', greatest(coalesce(ceil(extract(epoch from slot - clock_timestamp()) * 1000), 0), 0)::int,
    'secret', endpoint.secret,
    'previousSecret', case when endpoint.previous_secret_until > now() then endpoint.previous_secret end));
end $$;

-- Returns what `khidma.take_delivery` says of a delivery that it does not take, with the one that is woken in its stead. One that goes to
-- the slow queue makes room for what need not go there.
create or replace function khidma.untaken(p_kind text, p_owner uuid, p_in_seconds int default null) returns json language plpgsql as $$
begin
  return json_strip_nulls(json_build_object(
    'kind', p_kind, 'inSeconds', p_in_seconds, 'woken', khidma.wake_delivery(p_owner, p_kind <> 'slow')));
end $$;

-- Gives a free place of an owner, if there is one, to a parked delivery that may be sent now, and returns it: of the endpoint that was
-- served the longest ago. `p_with_slow` says whether it may be one of the slow queue. The caller has locked the owner's deliveries.
create or replace function khidma.wake_delivery(p_owner uuid, p_with_slow boolean) returns uuid language plpgsql as $$
declare
  places record := khidma.webhook_places();
  woken uuid;
begin
  update webhook_deliveries d set parked = false, next_attempt_at = now()
   where d.id = (
     with endpoints as materialized (
       select s.*, (select count(*) from webhook_deliveries o where o.subscription_id = s.id and o.taken_until > now()) as in_flight
         from webhook_subscriptions s where s.id = p_owner or s.user_id = p_owner)
     select first.id
       from endpoints s
       cross join lateral (
         select w.id from webhook_deliveries w
          where w.subscription_id = s.id and w.parked and (s.active or w.cause in ('test', 'redelivery'))
          order by w.cause = 'replay', w.id limit 1) first
      where (select sum(e.in_flight) from endpoints e) < places.of_owner and s.in_flight < places.of_endpoint
        and (p_with_slow or not s.slow) and (s.paused_until is null or s.paused_until <= now())
        and (s.max_per_second is null or s.next_slot_at is null or s.next_slot_at <= clock_timestamp() + khidma.slot_horizon())
      order by s.served_at nulls first, first.id limit 1)
  returning d.id into woken;
  return woken;
end $$;

-- Stores the outcome of the attempt with this number, unless another attempt was begun since or the delivery has ended: it came too late
-- then, and changes nothing. `p_timed_out` puts the endpoint into the slow queue or back; `p_pause_seconds` is a pause of the endpoint,
-- which it asked for or, `p_throttled`, only called for: those in a row are counted once each, however many attempts were in flight.
-- Returns the parked delivery that has the place now.
create or replace function khidma.record_attempt(
  p_delivery uuid, p_number int, p_outcome text, p_response_status int, p_response_body text, p_attempt jsonb, p_retry_seconds int,
  p_timed_out boolean, p_pause_seconds int, p_throttled boolean
) returns uuid language plpgsql as $$
declare
  endpoint webhook_subscriptions := khidma.lock_endpoint_of(p_delivery);
begin
  update webhook_deliveries set
      status = case p_outcome when 'retry' then 'pending' when 'delivered' then 'delivered' else 'failed' end,
      response_status = p_response_status, response_body = p_response_body,
      attempt_log = attempt_log || jsonb_build_array(p_attempt),
      delivered_at = case when p_outcome = 'delivered' then now() end,
      next_attempt_at = now() + make_interval(secs => coalesce(p_retry_seconds, 0)), taken_until = null
    where id = p_delivery and subscription_id = endpoint.id
      and status = 'pending' and attempts = p_number and taken_until is not null;
  if not found then
    return null;
  end if;
  -- A pause that runs stays, whatever an attempt beside it says that was in flight before.
  update webhook_subscriptions s set
      slow = p_timed_out,
      throttles = case when s.paused_until > now() then s.throttles
                       when p_throttled then least(s.throttles + 1, 10)
                       when p_outcome = 'delivered' then 0 else s.throttles end,
      paused_until = greatest(now() + make_interval(secs => p_pause_seconds), case when s.paused_until > now() then s.paused_until end)
    where s.id = endpoint.id
      and (s.slow <> p_timed_out or p_pause_seconds is not null or s.paused_until <= now() or s.throttles > 0 and p_outcome = 'delivered');
  perform khidma.record_health(endpoint.id, p_outcome);
  return khidma.wake_delivery(coalesce(endpoint.user_id, endpoint.id), true);
end $$;

-- Makes deliveries of an endpoint that wait for the end of a pause or for their next attempt due now, at most 5,000, the next ones first:
-- the sweep brings the first of them, and each attempt that ends wakes another.
create or replace function khidma.resume_deliveries(p_subscription uuid) returns void language plpgsql as $$
begin
  update webhook_deliveries d set parked = true, next_attempt_at = now()
   where d.id = any (array(
     select w.id from webhook_deliveries w
      where w.subscription_id = p_subscription and w.status = 'pending' and w.next_attempt_at > now()
        and (w.taken_until is null or w.taken_until <= now())
      order by w.next_attempt_at limit 5000));
end $$;

-- Returns pending deliveries that nobody has come for, at most `p_limit`: by turns of their owners, for each owner by turns of its
-- endpoints, for each endpoint the oldest first. However many wait for one owner, another's come in the next sweep.
create or replace function khidma.missed_deliveries(p_limit int) returns setof uuid language plpgsql stable as $$
begin
  return query
  select o.id
    from (select e.id, e.next_attempt_at, row_number() over (partition by e.owner order by e.turn, e.next_attempt_at) as turn
            from (select d.id, d.next_attempt_at, coalesce(s.user_id, s.id) as owner,
                         row_number() over (partition by s.id order by d.next_attempt_at) as turn
                    from webhook_subscriptions s
                    cross join lateral (
                      select w.id, w.next_attempt_at from webhook_deliveries w
                       where w.subscription_id = s.id and w.status = 'pending' and w.next_attempt_at < now() - interval '30 seconds'
                       order by w.next_attempt_at limit p_limit) d) e) o
   order by o.turn, o.next_attempt_at limit p_limit;
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
