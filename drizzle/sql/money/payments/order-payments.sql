-- Payments of orders, and what goes back of them.

-- Opens the payment of an order, for all of it: the wallet pays at once. A repeat goes on with its own payment; another choice of the payer
-- takes the place of the one that waits, and what still comes of that goes back. The payer is the buyer: of a company its wallet, its stored
-- methods, or a card that whoever buys for it enters.
create or replace function khidma.open_order_payment(p_key text, p_order uuid, p_method payment_method, p_saves boolean, p_stored uuid) returns void
language plpgsql as $$
declare
  p payment_intents;
  d price_documents;
  o orders;
begin
  select * into p from payment_intents i where i.payer_id = (select x.user_id from orders x where x.id = p_order) and i.request_key = p_key;
  if p.id is not null then
    if p.order_id is distinct from p_order or p.method <> p_method then
      perform khidma.refuse(422, 'idempotency_mismatch');
    end if;
    perform khidma.assert_buyer(p.payer_id);
    return;
  end if;
  d := khidma.lock_payable_order(p_order);
  select * into strict o from orders x where x.id = p_order;
  perform khidma.give_up_order_payments(p_order);
  insert into payment_intents (id, purpose, order_id, payer_id, method, provider, amount, currency, request_key, expires_at)
  values (khidma.uuid_v7(), 'order', p_order, o.user_id, p_method, case p_method when 'wallet' then 'wallet' end, d.total, d.currency, p_key,
          case when p_method <> 'wallet' then o.expires_at end)
  returning * into p;
  if p_method = 'wallet' then
    perform khidma.capture_payment(p.id, d.total);
  else
    perform khidma.begin_attempt(p, d.total, p_saves, p_stored);
  end if;
end $$;

-- Charges an order to a stored method of its owner, or to their wallet (null), while they may be away. A gateway is asked about it later than
-- usual, as it is called only after the commit.
create or replace function khidma.charge_order(p_order uuid, p_stored uuid, d price_documents, p_until timestamptz) returns void language plpgsql as $$
declare
  p payment_intents;
  paid_by payment_method := coalesce((select khidma.method_of_stored(m.type) from payment_methods m where m.id = p_stored), 'wallet');
  attempt uuid;
begin
  insert into payment_intents (id, purpose, order_id, payer_id, method, provider, amount, currency, expires_at)
  values (khidma.uuid_v7(), 'order', p_order, d.user_id, paid_by, case paid_by when 'wallet' then 'wallet' end, d.total, d.currency,
          case when paid_by <> 'wallet' then p_until end)
  returning * into p;
  if paid_by = 'wallet' then
    perform khidma.capture_payment(p.id, d.total);
  else
    attempt := khidma.begin_attempt(p, d.total, false, p_stored);
    update payment_transactions set next_check_at = now() + interval '10 minutes' where id = attempt;
  end if;
end $$;

-- Takes attempts of `khidma.charge_order` that no gateway was called for yet, of one payment or of all, so that one caller makes the call. From
-- then on the gateway is asked about them as about any other.
create or replace function khidma.take_charges(p_payment uuid, p_limit int) returns setof uuid language sql as $$
  update payment_transactions set next_check_at = now() + interval '1 minute'
   where id in (
     select t.id from payment_transactions t join payment_intents p on p.transaction_id = t.id and p.purpose = 'order' and p.request_key is null
      where t.status = 'initiated' and t.gateway_reference is null and p.status = 'requires_action' and t.next_check_at > now() + interval '2 minutes'
        and (p_payment is null or p.id = p_payment)
      order by t.id limit p_limit for update of t skip locked)
  returning id
$$;

-- Gives up the payments of an order that are not made; what comes late goes back.
create or replace function khidma.give_up_order_payments(p_order uuid) returns void language plpgsql as $$
declare
  p payment_intents;
begin
  for p in select * from payment_intents i where i.order_id = p_order and i.status in ('requires_action', 'authorized', 'failed')
            order by i.id for update loop
    update payment_intents
       set status = 'canceled', next_action = null, expires_at = null,
           amount_released = case when p.status = 'authorized' then amount_authorized else 0 end
     where id = p.id;
    perform khidma.release_attempt(p);
  end loop;
end $$;

-- Posts the payment of an order: what it earns the platform, and the taxes that are not the platform's.
create or replace function khidma.post_order_payment(p payment_intents, p_amount bigint) returns void language plpgsql as $$
declare
  taxed bigint := (select d.tax from orders o join price_documents d on d.id = o.document_id where o.id = p.order_id);
begin
  perform khidma.post(case p.method when 'wallet' then 'package_sold_from_wallet' else 'package_sold' end, 'payment_intent', p.id, null, null,
    p.currency, jsonb_build_object('payer', p.payer_id, 'gateway', p.provider),
    jsonb_build_object('amount', p_amount, 'net', p_amount - taxed, 'tax', taxed));
end $$;

-- Gives back a part of the payment of an order, with the taxes in it, through the gateway that took it, else into the wallet: as far as neither
-- a refund nor a bank has given it back, with taxes in proportion, half up. An order that cost nothing has no payment.
create or replace function khidma.refund_order_payment(p_id uuid, p_order uuid, p_amount bigint, p_tax bigint, p_note text) returns void
language plpgsql as $$
declare
  p payment_intents;
  rest bigint;
  taxed bigint;
  is_wallet boolean;
begin
  select * into p from payment_intents i where i.order_id = p_order and i.status = 'captured' for update;
  rest := least(p_amount, khidma.left_to_refund(p));
  if p.id is null or rest = 0 then
    return;
  end if;
  is_wallet := p.method = 'wallet';
  -- Where a bank has taken some of it back already, the tax is that of the credit note, in proportion.
  taxed := case when rest = p_amount then p_tax else coalesce((
    select sum(t.amount) from invoices i cross join lateral khidma.taxes_of_credit(i, least(rest, i.total - i.credited_amount)) t
     where i.document_type = 'order' and i.document_id = p_order and i.kind = 'invoice' and i.status <> 'void'), khidma.half_up(rest, p_tax, p_amount)) end;
  insert into refunds (id, intent_id, transaction_id, kind, amount, from_platform, currency, reason, note, destination, status, provider,
                       requested_by, completed_at)
  values (p_id, p.id, p.transaction_id, 'refund', rest, rest, p.currency, 'requested', p_note, case when is_wallet then 'wallet' else 'original' end,
          case when is_wallet then 'succeeded' else 'pending' end::refund_status, case when not is_wallet then p.provider end, khidma.actor_id(),
          case when is_wallet then now() end);
  update payment_intents set amount_refunded = amount_refunded + rest where id = p.id;
  perform khidma.post(case when is_wallet then 'order_refund_to_wallet' else 'order_refund_to_gateway' end, 'refund', p_id, null, null, p.currency,
    jsonb_build_object('payer', p.payer_id, 'gateway', p.provider), jsonb_build_object('amount', rest, 'net', rest - taxed, 'tax', taxed));
end $$;
