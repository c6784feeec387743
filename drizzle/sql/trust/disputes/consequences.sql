-- A decision moves the booking in the same transaction: no dispute ends without it.

-- Ends what is open of a dispute, and tells those who have reported the booking without being a party to it.
create or replace function khidma.end_dispute(d disputes) returns void language plpgsql as $$
begin
  perform khidma.end_dispute_offers(d.id);
  perform khidma.tell_reporters(d);
end $$;

-- Tells whoever has reported something about the booking how its dispute ended; the parties hear it anyway.
create or replace function khidma.tell_reporters(d disputes) returns void language plpgsql as $$
begin
  perform khidma.emit('dispute.reported_decided', 'dispute', d.id, d.version,
    jsonb_build_object('disputeId', d.id, 'bookingId', d.booking_id, 'reportId', r.id, 'userId', r.reporter_id, 'status', d.status), array[r.reporter_id])
    from (select distinct on (x.reporter_id) x.id, x.reporter_id from reports x join bookings b on b.id = x.booking_id
           where x.booking_id = d.booking_id and x.reporter_id not in (b.client_id, b.tasker_id) order by x.reporter_id, x.id) r;
end $$;

-- Cancels or completes the booking of a resolved dispute: by its contract, where one was frozen, else by its outcome.
create or replace function khidma.after_dispute_resolved(d disputes) returns void language plpgsql as $$
begin
  perform khidma.end_dispute(d);
  if coalesce(khidma.decide_contract(d), d.resolution ->> 'outcome') = 'canceled' then
    perform khidma.cancel_disputed_booking(d.booking_id, d.resolution ->> 'note');
  else
    perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
  end if;
end $$;

-- Completes the booking of a rejected dispute, or ends it as its contract does.
create or replace function khidma.after_dispute_rejected(d disputes) returns void language plpgsql as $$
begin
  perform khidma.end_dispute(d);
  if khidma.decide_contract(d) = 'canceled' then
    perform khidma.cancel_disputed_booking(d.booking_id, d.resolution ->> 'note');
  else
    perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
  end if;
end $$;

-- Completes the booking of a dispute that was withdrawn, or ends it as its contract does: what is held needs a split.
create or replace function khidma.after_dispute_withdrawn(d disputes) returns void language plpgsql as $$
begin
  perform khidma.end_dispute(d);
  if khidma.decide_contract(d) = 'canceled' then
    perform khidma.cancel_disputed_booking(d.booking_id, null);
  else
    perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
  end if;
end $$;

-- Completes the booking after a full refund as well: the work was done, the ledger says what it cost, and both parties can review
-- it.
create or replace function khidma.after_dispute_refunded(d disputes) returns void language plpgsql as $$
begin
  if khidma.decide_contract(d) = 'canceled' then
    perform khidma.cancel_disputed_booking(d.booking_id, d.resolution ->> 'note');
  else
    perform khidma.complete_disputed_booking(d.booking_id, d.created_at);
  end if;
  perform khidma.end_dispute(d);
end $$;
