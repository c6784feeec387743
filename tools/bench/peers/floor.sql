-- The floor: each write as one hand-written function that writes the rows that the house writes, into tables without triggers, and
-- returns the answer. All is plpgsql, whose plans stay in the backend; a function in SQL is planned at each call. It holds no rule
-- for anybody else: a second path, or psql, walks past it.

create function bench_floor_event(
  p_type text, p_object_type text, p_object uuid, p_version int, p_data jsonb, p_recipients uuid[]
) returns void language plpgsql as $$
declare
  written outbox;
begin
  insert into outbox (id, type, object_type, object_id, object_seq, data)
  values (khidma.uuid_v7(), p_type, p_object_type, p_object, p_version, p_data) returning * into written;
  insert into outbox_recipients (user_id, xid, seq, event_id)
  select r, written.xid, written.seq, written.id from unnest(p_recipients) r;
end $$;

create function bench_floor_audit(
  p_user uuid, p_session text, p_request text, p_ip text, p_agent text, p_module text, p_action text, p_target text, p_meta jsonb
) returns void language plpgsql as $$
declare
  the_salt uuid := gen_random_uuid();
begin
  insert into audit_log (id, actor_type, actor_id, actor_user_id, actor_role, source_id, subject_user_id, module, action, target_type,
                         target_id, request_id, correlation_id, ip_address, user_agent, meta, salt, changes_digest)
  values (khidma.uuid_v7(), 'user', p_user::text, p_user, 'client', p_session, p_user, p_module, p_action, p_module, p_target, p_request,
          p_request, p_ip, p_agent, p_meta, the_salt,
          sha256(convert_to(jsonb_build_array(the_salt, p_meta, p_ip, p_agent)::text, 'UTF8')));
end $$;

create function bench_floor_confirm(
  p_booking uuid, p_user uuid, p_session text, p_request text, p_ip text, p_agent text
) returns json language plpgsql as $$
declare
  b bookings;
  task_version int;
  changes jsonb := '{"changes": {"status": ["accepted", "confirmed"]}}';
  facts jsonb;
begin
  update bookings set status = 'confirmed', updated_at = now(), version = version + 1
    where id = p_booking and client_id = p_user and status = 'accepted' returning * into b;
  if not found then
    raise exception 'invalid_transition';
  end if;
  facts := jsonb_build_object('from', 'accepted', 'to', 'confirmed', 'action', 'confirm', 'party', 'client', 'taskId', b.task_id,
                              'bookingId', b.id, 'clientId', b.client_id, 'taskerId', b.tasker_id);
  insert into booking_events (id, booking_id, from_status, to_status, actor_user_id, meta)
  values (khidma.uuid_v7(), b.id, 'accepted', 'confirmed', p_user, '{"action": "confirm", "party": "client"}');
  perform bench_floor_event('booking.confirmed', 'booking', b.id, b.version, facts, array[b.client_id, b.tasker_id]);
  perform bench_floor_audit(p_user, p_session, p_request, p_ip, p_agent, 'bookings', 'bookings.update', b.id::text, changes);
  update booking_deadlines set outcome = 'met', ended_at = now(), next_at = null where booking_id = b.id and outcome is null;
  insert into booking_deadlines (id, booking_id, kind, due_at, reminders, next_at)
  values (khidma.uuid_v7(), b.id, 'visit', lower(b.scheduled_during), '{1440,60}', lower(b.scheduled_during) - interval '1 day'),
         (khidma.uuid_v7(), b.id, 'start', upper(b.scheduled_during) + interval '1 day', '{1380}', upper(b.scheduled_during) + interval '1 hour');
  update tasks set state = 'confirmed', updated_at = now(), version = version + 1
    where id = b.task_id and state = 'accepted' returning version into task_version;
  if not found then
    raise exception 'invalid_transition';
  end if;
  insert into task_state_events (id, task_id, from_state, to_state, actor_user_id, meta)
  values (khidma.uuid_v7(), b.task_id, 'accepted', 'confirmed', p_user, '{"action": "confirm", "party": "client"}');
  perform bench_floor_event('task.confirmed', 'task', b.task_id, task_version, facts, array[b.client_id, b.tasker_id]);
  perform bench_floor_audit(p_user, p_session, p_request, p_ip, p_agent, 'tasks', 'tasks.update', b.task_id::text,
                            '{"changes": {"state": ["accepted", "confirmed"]}}');
  return (
    select json_build_object('booking', to_json(b), 'clientName', client.full_name, 'taskerName', tasker.full_name,
             'conversationId', chat.id, 'task', to_json(t), 'payment', pay.id, 'disputeId', d.id)
      from tasks t
      join users client on client.id = b.client_id
      join users tasker on tasker.id = b.tasker_id
      left join conversations chat on chat.booking_id = b.id
      left join payment_intents pay on pay.booking_id = b.id and pay.purpose = 'booking'
      left join disputes d on d.booking_id = b.id
     where t.id = b.task_id);
end $$;

create function bench_floor_create(
  p_id uuid, p_user uuid, p_session text, p_request text, p_ip text, p_agent text, p_fields jsonb
) returns json language plpgsql as $$
declare
  t tasks;
  minutes int := (p_fields ->> 'estMinutes')::int;
begin
  insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, price_band_id,
                     est_min_amount, est_max_amount, currency)
  select p_id, p_user, p_fields ->> 'category', p_fields ->> 'description', p_fields ->> 'address', p_fields ->> 'city',
         (p_fields ->> 'lat')::float8, (p_fields ->> 'lng')::float8, (p_fields ->> 'startsAt')::timestamptz, minutes, band.id::text,
         khidma.amount_for(minutes, band.min_amount), khidma.amount_for(minutes, band.max_amount), band.currency
    from (with recursive up as (
            select c.id, c.parent_id, 0 as distance from task_categories c
             where c.slug = p_fields ->> 'category' and c.deleted_at is null and c.active
            union all
            select c.id, c.parent_id, up.distance + 1 from task_categories c join up on c.id = up.parent_id)
          select b.* from up join pricing_bands b on b.category_id = up.id and b.valid_during @> now()
             and (b.city is null or lower(b.city) = lower(p_fields ->> 'city'))
           order by up.distance, b.city nulls last, b.id desc limit 1) band
  returning * into t;
  if not found then
    raise exception 'price_unavailable';
  end if;
  insert into task_state_events (id, task_id, to_state, actor_user_id, meta)
  values (khidma.uuid_v7(), t.id, 'draft', p_user, '{"action": "create", "party": "client"}');
  perform bench_floor_event('task.created', 'task', t.id, 1,
    jsonb_build_object('to', 'draft', 'action', 'create', 'party', 'client', 'taskId', t.id, 'clientId', p_user), array[p_user]);
  perform bench_floor_audit(p_user, p_session, p_request, p_ip, p_agent, 'tasks', 'tasks.insert', t.id::text,
    jsonb_build_object('changes', jsonb_build_object(
      'id', jsonb_build_array(null, t.id), 'client_id', jsonb_build_array(null, t.client_id), 'sourcing', jsonb_build_array(null, t.sourcing),
      'category', jsonb_build_array(null, t.category), 'description', jsonb_build_array(null, t.description),
      'address', jsonb_build_array(null, t.address), 'city', jsonb_build_array(null, t.city), 'lat', jsonb_build_array(null, t.lat),
      'lng', jsonb_build_array(null, t.lng), 'starts_at', jsonb_build_array(null, t.starts_at),
      'flexibility_minutes', jsonb_build_array(null, t.flexibility_minutes), 'pricing_model', jsonb_build_array(null, t.pricing_model),
      'price_band_id', jsonb_build_array(null, t.price_band_id), 'est_minutes', jsonb_build_array(null, t.est_minutes),
      'est_min_amount', jsonb_build_array(null, t.est_min_amount), 'est_max_amount', jsonb_build_array(null, t.est_max_amount),
      'currency', jsonb_build_array(null, t.currency), 'structured_inputs', jsonb_build_array(null, t.structured_inputs),
      'state', jsonb_build_array(null, t.state))));
  return to_json(t);
end $$;
