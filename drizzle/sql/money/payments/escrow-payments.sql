-- Payments of a client into the escrow of a contract, and what goes back to them out of it.

-- Opens one for a booking, by a method; it has some time to be finished, but from the wallet.
create or replace function khidma.open_escrow_payment(p_booking uuid, p_method payment_method, p_amount bigint, p_key text)
returns payment_intents language plpgsql as $$
declare
  p payment_intents;
begin
  insert into payment_intents (id, purpose, booking_id, payer_id, payee_id, method, provider, amount, currency, request_key, expires_at)
  select khidma.uuid_v7(), 'contract', b.id, b.client_id, b.tasker_id, p_method, case p_method when 'wallet' then 'wallet' end, p_amount,
         b.agreed_rate_currency, p_key, case when p_method <> 'wallet' then now() + make_interval(hours => (u.value ->> 'hours')::int) end
    from bookings b, khidma.config_value('payments.unfinished', khidma.country_of(b.agreed_rate_currency), null, null) u (value)
   where b.id = p_booking
  returning * into strict p;
  return p;
end $$;

-- Gives up the payments into escrow that are not made; what comes late goes back.
create or replace function khidma.give_up_contract_payments(p_booking uuid) returns void language plpgsql as $$
declare
  p payment_intents;
begin
  for p in select * from payment_intents i where i.booking_id = p_booking and i.purpose = 'contract' and i.status in ('requires_action', 'failed')
            order by i.id for update loop
    update payment_intents set status = 'canceled', next_action = null, expires_at = null where id = p.id;
    perform khidma.release_attempt(p);
  end loop;
end $$;

-- Gives a part of a captured payment back out of escrow: through the gateway that took it, else into the wallet.
create or replace function khidma.refund_escrow_payment(p payment_intents, p_amount bigint, p_reason text) returns void language plpgsql as $$
declare
  r uuid := khidma.uuid_v7();
  is_wallet boolean := p.method = 'wallet';
begin
  insert into refunds (id, intent_id, transaction_id, kind, amount, from_escrow, currency, reason, destination, status, provider, requested_by,
                       completed_at)
  values (r, p.id, p.transaction_id, 'refund', p_amount, p_amount, p.currency, p_reason, case when is_wallet then 'wallet' else 'original' end,
          case when is_wallet then 'succeeded' else 'pending' end::refund_status, case when not is_wallet then p.provider end, khidma.actor_id(),
          case when is_wallet then now() end);
  update payment_intents set amount_refunded = amount_refunded + p_amount where id = p.id;
  perform khidma.post(case when is_wallet then 'escrow_refund_to_wallet' else 'escrow_refund_to_gateway' end, 'refund', r, null,
    p.booking_id, p.currency, jsonb_build_object('payer', p.payer_id, 'gateway', p.provider), jsonb_build_object('amount', p_amount));
end $$;

-- Returns what escrow still holds of a payment of a contract: less what its milestones have paid, what went back, and what has made good a
-- chargeback of it.
create or replace function khidma.held_of_payment(p payment_intents) returns bigint language plpgsql stable as $$
begin
  return (
    select case when p.purpose = 'contract' and p.status = 'captured' then greatest(0, p.amount_captured - p.amount_refunded - khidma.made_good(p.id)
      - (select coalesce(sum(coalesce(m.released_amount, 0) + coalesce(m.arbitration_amount, 0)), 0) from milestones m where m.funding_intent_id = p.id))::bigint else 0 end);
end $$;

-- Returns how much of what banks have taken back of a payment the escrow of its contract has made good, less what they have given back since.
create or replace function khidma.made_good(p_intent uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(l.amount), 0)::bigint
      from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
     where a.kind = 'chargebacks'
       and (e.posting = 'escrow_charged_back' and e.document_id = p_intent
            or e.posting in ('escrow_refund_reversed', 'chargeback_returned') and e.document_id in (select r.id from refunds r where r.intent_id = p_intent)));
end $$;

-- Gives the payer what escrow has made good of a chargeback that was won: the bank has given it to the platform. It is a refund into the
-- wallet.
create or replace function khidma.return_made_good(p payment_intents) returns void language plpgsql as $$
declare
  r uuid := khidma.uuid_v7();
  back bigint := khidma.made_good(p.id) - khidma.charged_back(p.id);
begin
  if back <= 0 then
    return;
  end if;
  insert into refunds (id, intent_id, transaction_id, kind, amount, from_escrow, currency, reason, destination, status, completed_at)
  values (r, p.id, p.transaction_id, 'refund', back, back, p.currency, 'canceled', 'wallet', 'succeeded', now());
  update payment_intents set amount_refunded = amount_refunded + back where id = p.id;
  perform khidma.post('chargeback_returned', 'refund', r, null, p.booking_id, p.currency,
    jsonb_build_object('payer', p.payer_id), jsonb_build_object('amount', back));
end $$;
