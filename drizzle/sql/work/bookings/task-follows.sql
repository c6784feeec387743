-- Refuses states of a task and of its booking (the newest) that do not belong together.
create or replace function khidma.assert_task_fits_booking(p_task uuid) returns void language plpgsql as $$
declare
  state task_state;
  status booking_status;
  fits boolean;
begin
  select t.state, b.status into state, status
    from tasks t left join bookings b on b.task_id = t.id where t.id = p_task order by b.id desc limit 1;
  fits := case state
      when 'accepted' then status = 'accepted'
      when 'confirmed' then status = 'confirmed'
      when 'in_progress' then status = 'in_progress'
      when 'on_hold' then status in ('confirmed', 'in_progress')
      when 'failed' then status in ('in_progress', 'canceled')
      when 'completed' then status = 'completed'
      when 'settled' then status = 'completed'
      when 'reviewed' then status = 'completed'
      when 'disputed' then status = 'disputed'
      when 'canceled_by_tasker' then status = 'canceled'
      when 'canceled_by_client' then coalesce(status, 'canceled') = 'canceled'
      when 'draft' then status is null
      else coalesce(status, 'offered') in ('offered', 'canceled')
    end;
  if fits is not true then
    raise exception 'task % is % while its booking is %', p_task, state, status
      using errcode = 'check_violation', constraint = 'task_follows_booking';
  end if;
end $$;

-- Check it at the commit, from either side.
create or replace function khidma.check_booking_of_task() returns trigger language plpgsql as $$
begin
  perform khidma.assert_task_fits_booking(new.id);
  return null;
end $$;

create or replace function khidma.check_task_of_booking() returns trigger language plpgsql as $$
begin
  perform khidma.assert_task_fits_booking(new.task_id);
  return null;
end $$;
