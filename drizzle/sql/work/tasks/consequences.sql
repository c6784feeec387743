-- Matching is over: the task has its tasker, has expired or was canceled. Nobody can accept what is left of its offers.
create or replace function khidma.after_task_matching(t tasks) returns void language plpgsql as $$
begin
  perform khidma.withdraw_offers_of_task(t.id);
end $$;

-- Completed again by the end of a dispute: what was paid before it is settled.
create or replace function khidma.after_task_completed(t tasks) returns void language plpgsql as $$
begin
  if exists (select from bookings b where b.task_id = t.id and khidma.is_paid(b.id)) then
    update tasks set state = 'settled' where id = t.id;
  end if;
end $$;

-- Both parties may have reviewed the work before it was paid.
create or replace function khidma.after_task_settled(t tasks) returns void language plpgsql as $$
begin
  if (select count(*) from reviews r join bookings b on b.id = r.booking_id where b.task_id = t.id) >= 2 then
    update tasks set state = 'reviewed' where id = t.id;
  end if;
end $$;

-- Work that could not be done holds nobody's time, and is not paid.
create or replace function khidma.after_task_failed(t tasks) returns void language plpgsql as $$
begin
  perform khidma.cancel_failed_booking(t.id);
end $$;

-- Both parties have reviewed: a settled task has come to its end. One that is not paid yet ends when it is.
create or replace function khidma.end_reviewed_task(p_id uuid) returns void language plpgsql as $$
begin
  update tasks set state = 'reviewed' where id = p_id and state = 'settled';
end $$;
