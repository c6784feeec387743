-- Refuses a caller who is not the payer: strangers 404, the tasker and staff 403.
create or replace function khidma.assert_payer(p payment_intents) returns void language plpgsql as $$
declare
  party text := khidma.party_in_payment_intent(p);
begin
  if p.id is null or party is null then
    perform khidma.refuse(404, 'not_found');
  elsif party <> 'client' then
    perform khidma.refuse(403, 'forbidden');
  end if;
end $$;

-- Returns the most that a booking can cost: its fare once the work is completed, else the upper end of its estimate, or what is
-- expected where there is no limit. Null where nothing is known.
create or replace function khidma.amount_to_authorize(p_booking uuid) returns bigint language plpgsql stable as $$
begin
  return (select case when b.status = 'completed' then khidma.fare_of(b.id)
                else coalesce(e.highest, e.expected) end
      from bookings b join tasks t on t.id = b.task_id cross join lateral khidma.estimate_of(b, t.pricing_model) e where b.id = p_booking);
end $$;

-- Begins the payment of a booking anew with another method, in the payer's name: what was authorised is released. Refuses where the
-- booking cannot be paid, or the payment has ended. Returns the payment as it is then, `requires_action`.
create or replace function khidma.choose_method(p_booking uuid, p_method payment_method) returns payment_intents language plpgsql as $$
declare
  p payment_intents;
  state booking_status;
begin
  select * into p from payment_intents i where i.booking_id = p_booking and i.purpose = 'booking' for update;
  perform khidma.assert_payer(p);
  perform khidma.refuse_beside_contract(p_booking);
  select b.status into state from bookings b where b.id = p_booking;
  if state not in ('accepted', 'confirmed', 'in_progress', 'completed') then
    perform khidma.refuse(409, 'booking_not_payable', jsonb_build_object('status', state));
  elsif p.status = 'captured' then
    perform khidma.refuse(409, 'already_paid');
  elsif p.capture_due_at is not null then
    perform khidma.refuse(409, 'payment_in_progress');
  end if;
  perform khidma.release_attempt(p);
  if p.status in ('authorized', 'failed') then
    update payment_intents set status = 'requires_action' where id = p.id;
  end if;
  update payment_intents
     set method = p_method, provider = case when p_method in ('cash', 'wallet') then p_method::text end, amount_authorized = 0,
         amount_released = 0, is_prepaid = false, next_action = null, failure_code = null, raw_status = null, expires_at = null,
         hold_expires_at = null, transaction_id = null, provider_reference = null,
         settles_at = case when p_method = 'cash' then settles_at end
   where id = p.id returning * into p;
  if p_method = 'cash' and state = 'completed' then
    perform khidma.await_cash(p.id);
  end if;
  return p;
end $$;

-- Holds what a booking can cost in the payer's wallet, or pays its fare where the work is completed.
create or replace function khidma.pay_from_wallet(p_booking uuid) returns void language plpgsql as $$
declare
  p payment_intents := khidma.choose_method(p_booking, 'wallet');
  cap bigint := khidma.amount_to_authorize(p_booking);
begin
  if coalesce(cap, 0) <= 0 then
    perform khidma.refuse(409, 'fare_unavailable');
  elsif exists (select from bookings b where b.id = p_booking and b.status = 'completed') then
    perform khidma.capture_payment(p.id, cap);
  else
    perform khidma.hold('client_wallet', p.payer_id, p.currency, cap, 'booking', 'payment_intent', p.id);
    update payment_intents set status = 'authorized', amount = cap, amount_authorized = cap where id = p.id;
  end if;
end $$;

-- Chooses the method that the caller usually pays by. A card is chosen with what its gateway needs, and so is one for a client who has
-- set none: the refusal says which it would be.
create or replace function khidma.choose_usual_method(p_booking uuid) returns void language plpgsql as $$
declare
  usual payment_method := (select c.preferred_payment_method from client_profiles c where c.user_id = khidma.actor_id());
begin
  if usual = 'wallet' then
    perform khidma.pay_from_wallet(p_booking);
  elsif usual = 'cash' then
    perform khidma.choose_method(p_booking, 'cash');
  else
    -- Strangers first: whether somebody has a usual method is theirs to know.
    perform khidma.assert_payer(i) from payment_intents i where i.booking_id = p_booking and i.purpose = 'booking';
    perform khidma.refuse(422, 'payment_method_required', jsonb_build_object('usual', coalesce(usual::text, 'none')));
  end if;
end $$;

-- Begins the payment of a booking anew whose price has risen above what is authorised: its payer is asked again.
create or replace function khidma.reopen_payment(p_booking uuid) returns void language plpgsql as $$
declare
  p payment_intents;
begin
  select * into p from payment_intents i where i.booking_id = p_booking and i.purpose = 'booking' for update;
  if p.status = 'authorized' and khidma.amount_to_authorize(p_booking) > p.amount_authorized then
    perform khidma.release_attempt(p);
    update payment_intents
       set status = 'requires_action', amount_authorized = 0, amount_released = 0, is_prepaid = false, transaction_id = null,
           provider_reference = null, hold_expires_at = null
     where id = p.id;
  end if;
end $$;
