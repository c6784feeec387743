-- Returns what an entry of the books is paid for: a fare (`service`, or `fee` of a booking that was canceled) to its client on behalf of
-- who earned it, the commission to who earned it, a fee to who owes it. Tips are gifts, and nothing else is a sale.
create or replace function khidma.supplies_of_entry(e ledger_entries)
returns table (kind text, buyer_id uuid, supplier_id uuid, amount bigint, is_paid boolean) language sql stable as $$
  with lines as (
    select a.kind, a.owner_user_id as owner, l.amount from ledger_lines l join ledger_accounts a on a.id = l.account_id where l.entry_id = e.id
  ), entry as (
    select (-sum(x.amount) filter (where x.amount < 0))::bigint as whole,
           coalesce(sum(x.amount) filter (where x.kind = 'platform_fee'), 0)::bigint as earned_by_us,
           (array_agg(x.owner) filter (where x.kind in ('tasker_payable', 'commission_receivable')))[1] as earner,
           (array_agg(x.owner) filter (where x.kind in ('client_cash', 'client_wallet', 'escrow', 'fee_receivable')))[1] as payer
      from lines x
  ), parties as (
    select n.whole, n.earned_by_us, coalesce(p.payer_id, n.payer) as payer, b.status = 'canceled' as is_canceled,
           coalesce(n.earner, case when p.id is not null then khidma.credited_by(p) end, khidma.earner_of(b)) as earner
      from entry n
      left join payment_intents p on e.document_type = 'payment_intent' and p.id = e.document_id
      left join bookings b on b.id = e.booking_id
     where coalesce(p.purpose, 'booking') = 'booking'
  )
  select case when s.is_canceled then 'fee' else 'service' end, s.payer, s.earner, s.whole, true
    from parties s
   where e.posting in ('cash_fare', 'gateway_capture', 'prepaid_capture', 'wallet_capture', 'escrow_release') and s.payer is not null and s.earner is not null
  union all
  select 'commission', s.earner, null, s.earned_by_us, e.posting <> 'cash_commission'
    from parties s
   where e.posting in ('cash_commission', 'gateway_capture', 'prepaid_capture', 'wallet_capture', 'escrow_release') and s.earned_by_us > 0 and s.earner is not null
  union all
  select 'fee', s.payer, null, s.whole, e.posting = 'escrow_arbitration'
    from parties s
   where e.posting in ('fee_due', 'escrow_arbitration') and s.payer is not null
$$;

-- Returns what one thing that an entry of the books was paid for is priced from, for a user, by the rules of the entry's instant. Nothing is
-- discounted: the amount was agreed on.
create or replace function khidma.inputs_of_supply(e ledger_entries, p_kind text, p_user uuid, p_amount bigint) returns jsonb language plpgsql stable as $$
begin
  return (
    select khidma.price_inputs(
      (select jsonb_build_array(jsonb_build_object('line', 1, 'kind', p_kind, 'quantity', 1, 'unitPrice', p_amount, 'categoryId', c.id,
                'name', coalesce(c.names ->> khidma.invoice_language(p_user), c.names ->> 'en', t.category, p_kind)))
         from (select e.booking_id as id) x left join bookings b on b.id = x.id left join tasks t on t.id = b.task_id
         left join task_categories c on c.slug = t.category),
      p_user, khidma.country_of(e.currency), e.currency, null, e.created_at) || '{"discounts": []}');
end $$;

-- Returns the price of one thing that an entry of the books was paid for, by the one pricing function: what was paid, to the unit, and the taxes
-- within it. GST of a fare is split by the region of who earned it, where that is known. Tax collected at source is withheld from that one, and no
-- part of the price (`khidma.withhold_tax`).
create or replace function khidma.price_of_supply(e ledger_entries, p_kind text, p_buyer uuid, p_supplier uuid, p_amount bigint) returns jsonb
language plpgsql stable as $$
declare
  inputs jsonb := khidma.inputs_of_supply(e, p_kind, p_buyer, p_amount);
  price jsonb;
  sold_from text := (select x.region from tax_details x where x.user_id = p_supplier);
begin
  inputs := jsonb_set(inputs, '{taxes}', (
    select coalesce(jsonb_agg(case when r ->> 'region' is null or sold_from is null then r else r || jsonb_build_object('region', sold_from) end order by n), '[]')
      from jsonb_array_elements(inputs -> 'taxes') with ordinality t (r, n) where r ->> 'kind' <> 'tcs'));
  price := khidma.price_with(inputs);
  if (price ->> 'total')::bigint <> p_amount then
    raise exception 'the price of entry % is not what was paid', e.id;
  end if;
  return price;
end $$;

-- Returns the taxes within a payment of a booking: `kind` is what they are within. Those of its invoices, which are the same ones before they
-- are issued.
create or replace function khidma.taxes_of_payment(p_payment uuid)
returns table (kind text, "position" int, name text, component text, rate_basis_points int, base bigint, amount bigint) language sql stable as $$
  select s.kind, t.position, t.name, t.component, t.rate_basis_points, t.base, t.amount
    from ledger_entries e cross join lateral khidma.supplies_of_entry(e) s
    left join invoices i on i.document_id = e.id and i.document_type = 'ledger_entry' and i.buyer_id = s.buyer_id and i.kind = 'invoice' and i.status <> 'void'
   cross join lateral (
     select x.position, x.name, x.component, x.rate_basis_points, x.base, x.amount from invoice_tax_lines x where x.invoice_id = i.id
     union all
     select x.position, x.name, x.component, x.rate_basis_points, x.base, x.amount
       from khidma.taxes_of_price(case when i.id is null then khidma.price_of_supply(e, s.kind, s.buyer_id, s.supplier_id, s.amount) else '{}' end) x) t
   where e.document_id = p_payment and e.document_type = 'payment_intent'
$$;

-- Issues the invoices of an entry of the books, and returns how many there were to issue. Paid with the entry, but for what it makes a debt.
create or replace function khidma.invoice_entry(e ledger_entries) returns int language plpgsql as $$
declare
  s record;
  issued int := 0;
begin
  for s in select * from khidma.supplies_of_entry(e) loop
    perform khidma.issue_invoice('invoice', 'ledger_entry', e.id, s.buyer_id, e.currency,
      khidma.price_of_supply(e, s.kind, s.buyer_id, s.supplier_id, s.amount),
      case when not s.is_paid then now() + make_interval(days => (khidma.config_value('invoices.terms', khidma.country_of(e.currency), null, null) ->> 'dueDays')::int) end,
      case when s.is_paid then e.created_at end, s.supplier_id, e.booking_id);
    issued := issued + 1;
  end loop;
  return issued;
end $$;

-- Returns how much an entry of the books takes back of what was invoiced, and from whose invoices: of a refund the fare, of a waived fee
-- the fee. Nothing of a tip.
create or replace function khidma.credit_of_entry(e ledger_entries, out payment_id uuid, out buyer_id uuid, out amount bigint, out is_fee boolean)
language plpgsql stable as $$
begin
  -- Most entries take nothing back, and Postgres would plan the question anew for each of them.
  if e.posting not in ('refund_to_wallet', 'refund_to_gateway', 'fee_waived') then
    return;
  end if;
  select p.id, coalesce(p.payer_id, l.payer), case when e.posting = 'fee_waived' then l.undone else l.whole end, e.posting = 'fee_waived'
    into payment_id, buyer_id, amount, is_fee
    from (select (-sum(x.amount) filter (where x.amount < 0))::bigint as whole,
                 (-sum(x.amount) filter (where a.kind = 'platform_fee'))::bigint as undone,
                 (array_agg(a.owner_user_id) filter (where a.kind in ('fee_receivable', 'client_wallet')))[1] as payer
            from ledger_lines x join ledger_accounts a on a.id = x.account_id where x.entry_id = e.id) l
    left join refunds r on e.document_type = 'refund' and r.id = e.document_id
    left join payment_intents p on p.id = r.intent_id
   where coalesce(p.purpose, 'booking') <> 'tip';
end $$;

-- Credits what an entry of the books takes back, from the invoices of its payment before others of its booking. Returns how many credit
-- notes it issued: none where it has some already, or where nothing was invoiced.
create or replace function khidma.credit_entry(e ledger_entries) returns int language plpgsql as $$
declare
  c record;
  i invoices;
  rest bigint;
  part bigint;
  issued int := 0;
begin
  select * into c from khidma.credit_of_entry(e);
  if c.amount is null or exists (select from invoices x where x.document_id = e.id and x.kind = 'credit_note') then
    return 0;
  end if;
  rest := c.amount;
  for i in
    select x.* from invoices x left join ledger_entries o on o.id = x.document_id
     where x.booking_id = e.booking_id and x.buyer_id = c.buyer_id and x.kind = 'invoice' and x.status <> 'void' and x.document_type = 'ledger_entry'
       and (x.supplier_id is null) = c.is_fee and x.credited_amount < x.total
     order by (o.document_id is distinct from c.payment_id), x.id for update of x
  loop
    part := least(rest, i.total - i.credited_amount);
    exit when part = 0;
    perform khidma.issue_credit_note(i.id, part, case when c.is_fee then 'fee_waived' else 'refund' end, 'ledger_entry', e.id);
    rest := rest - part;
    issued := issued + 1;
  end loop;
  return issued;
end $$;

-- Returns the invoices of what a payment was made for, those of its own entries first: what a bank that takes the payment back takes from.
create or replace function khidma.invoices_of_payment(p payment_intents) returns setof invoices language sql stable as $$
  select i.* from invoices i left join ledger_entries e on e.id = i.document_id
   where i.kind = 'invoice' and i.status <> 'void' and i.buyer_id = p.payer_id
     and case when p.purpose in ('booking', 'contract') then i.booking_id = p.booking_id and i.supplier_id is not null
              when p.purpose = 'order' then i.document_type = 'order' and i.document_id = p.order_id else false end
   order by (e.document_id is distinct from p.id), i.id
$$;

-- Returns how much of what was sold a lost chargeback has taken back: all of it, but what had come back otherwise, as a refund that its gateway
-- could not make of what had not been earned, and what a contract has made good, or still holds. It grows with what that releases.
create or replace function khidma.loss_of_chargeback(c chargebacks) returns bigint language plpgsql stable as $$
begin
  return (
    select greatest(c.amount - khidma.made_good(p.id) - khidma.held_of_payment(p), 0) from payment_intents p where p.id = c.intent_id);
end $$;

-- Returns the lost chargebacks that may have something to credit: they have ended since, or their contract has released something since.
create or replace function khidma.chargebacks_since(p_since timestamptz, p_again uuid[] default '{}') returns setof chargebacks language sql stable as $$
  select c.* from chargebacks c
   where c.status = 'lost' and c.ended_at >= (select started_at from invoice_progress)
     and (c.ended_at >= p_since or c.id = any (p_again) or c.intent_id in (
       select p.id from ledger_entries e join payment_intents p on p.booking_id = e.booking_id and p.purpose = 'contract'
        where e.id >= khidma.first_uuid_v7(greatest(p_since, 'epoch')) and e.posting = 'escrow_release'))
$$;

-- Credits what a lost chargeback took back, as far as it was invoiced and is not credited; each invoice once, as what it takes back later was
-- released, and invoiced, later. Returns how many credit notes it issued.
create or replace function khidma.credit_chargeback(c chargebacks) returns int language plpgsql as $$
declare
  i invoices;
  rest bigint := khidma.loss_of_chargeback(c)
    - (select coalesce(sum(x.total), 0) from invoices x where x.document_id = c.id and x.document_type = 'chargeback' and x.kind = 'credit_note');
  part bigint;
  issued int := 0;
begin
  if c.status <> 'lost' or rest <= 0 then
    return 0;
  end if;
  for i in
    select x.* from payment_intents p cross join lateral khidma.invoices_of_payment(p) x
     where p.id = c.intent_id and not exists (
       select from invoices n where n.document_id = c.id and n.document_type = 'chargeback' and n.credited_invoice_id = x.id)
  loop
    part := least(rest, i.total - i.credited_amount);
    continue when part <= 0;
    perform khidma.issue_credit_note(i.id, part, 'chargeback', 'chargeback', c.id);
    rest := rest - part;
    issued := issued + 1;
  end loop;
  return issued;
end $$;

-- Restores what the credit notes of a refund took back, where an entry of the books says that the refund was undone: nobody has its money, as a
-- bank has taken it back already. Returns how many debit notes it issued.
create or replace function khidma.restore_entry(e ledger_entries) returns int language plpgsql as $$
declare
  n invoices;
  issued int := 0;
begin
  if e.posting <> 'refund_reversed' or exists (select from invoices x where x.document_id = e.id and x.kind = 'debit_note') then
    return 0;
  end if;
  for n in select x.* from khidma.credit_notes_of_refund(e.document_id) x order by x.id loop
    perform khidma.issue_debit_note(n.id, 'refund_reversed', 'ledger_entry', e.id);
    issued := issued + 1;
  end loop;
  return issued;
end $$;

-- Returns the credit notes that a refund was given.
create or replace function khidma.credit_notes_of_refund(p_refund uuid) returns setof invoices language sql stable as $$
  select n.* from ledger_entries e join invoices n on n.document_id = e.id and n.document_type = 'ledger_entry' and n.kind = 'credit_note'
   where e.document_type = 'refund' and e.document_id = p_refund and e.posting = 'refund_to_gateway'
$$;

-- Marks the invoices of a user's debts as paid of which nothing is owed any more: debts are one balance, of which the oldest is paid
-- first, so that what is owed is of the latest ones. Returns how many. `paid` means settled: netted and written off as well.
create or replace function khidma.settle_debt_invoices(p_user uuid, p_currency text) returns int language plpgsql as $$
declare
  owed record;
  settled int;
begin
  select * into owed from khidma.debts_of(p_user, p_currency);
  update invoices i set status = 'paid'
    from ledger_lines l join ledger_accounts a on a.id = l.account_id
   where l.entry_id = i.document_id and a.owner_user_id = i.buyer_id and a.kind in ('commission_receivable', 'fee_receivable')
     and i.buyer_id = p_user and i.currency = p_currency and i.status = 'issued' and i.kind = 'invoice' and i.document_type = 'ledger_entry'
     and (select coalesce(sum(-x.amount - coalesce(j.credited_amount, 0)), 0)
            from ledger_lines x
            left join invoices j on j.document_id = x.entry_id and j.buyer_id = p_user and j.kind = 'invoice' and j.status <> 'void'
           where x.account_id = l.account_id and x.id > l.id and x.amount < 0)
         >= case a.kind when 'commission_receivable' then owed.commission else owed.fee end;
  get diagnostics settled = row_count;
  return settled;
end $$;

-- Issues what the books have no invoice for yet, at most p_limit, and settles invoices of debts. An hour before the last run is looked at
-- again, for entries of transactions that took long; what comes later is found by the nightly proof. Nothing that failed is left behind:
-- the next run looks at it again, however long it fails. Safe to run twice.
create or replace function khidma.invoice_entries(p_limit int) returns json language plpgsql as $$
declare
  since timestamptz;
  e ledger_entries;
  c chargebacks;
  debtor record;
  issued int := 0;
  credited int := 0;
  restored int := 0;
  settled int := 0;
  until timestamptz := now();
  failed_at timestamptz := 'infinity';
begin
  if not pg_try_advisory_xact_lock(hashtextextended('khidma.invoice_entries', 7)) then
    return json_build_object('issued', 0, 'credited', 0, 'restored', 0, 'settled', 0);
  end if;
  select invoiced_until into strict since from invoice_progress;
  for e in
    select x.* from ledger_entries x
     where x.id >= khidma.first_uuid_v7(since - interval '1 hour') and x.created_at >= (select started_at from invoice_progress)
       and x.posting in ('cash_fare', 'cash_commission', 'gateway_capture', 'prepaid_capture', 'wallet_capture', 'escrow_release', 'fee_due', 'escrow_arbitration',
                         'refund_to_wallet', 'refund_to_gateway', 'refund_reversed', 'fee_waived')
       and not exists (select from invoices i where i.document_id = x.id and i.status <> 'void')
     order by x.id
  loop
    begin
      issued := issued + khidma.invoice_entry(e);
      credited := credited + khidma.credit_entry(e);
      restored := restored + khidma.restore_entry(e);
    exception when others then
      perform khidma.note_failed_row('ledger_entry', e.id, sqlstate, sqlerrm);
      failed_at := least(failed_at, e.created_at);
    end;
    if issued + credited + restored >= p_limit then
      until := least(until, e.created_at);
      exit;
    end if;
  end loop;
  -- A chargeback comes after the refunds of its payment, which are never above what is left, and takes what they have left. While there is
  -- more to issue than one run does, it waits.
  if until = now() then
    for c in select b.* from khidma.chargebacks_since(since - interval '1 hour') b order by b.id loop
      begin
        credited := credited + khidma.credit_chargeback(c);
      exception when others then
        perform khidma.note_failed_row('chargeback', c.id, sqlstate, sqlerrm);
        failed_at := least(failed_at, since);
      end;
    end loop;
  end if;
  for debtor in
    select distinct i.buyer_id, i.currency
      from ledger_entries x join ledger_lines l on l.entry_id = x.id
      join ledger_accounts a on a.id = l.account_id and a.kind in ('commission_receivable', 'fee_receivable')
      join invoices i on i.buyer_id = a.owner_user_id and i.currency = a.currency and i.status = 'issued' and i.kind = 'invoice'
     where x.id >= khidma.first_uuid_v7(since - interval '1 hour') and l.amount > 0
  loop
    begin
      settled := settled + khidma.settle_debt_invoices(debtor.buyer_id, debtor.currency);
    exception when others then
      perform khidma.note_failed_row('buyer', debtor.buyer_id, sqlstate, sqlerrm);
      failed_at := least(failed_at, since);
    end;
  end loop;
  update invoice_progress set invoiced_until = greatest(invoiced_until, least(until, failed_at));
  return json_build_object('issued', issued, 'credited', credited, 'restored', restored, 'settled', settled);
end $$;
