-- Returns `p_amount * p_parts / p_whole`, rounded half up, once.
create or replace function khidma.share_half_up(p_amount bigint, p_parts bigint, p_whole bigint) returns bigint language sql immutable parallel safe as $$
  select div(2 * p_amount::numeric * p_parts + p_whole, 2 * p_whole)::bigint
$$;

-- Returns the taxes that a note has to have: of its invoice between what was credited before it and after, or of the units of an order that were
-- refunded. A note of an order for another amount is in proportion to what parts have left, and keeps what it has.
create or replace function khidma.taxes_of_note(n invoices, i invoices)
returns table ("position" int, name text, component text, rate_basis_points int, base bigint, amount bigint, is_included boolean) language plpgsql stable as $$
declare
  part jsonb := case when i.document_type = 'order' then khidma.part_of_refund(n.document_id) end;
begin
  if i.document_type <> 'order' then
    return query select * from khidma.taxes_between(i, n.credited_before - case n.kind when 'debit_note' then n.total else 0 end,
                                                    n.credited_before + case n.kind when 'credit_note' then n.total else 0 end);
  elsif (part ->> 'total')::bigint = n.total then
    return query select x.position, x.name, x.component, x.rate_basis_points, x.base, x.amount, x.is_included from khidma.taxes_of_price(part) x;
  else
    return query select x.position, x.name, x.component, x.rate_basis_points, x.base, x.amount, x.is_included
                   from invoice_tax_lines x where x.invoice_id = n.id;
  end if;
end $$;

-- Computes the price of an invoice again from the inputs that it keeps, by the one pricing function, and returns where its lines (`line`) and its
-- tax lines (`tax_line`) are others, field by field; a text that differs is 1 beside 0, and so are `inputs` that are missing, or are not those of its
-- order. Of a note see `khidma.taxes_of_note`.
create or replace function khidma.price_differences(i invoices) returns table (what text, expected bigint, found bigint) language sql stable as $$
  with kept as (
    select p.inputs, khidma.price_with(p.inputs) as price from invoice_inputs p where p.invoice_id = i.id
  ), line as (
    select l.*, s as stored, s.line is null as is_missing, l.line is null as is_extra
      from (select x.* from kept k cross join lateral khidma.lines_of_price(k.price) x) l
      full join (select * from invoice_lines where invoice_id = i.id and i.kind = 'invoice') s on s.line = l.line
  ), due as (
    select x.* from kept k cross join lateral khidma.taxes_of_price(k.price) x
    union all
    select t.* from invoices c
     cross join lateral khidma.taxes_of_note(i, c) t
     where c.id = i.credited_invoice_id
  ), tax as (
    select d.*, s as stored, s.position is null as is_missing, d.position is null as is_extra
      from due d full join (select * from invoice_tax_lines where invoice_id = i.id) s on s.position = d.position
  ), compared as (
    select 'line' as what, v.expected, v.found from line l cross join lateral (values
      (l.quantity::bigint, (l.stored).quantity::bigint), (l.unit_price, (l.stored).unit_price), (l.discount, (l.stored).discount), (l.tax, (l.stored).tax),
      (l.total, (l.stored).total), (0, ((l.kind, l.description) is distinct from ((l.stored).kind, (l.stored).description))::int)) v (expected, found)
    union all
    select 'tax_line', v.expected, v.found from tax t cross join lateral (values
      (t.rate_basis_points::bigint, (t.stored).rate_basis_points::bigint), (t.base, (t.stored).base), (t.amount, (t.stored).amount),
      (0, ((t.name, t.component, t.is_included) is distinct from ((t.stored).name, (t.stored).component, (t.stored).is_included))::int)) v (expected, found)
    union all
    select 'inputs', (i.kind = 'invoice')::int, count(*) from kept
    union all
    select 'inputs', 0, (d.price -> 'inputs' is distinct from k.inputs - 'backfilled')::int
      from kept k join orders o on i.document_type = 'order' and o.id = i.document_id join price_documents d on d.id = o.document_id
  )
  select c.what, coalesce(c.expected, 0), coalesce(c.found, 0) from compared c where coalesce(c.expected, 0) <> coalesce(c.found, 0)
$$;

-- Returns what the books owe the tax office by a document of the operator's: the lines of `tax_payable` that it, or the payment or refund of
-- its order, has posted.
create or replace function khidma.tax_posted_of(i invoices) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(l.amount), 0)::bigint
      from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id and a.kind = 'tax_payable'
     where case i.document_type
             when 'order' then e.document_type = 'payment_intent' and e.document_id in (select p.id from payment_intents p where p.order_id = i.document_id)
             when 'refund' then e.document_type = 'refund' and e.document_id = i.document_id
             else e.document_type = 'invoice' and e.document_id = i.id end);
end $$;

-- Returns every difference between an invoice and what it was made of: its lines (`subtotal`, `discount`, `tax`, `total`), its tax lines
-- (`tax_lines`, and each tax against its rate: `rate`), its price as it is computed again (`line`, `tax_line`, `inputs`), its digest (`content`, 1
-- where it is another one), its notes (`credited`, and their taxes: `credited_tax`), and its tax in the books (`tax_posted`); between a series and
-- its numbers (`numbers`, of a seller); and between an entry of the books and its invoices (`invoiced`), credit notes (`credit`) or debit notes
-- (`restored`), a fare with the tax that is withheld of it (`withheld`), and a lost chargeback and its credit notes (`charged_back`). A document that takes back more than is left takes what is left.
-- Only what was issued or changed since p_since is looked at, and the documents of p_again; without both, all.
create or replace function khidma.invoice_differences(p_since timestamptz default '-infinity', p_again uuid[] default '{}')
returns table (document_type text, document_id uuid, what text, expected bigint, found bigint) language sql stable as $$
  with documents as (
    select i as row, i.* from invoices i where i.updated_at >= p_since or i.id = any (p_again)
  ), entries as (
    select e as row, e.* from ledger_entries e, invoice_progress p
     where (e.created_at >= p_since and (p_since = '-infinity' or e.id >= khidma.first_uuid_v7(p_since - interval '1 day')) or e.id = any (p_again))
       and e.created_at >= p.started_at
  ), compared as (
    select 'invoice' as type, d.id, c.what, c.expected, c.found
      from documents d cross join lateral khidma.sums_of_invoice(d.id) s
     cross join lateral (values ('subtotal', s.subtotal, d.subtotal), ('discount', s.discount, d.discount), ('tax', s.tax, d.tax), ('total', s.total, d.total),
                                ('tax_lines', khidma.taxes_of_invoice(d.id), d.tax)) c (what, expected, found)
    union all
    -- A tax that two governments share is one tax.
    select 'invoice', d.id, 'rate', case when t.is_included then khidma.share_half_up(t.base + t.amount, t.rate_basis_points, 10000 + t.rate_basis_points)
                                         else khidma.share_half_up(t.base, t.rate_basis_points, 10000) end, t.amount
      from documents d
     cross join lateral (select x.name, x.rate_basis_points, x.is_included, x.base, sum(x.amount)::bigint as amount
                           from invoice_tax_lines x where x.invoice_id = d.id group by 1, 2, 3, 4) t
     where d.kind = 'invoice'
    union all
    select 'invoice', d.id, x.what, x.expected, x.found from documents d cross join lateral khidma.price_differences(d.row) x
    union all
    select 'invoice', d.id, 'tax_posted', case when d.status = 'void' then 0 when d.kind = 'credit_note' then -d.tax else d.tax end, khidma.tax_posted_of(d.row)
      from documents d
     where d.supplier_id is null
       and (d.document_type not in ('order', 'refund') or exists (select from orders o where o.id = d.document_id) or exists (select from refunds r where r.id = d.document_id))
    union all
    select 'invoice', d.id, 'content', 0, (d.digest is distinct from khidma.invoice_digest(d.row))::int from documents d
    union all
    select 'invoice', d.id, 'credited', d.credited_amount, khidma.credited_of_invoice(d.id)
      from documents d where d.kind = 'invoice'
    union all
    -- Orders are credited by their lines, whose taxes may differ.
    select 'invoice', d.id, 'credited_tax', case when d.document_type <> 'order' or d.credited_amount = d.total
             then sum(round(t.amount::numeric * d.credited_amount / d.total))::bigint else least(c.tax, d.tax) end, c.tax
      from documents d join invoice_tax_lines t on t.invoice_id = d.id
     cross join lateral (select coalesce(sum(case n.kind when 'credit_note' then n.tax else -n.tax end), 0)::bigint as tax from invoices n where n.credited_invoice_id = d.id) c
     where d.kind = 'invoice' and d.credited_amount > 0 group by d.id, d.document_type, d.credited_amount, d.total, d.tax, c.tax
    union all
    select 'invoice_series', s.seller_id, 'numbers', s.next_number - 1, (
             select count(*) from invoices i where i.seller_id = s.seller_id and i.series = s.code and i.fiscal_year = s.fiscal_year and i.number < s.next_number)
      from invoice_series s
    union all
    select 'ledger_entry', e.id, 'invoiced', s.amount, (
             select coalesce(sum(i.total), 0)::bigint from invoices i
              where i.document_id = e.id and i.document_type = 'ledger_entry' and i.kind = 'invoice' and i.status <> 'void' and i.buyer_id = s.buyer_id)
      from entries e cross join lateral khidma.supplies_of_entry(e.row) s
    union all
    select 'ledger_entry', e.id, 'credit', least(c.amount, n.found + r.room), n.found
      from entries e cross join lateral khidma.credit_of_entry(e.row) c
     cross join lateral (select coalesce(sum(i.total), 0)::bigint as found from invoices i
                          where i.document_id = e.id and i.document_type = 'ledger_entry' and i.kind = 'credit_note') n
     cross join lateral (select coalesce(sum(i.total - i.credited_amount), 0)::bigint as room from invoices i
                          where i.booking_id = e.booking_id and i.buyer_id = c.buyer_id and i.document_type = 'ledger_entry'
                            and (i.supplier_id is null) = c.is_fee and i.kind = 'invoice' and i.status <> 'void') r
     where c.amount is not null
    union all
    select 'ledger_entry', e.id, 'restored', (select coalesce(sum(n.total), 0)::bigint from khidma.credit_notes_of_refund(e.document_id) n),
           (select coalesce(sum(i.total), 0)::bigint from invoices i where i.document_id = e.id and i.kind = 'debit_note')
      from entries e where e.posting = 'refund_reversed'
    union all
    -- Tax collected at source proves itself by the one pricing function: the fare without its taxes is the base of what is withheld.
    select 'tax_withholding', w.id, 'withheld', v.expected, v.found
      from tax_withholdings w left join invoices i on i.document_id = w.entry_id and i.kind = 'invoice' and i.status <> 'void' and i.supplier_id is not null
     cross join lateral (select khidma.price_with(w.inputs -> 'fare') as fare, khidma.price_with(w.inputs -> 'withheld') as withheld) p
     cross join lateral (values ((p.withheld ->> 'tax')::bigint, w.amount), ((p.withheld ->> 'subtotal')::bigint, w.base), ((p.fare ->> 'total')::bigint, w.gross),
                                ((p.fare ->> 'total')::bigint - (p.fare ->> 'tax')::bigint, w.base), (coalesce(i.total, w.gross), w.gross)) v (expected, found)
     where w.kind = 'withheld' and (w.created_at >= p_since or w.id = any (p_again) or i.updated_at >= p_since)
    union all
    select 'booking', w.booking_id, 'withheld', khidma.tax_to_withhold(w.booking_id), khidma.tax_withheld_of(w.booking_id)
      from tax_withholdings w where w.kind = 'withheld' and (w.created_at >= p_since or w.booking_id = any (p_again)
        or exists (select from tax_withholdings x where x.booking_id = w.booking_id and x.created_at >= p_since)
        or exists (select from payment_intents p where p.booking_id = w.booking_id and p.updated_at >= p_since))
    union all
    select 'chargeback', b.id, 'charged_back', least(khidma.loss_of_chargeback(b), n.found + r.room), n.found
      from khidma.chargebacks_since(p_since, p_again) b join payment_intents p on p.id = b.intent_id
     cross join lateral (select coalesce(sum(i.total), 0)::bigint as found from invoices i
                          where i.document_id = b.id and i.document_type = 'chargeback' and i.kind = 'credit_note') n
     cross join lateral (select coalesce(sum(i.total - i.credited_amount), 0)::bigint as room from khidma.invoices_of_payment(p) i) r
  )
  select c.type, c.id, c.what, c.expected::bigint, c.found::bigint from compared c where c.expected is distinct from c.found
$$;

-- Proves the invoices once a day, UTC, and keeps the result: what changed since the last proof (and a day before it), and what differed
-- then. What the books lack a document for by then is issued first, however old it is: invoices, then what credits them, then what restores
-- that; what cannot be issued differs, and what passes by itself fails the proof, which is made again. What they lack one for only since then, as it was posted meanwhile, is the business of the next proof. Returns how many proofs were
-- made, and what differs.
create or replace function khidma.check_invoices() returns json language plpgsql as $$
declare
  before invoice_checks;
  since timestamptz;
  again uuid[];
  lacking uuid[];
  issued uuid[] := '{}';
  found_differences jsonb;
  e ledger_entries;
  c chargebacks;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('khidma.check_invoices', 7))
    or exists (select from invoice_checks where created_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC')
    or khidma.has_failed('checkInvoices', interval '1 hour')
  then
    return json_build_object('checks', 0, 'differences', 0);
  end if;
  select * into before from invoice_checks order by id desc limit 1;
  since := coalesce(before.created_at - interval '1 day', '-infinity');
  again := array(select (d ->> 'documentId')::uuid from jsonb_array_elements(before.details) d);
  for pass in 1 .. 3 loop
    lacking := array(select d.document_id from khidma.invoice_differences(since, again) d
                      where (d.document_type = 'ledger_entry' and d.found = 0 or d.document_type = 'chargeback' and d.found < d.expected)
                        and d.document_id <> all (issued));
    exit when lacking = '{}';
    for e in select x.* from ledger_entries x where x.id = any (lacking) order by x.id loop
      begin
        perform khidma.invoice_entry(e);
        perform khidma.credit_entry(e);
        perform khidma.restore_entry(e);
      exception when others then
        if khidma.note_failed_row('ledger_entry', e.id, sqlstate, sqlerrm) then
          raise;
        end if;
      end;
    end loop;
    for c in select x.* from chargebacks x where x.id = any (lacking) order by x.id loop
      begin
        perform khidma.credit_chargeback(c);
      exception when others then
        if khidma.note_failed_row('chargeback', c.id, sqlstate, sqlerrm) then
          raise;
        end if;
      end;
    end loop;
    issued := issued || lacking;
  end loop;
  set constraints invoices_numbered immediate;
  select coalesce(jsonb_agg(jsonb_build_object('documentType', d.document_type, 'documentId', d.document_id, 'what', d.what,
           'expected', d.expected, 'found', d.found) order by d.document_id, d.what), '[]') into found_differences
    from khidma.invoice_differences(since, again) d
   where d.document_type not in ('ledger_entry', 'chargeback') or d.found <> 0 or d.document_id = any (issued);
  insert into invoice_checks (id, checked, differences, details)
  values (khidma.uuid_v7(), (select count(*) from invoices i where i.updated_at >= since or i.id = any (again)), jsonb_array_length(found_differences), found_differences);
  return json_build_object('checks', 1, 'differences', jsonb_array_length(found_differences));
end $$;
