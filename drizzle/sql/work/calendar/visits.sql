-- Guards a visit (before insert or update): one that has ended stays as it is, and notes when it began and ended.
create or replace function khidma.guard_visit() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.state in ('done', 'canceled') and (new.state, new.during, new.tasker_id) is distinct from (old.state, old.during, old.tasker_id) then
    raise exception 'visit % has ended', old.id using errcode = 'check_violation', constraint = 'visits_ended';
  end if;
  if new.state = 'in_progress' then
    new.started_at := coalesce(new.started_at, now());
  elsif new.state in ('done', 'canceled') then
    new.ended_at := coalesce(new.ended_at, now());
  end if;
  return new;
end $$;

-- Keeps the item of a visit. A booking that is only offered holds its time; one that the tasker has accepted visits. A hold of the booking's
-- client in that time becomes the item in one statement, so that nobody can come in between; further holds of theirs that are in the way
-- end. Guards are those of the tasker when the time is written.
create or replace function khidma.keep_visit_item(v visits) returns void language plpgsql as $$
declare
  b record;
  rules record;
  new_kind text;
  new_state text := case v.state when 'done' then 'done' when 'canceled' then 'released' else 'live' end;
  held uuid;
begin
  select k.status, k.client_id into strict b from bookings k where k.id = v.booking_id;
  select * into rules from khidma.calendar_rules(v.tasker_id);
  new_kind := case b.status when 'offered' then 'hold' else 'visit' end;
  update calendar_items i
     set kind = new_kind, state = new_state, tasker_id = v.tasker_id, during = v.during,
         guard_before = case when i.during = v.during then i.guard_before else rules.guard_before end,
         guard_after = case when i.during = v.during then i.guard_after else rules.guard_after end
   where i.source_id = v.id and i.kind in ('visit', 'hold');
  if found or new_state <> 'live' then
    return;
  end if;
  perform khidma.lock_calendar(v.tasker_id);
  select i.id into held from calendar_items i
   where i.tasker_id = v.tasker_id and i.held_by = b.client_id and i.state = 'live' and i.kind <> 'oncall' and i.guarded && v.during
   order by i.during && v.during desc, lower(i.during) limit 1;
  update calendar_items i set state = 'released'
   where i.tasker_id = v.tasker_id and i.held_by = b.client_id and i.state = 'live' and i.id is distinct from held and khidma.comes_close(i, v.during);
  if held is not null then
    update calendar_items i
       set kind = new_kind, source_id = v.id, held_by = null, expires_at = null, during = v.during,
           guard_before = rules.guard_before, guard_after = rules.guard_after
     where i.id = held;
  else
    insert into calendar_items (id, tasker_id, kind, during, guard_before, guard_after, source_id)
    values (khidma.uuid_v7(), v.tasker_id, new_kind, v.during, rules.guard_before, rules.guard_after, v.id);
  end if;
end $$;

create or replace function khidma.follow_visit() returns trigger language plpgsql as $$
begin
  perform khidma.keep_visit_item(new);
  return null;
end $$;

-- Carries a booking over to its visits (after insert, or update of status, time or tasker). Its first visit is made with it and has its
-- agreed time. It starts with the booking; what is under way when the booking is completed or disputed is done, and what was only planned
-- is canceled with it.
create or replace function khidma.follow_booking() returns trigger language plpgsql as $$
declare
  v visits;
begin
  if not exists (select from visits x where x.booking_id = new.id) then
    insert into visits (id, booking_id, number, tasker_id, during, state)
    values (khidma.uuid_v7(), new.id, 1, new.tasker_id, new.scheduled_during,
            case when new.status in ('offered', 'accepted', 'confirmed') then 'planned' when new.status = 'in_progress' then 'in_progress'
                 when new.status = 'canceled' then 'canceled' else 'done' end);
    return null;
  end if;
  update visits x set during = new.scheduled_during, tasker_id = new.tasker_id, arrive_by = null
   where x.booking_id = new.id and x.number = 1 and x.state in ('planned', 'in_progress')
     and (x.during, x.tasker_id) is distinct from (new.scheduled_during, new.tasker_id);
  if new.status = old.status then
    return null;
  end if;
  case new.status
    when 'in_progress' then
      update visits x set state = 'in_progress'
       where x.id = (select y.id from visits y where y.booking_id = new.id and y.state in ('planned', 'in_progress') order by y.number limit 1)
         and x.state = 'planned';
    when 'completed', 'disputed', 'canceled' then
      update visits x set state = case when x.state = 'in_progress' and new.status <> 'canceled' then 'done' else 'canceled' end
       where x.booking_id = new.id and x.state in ('planned', 'in_progress');
    else
      -- An offer holds its slot; what is accepted or confirmed is a visit.
      if 'offered' in (old.status, new.status) then
        for v in select x.* from visits x where x.booking_id = new.id and x.state in ('planned', 'in_progress') order by x.number loop
          perform khidma.keep_visit_item(v);
        end loop;
      end if;
  end case;
  return null;
end $$;

-- Carries what the tasker reports on the way over to the visit that is next (after update of on_the_way_at, late_minutes or arrived_at): a delay is the
-- latest arrival that the client was promised.
create or replace function khidma.follow_presence() returns trigger language plpgsql as $$
begin
  update visits x
     set en_route_at = new.on_the_way_at, arrived_at = new.arrived_at,
         arrive_by = case when new.late_minutes is distinct from old.late_minutes then lower(x.during) + make_interval(mins => new.late_minutes) else x.arrive_by end
   where x.id = (select y.id from visits y where y.booking_id = new.id and y.state in ('planned', 'in_progress') order by y.number limit 1);
  return null;
end $$;
