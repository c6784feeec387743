-- Writes one event of this transaction, with the users whom it concerns.
create or replace function khidma.emit(
  p_type text, p_object_type text, p_object_id uuid, p_object_seq int, p_data jsonb, p_recipients uuid[]
) returns void language plpgsql as $$
begin
  with written as (
    insert into outbox (id, type, object_type, object_id, object_seq, data)
    values (khidma.uuid_v7(), p_type, p_object_type, p_object_id, p_object_seq, p_data)
    returning id, xid, seq
  )
  insert into outbox_recipients (user_id, xid, seq, event_id)
  select distinct r, w.xid, w.seq, w.id from written w, unnest(p_recipients) r where r is not null;
end $$;

-- Emits an event about a user to that user.
create or replace function khidma.tell_user(p_type text, p_user_id uuid, p_data jsonb default '{}') returns void language plpgsql as $$
begin
  perform khidma.emit(p_type, 'user', p_user_id, (select u.version from users u where u.id = p_user_id),
    jsonb_build_object('userId', p_user_id) || p_data, array[p_user_id]);
end $$;

-- Returns whether an active member of staff may read every event, now.
create or replace function khidma.hears_all_events(p_user uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select from users u where u.id = p_user and u.role in ('ops', 'admin')) and khidma.holds(p_user, 'events.read');
end $$;

-- Returns whether one of a webhook's patterns means the type of event.
create or replace function khidma.subscribes_to(p_patterns text[], p_type text) returns boolean
language sql immutable parallel safe as $$
  select p_type = any (p_patterns) or '*' = any (p_patterns) or split_part(p_type, '.', 1) || '.*' = any (p_patterns)
$$;

-- Returns an event as it is pushed and pulled: `toEnvelope` makes the same.
create or replace function khidma.event_envelope(p_event outbox) returns jsonb language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('id', p_event.id, 'type', p_event.type, 'createdAt', t.iso, 'timestamp', t.iso, 'sequence', p_event.seq,
             'object', jsonb_build_object('type', p_event.object_type, 'id', p_event.object_id, 'sequence', p_event.object_seq),
             'data', p_event.data)
      from (values (to_char(p_event.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) t (iso));
end $$;

-- Returns an event with the users whom it concerns and the webhooks that subscribe to its type. Erased users and webhooks of
-- inactive accounts get nothing. Webhooks of staff get every event only while their owner holds `events.read`, checked now.
create or replace function khidma.event_for_fan_out(p_event uuid, out event json, out recipients json, out subscriptions json)
language plpgsql stable as $$
begin
  select to_json(o),
         (select coalesce(json_agg(json_build_object('userId', u.id, 'locale', u.locale, 'timezone', u.timezone)), '[]')
            from outbox_recipients r join users u on u.id = r.user_id and u.erased_at is null where r.event_id = o.id),
         (select coalesce(json_agg(s.id), '[]')
            from webhook_subscriptions s join users u on u.id = s.user_id and u.status = 'active'
           where s.active and s.created_at <= o.created_at
             and (exists (select 1 from outbox_recipients r where r.event_id = o.id and r.user_id = s.user_id)
                  or u.role in ('ops', 'admin') and khidma.hears_all_events(u.id))
             and khidma.subscribes_to(s.events, o.type))
    into event, recipients, subscriptions
    from outbox o where o.id = p_event;
end $$;

-- Returns whether the sweep is due for an event again: after as long again as it has been waiting, a minute at least and six
-- hours at most.
create or replace function khidma.is_sweep_due(p_created_at timestamptz, p_swept_at timestamptz) returns boolean
language sql stable parallel safe as $$
  select p_swept_at is null
      or p_swept_at < now() - least(greatest(p_swept_at - p_created_at, interval '1 minute'), interval '6 hours')
$$;

-- Deletes dispatched events after their period, at most `p_limit`.
create or replace function khidma.purge_events(p_limit int) returns json language plpgsql as $$
declare
  events int;
begin
  delete from outbox where ctid = any (array(
    select o.ctid from outbox o where o.created_at < now() - khidma.retention_period('events') and o.dispatched_at is not null
     order by o.created_at limit p_limit for update skip locked));
  get diagnostics events = row_count;
  return json_build_object('events', events);
end $$;
