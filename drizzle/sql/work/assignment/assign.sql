-- Returns the live items of a calendar that are in the way of a time, by name: `visit` (another booking), `held` (a client considers the
-- time), `absence` (time off, or a calendar of theirs elsewhere). `p_guard` is that of the tasker, `p_but` a booking that does not count.
create or replace function khidma.items_in_the_way(p_tasker uuid, p_during tstzrange, p_guard interval, p_but uuid)
returns table (kind text, booking_id uuid, starts_at timestamptz, ends_at timestamptz) language sql stable as $$
  select case when i.held_by is not null then 'held' when i.kind in ('visit', 'hold') then 'visit' else 'absence' end, v.booking_id,
         lower(i.during), upper(i.during)
    from calendar_items i left join visits v on v.id = i.source_id and i.kind in ('visit', 'hold')
   where i.tasker_id = p_tasker and i.state = 'live' and i.kind <> 'oncall'
     and i.guarded && tstzrange(lower(p_during), upper(p_during) + p_guard) and (i.held_by is null or i.expires_at > now())
     and (p_but is null or v.booking_id is distinct from p_but)
$$;

-- Returns `outside_hours`, with the hours around it, where a tasker's hours of work do not contain a time.
create or replace function khidma.hours_missed(p_tasker uuid, p_during tstzrange)
returns table (kind text, booking_id uuid, starts_at timestamptz, ends_at timestamptz) language sql stable as $$
  select 'outside_hours', null::uuid, h.starts_at, h.ends_at
    from (select min(w.starts) as starts_at, max(w.ends) as ends_at, coalesce(range_agg(tstzrange(w.starts, w.ends)) @> p_during, false) as contain
            from khidma.tasker_hours(p_tasker, tstzrange(lower(p_during) - interval '12 hours', upper(p_during) + interval '12 hours')) w
           where w.kind = 'working') h
   where not h.contain
$$;

-- Returns why a tasker cannot take work in a time, by name. Guards count, as they do in the calendar.
create or replace function khidma.conflicts_of(p_tasker uuid, p_during tstzrange, p_but uuid default null)
returns table (kind text, booking_id uuid, starts_at timestamptz, ends_at timestamptz) language sql stable as $$
  select i.* from khidma.calendar_rules(p_tasker) r cross join lateral khidma.items_in_the_way(p_tasker, p_during, r.guard, p_but) i
  union all
  select m.* from khidma.hours_missed(p_tasker, p_during) m
$$;

-- Returns whether staff have raised the estimate of a task above what its client posted: the client confirms the booking then, whatever
-- the tasker's contract says.
create or replace function khidma.is_estimate_raised(t tasks) returns boolean language plpgsql stable as $$
begin
  return (
    select coalesce(t.est_max_amount > (select e.was_max_amount from task_estimates e where e.task_id = t.id order by e.id limit 1), false));
end $$;

-- Refuses a tasker to whom nothing can be assigned, and names why.
create or replace function khidma.refuse_unassignable(t tasks, p tasker_profiles) returns void language plpgsql as $$
declare
  during tstzrange := tstzrange(t.starts_at, t.starts_at + make_interval(mins => coalesce(t.est_minutes, 60)));
  why text := case when p.user_id is null then 'no_tasker'
                   when p.user_id = t.client_id then 'own_task'
                   when p.status not in ('active', 'at_risk') then p.status::text
                   when khidma.blocked_between(p.user_id, t.client_id) then 'blocked'
                   when exists (select from khidma.over_debt_cap(p.user_id)) then 'debts_above_cap' end;
  clash record;
begin
  if why is not null then
    perform khidma.refuse(409, 'tasker_not_assignable', jsonb_build_object('why', why));
  elsif t.starts_at <= now() then
    perform khidma.refuse(422, 'starts_at_refused');
  elsif not khidma.is_free(p.user_id, during) then
    select * into clash from khidma.conflicts_of(p.user_id, during) c order by c.kind = 'visit' desc, c.kind = 'outside_hours', c.starts_at limit 1;
    perform khidma.refuse(409, 'assignment_conflict', jsonb_strip_nulls(jsonb_build_object(
      'kind', coalesce(clash.kind, 'unavailable'), 'bookingId', clash.booking_id,
      'from', khidma.iso(coalesce(clash.starts_at, lower(during))),
      'until', khidma.iso(coalesce(clash.ends_at, upper(during))))));
  end if;
end $$;

-- Takes a task from its tasker, for staff; returns the assignment that ends by it, null where it was booked otherwise.
create or replace function khidma.take_back(b bookings, p_reason text) returns uuid language plpgsql as $$
declare
  ended uuid;
begin
  update assignments set booking_was = b.status, outcome_reason = p_reason where booking_id = b.id returning id into ended;
  perform khidma.take_back_booking(b.id);
  return ended;
end $$;

-- Locks the bookings of a task, then the task, as all do; returns the booking that is not canceled, whose columns are null where there is none.
create or replace function khidma.lock_dispatched(p_task uuid) returns bookings language plpgsql as $$
declare
  b bookings;
begin
  perform from bookings o where o.task_id = p_task order by o.id for update;
  perform from tasks t where t.id = p_task for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  select * into b from bookings o where o.task_id = p_task and o.status <> 'canceled';
  return b;
end $$;

-- Gives a task that nobody has to a tasker. The booking is offered to them, or confirmed outright where their contract says so; `p_status`
-- is that to which an undo returns. Whoever calls has locked booking and task.
create or replace function khidma.give_task(p_task uuid, p_tasker uuid, p_reason text, p_replaces uuid, p_undoes uuid, p_status booking_status)
returns uuid language plpgsql as $$
declare
  t tasks;
  p tasker_profiles;
  assignment uuid;
  booking uuid;
  opened booking_status;
begin
  select * into strict t from tasks where id = p_task;
  if t.state not in ('posted', 'matching') then
    perform khidma.refuse(409, 'not_assignable', jsonb_build_object('state', t.state));
  end if;
  select * into p from tasker_profiles where user_id = p_tasker for update;
  perform khidma.refuse_unassignable(t, p);
  perform khidma.take_over_task(t);
  perform khidma.note_assignment(t.id, p_tasker);
  opened := coalesce(p_status, (case when p.assignment_mode = 'offer' then 'offered'
                                     when khidma.is_estimate_raised(t) then 'accepted' else 'confirmed' end)::booking_status);
  booking := khidma.uuid_v7();
  perform khidma.open_booking(booking, t.id, p_tasker, p.hourly_rate_amount,
    case when p.hourly_rate_amount is not null then p.hourly_rate_currency end, opened::text, null, null);
  assignment := khidma.uuid_v7();
  insert into assignments (id, task_id, tasker_id, assigned_by, booking_id, mode, status, reason, expires_at, replaces_id, undoes_id)
  values (assignment, t.id, p_tasker, khidma.actor_id(), booking, case opened when 'offered' then 'offer' else 'direct' end,
          (case opened when 'offered' then 'pending' else 'accepted' end)::assignment_status, p_reason,
          case opened when 'offered' then now() + make_interval(mins =>
            (khidma.config_of_task('assignment.answer_minutes', t.id) ->> t.priority)::int) end, p_replaces, p_undoes);
  return assignment;
end $$;

-- Assigns an open task. Of two who assign at once the second one hears to whom it went.
create or replace function khidma.assign_task(p_task uuid, p_tasker uuid, p_reason text) returns uuid language plpgsql as $$
declare
  b bookings := khidma.lock_dispatched(p_task);
begin
  if b.id is not null then
    perform khidma.refuse(409, 'already_assigned', jsonb_build_object('taskerId', b.tasker_id, 'status', b.status));
  end if;
  return khidma.give_task(p_task, p_tasker, p_reason, null, null, null);
end $$;

-- Refuses to take back a booking whose work has begun, or that there is not.
create or replace function khidma.refuse_taking_back(b bookings, p_task uuid) returns void language plpgsql as $$
declare
  state task_state := (select t.state from tasks t where t.id = p_task);
begin
  if b.id is null or b.status not in ('offered', 'accepted', 'confirmed') or state not in ('posted', 'accepted', 'confirmed') then
    perform khidma.refuse(409, 'not_reassignable', jsonb_build_object('state', state));
  end if;
end $$;

-- Takes a task from its tasker and gives it to another, or to nobody (null): then it waits in the queue.
create or replace function khidma.reassign_task(p_task uuid, p_tasker uuid, p_reason text) returns void language plpgsql as $$
declare
  b bookings := khidma.lock_dispatched(p_task);
  ended uuid;
begin
  perform khidma.refuse_taking_back(b, p_task);
  if b.tasker_id = p_tasker then
    perform khidma.refuse(409, 'already_assigned', jsonb_build_object('taskerId', b.tasker_id, 'status', b.status));
  end if;
  ended := khidma.take_back(b, p_reason);
  perform khidma.take_over_task(t) from tasks t where t.id = p_task;
  if p_tasker is not null then
    perform khidma.give_task(p_task, p_tasker, p_reason, ended, null, null);
  end if;
end $$;

-- Takes back the last act of staff on the assignment of a task, within `assignment.undo_minutes`: a new assignment restores who had the task
-- before, as far as they had got; nothing is deleted. An answer that the tasker has given meanwhile is not taken back.
create or replace function khidma.undo_assignment(p_assignment uuid, p_reason text) returns void language plpgsql as $$
declare
  a assignments;
  b bookings;
  before assignments;
  given boolean;
  why text;
begin
  select * into a from assignments where id = p_assignment;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  b := khidma.lock_dispatched(a.task_id);
  select * into strict a from assignments where id = p_assignment for update;
  given := a.status in ('pending', 'accepted');
  why := case
    when exists (select from assignments n where n.task_id = a.task_id and n.id > a.id) or a.undoes_id is not null then 'not_last'
    when a.status in ('declined', 'expired') or a.status = 'accepted' and a.mode = 'offer' or not given and a.booking_was is null then 'answered'
    when case when given then a.created_at else a.ended_at end
         < now() - make_interval(mins => khidma.config_of_task('assignment.undo_minutes', a.task_id)::int) then 'too_late'
    when given and b.id is distinct from a.booking_id or not given and b.id is not null then 'not_last' end;
  if why is not null then
    perform khidma.refuse(409, 'undo_refused', jsonb_build_object('why', why));
  end if;
  if not given then
    perform khidma.give_task(a.task_id, a.tasker_id, p_reason, null, a.id, a.booking_was);
    return;
  end if;
  perform khidma.refuse_taking_back(b, a.task_id);
  perform khidma.take_back(b, p_reason);
  select * into before from assignments where id = a.replaces_id;
  if before.booking_was is not null then
    perform khidma.give_task(a.task_id, before.tasker_id, p_reason, null, a.id, before.booking_was);
  end if;
end $$;
