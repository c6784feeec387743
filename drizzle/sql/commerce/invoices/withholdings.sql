-- Tax collected at source (`tcs`) of fares. The operator withholds it from who earned a fare that it has collected, on the net value: the fare
-- without the sales taxes within it. It owes it to the tax office on their behalf (`tcs_payable`). Each document (`tax_withholdings`) posts itself,
-- by trigger.

-- Puts the withholdings of a booking in one line. Taken before what an earner is owed is locked: by a posting, or by `khidma.available`.
create or replace function khidma.lock_withholding(p_booking uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('khidma.lock_withholding:' || p_booking, 7));
end $$;

-- Withholds the tax of a fare that the books have just paid to its earner, by the rules of now for their country, category and tax status. An
-- earner whose tax is more than their earnings owes the rest. Nothing of cash, which the operator does not collect, and of tips.
create or replace function khidma.withhold_tax(p_entry uuid) returns void language plpgsql as $$
declare
  e ledger_entries;
  s record;
  fare jsonb;
  price jsonb;
  inputs jsonb;
  sold_in text;
begin
  select * into strict e from ledger_entries where id = p_entry;
  sold_in := khidma.country_of(e.currency);
  if not exists (select from tax_rules t where t.kind = 'tcs' and t.country = sold_in and t.active and t.retired_at is null and t.starts_at <= e.created_at
                    and (t.ends_at is null or t.ends_at > e.created_at) and t.applies_to && array['service', 'fee'])
    or exists (select from tax_withholdings w where w.entry_id = e.id)
  then
    return;
  end if;
  perform khidma.lock_withholding(e.booking_id);
  for s in select * from khidma.supplies_of_entry(e) x where x.supplier_id is not null and x.amount > 0 loop
    fare := khidma.price_of_supply(e, s.kind, s.buyer_id, s.supplier_id, s.amount);
    inputs := khidma.inputs_of_supply(e, s.kind, s.supplier_id, s.amount - (fare ->> 'tax')::bigint);
    price := khidma.price_with(jsonb_set(inputs, '{taxes}', (
      select coalesce(jsonb_agg(r order by n), '[]') from jsonb_array_elements(inputs -> 'taxes') with ordinality t (r, n) where r ->> 'kind' = 'tcs')));
    if (price ->> 'tax')::bigint > 0 then
      insert into tax_withholdings (id, kind, user_id, booking_id, document_type, document_id, entry_id, name, rate_basis_points, gross, base, amount, currency, inputs)
      values (khidma.uuid_v7(), 'withheld', s.supplier_id, e.booking_id, e.document_type, e.document_id, e.id, price -> 'taxes' -> 0 ->> 'name',
              (price -> 'taxes' -> 0 ->> 'rateBasisPoints')::int, s.amount, (price ->> 'subtotal')::bigint, (price ->> 'tax')::bigint, e.currency,
              jsonb_build_object('fare', fare -> 'inputs', 'withheld', price -> 'inputs'));
    end if;
  end loop;
end $$;

-- Returns how much of the fares of a booking its client has got back from who earned them: refunds that were not undone, and what banks have
-- taken back for good.
create or replace function khidma.taken_back_of(p_booking uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select (coalesce((select sum(r.from_payable + r.from_debt) from payment_intents p join refunds r on r.intent_id = p.id and r.kind = 'refund'
                       where p.booking_id = p_booking and p.purpose in ('booking', 'contract')
                         and not exists (select from ledger_entries x where x.document_type = 'refund' and x.document_id = r.id and x.posting = 'refund_reversed')), 0)
          + coalesce((select sum(khidma.loss_of_chargeback(c)) from payment_intents p join chargebacks c on c.intent_id = p.id and c.status = 'lost'
                       where p.booking_id = p_booking and p.purpose in ('booking', 'contract')), 0))::bigint);
end $$;

-- Returns what has to be withheld of a booking, with p_more that is about to be taken back: the tax of what stays sold, in proportion.
create or replace function khidma.tax_to_withhold(p_booking uuid, p_more bigint default 0) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(max(w.tax) - khidma.half_up(max(w.tax), least(max(w.gross), khidma.taken_back_of(p_booking) + p_more), max(w.gross)), 0)
      from (select sum(x.amount)::bigint as tax, sum(x.gross)::bigint as gross from tax_withholdings x where x.booking_id = p_booking and x.kind = 'withheld') w
     where w.tax is not null);
end $$;

-- Returns what is withheld of a booking.
create or replace function khidma.tax_withheld_of(p_booking uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(case w.kind when 'returned' then -w.amount else w.amount end), 0)::bigint from tax_withholdings w where w.booking_id = p_booking);
end $$;

-- Returns to its earner, or withholds again, what the tax of a booking has changed by: a refund, a refund that was undone, a chargeback that is lost.
-- It compares states, so that a second call changes nothing. Those of one booking come one after the other.
create or replace function khidma.settle_withholding(p_booking uuid, p_document_type text, p_document uuid, p_more bigint default 0) returns void
language plpgsql as $$
declare
  change bigint;
begin
  if not exists (select from tax_withholdings w where w.booking_id = p_booking) then
    return;
  end if;
  perform khidma.lock_withholding(p_booking);
  change := khidma.tax_to_withhold(p_booking, p_more) - khidma.tax_withheld_of(p_booking);
  if change <> 0 then
    insert into tax_withholdings (id, kind, user_id, booking_id, document_type, document_id, amount, currency)
    select khidma.uuid_v7(), case when change < 0 then 'returned' else 'restored' end, w.user_id, w.booking_id, p_document_type, p_document,
           abs(change), w.currency
      from tax_withholdings w where w.booking_id = p_booking and w.kind = 'withheld' order by w.id limit 1;
  end if;
end $$;

-- Posts a document of withheld tax (after insert): from what its earner is owed, as far as that reaches; the rest is their debt.
create or replace function khidma.post_withholding() returns trigger language plpgsql as $$
declare
  payable bigint := new.amount;
begin
  if new.kind <> 'returned' then
    payable := least(new.amount, khidma.available('tasker_payable', new.user_id, new.currency));
  end if;
  perform khidma.post(case new.kind when 'returned' then 'tax_returned' else 'tax_withheld' end, 'tax_withholding', new.id, null, new.booking_id, new.currency,
    jsonb_build_object('payee', new.user_id), jsonb_build_object('tax', new.amount, 'fromPayable', payable, 'fromDebt', new.amount - payable));
  return null;
end $$;
