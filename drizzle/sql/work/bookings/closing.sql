-- Declines the bookings that a tasker was offered and has not answered.
create or replace function khidma.decline_offered_bookings_of(p_tasker_id uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'canceled', cancel_reason = nullif(current_setting('khidma.reason', true), '') where id in (
    select b.id from bookings b where b.tasker_id = p_tasker_id and b.status = 'offered' order by b.id for update);
end $$;

-- Refuses a booking with somebody whose account is closed, or is being closed (`khidma.close_account`).
create or replace function khidma.guard_booking_accounts() returns trigger language plpgsql as $$
begin
  perform khidma.refuse_closed(array[new.client_id, new.tasker_id]);
  return new;
end $$;
