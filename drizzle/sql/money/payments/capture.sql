-- Refuses, at the commit, a captured payment without its capture entry in the ledger: captured money is posted money.
create or replace function khidma.check_capture_posted() returns trigger language plpgsql as $$
begin
  if new.status = 'captured' and not exists (
    select 1 from ledger_entries e where e.document_id = new.id and e.document_type = 'payment_intent' and e.entry_type = 'capture')
  then
    raise exception 'payment % is captured but not posted', new.id using errcode = 'check_violation',
      constraint = 'payment_capture_posted';
  end if;
  return null;
end $$;

-- Returns whether a booking has a captured payment, or a contract that has ended and paid.
create or replace function khidma.is_paid(p_booking_id uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from payment_intents p where p.booking_id = p_booking_id and p.purpose = 'booking' and p.status = 'captured')
        or exists (select from contracts c join escrows e on e.contract_id = c.id
                    where c.booking_id = p_booking_id and c.status in ('completed', 'canceled') and e.released_amount > 0));
end $$;

-- Returns the platform's part of what a payment captures: of a fare under the terms of its booking, of a tip nothing.
create or replace function khidma.commission_on(p payment_intents, p_amount bigint) returns bigint language plpgsql stable as $$
begin
  return (
    select case when p.purpose = 'booking' then (
      select khidma.share_of(p_amount, b.commission_basis_points, b.commission_minimum, b.commission_maximum)
        from bookings b where b.id = p.booking_id) else 0 end);
end $$;

-- Returns whose accounts a payment is for: the payee's, or the company's that earns the booking where both have agreed so. A tip is for
-- whoever did the work. The parties of the payment stay its client and its tasker.
create or replace function khidma.credited_by(p payment_intents) returns uuid language plpgsql stable as $$
begin
  return (
    select coalesce((select b.company_id from bookings b where b.id = p.booking_id and b.payout_to = 'company' and p.purpose <> 'tip'), p.payee_id));
end $$;

-- Captures an amount of a payment and posts it: the one way to `captured`, whatever the method. What was authorised beyond it is
-- released: the wallet's by ending its hold, a gateway's hold by its capture, what was prepaid by a return.
create or replace function khidma.capture_payment(p_intent uuid, p_amount bigint) returns void language plpgsql as $$
declare
  p payment_intents;
  part bigint;
  owners jsonb;
  amounts jsonb;
  rest bigint;
  collected uuid;
begin
  select * into strict p from payment_intents where id = p_intent for update;
  part := khidma.commission_on(p, p_amount);
  owners := jsonb_build_object('payer', p.payer_id, 'payee', khidma.credited_by(p), 'gateway', p.provider);
  amounts := jsonb_build_object('fare', p_amount, 'amount', p_amount, 'commission', part, 'net', p_amount - part);
  rest := greatest(p.amount_authorized - p_amount, 0);

  update payment_intents
     set status = 'captured', amount = p_amount, amount_captured = p_amount, amount_authorized = greatest(amount_authorized, p_amount),
         amount_released = rest, captured_at = now(), capture_due_at = null, settles_at = null, expires_at = null,
         next_action = null, review = case when review in ('cash_objection', 'no_fare') then null else review end
   where id = p.id;

  if p.purpose = 'booking' and p.method <> 'cash' then
    perform khidma.lock_withholding(p.booking_id);
  end if;
  if p.purpose = 'top_up' then
    perform khidma.post('top_up', 'payment_intent', p.id, null, null, p.currency, owners, amounts);
  elsif p.purpose = 'contract' then
    perform khidma.fund_contract(p, p_amount);
  elsif p.purpose = 'debt' then
    perform khidma.pay_debts(p, p_amount);
  elsif p.purpose = 'order' then
    perform khidma.post_order_payment(p, p_amount);
  elsif p.method = 'cash' then
    perform khidma.post('cash_fare', 'payment_intent', p.id, null, p.booking_id, p.currency, owners, amounts);
    perform khidma.post('cash_kept', 'payment_intent', p.id, null, p.booking_id, p.currency, owners, amounts);
    perform khidma.record_cash_payout(p, p_amount);
    if part > 0 then
      perform khidma.post('cash_commission', 'payment_intent', p.id, null, p.booking_id, p.currency, owners, amounts);
    end if;
  elsif p.method = 'wallet' then
    perform khidma.end_hold('payment_intent', p.id, 'captured');
    collected := khidma.post('wallet_capture', 'payment_intent', p.id, null, p.booking_id, p.currency, owners, amounts);
  elsif p.is_prepaid then
    collected := khidma.post('prepaid_capture', 'payment_intent', p.id, null, p.booking_id, p.currency, owners, amounts);
    if rest > 0 then
      perform khidma.return_prepayment(p, p.transaction_id, rest, 'unused');
    end if;
  else
    collected := khidma.post('gateway_capture', 'payment_intent', p.id, null, p.booking_id, p.currency, owners, amounts);
  end if;
  if p.purpose = 'booking' and collected is not null then
    perform khidma.withhold_tax(collected);
  end if;
end $$;

-- Settles the task of a completed booking, and completes an order. A fee that a cancelled booking leaves behind, and a tip, settle nothing.
create or replace function khidma.after_payment_intent_captured(p payment_intents) returns void language plpgsql as $$
begin
  if p.purpose = 'booking' then
    perform khidma.move_task(b.task_id, 'settled') from bookings b where b.id = p.booking_id and b.status = 'completed';
  elsif p.purpose = 'order' then
    perform khidma.complete_order(p.order_id);
  end if;
end $$;

-- Releases what was authorised: the wallet's hold now; a gateway's hold, or a prepayment, by the work that is due from now on.
create or replace function khidma.after_payment_intent_authorized(p payment_intents) returns void language plpgsql as $$
begin
  if p.method = 'wallet' then
    perform khidma.end_hold('payment_intent', p.id, 'released');
  end if;
end $$;

-- Gives up the attempt of a payment: what was prepaid goes back, and a hold is to be released by the gateway. An attempt that nobody
-- knows the end of is released once it is known.
create or replace function khidma.release_attempt(p payment_intents) returns void language plpgsql as $$
begin
  if p.transaction_id is null then
    return;
  elsif p.is_prepaid and p.status = 'authorized' then
    perform khidma.return_prepayment(p, p.transaction_id, p.amount_authorized, 'canceled');
  else
    update payment_transactions set release_due_at = now() where id = p.transaction_id
      and (status <> 'failed' or gateway_reference is not null);
  end if;
end $$;

-- Gives a new booking its payment, in the client's usual method; cash where they have none.
create or replace function khidma.open_payment(b bookings) returns void language plpgsql as $$
begin
  insert into payment_intents (id, booking_id, payer_id, payee_id, method, provider, currency)
  select khidma.uuid_v7(), b.id, b.client_id, b.tasker_id, usual.method,
         case when usual.method in ('cash', 'wallet') then usual.method::text end, b.agreed_rate_currency
    from (select coalesce((select c.preferred_payment_method from client_profiles c where c.user_id = b.client_id), 'cash') as method) usual;
end $$;

-- Ends the payment of a booking that is cancelled: nothing was made of it, or what was authorised goes back. One from which the gateway
-- is to take a fee ends with that; a fare that it was to take for work that a dispute cancels is taken no more.
create or replace function khidma.cancel_payment(p_booking_id uuid) returns void language plpgsql as $$
declare
  p payment_intents;
begin
  for p in select * from payment_intents i where i.booking_id = p_booking_id and i.status in ('requires_action', 'authorized', 'failed')
               and (i.capture_due_at is null or exists (select from bookings b where b.id = p_booking_id and b.completed_at is not null))
              order by i.id for update loop
    update payment_intents
       set status = 'canceled', settles_at = null, capture_due_at = null, next_action = null, expires_at = null,
           amount_released = case when p.status = 'authorized' then amount_authorized else 0 end
     where id = p.id;
    perform khidma.release_attempt(p);
  end loop;
end $$;

-- Starts the end of a payment once the work is completed: what is authorised is captured, the fare and never more; a gateway is
-- asked to. Without an authorisation the booking is paid in cash, and silence settles it after a while.
create or replace function khidma.await_payment(p_booking_id uuid) returns void language plpgsql as $$
declare
  p payment_intents;
  fare bigint := khidma.fare_of(p_booking_id);
begin
  select * into p from payment_intents i where i.booking_id = p_booking_id and i.purpose = 'booking' for update;
  if p.status = 'authorized' and fare > 0 then
    if p.method = 'wallet' or p.is_prepaid then
      perform khidma.capture_payment(p.id, least(fare, p.amount_authorized));
    else
      update payment_intents set amount = least(fare, amount_authorized), capture_due_at = now() where id = p.id;
    end if;
  elsif p.status in ('requires_action', 'authorized') then
    perform khidma.await_cash(p.id);
  elsif p.status = 'failed' then
    update payment_intents set status = 'requires_action' where id = p.id;
    perform khidma.await_cash(p.id);
  end if;
end $$;
