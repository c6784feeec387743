-- Documents of money that gateways moved, with what the books say that each moved in all: positive came in, negative went out.
-- `at`: when it did, as far as we know; null while it may not have. `reference`: ours, where it is not the document's own id.
create or replace view gateway_documents as
  select 'payment'::text as kind, t.gateway, t.config_id, t.gateway_reference, t.currency, b.amount, 'payment_transaction'::text as document_type,
         t.id as document_id, p.booking_id, b.at, null::text as reference
    from payment_transactions t
    join payment_intents p on p.id = t.intent_id
   cross join lateral (
     select -sum(l.amount)::bigint as amount, min(e.created_at) as at
       from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
      where e.document_id in (t.id, case when p.transaction_id = t.id then p.id end) and e.entry_type in ('authorization', 'capture')
        and a.kind = 'platform_clearing') b
   where t.kind in ('authorize', 'charge') and t.is_booked
  union all
  select 'refund', r.provider, t.config_id, r.provider_reference, r.currency, case when r.status = 'failed' then 0 else -r.amount end, 'refund',
         r.id, p.booking_id, r.completed_at, null
    from refunds r join payment_transactions t on t.id = r.transaction_id join payment_intents p on p.id = r.intent_id
   where r.destination = 'original' and r.provider is not null
  union all
  select 'chargeback', c.gateway, c.config_id, c.gateway_reference, c.currency, case when c.status = 'won' then 0 else -c.amount end, 'chargeback',
         c.id, p.booking_id, c.created_at, null
    from chargebacks c join payment_intents p on p.id = c.intent_id
  union all
  -- Each attempt has a reference of its own at its gateway; the books have the money of the last, and of those that two people settled.
  select 'payout', t.provider, t.config_id, t.gateway_reference, o.currency,
         case when t.is_settled or (t.number = o.attempt and o.status in ('processing', 'paid')) then -o.amount else 0 end, 'payout', o.id, o.booking_id, o.paid_at,
         t.reference
    from payout_attempts t join payouts o on o.id = t.payout_id;

-- Returns the gateway fees that are booked for a document.
create or replace function khidma.fees_booked_for(p_document uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(l.amount), 0)::bigint
      from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
     where e.document_id = p_document and e.posting = 'gateway_fee' and a.kind = 'platform_clearing');
end $$;
