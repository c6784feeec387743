-- The decision moves the booking, in the same transaction: no dispute ends without it.

create or replace function khidma.after_dispute_resolved(d disputes) returns void language plpgsql as $$
begin
  if d.resolution ->> 'outcome' = 'canceled' then
    perform khidma.cancel_disputed_booking(d.booking_id, d.resolution ->> 'note');
  else
    perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
  end if;
end $$;

create or replace function khidma.after_dispute_rejected(d disputes) returns void language plpgsql as $$
begin
  perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
end $$;

-- After a full refund as well: the work was done, the books say what it cost, and both parties can review it.
create or replace function khidma.after_dispute_refunded(d disputes) returns void language plpgsql as $$
begin
  perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
end $$;
