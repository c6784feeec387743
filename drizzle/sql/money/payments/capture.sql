-- Refuses, at the commit, a captured payment without its capture entry in the ledger: captured money is posted money.
create or replace function khidma.check_capture_posted() returns trigger language plpgsql as $$
begin
  if new.status = 'captured' and not exists (
    select 1 from ledger_entries e where e.booking_id = new.booking_id and e.entry_type = 'capture')
  then
    raise exception 'payment % is captured but not posted', new.id using errcode = 'check_violation',
      constraint = 'payment_capture_posted';
  end if;
  return null;
end $$;

-- Returns whether a booking has a captured payment.
create or replace function khidma.is_paid(p_booking_id uuid) returns boolean language sql stable as $$
  select exists (select from payment_intents p where p.booking_id = p_booking_id and p.status = 'captured')
$$;

-- Cancels the payment of a booking that was chosen and not made.
create or replace function khidma.cancel_payment(p_booking_id uuid) returns void language plpgsql as $$
begin
  update payment_intents set status = 'canceled' where booking_id = p_booking_id and status in ('requires_action', 'authorized');
end $$;
