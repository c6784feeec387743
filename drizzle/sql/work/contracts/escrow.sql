-- The money of contracts. Whoever calls these has locked the booking and then the contract; the row of escrow moves in the same function as
-- its entries, and `escrow_matches` compares both at the commit.

-- Returns what the escrow of a contract holds.
create or replace function khidma.held_in_escrow(p_contract uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce((select e.funded_amount - e.released_amount - e.refunded_amount - e.arbitration_amount from escrows e where e.contract_id = p_contract), 0));
end $$;

-- Returns what the contract of a booking holds in escrow.
create or replace function khidma.held_for_booking(p_booking uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(khidma.held_in_escrow(c.id)), 0)::bigint from contracts c where c.booking_id = p_booking);
end $$;

-- Returns what a client has paid for a booking and not got back: its captured payment, or what went into escrow.
create or replace function khidma.paid_for_booking(p_booking uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(p.amount_captured - case p.purpose when 'contract' then p.amount_refunded else 0 end), 0)::bigint
      from payment_intents p where p.booking_id = p_booking and p.purpose in ('booking', 'contract') and p.status = 'captured');
end $$;

-- Returns what escrow pays of the fee for the early end of a booking.
create or replace function khidma.fee_of_escrow(b bookings) returns bigint language sql stable as $$
  select case when b.status = 'canceled' and b.cancellation_fee_payer = 'client'
              then least(b.cancellation_fee_amount, khidma.held_for_booking(b.id)) else 0 end
$$;

-- Opens the payment of the client that funds a contract: the next milestone without money, or all of them. One that waits is given up: there is
-- one at a time. The wallet pays at once.
create or replace function khidma.open_contract_payment(
  p_key text, p_contract uuid, p_all boolean, p_method payment_method, p_saves boolean, p_stored uuid
) returns void language plpgsql as $$
declare
  c contracts := khidma.own_contract(p_contract);
  p payment_intents;
  wanted uuid[];
  amount bigint;
begin
  if khidma.party_in_contract(c) <> 'client' then
    perform khidma.refuse(403, 'forbidden');
  end if;
  select * into p from payment_intents i where i.payer_id = c.client_id and i.request_key = p_key for update;
  if p.id is not null then
    if p.purpose <> 'contract' or p.booking_id <> c.booking_id or p.method <> p_method then
      perform khidma.refuse(422, 'idempotency_mismatch');
    end if;
    return;
  end if;
  perform khidma.assert_contract_active(c);
  perform khidma.give_up_contract_payments(c.booking_id);
  select array_agg(m.id), sum(m.amount) into wanted, amount
    from (select x.id, x.amount from milestones x where x.contract_id = c.id and x.status = 'pending' and x.funded_at is null
           order by x.position limit case when p_all then null else 1 end) m;
  if wanted is null then
    perform khidma.refuse(409, 'escrow_funded');
  end if;
  p := khidma.open_escrow_payment(c.booking_id, p_method, amount, p_key);
  update milestones set funding_intent_id = p.id where id = any (wanted);
  if p_method = 'wallet' then
    perform khidma.capture_payment(p.id, amount);
  else
    perform khidma.begin_attempt(p, amount, p_saves, p_stored);
  end if;
end $$;

-- Returns whether an amount that has come for a contract is what its milestones still need: the contract is active, and they are as they were.
create or replace function khidma.is_fundable(p payment_intents, p_amount bigint) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from contracts c where c.booking_id = p.booking_id and c.status = 'active')
       and (select sum(m.amount) = p_amount and bool_and(m.status = 'pending' and m.funded_at is null) from milestones m where m.funding_intent_id = p.id));
end $$;

-- Puts a captured payment into the escrow of its contract, and with it the amounts of the milestones that it was made for.
create or replace function khidma.fund_contract(p payment_intents, p_amount bigint) returns void language plpgsql as $$
declare
  c contracts;
  e escrows;
begin
  select * into strict c from contracts x where x.booking_id = p.booking_id and x.status = 'active' for update;
  perform khidma.post(case p.method when 'wallet' then 'escrow_funded_from_wallet' else 'escrow_funded' end, 'payment_intent', p.id, null,
    p.booking_id, p.currency, jsonb_build_object('payer', p.payer_id, 'gateway', p.provider), jsonb_build_object('amount', p_amount));
  insert into escrows (id, contract_id, currency, arbitration_basis_points)
  values (khidma.uuid_v7(), c.id, c.currency, c.arbitration_basis_points) on conflict (contract_id) do nothing;
  update escrows set funded_amount = funded_amount + p_amount where contract_id = c.id returning * into e;
  update milestones set funded_at = now() where funding_intent_id = p.id;
  perform khidma.note_contract_activity(c.id);
  perform khidma.emit('escrow.funded', 'escrow', e.id, e.version,
    jsonb_build_object('contractId', c.id, 'bookingId', c.booking_id, 'clientId', c.client_id, 'taskerId', c.tasker_id,
                       'amount', p_amount, 'currency', c.currency), array[c.client_id, c.tasker_id]);
end $$;

-- Pays an amount out of escrow to the earner of the booking, less the tax that is withheld and the commission of the booking's terms: on all that was released of the contract, so
-- that its minimum and maximum count once. Returns the escrow as it is then.
create or replace function khidma.pay_out_of_escrow(c contracts, p_document_type text, p_document uuid, p_amount bigint) returns escrows language plpgsql as $$
declare
  e escrows;
  b bookings;
  part bigint;
begin
  select * into strict e from escrows where contract_id = c.id for update;
  select * into strict b from bookings where id = c.booking_id;
  part := khidma.share_of(e.released_amount + p_amount, b.commission_basis_points, b.commission_minimum, b.commission_maximum) - e.commission_amount;
  perform khidma.lock_withholding(c.booking_id);
  perform khidma.withhold_tax(khidma.post('escrow_release', p_document_type, p_document, null, c.booking_id, c.currency,
    jsonb_build_object('payer', c.client_id, 'payee', khidma.earner_of(b)),
    jsonb_build_object('fare', p_amount, 'commission', part, 'net', p_amount - part)));
  update escrows set released_amount = released_amount + p_amount, commission_amount = commission_amount + part where id = e.id returning * into e;
  -- A bank may have taken back of this already.
  perform khidma.settle_withholding(c.booking_id, p_document_type, p_document);
  return e;
end $$;

-- Gives an amount of escrow back to the client, out of the payments whose money it still holds, the latest first: through the gateway that
-- took it, else into the wallet. What a bank has taken back of them already makes good the loss that the platform has booked.
create or replace function khidma.refund_out_of_escrow(c contracts, p_amount bigint, p_reason text) returns void language plpgsql as $$
declare
  p payment_intents;
  rest bigint := p_amount;
  held bigint;
  gone bigint;
  part bigint;
begin
  for p in select * from payment_intents i where i.booking_id = c.booking_id and i.purpose = 'contract' and i.status = 'captured'
            order by i.captured_at desc, i.id desc for update loop
    held := khidma.held_of_payment(p);
    gone := least(held, greatest(khidma.charged_back(p.id) - khidma.made_good(p.id), 0));
    part := least(rest, held - gone);
    if part > 0 then
      perform khidma.refund_escrow_payment(p, part, p_reason);
      rest := rest - part;
    end if;
    part := least(rest, gone);
    if part > 0 then
      perform khidma.post('escrow_charged_back', 'payment_intent', p.id, khidma.uuid_v7()::text, c.booking_id, c.currency,
        jsonb_build_object('payer', c.client_id), jsonb_build_object('amount', part));
      rest := rest - part;
    end if;
  end loop;
  if rest > 0 then
    raise exception 'the payments of contract % hold % less than its escrow', c.id, rest using errcode = 'check_violation', constraint = 'escrow_matches';
  end if;
  update escrows set refunded_amount = refunded_amount + p_amount where contract_id = c.id;
end $$;

-- Ends the open milestones of a contract and empties its escrow: p_to_tasker of what is held for the tasker, p_arbitration for
-- arbitration, and the rest back to the client. Each funded milestone says what became of its amount, in their order.
create or replace function khidma.close_escrow(c contracts, p_to_tasker bigint, p_arbitration bigint) returns void language plpgsql as $$
declare
  m milestones;
  held bigint := khidma.held_in_escrow(c.id);
  left_for_tasker bigint := p_to_tasker;
  left_for_arbitration bigint := p_arbitration;
  released bigint;
  arbitration bigint;
begin
  if p_to_tasker + p_arbitration > held then
    perform khidma.refuse(422, 'amount_above_held', jsonb_build_object('maximum', held));
  end if;
  for m in select * from milestones x where x.contract_id = c.id and x.status not in ('completed', 'canceled') order by x.position for update loop
    released := case when m.funded_at is null then 0 else least(m.amount, left_for_tasker) end;
    arbitration := case when m.funded_at is null then 0 else least(m.amount - released, left_for_arbitration) end;
    update milestones
       set status = case when released = amount then 'completed' else 'canceled' end::milestone_status,
           outcome = case when c.status = 'disputed' then 'decided' else 'canceled' end,
           released_amount = released, arbitration_amount = arbitration,
           refunded_amount = case when funded_at is null then 0 else amount - released - arbitration end
     where id = m.id;
    left_for_tasker := left_for_tasker - released;
    left_for_arbitration := left_for_arbitration - arbitration;
  end loop;
  if p_arbitration > 0 then
    perform khidma.post('escrow_arbitration', 'contract', c.id, null, c.booking_id, c.currency,
      jsonb_build_object('payer', c.client_id), jsonb_build_object('fee', p_arbitration));
    update escrows set arbitration_amount = p_arbitration where contract_id = c.id;
  end if;
  if p_to_tasker > 0 then
    perform khidma.pay_out_of_escrow(c, 'contract', c.id, p_to_tasker);
  end if;
  if held - p_to_tasker - p_arbitration > 0 then
    perform khidma.refund_out_of_escrow(c, held - p_to_tasker - p_arbitration, case when c.status = 'disputed' then 'dispute' else 'canceled' end);
  end if;
  update escrows set status = 'full_release' where contract_id = c.id and status <> 'full_release';
end $$;

-- Notes when nothing was held any more (before update of status).
create or replace function khidma.stamp_escrow() returns trigger language plpgsql as $$
begin
  new.released_at := case when new.status = 'full_release' then now() end;
  return new;
end $$;

-- Refunds an amount of what was paid for a booking, out of its payments, the latest first.
create or replace function khidma.refund_booking(
  p_booking uuid, p_amount bigint, p_reason text, p_destination text, p_note text, p_dispute uuid
) returns void language plpgsql as $$
declare
  p payment_intents;
  rest bigint := p_amount;
  part bigint;
begin
  for p in select * from payment_intents i where i.booking_id = p_booking and i.purpose in ('booking', 'contract') and i.status = 'captured'
            order by i.captured_at desc, i.id desc for update loop
    part := least(rest, khidma.left_to_refund(p));
    continue when part <= 0;
    perform khidma.open_refund(khidma.uuid_v7(), p.id, part, p_reason, p_destination, p_note, p_dispute);
    rest := rest - part;
  end loop;
  if rest > 0 then
    perform khidma.refuse(422, 'amount_above_paid', jsonb_build_object('maximum', p_amount - rest));
  end if;
end $$;
