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

-- Events that one replay looks at, and the time that it looks: where few of very many are asked for, it ends before it has found its limit.
create or replace function khidma.replay_bounds(out events int, out duration interval) language sql immutable parallel safe as $$
  select 50000, interval '3 seconds'
$$;

-- Looks at the next events, at most `p_step`, that the endpoint's owner may see (`p_hears_all`: all there are). Returns those that
-- are replayed, in their order, how many were looked at, the last one of them, and the latest of their times.
create or replace function khidma.replay_step(
  p_endpoint webhook_subscriptions, p_hears_all boolean, p_xid xid8, p_seq bigint, p_since timestamptz, p_until timestamptz,
  p_types text[], p_only_undelivered boolean, p_step int,
  out fitting uuid[], out looked int, out last_id uuid, out latest timestamptz
) language plpgsql stable as $$
begin
  -- Each by the index that has the order: one query of both would sort all that there is.
  if p_hears_all then
    select array_agg(e.id order by e.n) filter (where e.fits), count(*), (array_agg(e.id order by e.n desc))[1], max(e.created_at)
      into fitting, looked, last_id, latest
      from (select o.id, o.created_at, row_number() over (order by o.xid, o.seq) as n,
                   khidma.is_replayable(o, p_endpoint.id, p_endpoint.events, p_since, p_until, p_types, p_only_undelivered) as fits
              from outbox o where (o.xid, o.seq) > (p_xid, p_seq) order by o.xid, o.seq limit p_step) e;
  else
    select array_agg(e.id order by e.n) filter (where e.fits), count(*), (array_agg(e.id order by e.n desc))[1], max(e.created_at)
      into fitting, looked, last_id, latest
      from (select o.id, o.created_at, row_number() over (order by r.xid, r.seq) as n,
                   khidma.is_replayable(o, p_endpoint.id, p_endpoint.events, p_since, p_until, p_types, p_only_undelivered) as fits
              from outbox_recipients r join outbox o on o.id = r.event_id
             where r.user_id = p_endpoint.user_id and (r.xid, r.seq) > (p_xid, p_seq) order by r.xid, r.seq limit p_step) e;
  end if;
  fitting := coalesce(fitting, '{}');
end $$;

-- Queues once more, in their order, the events since a time or behind an event that the endpoint's owner may see now and that its
-- subscription asks for (`khidma.is_replayable`), at most `p_limit`, of as many as it can look at (`khidma.replay_bounds`). As many as
-- there are places come first, the others are parked, so that a replay fills no queue: each attempt that ends wakes the next. The sweep
-- finds the parked ones little by little. `lastEventId` is where to go on: the last event that was queued or, where the look ended before
-- the limit was found, looked at. The endpoint is locked once its events are found; what was queued for it meanwhile is left out.
create or replace function khidma.replay_events(
  p_subscription uuid, p_owner uuid, p_since timestamptz, p_behind uuid, p_until timestamptz, p_types text[],
  p_only_undelivered boolean, p_limit int
) returns json language plpgsql as $$
declare
  endpoint webhook_subscriptions := khidma.replayed_endpoint(p_subscription, p_owner);
  hears_all boolean := khidma.hears_all_events(p_owner);
  bounds record := khidma.replay_bounds();
  places int := (khidma.webhook_places()).of_endpoint;
  at_xid xid8 := '0';
  at_seq bigint := 0;
  step record;
  looked int := 0;
  chosen uuid[] := '{}';
  is_over boolean;
  replayed json;
begin
  if p_behind is not null then
    select o.xid, o.seq into at_xid, at_seq from outbox o
     where o.id = p_behind
       and (hears_all or exists (select from outbox_recipients r where r.event_id = o.id and r.user_id = p_owner));
    if not found then
      perform khidma.refuse(422, 'event_unavailable', '{"field": "sinceEventId"}');
    end if;
  else
    -- A transaction takes its number after it starts: what starts after an event was written has a higher one.
    select o.xid, 0 into at_xid, at_seq from outbox o
     where o.id < khidma.first_uuid_v7(p_since - interval '1 minute') order by o.id desc limit 1;
    at_xid := coalesce(at_xid, '0');
    at_seq := coalesce(at_seq, 0);
  end if;
  loop
    step := khidma.replay_step(endpoint, hears_all, at_xid, at_seq, p_since, p_until, p_types, p_only_undelivered, p_limit + 1);
    looked := looked + step.looked;
    chosen := chosen || step.fitting;
    -- No transaction that got a later number began a minute earlier.
    is_over := step.looked <= p_limit or coalesce(step.latest >= p_until + interval '1 minute', false);
    exit when is_over or cardinality(chosen) > p_limit or looked >= bounds.events
      or clock_timestamp() > now() + bounds.duration;
    select o.xid, o.seq into at_xid, at_seq from outbox o where o.id = step.last_id;
  end loop;
  endpoint := khidma.replayed_endpoint(p_subscription, p_owner, true);
  with queued as (
    insert into webhook_deliveries (id, subscription_id, event_id, round, cause, event_type, payload, parked, next_attempt_at)
    select khidma.uuid_v7(), p_subscription, o.id,
           1 + coalesce((select max(d.round) from webhook_deliveries d where d.subscription_id = p_subscription and d.event_id = o.id), 0),
           'replay', o.type, khidma.event_envelope(o), c.n > places,
           now() + case when c.n > places then interval '1 minute' * (1 + c.n / 100) else interval '0' end
      from unnest(chosen[:p_limit]) with ordinality c (id, n) join outbox o on o.id = c.id
     where khidma.is_replayable(o, p_subscription, endpoint.events, p_since, p_until, p_types, p_only_undelivered)
     order by c.n
    returning id, parked
  )
  select json_build_object(
           'queued', (select count(*) from queued),
           'lastEventId', case when cardinality(chosen) > p_limit then chosen[p_limit]
                               when is_over then chosen[cardinality(chosen)] else step.last_id end,
           'hasMore', cardinality(chosen) > p_limit or not is_over,
           'first', (select coalesce(json_agg(q.id), '[]') from queued q where not q.parked))
    into replayed;
  return replayed;
end $$;

-- Returns an endpoint of an active account that events may be replayed to, with `p_locked` after locking it. Refuses another one.
create or replace function khidma.replayed_endpoint(p_subscription uuid, p_owner uuid, p_locked boolean default false)
returns webhook_subscriptions language plpgsql volatile as $$
declare
  endpoint webhook_subscriptions;
begin
  if p_locked then
    perform from webhook_subscriptions s where s.id = p_subscription for no key update;
  end if;
  select s.* into endpoint from webhook_subscriptions s join users u on u.id = s.user_id and u.status = 'active'
   where s.id = p_subscription and s.user_id = p_owner;
  if endpoint.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif not endpoint.active then
    perform khidma.refuse(409, 'webhook_inactive');
  end if;
  return endpoint;
end $$;
