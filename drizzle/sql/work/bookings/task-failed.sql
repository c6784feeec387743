-- A task that has failed ends its booking; those of other states are refused by the machine.
create or replace function khidma.cancel_failed_booking(p_task_id uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'canceled' where task_id = p_task_id and status = 'in_progress';
end $$;
