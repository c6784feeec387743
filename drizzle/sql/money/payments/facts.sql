-- Locks the payment of an attempt, and before it what everybody locks first: the booking of a contract, whose money moves behind it, or the
-- order, which may end with its payment. In steps: a join that is planned while there are few payments is kept, and reads all of them later.
create or replace function khidma.lock_payment_of(p_transaction uuid) returns payment_intents language plpgsql as $$
declare
  p payment_intents;
begin
  select * into strict p from payment_intents where id = (select x.intent_id from payment_transactions x where x.id = p_transaction);
  if p.purpose = 'contract' then
    perform from bookings where id = p.booking_id for update;
  elsif p.order_id is not null then
    perform from orders where id = p.order_id for update;
  end if;
  select * into strict p from payment_intents where id = p.id for update;
  return p;
end $$;

-- Moves a payment by what is true at its gateway now, forward only: the one place where facts of a gateway become states and entries,
-- whoever learnt them (our call, an event, the janitor, reconciliation), however often and in whatever order. `f` is a
-- `GatewayPayment` of src/providers/payments/gateway.ts, with the time at which the gateway was asked (`askedAt`): an end that was true
-- before something newer undoes nothing.
create or replace function khidma.apply_payment(p_transaction uuid, f jsonb) returns void language plpgsql as $$
declare
  p payment_intents;
  t payment_transactions;
  fact text := f ->> 'status';
  moved bigint := (f ->> 'capturedMinor')::bigint;
  held bigint := (f ->> 'amountMinor')::bigint;
  fee bigint := (f ->> 'feeMinor')::bigint;
  waits boolean := fact in ('requires_action', 'processing');
  asked timestamptz := (f ->> 'askedAt')::timestamptz;
  given_up boolean;
begin
  p := khidma.lock_payment_of(p_transaction);
  select * into strict t from payment_transactions where id = p_transaction for update;
  given_up := p.transaction_id is distinct from t.id or p.status in ('captured', 'canceled');
  if f ->> 'currency' <> t.currency or coalesce(f ->> 'reference', t.reference) <> t.reference then
    update payment_intents set review = 'underpaid' where id = p.id;
    update payment_transactions set checks = checks + 1, next_check_at = khidma.next_check(checks, false) where id = t.id and next_check_at is not null;
    return;
  end if;

  if fact in ('failed', 'canceled') and asked < (t.response ->> 'askedAt')::timestamptz then
    return;
  end if;

  update payment_transactions
     set gateway_reference = f ->> 'gatewayReference', raw_status = f ->> 'rawStatus', failure_code = f -> 'failure' ->> 'code',
         response = (f - array['nextAction', 'saved'])
           || jsonb_build_object('askedAt', greatest(asked, (response ->> 'askedAt')::timestamptz)),
         status = case when fact in ('failed', 'canceled') and not is_booked then 'failed' else 'completed' end::transaction_status,
         completed_at = case when waits then null else coalesce(completed_at, now()) end,
         checks = checks + 1,
         -- One that was given up is asked about by its release.
         next_check_at = case when waits and not given_up then khidma.next_check(checks, true) end
   where id = t.id returning * into t;

  if fact = 'captured' and not t.is_booked then
    update payment_transactions set is_booked = true where id = t.id;
    perform khidma.take_money(p, t, moved);
    if fee > 0 then
      perform khidma.post('gateway_fee', 'payment_transaction', t.id, null, p.booking_id, p.currency,
        jsonb_build_object('gateway', t.gateway), jsonb_build_object('fee', fee));
    end if;
  elsif given_up then
    -- The gateway's hold is released, once, however late it came.
    if (waits or fact = 'authorized') and not t.is_booked then
      update payment_transactions set release_due_at = coalesce(release_due_at, now()) where id = t.id;
    elsif fact = 'canceled' then
      update payment_transactions set release_due_at = null where id = t.id;
    end if;
  elsif waits and p.status = 'requires_action' then
    -- A gateway that is asked again may not tell the next step again.
    update payment_intents
       set provider_reference = t.gateway_reference, raw_status = t.raw_status,
           next_action = coalesce(nullif(f -> 'nextAction', 'null') - 'expiresAt', next_action),
           expires_at = coalesce((f -> 'nextAction' ->> 'expiresAt')::timestamptz, expires_at)
     where id = p.id;
  elsif fact = 'authorized' and p.status in ('requires_action', 'failed') then
    -- Its payer has tried again.
    if p.status = 'failed' then
      update payment_intents set status = 'requires_action' where id = p.id;
    end if;
    update payment_intents
       set status = 'authorized', amount_authorized = held, provider_reference = t.gateway_reference, raw_status = t.raw_status,
           hold_expires_at = (f ->> 'holdExpiresAt')::timestamptz, next_action = null, expires_at = null, failure_code = null,
           review = case when held < t.amount then 'underpaid' else review end
     where id = p.id;
    perform khidma.go_on_with_booking(p);
  elsif fact in ('failed', 'canceled') and not t.is_booked and p.status in ('requires_action', 'authorized') then
    update payment_intents
       set status = 'failed', amount_authorized = 0, capture_due_at = null, next_action = null, expires_at = null,
           raw_status = t.raw_status,
           failure_code = coalesce(f -> 'failure' ->> 'code', case when p.status = 'authorized' then 'expired' else 'canceled_by_payer' end)
     where id = p.id;
    perform khidma.go_on_with_booking(p);
    -- The hold is gone from which the fee of a cancelled booking was to be taken.
    perform khidma.owe_fee(b, p.amount, 'hold') from bookings b
      where b.id = p.booking_id and b.status = 'canceled' and p.capture_due_at is not null and b.fee_waived_at is null;
  end if;
end $$;

-- Goes on with the payment of a booking whose work is completed, after its attempt has ended. A tip has a booking too, and changes
-- nothing about how that one is paid.
create or replace function khidma.go_on_with_booking(p payment_intents) returns void language plpgsql as $$
begin
  perform khidma.await_payment(b.id) from bookings b where b.id = p.booking_id and p.purpose = 'booking' and b.status = 'completed';
end $$;

-- Books money that a gateway took, once. Of an attempt that was given up, of a payment that has ended, and for a
-- contract or an order that does not need it so, it goes back at once.
-- For a booking it is the capture that was asked for, or a prepayment that waits in escrow for the fare.
create or replace function khidma.take_money(p payment_intents, t payment_transactions, p_amount bigint) returns void language plpgsql as $$
declare
  fare bigint;
begin
  if p.status in ('requires_action', 'failed')
    and (p.purpose = 'contract' and not khidma.is_fundable(p, p_amount) or p.purpose = 'order' and not khidma.is_order_payable(p.order_id, p_amount)) then
    update payment_intents set status = 'canceled', next_action = null, expires_at = null where id = p.id returning * into p;
  end if;
  if p.transaction_id is distinct from t.id or p.status in ('captured', 'canceled') then
    perform khidma.book_prepayment(p, t, p_amount);
    perform khidma.return_prepayment(p, t.id, p_amount, 'late');
    update payment_transactions set release_due_at = null where id = t.id;
    update payment_intents set review = coalesce(review, 'late') where id = p.id;
    return;
  end if;
  if p.status = 'failed' then
    update payment_intents set status = 'requires_action' where id = p.id returning * into p;
  end if;
  update payment_intents set provider_reference = t.gateway_reference, raw_status = t.raw_status, next_action = null where id = p.id;
  if p.purpose <> 'booking' then
    perform khidma.capture_payment(p.id, p_amount);
  elsif p.status = 'authorized' and p.capture_due_at is not null and p_amount = p.amount then
    perform khidma.capture_payment(p.id, p_amount);
  else
    perform khidma.book_prepayment(p, t, p_amount);
    fare := case when p.capture_due_at is not null then p.amount
                 when exists (select from bookings b where b.id = p.booking_id and b.status = 'completed') then khidma.fare_of(p.booking_id) end;
    update payment_intents
       set is_prepaid = true, amount_authorized = p_amount, expires_at = null, failure_code = null,
           review = case when p_amount < t.amount then 'underpaid' when p_amount > t.amount then 'overpaid' else review end
     where id = p.id;
    if fare > 0 then
      perform khidma.capture_payment(p.id, least(fare, p_amount));
    elsif fare is null and p.status = 'requires_action' then
      update payment_intents set status = 'authorized' where id = p.id;
    end if;
  end if;
end $$;

-- Puts what a gateway took into escrow, under the attempt that took it.
create or replace function khidma.book_prepayment(p payment_intents, t payment_transactions, p_amount bigint) returns void language plpgsql as $$
begin
  perform khidma.post('prepayment', 'payment_transaction', t.id, null, p.booking_id, p.currency,
    jsonb_build_object('payer', p.payer_id, 'gateway', t.gateway), jsonb_build_object('amount', p_amount));
end $$;

-- Writes down a refusal of a gateway to begin, capture, refund or release: nothing happened.
create or replace function khidma.apply_refusal(p_transaction uuid, p_code text) returns void language plpgsql as $$
declare
  p payment_intents;
  t payment_transactions;
begin
  p := khidma.lock_payment_of(p_transaction);
  update payment_transactions set status = 'failed', failure_code = p_code, completed_at = now(), next_check_at = null
   where id = p_transaction and completed_at is null returning * into t;
  if p.transaction_id = t.id and p.status = 'requires_action' then
    update payment_intents set status = 'failed', failure_code = p_code, next_action = null where id = p.id;
    perform khidma.go_on_with_booking(p);
  end if;
end $$;
