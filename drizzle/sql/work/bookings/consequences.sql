-- Both parties can write to each other from now on.
create or replace function khidma.after_booking_accepted(b bookings) returns void language plpgsql as $$
begin
  perform khidma.open_conversation(b);
end $$;

-- Only the tasker's own completion counts: a booking that a dispute completes again was counted before, or was broken off.
create or replace function khidma.after_booking_completed(b bookings) returns void language plpgsql as $$
begin
  perform khidma.count_booking(b.tasker_id, true);
end $$;

-- The payment that nobody has made goes with the booking. A tasker who cancels has ended a booking without completing it; what
-- client or staff cancel is not theirs.
create or replace function khidma.after_booking_canceled(b bookings) returns void language plpgsql as $$
begin
  perform khidma.cancel_payment(b.id);
  if khidma.actor_id() = b.tasker_id then
    perform khidma.count_booking(b.tasker_id, false);
  end if;
end $$;
