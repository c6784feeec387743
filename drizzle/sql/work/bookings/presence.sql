-- Locks a booking for an action of one of its parties; refuses strangers (404), the wrong party (403) and another state than those in
-- which the action makes sense (409).
create or replace function khidma.take_booking(p_booking uuid, p_parties text[], p_statuses text[]) returns bookings language plpgsql as $$
declare
  b bookings;
  party text;
begin
  select * into b from bookings where id = p_booking for update;
  party := khidma.party_in_booking(b);
  if party is null then
    perform khidma.refuse(404, 'not_found');
  elsif party <> all (p_parties) then
    perform khidma.refuse(403, 'forbidden');
  elsif b.status::text <> all (p_statuses) then
    perform khidma.refuse(409, 'booking_not_at_stage', jsonb_build_object('status', b.status, 'stages', array_to_string(p_statuses, ', ')));
  end if;
  return b;
end $$;

-- Writes down that the tasker is on the way, and tells the client; once.
create or replace function khidma.set_out(p_booking uuid) returns void language plpgsql as $$
declare
  b bookings := khidma.take_booking(p_booking, array['tasker'], array['confirmed']);
begin
  if b.on_the_way_at is null then
    update bookings set on_the_way_at = now() where id = b.id returning * into b;
    perform khidma.tell_of_booking('booking.on_the_way', b);
  end if;
end $$;

-- Writes down how late the tasker will be, and tells the client; the last word counts.
create or replace function khidma.run_late(p_booking uuid, p_minutes int) returns void language plpgsql as $$
declare
  b bookings := khidma.take_booking(p_booking, array['tasker'], array['confirmed']);
begin
  if b.late_minutes is distinct from p_minutes then
    update bookings set late_minutes = p_minutes, late_told_at = now() where id = b.id returning * into b;
    perform khidma.tell_of_booking('booking.running_late', b, jsonb_build_object('lateMinutes', p_minutes));
  end if;
end $$;

-- Writes down that the tasker has arrived, once, and tells the client. A position has to be near enough to the task, by
-- `bookings.arrival`; only the distance is kept.
create or replace function khidma.arrive(p_booking uuid, p_lat double precision, p_lng double precision) returns void language plpgsql as $$
declare
  b bookings := khidma.take_booking(p_booking, array['tasker'], array['confirmed']);
  terms jsonb := khidma.config_of_task('bookings.arrival', b.task_id);
  distance int;
begin
  if b.arrived_at is not null then
    return;
  elsif p_lat is null and (terms ->> 'isPositionRequired')::boolean then
    perform khidma.refuse(422, 'position_required');
  end if;
  select round(st_distance(t.location, st_setsrid(st_makepoint(p_lng, p_lat), 4326)::geography)) into distance
    from tasks t where t.id = b.task_id and p_lat is not null;
  if distance > (terms ->> 'radiusMeters')::int then
    perform khidma.refuse(422, 'too_far_away', jsonb_build_object('distanceMeters', distance, 'radiusMeters', (terms ->> 'radiusMeters')::int));
  end if;
  update bookings set arrived_at = now(), arrival_distance_m = distance where id = b.id returning * into b;
  perform khidma.tell_of_booking('booking.arrived', b);
end $$;

-- Says, for a new booking, whether its work starts by the client's code: by `bookings.start_code`, or as whoever books wants (before insert).
create or replace function khidma.set_start_code_policy() returns trigger language plpgsql as $$
begin
  new.start_code_required := new.start_code_required or (khidma.config_of_task('bookings.start_code', new.task_id) ->> 'isRequired')::boolean;
  return new;
end $$;

-- Lets the client demand the code for the start, or do without it where the policy does.
create or replace function khidma.demand_start_code(p_booking uuid, p_is_required boolean) returns void language plpgsql as $$
declare
  b bookings := khidma.take_booking(p_booking, array['client'], array['accepted', 'confirmed']);
begin
  if not p_is_required and (khidma.config_of_task('bookings.start_code', b.task_id) ->> 'isRequired')::boolean then
    perform khidma.refuse(409, 'start_code_demanded');
  end if;
  update bookings set start_code_required = p_is_required where id = b.id and start_code_required <> p_is_required;
end $$;

-- Starts the work of a booking. Where the client's code is demanded and `p_code` is not `right` (but `wrong`, or `none`), or too many
-- were wrong of late, the booking stays as it is, and a wrong one is counted: a refusal would take the count back. Reports nothing: the
-- reader sees that the booking has not started.
create or replace function khidma.start_booking(p_booking uuid, p_code text) returns void language plpgsql as $$
declare
  b bookings;
  terms jsonb;
  is_recent boolean;
begin
  select * into b from bookings where id = p_booking for update;
  if b.status = 'confirmed' and b.start_code_required and khidma.party_in_booking(b) = 'tasker' then
    terms := khidma.config_of_task('bookings.start_code', b.task_id);
    is_recent := coalesce(b.start_code_failed_at > now() - make_interval(mins => (terms ->> 'blockMinutes')::int), false);
    if p_code = 'none' or is_recent and b.start_code_failures >= (terms ->> 'attempts')::int then
      return;
    elsif p_code = 'wrong' then
      update bookings set start_code_failures = case when is_recent then start_code_failures + 1 else 1 end, start_code_failed_at = now()
       where id = b.id;
      return;
    end if;
  end if;
  update bookings set status = 'in_progress', started_at = now(), started_by_code = p_code = 'right' where id = p_booking;
end $$;
