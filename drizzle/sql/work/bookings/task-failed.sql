-- Cancels the booking in progress of a task that has failed; with a booking in another state a task cannot fail
-- (`assert_task_fits_booking`).
create or replace function khidma.cancel_failed_booking(p_task_id uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'canceled' where task_id = p_task_id and status = 'in_progress';
end $$;
