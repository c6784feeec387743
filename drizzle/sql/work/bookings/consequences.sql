-- Opens the conversation, so that both parties can write to each other, and the payment in the client's usual method.
create or replace function khidma.after_booking_accepted(b bookings) returns void language plpgsql as $$
begin
  perform khidma.open_payment(b);
  perform khidma.open_conversation(b);
end $$;

-- Starts the end of the payment. Counts the tasker's own completion only: a booking that a dispute completes again was counted earlier, or was broken off.
create or replace function khidma.after_booking_completed(b bookings) returns void language plpgsql as $$
begin
  perform khidma.await_payment(b.id);
  perform khidma.count_booking(b.tasker_id, true);
end $$;

-- Cancels, with the booking, the payment that was not made. A tasker who cancels has ended a booking without completing it; a
-- cancellation by client or staff does not count against the tasker.
create or replace function khidma.after_booking_canceled(b bookings) returns void language plpgsql as $$
begin
  perform khidma.cancel_payment(b.id);
  if khidma.actor_id() = b.tasker_id then
    perform khidma.count_booking(b.tasker_id, false);
  end if;
end $$;
