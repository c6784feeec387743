-- Returns the instant of a deadline of a booking that was set at `p_from` with a period of minutes.
create or replace function khidma.booking_deadline_at(b bookings, p_kind text, p_from timestamptz, p_minutes int) returns timestamptz
language plpgsql stable as $$
begin
  return case p_kind
           when 'confirmation' then greatest(p_from + interval '15 minutes',
                                             least(p_from + make_interval(mins => p_minutes), lower(b.scheduled_during)))
           when 'visit' then lower(b.scheduled_during)
           when 'start' then greatest(p_from, upper(b.scheduled_during)) + make_interval(mins => p_minutes)
           when 'completion' then greatest(upper(b.scheduled_during), b.started_at + (upper(b.scheduled_during) - lower(b.scheduled_during)))
                                  + make_interval(mins => p_minutes)
           else p_from + make_interval(mins => p_minutes)
         end;
end $$;

-- Returns the configuration of a deadline for a task: its period and its reminders.
create or replace function khidma.booking_deadline_terms(p_kind text, p_task uuid, out minutes int, out reminders int[])
language plpgsql stable as $$
begin
  select coalesce((c.value ->> 'minutes')::int, 0),
         array(select m.value::int from jsonb_array_elements_text(c.value -> 'reminders') m order by m.value::int desc)
    into minutes, reminders
    from khidma.config_of_task(case p_kind when 'visit' then 'bookings.visit_reminders' else 'bookings.' || p_kind || '_deadline' end,
                               p_task) c (value);
end $$;

-- Ends the deadlines of the state that a booking leaves and sets those of the state that it enters; moves them with its hours (after
-- insert or update). What a decision completes again was accepted or refused by the decision: nobody is asked once more. Nothing is set
-- for the payment of what is paid.
create or replace function khidma.follow_booking_deadlines() returns trigger language plpgsql as $$
declare
  was booking_status := case when tg_op = 'UPDATE' then old.status end;
begin
  if was is not distinct from new.status then
    update booking_deadlines d set due_at = m.due_at, reminded = khidma.reminders_before(d.reminders, m.due_at)
      from (select o.id, khidma.booking_deadline_at(new, o.kind, o.created_at, t.minutes) as due_at
              from booking_deadlines o cross join lateral khidma.booking_deadline_terms(o.kind, new.task_id) t
             where o.booking_id = new.id and o.outcome is null and o.kind in ('confirmation', 'visit', 'start', 'completion')) m
     where d.id = m.id and d.due_at <> m.due_at;
    return null;
  end if;
  update booking_deadlines d
     set ended_at = now(),
         outcome = case when (d.kind, new.status::text) in (('confirmation', 'confirmed'), ('visit', 'in_progress'),
                                                            ('start', 'in_progress'), ('completion', 'completed'))
                        then 'met' else 'moot' end
   where d.booking_id = new.id and d.outcome is null;
  insert into booking_deadlines (id, booking_id, kind, due_at, reminders, reminded)
  select khidma.uuid_v7(), new.id, k.kind, a.due_at, t.reminders, khidma.reminders_before(t.reminders, a.due_at)
    from (values ('accepted', 'confirmation'), ('confirmed', 'visit'), ('confirmed', 'start'), ('in_progress', 'completion'),
                 ('completed', 'acceptance'), ('completed', 'payment')) k (status, kind)
   cross join lateral khidma.booking_deadline_terms(k.kind, new.task_id) t
   cross join lateral khidma.booking_deadline_at(new, k.kind, now(), t.minutes) a (due_at)
   where k.status = new.status::text
     and not (k.kind = 'acceptance' and was = 'disputed')
     and not (k.kind = 'payment' and khidma.is_paid(new.id));
  return null;
end $$;

-- Returns how many reminders before an instant have passed: as it is set, or moved, those are not sent.
create or replace function khidma.reminders_before(p_reminders int[], p_due timestamptz) returns int language plpgsql stable as $$
begin
  return (
    select count(*)::int from unnest(p_reminders) m where p_due - make_interval(mins => m) <= now());
end $$;

-- Keeps when the sweep has something to do for a deadline: its next reminder, or its end (before insert or update). What has ended stays
-- as it ended.
create or replace function khidma.set_next_of_deadline() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.outcome is not null then
    raise exception 'deadline % has ended already', old.id using errcode = 'restrict_violation';
  elsif new.outcome is not null then
    new.next_at := null;
    return new;
  end if;
  new.next_at := least(new.due_at, new.due_at - make_interval(mins => new.reminders[new.reminded + 1]));
  return new;
end $$;

-- Refuses to confirm or to start a booking whose time for that is over: the instant decides, not the sweep (before update of status).
create or replace function khidma.guard_booking_in_time() returns trigger language plpgsql as $$
declare
  due timestamptz;
begin
  select d.due_at into due from booking_deadlines d
   where d.booking_id = new.id and d.outcome is null and d.due_at <= now()
     and (d.kind, new.status::text) in (('confirmation', 'confirmed'), ('start', 'in_progress'));
  if found then
    perform khidma.refuse(409, 'booking_lapsed', jsonb_build_object('lapsedAt', khidma.iso(due)));
  end if;
  return new;
end $$;

-- Refuses a dispute that the client opens about work which they have accepted, or which their silence has (before update of status). An
-- appeal is none of its own.
create or replace function khidma.guard_objection() returns trigger language plpgsql as $$
declare
  accepted timestamptz;
begin
  if khidma.party_in_booking(new) <> 'client'
     or exists (select from disputes d where d.booking_id = new.id and d.appeal_of is not null and khidma.is_dispute_open(d)) then
    return new;
  end if;
  select coalesce(new.work_accepted_at, d.due_at) into accepted
    from (select) x left join booking_deadlines d on d.booking_id = new.id and d.kind = 'acceptance' and d.outcome is null and d.due_at <= now();
  if accepted is not null then
    perform khidma.refuse(409, 'work_accepted', jsonb_build_object('acceptedAt', khidma.iso(accepted)));
  end if;
  return new;
end $$;

-- Emits an event about a booking to its parties.
create or replace function khidma.tell_of_booking(p_type text, b bookings, p_data jsonb default '{}') returns void language plpgsql as $$
begin
  perform khidma.emit(p_type, 'booking', b.id, b.version,
    jsonb_build_object('bookingId', b.id, 'taskId', b.task_id, 'clientId', b.client_id, 'taskerId', b.tasker_id) || p_data,
    array[b.client_id, b.tasker_id]);
end $$;

-- Ends a deadline of a booking in one of its ways, where it is open.
create or replace function khidma.end_booking_deadline(p_booking uuid, p_kind text, p_outcome text) returns void language plpgsql as $$
begin
  update booking_deadlines set outcome = p_outcome, ended_at = now() where booking_id = p_booking and kind = p_kind and outcome is null;
end $$;

-- Returns whether a booking waits for money that nobody is about to collect: neither a gateway nor silence.
create or replace function khidma.is_unpaid(p_booking uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from payment_intents p
                    where p.booking_id = p_booking and p.purpose = 'booking' and p.status not in ('captured', 'canceled')
                      and p.capture_due_at is null and not khidma.may_settle_by_silence(p)));
end $$;

-- Does what follows when a deadline has passed. The machine names it: `deadlines` in machine.ts. A task that staff have put on hold waits,
-- and so does its booking.
create or replace function khidma.pass_booking_deadline(d booking_deadlines) returns void language plpgsql as $$
declare
  b bookings;
begin
  select * into strict b from bookings where id = d.booking_id;
  -- The milestones of a contract have deadlines of their own, and work on hold waits.
  if d.kind in ('start', 'completion') and (b.contract_amount is not null
    or exists (select from tasks t where t.id = b.task_id and t.state = 'on_hold'))
  then
    update booking_deadlines set due_at = now() + interval '1 day', reminded = cardinality(reminders) where id = d.id;
    return;
  end if;
  perform khidma.end_booking_deadline(b.id, d.kind, 'passed');
  case d.kind
    when 'confirmation', 'start' then
      update bookings set status = 'canceled', lapsed = d.kind where id = b.id;
    when 'completion' then
      update bookings
         set status = 'completed',
             completed_at = least(now(), started_at + (upper(scheduled_during) - lower(scheduled_during)))
       where id = b.id;
    when 'acceptance' then
      perform khidma.accept_work(b.id, 'silence');
    when 'payment' then
      if khidma.is_unpaid(b.id) then
        perform khidma.tell_of_booking('booking.unpaid', b);
      end if;
    else null;
  end case;
end $$;

-- Reminds of a deadline, once for each of its reminders; of several that are late at once, one is sent. Nobody is reminded to pay what
-- silence or a gateway is about to settle.
create or replace function khidma.remind_of_booking_deadline(d booking_deadlines) returns boolean language plpgsql as $$
declare
  b bookings;
  is_sent boolean := d.kind <> 'payment' or khidma.is_unpaid(d.booking_id);
begin
  select * into strict b from bookings where id = d.booking_id;
  update booking_deadlines
     set reminded = khidma.reminders_before(reminders, due_at),
         reminded_at = case when is_sent then now() else reminded_at end
   where id = d.id;
  if is_sent then
    perform khidma.tell_of_booking('booking.' || d.kind || '_reminder', b,
      jsonb_build_object('dueAt', khidma.iso(d.due_at), 'startsAt', khidma.iso(lower(b.scheduled_during))));
  end if;
  return is_sent;
end $$;

-- Collects deadlines of bookings that have something to do: ends those that have passed, and sends the reminders of the others. Whoever
-- works on a booking keeps it from the sweep, which passes over it until the next run. Returns what was done.
create or replace function khidma.collect_booking_deadlines(p_limit int) returns json language plpgsql as $$
declare
  due record;
  d booking_deadlines;
  passed int := 0;
  reminders int := 0;
  failed int := 0;
begin
  for due in
    select o.id from booking_deadlines o join bookings b on b.id = o.booking_id
     where o.outcome is null and o.next_at <= now() and not khidma.is_put_off('booking_deadline.pass', o.id)
     order by o.next_at limit p_limit for update of b skip locked
  loop
    begin
      select * into d from booking_deadlines o where o.id = due.id and o.outcome is null and o.next_at <= now() for update;
      if not found then
        continue;
      elsif d.due_at <= now() then
        perform khidma.pass_booking_deadline(d);
        passed := passed + 1;
      elsif khidma.remind_of_booking_deadline(d) then
        reminders := reminders + 1;
      end if;
    exception when others then
      perform khidma.put_off_failed('booking_deadline.pass', due.id, sqlstate, sqlerrm);
      failed := failed + 1;
    end;
  end loop;
  return json_build_object('passed', passed, 'reminders', reminders, 'failed', failed);
end $$;

-- Writes down that the client has accepted the work, or that their silence has, and tells the tasker. Once: the first acceptance stays.
create or replace function khidma.accept_work(p_booking uuid, p_by text) returns void language plpgsql as $$
declare
  b bookings;
begin
  update bookings set work_accepted_at = now(), work_accepted_by = p_by where id = p_booking and work_accepted_at is null returning * into b;
  if found then
    perform khidma.end_booking_deadline(p_booking, 'acceptance', 'met');
    perform khidma.tell_of_booking('booking.work_accepted', b, jsonb_build_object('acceptedBy', p_by));
  end if;
end $$;

-- Ends the wait for the payment of a task's booking, as it was paid.
create or replace function khidma.meet_payment_deadline(p_task uuid) returns void language plpgsql as $$
begin
  update booking_deadlines d set outcome = 'met', ended_at = now()
    from bookings b where b.task_id = p_task and d.booking_id = b.id and d.kind = 'payment' and d.outcome is null;
end $$;

-- Deletes deadlines of bookings of ended tasks after the period of their history, at most `p_limit` (`khidma.purge_task_history`).
create or replace function khidma.purge_booking_deadlines(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  purged int;
begin
  delete from booking_deadlines where id in (
    select d.id from booking_deadlines d join bookings b on b.id = d.booking_id
     where d.ended_at < now() - khidma.retention_period('task_history') and khidma.forgets_history(b.task_id)
     order by d.ended_at limit p_limit for update of d skip locked);
  get diagnostics purged = row_count;
  return purged;
end $$;
