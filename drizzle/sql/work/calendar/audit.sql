-- Generated from src/db/schema and triggers.sql by `npm run machines`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

create or replace function khidma.audit_visits() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'booking_id', jsonb_build_array(null, new.booking_id),
      'number', jsonb_build_array(null, new.number),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'state', jsonb_build_array(null, new.state),
      'during', jsonb_build_array(null, new.during),
      'arrive_by', jsonb_build_array(null, new.arrive_by),
      'en_route_at', jsonb_build_array(null, new.en_route_at),
      'arrived_at', jsonb_build_array(null, new.arrived_at),
      'started_at', jsonb_build_array(null, new.started_at),
      'ended_at', jsonb_build_array(null, new.ended_at));
    perform khidma.write_audit('calendar', 'visits', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'booking_id', jsonb_build_array(old.booking_id, null),
      'number', jsonb_build_array(old.number, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'state', jsonb_build_array(old.state, null),
      'during', jsonb_build_array(old.during, null),
      'arrive_by', jsonb_build_array(old.arrive_by, null),
      'en_route_at', jsonb_build_array(old.en_route_at, null),
      'arrived_at', jsonb_build_array(old.arrived_at, null),
      'started_at', jsonb_build_array(old.started_at, null),
      'ended_at', jsonb_build_array(old.ended_at, null));
    perform khidma.write_audit('calendar', 'visits', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.booking_id is distinct from old.booking_id then
    changes := changes || jsonb_build_object('booking_id', jsonb_build_array(old.booking_id, new.booking_id));
  end if;
  if new.number is distinct from old.number then
    changes := changes || jsonb_build_object('number', jsonb_build_array(old.number, new.number));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.state is distinct from old.state then
    changes := changes || jsonb_build_object('state', jsonb_build_array(old.state, new.state));
  end if;
  if new.during is distinct from old.during then
    changes := changes || jsonb_build_object('during', jsonb_build_array(old.during, new.during));
  end if;
  if new.arrive_by is distinct from old.arrive_by then
    changes := changes || jsonb_build_object('arrive_by', jsonb_build_array(old.arrive_by, new.arrive_by));
  end if;
  if new.en_route_at is distinct from old.en_route_at then
    changes := changes || jsonb_build_object('en_route_at', jsonb_build_array(old.en_route_at, new.en_route_at));
  end if;
  if new.arrived_at is distinct from old.arrived_at then
    changes := changes || jsonb_build_object('arrived_at', jsonb_build_array(old.arrived_at, new.arrived_at));
  end if;
  if new.started_at is distinct from old.started_at then
    changes := changes || jsonb_build_object('started_at', jsonb_build_array(old.started_at, new.started_at));
  end if;
  if new.ended_at is distinct from old.ended_at then
    changes := changes || jsonb_build_object('ended_at', jsonb_build_array(old.ended_at, new.ended_at));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('calendar', 'visits', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_calendar_settings() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'guard_before_minutes', jsonb_build_array(null, new.guard_before_minutes),
      'guard_after_minutes', jsonb_build_array(null, new.guard_after_minutes),
      'notice_minutes', jsonb_build_array(null, new.notice_minutes),
      'bookings_a_day', jsonb_build_array(null, new.bookings_a_day));
    perform khidma.write_audit('calendar', 'calendar_settings', 'insert', new.tasker_id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'guard_before_minutes', jsonb_build_array(old.guard_before_minutes, null),
      'guard_after_minutes', jsonb_build_array(old.guard_after_minutes, null),
      'notice_minutes', jsonb_build_array(old.notice_minutes, null),
      'bookings_a_day', jsonb_build_array(old.bookings_a_day, null));
    perform khidma.write_audit('calendar', 'calendar_settings', 'delete', old.tasker_id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.guard_before_minutes is distinct from old.guard_before_minutes then
    changes := changes || jsonb_build_object('guard_before_minutes', jsonb_build_array(old.guard_before_minutes, new.guard_before_minutes));
  end if;
  if new.guard_after_minutes is distinct from old.guard_after_minutes then
    changes := changes || jsonb_build_object('guard_after_minutes', jsonb_build_array(old.guard_after_minutes, new.guard_after_minutes));
  end if;
  if new.notice_minutes is distinct from old.notice_minutes then
    changes := changes || jsonb_build_object('notice_minutes', jsonb_build_array(old.notice_minutes, new.notice_minutes));
  end if;
  if new.bookings_a_day is distinct from old.bookings_a_day then
    changes := changes || jsonb_build_object('bookings_a_day', jsonb_build_array(old.bookings_a_day, new.bookings_a_day));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('calendar', 'calendar_settings', 'update', new.tasker_id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_schedules() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'effective_from', jsonb_build_array(null, new.effective_from),
      'zone', jsonb_build_array(null, new.zone),
      'holidays_of', jsonb_build_array(null, new.holidays_of));
    perform khidma.write_audit('calendar', 'schedules', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'effective_from', jsonb_build_array(old.effective_from, null),
      'zone', jsonb_build_array(old.zone, null),
      'holidays_of', jsonb_build_array(old.holidays_of, null));
    perform khidma.write_audit('calendar', 'schedules', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.effective_from is distinct from old.effective_from then
    changes := changes || jsonb_build_object('effective_from', jsonb_build_array(old.effective_from, new.effective_from));
  end if;
  if new.zone is distinct from old.zone then
    changes := changes || jsonb_build_object('zone', jsonb_build_array(old.zone, new.zone));
  end if;
  if new.holidays_of is distinct from old.holidays_of then
    changes := changes || jsonb_build_object('holidays_of', jsonb_build_array(old.holidays_of, new.holidays_of));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('calendar', 'schedules', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_schedule_rules() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'schedule_id', jsonb_build_array(null, new.schedule_id),
      'weekday', jsonb_build_array(null, new.weekday),
      'kind', jsonb_build_array(null, new.kind),
      'from_minute', jsonb_build_array(null, new.from_minute),
      'until_minute', jsonb_build_array(null, new.until_minute));
    perform khidma.write_audit('calendar', 'schedule_rules', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'schedule_id', jsonb_build_array(old.schedule_id, null),
      'weekday', jsonb_build_array(old.weekday, null),
      'kind', jsonb_build_array(old.kind, null),
      'from_minute', jsonb_build_array(old.from_minute, null),
      'until_minute', jsonb_build_array(old.until_minute, null));
    perform khidma.write_audit('calendar', 'schedule_rules', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.schedule_id is distinct from old.schedule_id then
    changes := changes || jsonb_build_object('schedule_id', jsonb_build_array(old.schedule_id, new.schedule_id));
  end if;
  if new.weekday is distinct from old.weekday then
    changes := changes || jsonb_build_object('weekday', jsonb_build_array(old.weekday, new.weekday));
  end if;
  if new.kind is distinct from old.kind then
    changes := changes || jsonb_build_object('kind', jsonb_build_array(old.kind, new.kind));
  end if;
  if new.from_minute is distinct from old.from_minute then
    changes := changes || jsonb_build_object('from_minute', jsonb_build_array(old.from_minute, new.from_minute));
  end if;
  if new.until_minute is distinct from old.until_minute then
    changes := changes || jsonb_build_object('until_minute', jsonb_build_array(old.until_minute, new.until_minute));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('calendar', 'schedule_rules', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_schedule_overrides() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'day', jsonb_build_array(null, new.day),
      'from_minutes', jsonb_build_array(null, new.from_minutes),
      'until_minutes', jsonb_build_array(null, new.until_minutes));
    perform khidma.write_audit('calendar', 'schedule_overrides', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'day', jsonb_build_array(old.day, null),
      'from_minutes', jsonb_build_array(old.from_minutes, null),
      'until_minutes', jsonb_build_array(old.until_minutes, null));
    perform khidma.write_audit('calendar', 'schedule_overrides', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.day is distinct from old.day then
    changes := changes || jsonb_build_object('day', jsonb_build_array(old.day, new.day));
  end if;
  if new.from_minutes is distinct from old.from_minutes then
    changes := changes || jsonb_build_object('from_minutes', jsonb_build_array(old.from_minutes, new.from_minutes));
  end if;
  if new.until_minutes is distinct from old.until_minutes then
    changes := changes || jsonb_build_object('until_minutes', jsonb_build_array(old.until_minutes, new.until_minutes));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('calendar', 'schedule_overrides', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_holidays() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'country', jsonb_build_array(null, new.country),
      'year', jsonb_build_array(null, new.year),
      'month', jsonb_build_array(null, new.month),
      'day', jsonb_build_array(null, new.day),
      'names', jsonb_build_array(null, new.names));
    perform khidma.write_audit('calendar', 'holidays', 'insert', new.id::text, null, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'country', jsonb_build_array(old.country, null),
      'year', jsonb_build_array(old.year, null),
      'month', jsonb_build_array(old.month, null),
      'day', jsonb_build_array(old.day, null),
      'names', jsonb_build_array(old.names, null));
    perform khidma.write_audit('calendar', 'holidays', 'delete', old.id::text, null, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.country is distinct from old.country then
    changes := changes || jsonb_build_object('country', jsonb_build_array(old.country, new.country));
  end if;
  if new.year is distinct from old.year then
    changes := changes || jsonb_build_object('year', jsonb_build_array(old.year, new.year));
  end if;
  if new.month is distinct from old.month then
    changes := changes || jsonb_build_object('month', jsonb_build_array(old.month, new.month));
  end if;
  if new.day is distinct from old.day then
    changes := changes || jsonb_build_object('day', jsonb_build_array(old.day, new.day));
  end if;
  if new.names is distinct from old.names then
    changes := changes || jsonb_build_object('names', jsonb_build_array(old.names, new.names));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('calendar', 'holidays', 'update', new.id::text, null, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_calendar_feeds() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'tasker_id', jsonb_build_array(null, new.tasker_id));
    perform khidma.write_audit('calendar', 'calendar_feeds', 'insert', new.tasker_id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'tasker_id', jsonb_build_array(old.tasker_id, null));
    perform khidma.write_audit('calendar', 'calendar_feeds', 'delete', old.tasker_id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('calendar', 'calendar_feeds', 'update', new.tasker_id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;

create or replace function khidma.audit_external_calendars() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(null, new.id),
      'tasker_id', jsonb_build_array(null, new.tasker_id),
      'name', jsonb_build_array(null, new.name));
    perform khidma.write_audit('calendar', 'external_calendars', 'insert', new.id::text, new.tasker_id, changes);
    return null;
  elsif tg_op = 'DELETE' then
    changes := jsonb_build_object(
      'id', jsonb_build_array(old.id, null),
      'tasker_id', jsonb_build_array(old.tasker_id, null),
      'name', jsonb_build_array(old.name, null));
    perform khidma.write_audit('calendar', 'external_calendars', 'delete', old.id::text, old.tasker_id, changes);
    return null;
  end if;
  if new.id is distinct from old.id then
    changes := changes || jsonb_build_object('id', jsonb_build_array(old.id, new.id));
  end if;
  if new.tasker_id is distinct from old.tasker_id then
    changes := changes || jsonb_build_object('tasker_id', jsonb_build_array(old.tasker_id, new.tasker_id));
  end if;
  if new.name is distinct from old.name then
    changes := changes || jsonb_build_object('name', jsonb_build_array(old.name, new.name));
  end if;
  if changes <> '{}' then
    perform khidma.write_audit('calendar', 'external_calendars', 'update', new.id::text, new.tasker_id, changes);
  end if;
  return null;
end $$;
