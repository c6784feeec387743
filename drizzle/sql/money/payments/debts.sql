-- Returns what a user owes the platform in a currency: commission on cash, refunds fronted for them, fees. Positive where they owe.
create or replace function khidma.debts_of(p_user uuid, p_currency text, out commission bigint, out refund bigint, out fee bigint)
language plpgsql stable as $$
begin
  select greatest(coalesce(-sum(balance) filter (where kind = 'commission_receivable'), 0), 0)::bigint,
         greatest(coalesce(-sum(balance) filter (where kind = 'refund_receivable'), 0), 0)::bigint,
         greatest(coalesce(-sum(balance) filter (where kind = 'fee_receivable'), 0), 0)::bigint
    into commission, refund, fee
    from account_balances where owner_user_id = p_user and currency = p_currency;
end $$;

-- Takes the lock under which debts of a user are read and paid: what two payments see of them, one of them pays.
create or replace function khidma.lock_debts(p_user uuid) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended('debts:' || p_user, 7))
$$;

-- Posts an amount against the debts of a user: commission first, then refunds, then fees; what is above them all goes into their
-- wallet. p_posting: `debt_paid` through a gateway, `debt_paid_from_wallet`, or `debt_netted` from what they are owed.
create or replace function khidma.post_debts(
  p_posting text, p_document_type text, p_document uuid, p_user uuid, p_gateway text, p_currency text, p_amount bigint
) returns void language plpgsql as $$
declare
  owed record;
  commission bigint;
  refund bigint;
  fee bigint;
begin
  perform khidma.lock_debts(p_user);
  select * into owed from khidma.debts_of(p_user, p_currency);
  commission := least(p_amount, owed.commission);
  refund := least(p_amount - commission, owed.refund);
  fee := least(p_amount - commission - refund, owed.fee);
  perform khidma.post(p_posting, p_document_type, p_document, null, null, p_currency,
    jsonb_build_object('user', p_user, 'gateway', p_gateway),
    jsonb_build_object('amount', p_amount, 'commissionDebt', commission, 'refundDebt', refund, 'feeDebt', fee,
      'surplus', p_amount - commission - refund - fee));
end $$;

-- Pays the payer's debts with a captured payment.
create or replace function khidma.pay_debts(p payment_intents, p_amount bigint) returns void language plpgsql as $$
begin
  if p.method = 'wallet' then
    perform khidma.end_hold('payment_intent', p.id, 'captured');
  end if;
  perform khidma.post_debts(case p.method when 'wallet' then 'debt_paid_from_wallet' else 'debt_paid' end, 'payment_intent', p.id,
    p.payer_id, p.provider, p.currency, p_amount);
end $$;

-- Returns how much a user has paid of their debts of a kind since a document made one by an entry of a kind. Which debt a payment paid
-- nobody knows: they are one balance.
create or replace function khidma.paid_since(p_user uuid, p_currency text, p_account text, p_document uuid, p_posting text) returns bigint
language sql stable as $$
  select coalesce(sum(l.amount), 0)::bigint
    from ledger_accounts a join ledger_lines l on l.account_id = a.id join ledger_entries e on e.id = l.entry_id
   where a.kind = p_account and a.owner_user_id = p_user and a.currency = p_currency
     and e.posting in ('debt_paid', 'debt_paid_from_wallet', 'debt_netted')
     and l.id > (select x.id from ledger_entries f join ledger_lines x on x.entry_id = f.id
                  where f.document_id = p_document and f.posting = p_posting order by x.id limit 1)
$$;
