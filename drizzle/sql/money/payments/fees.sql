-- Charges the fee of a booking that ended early: from what its payment has authorised or its contract holds, as far as that reaches, and the rest (or the
-- fee of a tasker) as a debt. Called before what is left of the payment is released.
create or replace function khidma.charge_booking_fee(p_booking uuid) returns void language plpgsql as $$
declare
  b bookings;
  p payment_intents;
  taken bigint := 0;
begin
  select * into strict b from bookings where id = p_booking;
  if b.cancellation_fee_payer = 'client' then
    select * into p from payment_intents i where i.booking_id = b.id and i.purpose = 'booking' and i.status = 'authorized' for update;
    -- `least` passes over null.
    taken := least(b.cancellation_fee_amount, coalesce(p.amount_authorized, 0));
    if taken > 0 and (p.method = 'wallet' or p.is_prepaid) then
      perform khidma.capture_payment(p.id, taken);
    elsif taken > 0 then
      update payment_intents set amount = taken, capture_due_at = now() where id = p.id;
    end if;
  end if;
  taken := taken + khidma.fee_of_escrow(b);
  if b.cancellation_fee_amount > taken then
    perform khidma.owe_fee(b, b.cancellation_fee_amount - taken);
  end if;
end $$;

-- Makes a fee, or what no payment covered of it, the debt of who owes it. `p_part` tells what a lost hold was to pay from the rest.
create or replace function khidma.owe_fee(b bookings, p_amount bigint, p_part text default null) returns void language plpgsql as $$
begin
  perform khidma.post('fee_due', 'booking', b.id, p_part, b.id, b.agreed_rate_currency,
    jsonb_build_object('payer', case b.cancellation_fee_payer when 'client' then b.client_id else khidma.earner_of(b) end),
    jsonb_build_object('fare', p_amount));
end $$;

-- Gives a waived fee back: what was captured as a refund; of what was owed, the debt is taken out of the books again, what its payer has
-- paid since goes into their wallet, and the rest was written off.
create or replace function khidma.give_back_fee(p_booking uuid, p_refund uuid) returns void language plpgsql as $$
declare
  b bookings;
  p payment_intents;
  due bigint;
  who uuid;
  owed bigint;
  paid bigint;
begin
  select * into b from bookings where id = p_booking;
  if not found then
    return;
  end if;
  select * into p from payment_intents i where i.booking_id = b.id and i.purpose = 'booking' for update;
  if p.status = 'captured' and p.amount_captured > p.amount_refunded then
    perform khidma.open_refund(p_refund, p.id, p.amount_captured - p.amount_refunded, 'canceled', 'original', null, null);
  elsif p.capture_due_at is not null then
    update payment_intents set status = 'canceled', capture_due_at = null, amount_released = amount_authorized where id = p.id;
    perform khidma.release_attempt(p);
  end if;
  if khidma.is_paid(b.id) and p.status is distinct from 'captured' then
    perform khidma.refund_booking(b.id, least(b.cancellation_fee_amount, khidma.paid_for_booking(b.id)), 'canceled', 'original', null, null);
  end if;
  who := case b.cancellation_fee_payer when 'client' then b.client_id else khidma.earner_of(b) end;
  perform khidma.lock_debts(who);
  select sum(l.amount) into due from ledger_entries e join ledger_lines l on l.entry_id = e.id
   where e.document_id = b.id and e.posting = 'fee_due' and l.amount > 0;
  if due > 0 then
    select least(d.fee, due) into owed from khidma.debts_of(who, b.agreed_rate_currency) d;
    paid := least(khidma.paid_since(who, b.agreed_rate_currency, 'fee_receivable', b.id, 'fee_due'), due - owed);
    perform khidma.post('fee_waived', 'booking', b.id, null, b.id, b.agreed_rate_currency, jsonb_build_object('payer', who),
      jsonb_build_object('fare', due, 'owed', owed, 'paid', paid, 'writtenOff', due - owed - paid));
  end if;
end $$;
