-- A decision moves the booking in the same transaction: no dispute ends without it.

-- Cancels or completes the booking of a resolved dispute, by its outcome.
create or replace function khidma.after_dispute_resolved(d disputes) returns void language plpgsql as $$
begin
  if d.resolution ->> 'outcome' = 'canceled' then
    perform khidma.cancel_disputed_booking(d.booking_id, d.resolution ->> 'note');
  else
    perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
  end if;
end $$;

-- Completes the booking of a rejected dispute.
create or replace function khidma.after_dispute_rejected(d disputes) returns void language plpgsql as $$
begin
  perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
end $$;

-- Completes the booking after a full refund as well: the work was done, the ledger says what it cost, and both parties can review
-- it.
create or replace function khidma.after_dispute_refunded(d disputes) returns void language plpgsql as $$
begin
  perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
end $$;
