-- Moves a task along with its booking or payment. Its own triggers refuse what the task's machine does not allow.
create or replace function khidma.move_task(p_task_id uuid, p_state text) returns void language plpgsql as $$
begin
  update tasks set state = p_state::task_state where id = p_task_id;
end $$;

-- Closes everything by which a tasker could still win a task, when the search for one is over: the task has its tasker, has expired or
-- was canceled. Whoever adds a way to a booking adds its line here.
create or replace function khidma.close_proposals_of_task(p_task_id uuid) returns void language plpgsql as $$
begin
  perform khidma.withdraw_offers_of_task(p_task_id);
  perform khidma.close_bids_of_task(p_task_id);
  perform khidma.close_lead_of_task(p_task_id);
  perform khidma.withdraw_offered_booking(p_task_id);
end $$;

-- Closes the proposals of a task that found its end before matching began, or without it.
create or replace function khidma.after_task_posted(t tasks) returns void language plpgsql as $$
begin
  perform khidma.close_proposals_of_task(t.id);
end $$;

-- Closes the proposals of a task when matching is over.
create or replace function khidma.after_task_matching(t tasks) returns void language plpgsql as $$
begin
  perform khidma.close_proposals_of_task(t.id);
end $$;

-- Settles a task that the end of a dispute completes again, where it was paid earlier.
create or replace function khidma.after_task_completed(t tasks) returns void language plpgsql as $$
begin
  if exists (select from bookings b where b.task_id = t.id and b.status <> 'canceled' and khidma.is_paid(b.id)) then
    update tasks set state = 'settled' where id = t.id;
  end if;
end $$;

-- Ends the wait for the payment; ends a settled task where both parties have reviewed the work before it was paid.
create or replace function khidma.after_task_settled(t tasks) returns void language plpgsql as $$
begin
  perform khidma.meet_payment_deadline(t.id);
  if (select count(*) from reviews r join bookings b on b.id = r.booking_id where b.task_id = t.id) >= 2 then
    update tasks set state = 'reviewed' where id = t.id;
  end if;
end $$;

-- Cancels the booking of work that could not be done: it takes up no time in the tasker's calendar, and is not paid.
create or replace function khidma.after_task_failed(t tasks) returns void language plpgsql as $$
begin
  perform khidma.cancel_failed_booking(t.id);
end $$;

-- Ends a settled task that both parties have reviewed. One that is not paid yet ends when it is.
create or replace function khidma.end_reviewed_task(p_id uuid) returns void language plpgsql as $$
begin
  update tasks set state = 'reviewed' where id = p_id and state = 'settled';
end $$;
