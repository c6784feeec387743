-- Notes when an assignment was answered, or ended otherwise (before insert or update of status).
create or replace function khidma.stamp_assignment_end() returns trigger language plpgsql as $$
begin
  new.ended_at := case when new.status <> 'pending' then now() end;
  return new;
end $$;

-- Lets the assignment of a booking follow it out of `offered`, and its task be nobody's when it is canceled (after update of status on
-- bookings). An accepted one that comes through `offered` was released by staff. Bookings that were sourced otherwise have no assignment.
create or replace function khidma.keep_assignment() returns trigger language plpgsql as $$
begin
  if new.status = 'accepted' then
    update assignments set status = 'accepted' where booking_id = new.id and status = 'pending';
    return null;
  elsif old.status <> 'offered' then
    perform khidma.note_assignment(new.task_id, null);
    return null;
  end if;
  update assignments set status = 'revoked' where booking_id = new.id and status = 'accepted';
  update assignments
     set outcome_reason = coalesce(outcome_reason, case when khidma.party_in_booking(new) = 'tasker' then new.cancel_reason end),
         status = (case khidma.party_in_booking(new) when 'tasker' then 'declined' when 'system' then 'expired' else 'withdrawn' end)::assignment_status
   where booking_id = new.id and status = 'pending';
  return null;
end $$;

-- Counts the answer, as that to an offer.
create or replace function khidma.after_assignment_accepted(a assignments) returns void language plpgsql as $$
begin
  perform khidma.count_answer(a.tasker_id, true);
end $$;

create or replace function khidma.after_assignment_declined(a assignments) returns void language plpgsql as $$
begin
  perform khidma.count_answer(a.tasker_id, false);
  perform khidma.note_assignment(a.task_id, null);
end $$;

create or replace function khidma.after_assignment_expired(a assignments) returns void language plpgsql as $$
begin
  perform khidma.count_answer(a.tasker_id, false);
  perform khidma.note_assignment(a.task_id, null);
end $$;

create or replace function khidma.after_assignment_withdrawn(a assignments) returns void language plpgsql as $$
begin
  perform khidma.note_assignment(a.task_id, null);
end $$;

create or replace function khidma.after_assignment_revoked(a assignments) returns void language plpgsql as $$
begin
  perform khidma.note_assignment(a.task_id, null);
end $$;

-- Ends assignments whose taskers were silent, at most `p_limit` a run: their tasks are in the queue of staff again. Nobody can accept them
-- already.
create or replace function khidma.expire_assignments(p_limit int) returns int language plpgsql as $$
declare
  due record;
  ended int := 0;
begin
  for due in
    select b.id from assignments a join bookings b on b.id = a.booking_id
     where a.status = 'pending' and a.expires_at <= now() order by a.expires_at limit p_limit for update of b skip locked
  loop
    perform khidma.lapse_booking(due.id);
    ended := ended + 1;
  end loop;
  return ended;
end $$;

-- Refuses an answer that comes after the deadline: for whoever reads the instant, the assignment has ended (before update of status on bookings).
create or replace function khidma.guard_assignment_answer() returns trigger language plpgsql as $$
begin
  if khidma.party_in_booking(new) = 'tasker'
    and exists (select from assignments a where a.booking_id = new.id and a.status = 'pending' and a.expires_at <= clock_timestamp())
  then
    perform khidma.refuse(409, 'assignment_expired');
  end if;
  return new;
end $$;

-- Part of `khidma.archive_tasks`: removes the reasons from the history of assignments.
create or replace function khidma.archive_assignments(p_tasks uuid[]) returns void language plpgsql as $$
begin
  update assignments set reason = null, outcome_reason = null
   where task_id = any (p_tasks) and (reason is not null or outcome_reason is not null);
end $$;
