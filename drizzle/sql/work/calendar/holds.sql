-- Holds a slot for a client. An earlier hold of theirs in the same time gives way to it; how many they may have at once is counted behind
-- a lock of the client. Refuses with the rule that the slot breaks.
create or replace function khidma.hold_slot(p_id uuid, p_tasker uuid, p_client uuid, p_during tstzrange, p_urgent boolean)
returns void language plpgsql as $$
declare
  limits jsonb := (select khidma.config_value('calendar.holds', khidma.country_of(u.currency), null, null) from users u where u.id = p_client);
begin
  perform pg_advisory_xact_lock(hashtextextended('holds:' || p_client, 7));
  perform khidma.assert_slot(p_tasker, p_during, p_client, p_urgent);
  update calendar_items i set state = 'released'
   where i.tasker_id = p_tasker and i.held_by = p_client and i.state = 'live' and i.kind <> 'oncall'
     and i.guarded && tstzrange(lower(p_during), upper(p_during) + interval '1 day') and khidma.comes_close(i, p_during);
  if (select count(*) from calendar_items i where i.held_by = p_client and i.state = 'live' and i.expires_at > now())
     >= (limits ->> 'atOnce')::int
  then
    perform khidma.refuse(409, 'hold_limit_reached', jsonb_build_object('limit', (limits ->> 'atOnce')::int));
  end if;
  insert into calendar_items (id, tasker_id, kind, during, guard_before, guard_after, held_by, expires_at)
  select p_id, p_tasker, 'hold', p_during, r.guard_before, r.guard_after, p_client,
         now() + make_interval(secs => (limits ->> 'seconds')::int)
    from khidma.calendar_rules(p_tasker) r;
end $$;

-- Returns whether new work of its tasker in a time would overlap an item, guards included.
create or replace function khidma.comes_close(i calendar_items, p_during tstzrange) returns boolean language plpgsql stable as $$
begin
  return (
    select i.guarded && tstzrange(lower(p_during), upper(p_during) + r.guard) from khidma.calendar_rules(i.tasker_id) r);
end $$;

-- Continues a client's hold that has not ended, up to the longest time that a hold may last.
create or replace function khidma.renew_hold(p_id uuid, p_client uuid) returns void language plpgsql as $$
declare
  h calendar_items;
  limits jsonb := (select khidma.config_value('calendar.holds', khidma.country_of(u.currency), null, null) from users u where u.id = p_client);
begin
  -- The calendar before its rows, as everybody locks them.
  perform khidma.lock_calendar(i.tasker_id) from calendar_items i where i.id = p_id and i.held_by = p_client;
  select * into h from calendar_items i where i.id = p_id and i.held_by = p_client for update;
  if h.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif h.state <> 'live' or h.expires_at <= now() then
    perform khidma.refuse(409, 'hold_ended');
  end if;
  update calendar_items i
     set expires_at = greatest(h.expires_at, least(now() + make_interval(secs => (limits ->> 'seconds')::int),
                                                   h.created_at + make_interval(secs => (limits ->> 'longestSeconds')::int)))
   where i.id = p_id;
end $$;

-- Collects holds whose time is over, at most `p_limit` a run. They hold nothing already.
create or replace function khidma.expire_holds(p_limit int) returns int language plpgsql as $$
declare
  ended int;
begin
  update calendar_items set state = 'expired' where id in (
    select i.id from calendar_items i where i.held_by is not null and i.state = 'live' and i.expires_at <= now()
     order by i.expires_at limit p_limit for update skip locked);
  get diagnostics ended = row_count;
  return ended;
end $$;

-- Refuses to book a client's hold for a draft of theirs unless it lasts still and is long enough, and the draft can be given to one tasker.
-- What was free when it was held stays bookable: hours and notice are not asked for again. The draft is locked first, then the calendar, so
-- that of two who book the same hold the second finds it taken.
create or replace function khidma.assert_hold_books(p_hold uuid, p_client uuid, p_task uuid) returns void language plpgsql as $$
declare
  h calendar_items;
  t tasks;
begin
  select * into h from calendar_items i where i.id = p_hold and i.held_by = p_client;
  if h.id is null then
    perform khidma.refuse(404, 'not_found');
  end if;
  select * into t from tasks k where k.id = p_task and k.client_id = p_client for update;
  if t.id is null then
    perform khidma.refuse(422, 'unknown_task');
  elsif t.deleted_at is not null then
    perform khidma.refuse(409, 'task_deleted');
  elsif t.state <> 'draft' then
    perform khidma.refuse(409, 'not_editable');
  elsif t.sourcing <> 'match' then
    perform khidma.refuse(409, 'task_not_matched');
  end if;
  perform khidma.lock_calendar(h.tasker_id);
  select * into h from calendar_items i where i.id = p_hold for update;
  if h.held_by is distinct from p_client or h.state <> 'live' or h.expires_at <= now() then
    perform khidma.refuse(409, 'hold_ended');
  elsif lower(h.during) + make_interval(mins => khidma.minutes_of_task(t)) > upper(h.during) then
    perform khidma.refuse(409, 'hold_too_short', jsonb_build_object('minutes', khidma.minutes_of_task(t),
      'held', (extract(epoch from upper(h.during) - lower(h.during)) / 60)::int));
  elsif exists (select from khidma.over_debt_cap(h.tasker_id)) or khidma.blocked_between(h.tasker_id, p_client) or not exists (
    select from tasker_profiles p join users u on u.id = p.user_id
     where p.user_id = h.tasker_id and p.status in ('active', 'at_risk') and u.status = 'active') then
    perform khidma.refuse(409, 'slot_unavailable', jsonb_build_object('rule', 'not_active'));
  end if;
end $$;

-- Releases the slots of a tasker that a client holds.
create or replace function khidma.release_holds_between(p_client uuid, p_tasker uuid) returns void language plpgsql as $$
begin
  update calendar_items i set state = 'released'
   where i.kind = 'hold' and i.state = 'live' and i.tasker_id = p_tasker and i.held_by = p_client;
end $$;
