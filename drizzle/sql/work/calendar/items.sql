-- Completes an item before it is written (before insert or update). The guarded range continues `during` by the larger guard, so that
-- the next item begins no sooner; an item before this one has its own. A client's hold whose time is over gives way: the constraint sees
-- rows, and not the clock.
create or replace function khidma.guard_calendar_item() returns trigger language plpgsql as $$
begin
  new.guarded := tstzrange(lower(new.during), upper(new.during) + make_interval(mins => greatest(new.guard_before, new.guard_after)));
  if new.state = 'live' and new.kind <> 'oncall' then
    perform khidma.lock_calendar(new.tasker_id);
    update calendar_items i set state = 'expired'
     where i.tasker_id = new.tasker_id and i.state = 'live' and i.kind <> 'oncall' and i.guarded && new.guarded
       and i.held_by is not null and i.expires_at <= now() and i.id <> new.id;
  end if;
  return new;
end $$;

-- Keeps the item of an availability block: an absence takes up its exact time, without guards, and a shift on call takes up none. Busy
-- times of external calendars give way to an absence; a booking or a hold does not.
create or replace function khidma.follow_availability_block() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from calendar_items i where i.source_id = old.id and i.kind in ('block', 'oncall');
  end if;
  if tg_op = 'DELETE' or new.kind = 'available' then
    return null;
  end if;
  if new.kind = 'unavailable' then
    perform khidma.lock_calendar(new.tasker_id);
    delete from calendar_items i
     where i.tasker_id = new.tasker_id and i.state = 'live' and i.kind = 'external' and i.guarded && tstzrange(new.starts_at, new.ends_at);
  end if;
  insert into calendar_items (id, tasker_id, kind, during, source_id)
  values (khidma.uuid_v7(), new.tasker_id, case new.kind when 'oncall' then 'oncall' else 'block' end,
          tstzrange(new.starts_at, new.ends_at), new.id);
  return null;
end $$;

-- Writes the items of an external calendar anew from its last good copy, in the time that nothing else takes up: what is imported
-- refuses no booking that exists.
create or replace function khidma.follow_external_calendar() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from calendar_items i where i.source_id = old.id and i.kind = 'external';
  end if;
  if tg_op = 'DELETE' then
    return null;
  end if;
  perform khidma.lock_calendar(new.tasker_id);
  insert into calendar_items (id, tasker_id, kind, during, source_id)
  select khidma.uuid_v7(), new.tasker_id, 'external', part, new.id
    from unnest(new.busy - coalesce((
      select range_agg(i.guarded) from calendar_items i
       where i.tasker_id = new.tasker_id and i.state = 'live' and i.kind <> 'oncall'), '{}')) part
   where upper(part) > now();
  return null;
end $$;

-- Takes up the time of an interview in the calendar of an applicant who is a tasker, in place of the time that was chosen before. Busy times
-- of external calendars give way to it, as they do to an absence; with a booking or a hold it is refused (`tasker_busy`).
create or replace function khidma.hold_interview(p_user uuid, p_application uuid, p_during tstzrange) returns void language plpgsql as $$
begin
  perform khidma.release_interview(p_application);
  if exists (select from tasker_profiles t where t.user_id = p_user and t.status in ('active', 'at_risk')) then
    perform khidma.lock_calendar(p_user);
    delete from calendar_items i
     where i.tasker_id = p_user and i.state = 'live' and i.kind = 'external' and i.guarded && p_during;
    insert into calendar_items (id, tasker_id, kind, during, source_id) values (khidma.uuid_v7(), p_user, 'block', p_during, p_application);
  end if;
end $$;

-- Gives the time of an interview back.
create or replace function khidma.release_interview(p_application uuid) returns void language plpgsql as $$
begin
  delete from calendar_items i where i.source_id = p_application and i.kind = 'block';
end $$;

-- Deletes items that ended a period ago, at most `p_limit` a run. Visits and bookings keep what took place.
create or replace function khidma.purge_calendar_items(p_limit int) returns int language plpgsql as $$
declare
  purged int;
begin
  delete from calendar_items where id in (
    select i.id from calendar_items i where upper(i.during) < now() - khidma.retention_period('calendar_items')
     order by upper(i.during) limit p_limit for update skip locked);
  get diagnostics purged = row_count;
  return purged;
end $$;

-- Takes over fetched copies of external calendars: `[{id, busy: [[from, until], …]}]`, in seconds since 1970. Calendars of taskers are
-- locked in one order by all.
create or replace function khidma.keep_external_calendars(p_fetched jsonb) returns void language plpgsql as $$
declare
  f record;
begin
  for f in
    select e.id, x.busy from jsonb_to_recordset(p_fetched) x (id uuid, busy jsonb) join external_calendars e on e.id = x.id
     order by e.tasker_id, e.id
  loop
    update external_calendars e
       set good_at = now(), failure = null,
           busy = (select coalesce(range_agg(tstzrange(to_timestamp((b ->> 0)::double precision), to_timestamp((b ->> 1)::double precision))), '{}')
                     from jsonb_array_elements(f.busy) b)
     where e.id = f.id;
  end loop;
end $$;
