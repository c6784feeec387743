-- Returns `p_amount * p_parts / p_whole`, rounded half up, once.
create or replace function khidma.share_half_up(p_amount bigint, p_parts bigint, p_whole bigint) returns bigint language sql immutable parallel safe as $$
  select div(2 * p_amount::numeric * p_parts + p_whole, 2 * p_whole)::bigint
$$;

-- Returns every difference between an invoice and what it was made of: its lines (`subtotal`, `discount`, `tax`, `total`), its tax lines
-- (`tax_lines`, and each tax against its rate: `rate`), its digest (`content`, 1 where it is another one), its credit notes (`credited`, and
-- their taxes: `credited_tax`); between a series and its numbers (`numbers`, of a seller); and between an entry of the books and its
-- invoices (`invoiced`) or credit notes (`credit`).
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
    select 'invoice', d.id, 'content', 0, (d.digest is distinct from khidma.invoice_digest(d.row))::int from documents d
    union all
    select 'invoice', d.id, 'credited', d.credited_amount, (select coalesce(sum(c.total), 0)::bigint from invoices c where c.credited_invoice_id = d.id)
      from documents d where d.kind = 'invoice'
    union all
    select 'invoice', d.id, 'credited_tax', sum(round(t.amount::numeric * d.credited_amount / d.total))::bigint,
           (select coalesce(sum(c.tax), 0)::bigint from invoices c where c.credited_invoice_id = d.id)
      from documents d join invoice_tax_lines t on t.invoice_id = d.id where d.kind = 'invoice' and d.credited_amount > 0 group by d.id
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
    select 'ledger_entry', e.id, 'credit', c.amount, (
             select coalesce(sum(i.total), 0)::bigint from invoices i where i.document_id = e.id and i.document_type = 'ledger_entry' and i.kind = 'credit_note')
      from entries e cross join lateral khidma.credit_of_entry(e.row) c
     where c.amount is not null
       and exists (select from invoices i where i.booking_id = e.booking_id and i.buyer_id = c.buyer_id and i.document_type = 'ledger_entry'
                      and (i.supplier_id is null) = c.is_fee and i.kind = 'invoice')
  )
  select c.type, c.id, c.what, c.expected::bigint, c.found::bigint from compared c where c.expected is distinct from c.found
$$;

-- Proves the invoices once a day, UTC, and keeps the result: what changed since the last proof (and a day before it), and what differed
-- then. What the books lack an invoice for by then is issued first, however old it is. Returns how many proofs were made, and what differs.
create or replace function khidma.check_invoices() returns json language plpgsql as $$
declare
  before invoice_checks;
  since timestamptz;
  again uuid[];
  found_differences jsonb;
  e ledger_entries;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('khidma.check_invoices', 7))
    or exists (select from invoice_checks where created_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC')
  then
    return json_build_object('checks', 0, 'differences', 0);
  end if;
  select * into before from invoice_checks order by id desc limit 1;
  since := coalesce(before.created_at - interval '1 day', '-infinity');
  again := array(select (d ->> 'documentId')::uuid from jsonb_array_elements(before.details) d);
  for e in select x.* from khidma.invoice_differences(since, again) d join ledger_entries x on x.id = d.document_id
            where d.document_type = 'ledger_entry' and d.found = 0 order by x.id loop
    perform khidma.invoice_entry(e);
    perform khidma.credit_entry(e);
  end loop;
  set constraints invoices_numbered immediate;
  select coalesce(jsonb_agg(jsonb_build_object('documentType', d.document_type, 'documentId', d.document_id, 'what', d.what,
           'expected', d.expected, 'found', d.found) order by d.document_id, d.what), '[]') into found_differences
    from khidma.invoice_differences(since, again) d;
  insert into invoice_checks (id, checked, differences, details)
  values (khidma.uuid_v7(), (select count(*) from invoices i where i.updated_at >= since or i.id = any (again)), jsonb_array_length(found_differences), found_differences);
  return json_build_object('checks', 1, 'differences', jsonb_array_length(found_differences));
end $$;
