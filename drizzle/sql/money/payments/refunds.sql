-- Gives back an amount of a captured payment, as a document of its own: to the original method where a gateway took it, else (or
-- where asked) into the wallet. It comes from what the tasker is owed, with the tax that was withheld of it, as far as that reaches; the rest is their debt. Refuses more
-- than is left of the payment, refunds and chargebacks aside. p_amount null: all that is left.
create or replace function khidma.open_refund(
  p_id uuid, p_intent uuid, p_amount bigint, p_reason text, p_destination text, p_note text, p_dispute uuid
) returns void language plpgsql as $$
declare
  p payment_intents;
  target text;
  rest bigint;
  earner uuid;
  payable bigint;
  owners jsonb;
  amounts jsonb;
begin
  select * into p from payment_intents where id = p_intent for update;
  rest := khidma.left_to_refund(p);
  if p.status is distinct from 'captured' or not khidma.is_refundable(p) or (p_amount is null and rest = 0) then
    perform khidma.refuse(409, 'nothing_to_refund');
  elsif p_amount > rest then
    perform khidma.refuse(422, 'amount_above_paid', jsonb_build_object('maximum', rest));
  end if;
  p_amount := coalesce(p_amount, rest);
  if p.purpose in ('booking', 'contract') then
    perform khidma.settle_withholding(p.booking_id, 'refund', p_id, p_amount);
  end if;
  earner := khidma.credited_by(p);
  target := case when p.method in ('cash', 'wallet') then 'wallet' else coalesce(p_destination, 'original') end;
  payable := least(p_amount, khidma.available('tasker_payable', earner, p.currency));
  owners := jsonb_build_object('payer', p.payer_id, 'payee', earner, 'gateway', p.provider);
  amounts := jsonb_build_object('amount', p_amount, 'fromPayable', payable, 'fromDebt', p_amount - payable);

  insert into refunds (id, intent_id, transaction_id, dispute_id, kind, amount, from_payable, from_debt, currency, reason, note, destination, status,
                       provider, requested_by, completed_at)
  values (p_id, p.id, p.transaction_id, p_dispute, 'refund', p_amount, payable, p_amount - payable, p.currency, p_reason, p_note, target,
          case when target = 'wallet' then 'succeeded' else 'pending' end::refund_status, case when target = 'original' then p.provider end,
          khidma.actor_id(), case when target = 'wallet' then now() end);
  update payment_intents set amount_refunded = amount_refunded + p_amount where id = p.id;
  perform khidma.post(case target when 'wallet' then 'refund_to_wallet' else 'refund_to_gateway' end, 'refund', p_id, null,
    p.booking_id, p.currency, owners, amounts);
end $$;

-- Returns what is left to be given back of what a payment captured, refunds and chargebacks aside.
create or replace function khidma.left_to_refund(p payment_intents) returns bigint language sql stable as $$
  select greatest(p.amount_captured - p.amount_refunded - khidma.charged_back(p.id), 0)
$$;

-- Returns whether what a payment was made for can be refunded: work, a tip, or a contract that holds nothing any more.
create or replace function khidma.is_refundable(p payment_intents) returns boolean language sql stable as $$
  select p.purpose in ('booking', 'tip') or (p.purpose = 'contract' and khidma.held_for_booking(p.booking_id) = 0)
$$;

-- Returns what was prepaid and is not earned, through its gateway.
create or replace function khidma.return_prepayment(p payment_intents, p_transaction uuid, p_amount bigint, p_reason text) returns void language plpgsql as $$
declare
  the_return uuid := khidma.uuid_v7();
begin
  insert into refunds (id, intent_id, transaction_id, kind, amount, currency, reason, destination, provider)
  select the_return, p.id, t.id, 'return', p_amount, p.currency, p_reason, 'original', t.gateway from payment_transactions t where t.id = p_transaction;
  perform khidma.post('prepaid_return', 'refund', the_return, null, p.booking_id, p.currency,
    jsonb_build_object('payer', p.payer_id, 'gateway', (select t.gateway from payment_transactions t where t.id = p_transaction)),
    jsonb_build_object('amount', p_amount));
end $$;

-- Returns when a gateway is asked again about a refund that has succeeded, as banks send some back: after a day, and then after as long
-- as it has been, for a month.
create or replace function khidma.next_refund_check(p_completed timestamptz) returns timestamptz language sql stable as $$
  select case when now() < p_completed + interval '30 days' then now() + greatest(interval '1 day', now() - p_completed) end
$$;

-- Takes the next refund of a payment that a gateway is to be asked for, for five minutes: each is sent by one, and asked about where
-- that one died. Also takes one that has succeeded, for as long as it may still come back.
create or replace function khidma.take_refund(p_intent uuid) returns setof refunds language sql as $$
  update refunds set next_at = case status when 'succeeded' then khidma.next_refund_check(completed_at) else now() + interval '5 minutes' end
   where id = (select r.id from refunds r
                where r.intent_id = p_intent and r.provider is not null
                  and ((r.status = 'pending' and (r.next_at is null or r.next_at <= now())) or (r.status = 'succeeded' and r.next_at <= now()))
                order by r.id limit 1 for update skip locked)
  returning *
$$;

-- Writes down how a refund ended at its gateway. What the gateway could not return is in the payer's wallet, unless a bank has given
-- it to them already: then what it was taken from has it again. Of a debt of the tasker's that is what they still owe of it, and as
-- earnings what they have paid since; the rest was written off.
create or replace function khidma.end_refund(p_id uuid, p_status refund_status, p_reference text, p_failure text) returns void language plpgsql as $$
declare
  r refunds;
  p payment_intents;
  earner uuid;
  owed bigint;
  paid bigint;
begin
  perform from payment_intents i join refunds x on x.intent_id = i.id where x.id = p_id for update of i;
  select * into strict r from refunds where id = p_id for update;
  if r.status = p_status or p_status = 'pending' or (r.status = 'failed' and p_status = 'succeeded') then
    return;
  end if;
  update refunds set status = p_status, provider_reference = coalesce(p_reference, provider_reference), failure_code = p_failure, completed_at = now(),
         next_at = case when p_status = 'succeeded' and provider is not null then khidma.next_refund_check(now()) end
   where id = r.id;
  if p_status = 'failed' then
    select * into strict p from payment_intents where id = r.intent_id;
    if r.kind = 'refund' and p.amount_refunded + khidma.charged_back(p.id) > p.amount_captured then
      update payment_intents set amount_refunded = amount_refunded - r.amount where id = p.id;
      earner := khidma.credited_by(p);
      if p.booking_id is not null then
        perform khidma.lock_withholding(p.booking_id);
      end if;
      perform khidma.lock_debts(earner);
      owed := least(r.from_debt, (khidma.debts_of(earner, r.currency)).refund);
      paid := least(khidma.paid_since(earner, r.currency, 'refund_receivable', r.id, 'refund_to_gateway'), r.from_debt - owed);
      perform khidma.post(case when r.from_escrow + r.from_platform > 0 then 'escrow_refund_reversed' else 'refund_reversed' end, 'refund', r.id, null, p.booking_id, r.currency,
        jsonb_build_object('payee', earner, 'gateway', r.provider),
        jsonb_build_object('amount', r.amount, 'fromPayable', r.from_payable + paid, 'fromDebt', owed, 'writtenOff', r.from_debt - owed - paid));
      if p.purpose in ('booking', 'contract') then
        perform khidma.settle_withholding(p.booking_id, 'refund', r.id);
      end if;
    else
      perform khidma.post('refund_failed', 'refund', r.id, null, p.booking_id, r.currency,
        jsonb_build_object('payer', p.payer_id, 'gateway', r.provider), jsonb_build_object('amount', r.amount));
    end if;
  end if;
end $$;
