-- Opens the conversation, so that both parties can write to each other, and the payment in the client's usual method.
create or replace function khidma.after_booking_accepted(b bookings) returns void language plpgsql as $$
begin
  perform khidma.open_payment(b);
  perform khidma.open_conversation(b);
end $$;

-- Opens conversation and payment of a booking that staff have confirmed outright.
create or replace function khidma.after_booking_confirmed(b bookings) returns void language plpgsql as $$
begin
  perform khidma.after_booking_accepted(b);
end $$;

-- Cancels the payment and ends the proposed change of a booking that was released and is withdrawn now. There is nothing of it where it was
-- never accepted, and nobody has broken a promise: no fee, and no count against the tasker. A task that is matched is searched for from now.
create or replace function khidma.after_booking_offered(b bookings) returns void language plpgsql as $$
begin
  perform khidma.cancel_payment(b.id);
  -- Its tasker had signed one, and staff have given the task to another.
  perform khidma.cancel_contract_of(b);
  perform khidma.end_booking_change(b.id);
  perform khidma.resume_search(b.task_id);
end $$;

-- Starts the end of the payment; ends a proposed change, and a contract that nobody has signed in time. Counts the tasker's own completion only: a booking that a dispute completes
-- again was counted earlier, or was broken off.
create or replace function khidma.after_booking_completed(b bookings) returns void language plpgsql as $$
begin
  perform khidma.await_payment(b.id);
  perform khidma.count_booking(b.tasker_id, true);
  perform khidma.end_booking_change(b.id);
  perform khidma.end_draft_of(b.id);
end $$;

-- Charges the fee of an early end, cancels the payment that was not made, and the contract. A tasker who cancels, or did not appear, has ended a booking without
-- completing it; a cancellation by client or staff does not count against the tasker, nor does reporting a client who did not appear.
create or replace function khidma.after_booking_canceled(b bookings) returns void language plpgsql as $$
begin
  perform khidma.charge_booking_fee(b.id);
  perform khidma.cancel_payment(b.id);
  perform khidma.cancel_contract_of(b);
  perform khidma.end_booking_change(b.id);
  if coalesce(b.no_show_by = 'tasker', khidma.actor_id() = b.tasker_id) then
    perform khidma.count_booking(b.tasker_id, false);
  end if;
end $$;

-- Freezes the contract and ends a proposed change: the decision on the dispute is about what was agreed.
create or replace function khidma.after_booking_disputed(b bookings) returns void language plpgsql as $$
begin
  perform khidma.freeze_contract_of(b);
  perform khidma.end_booking_change(b.id);
end $$;
