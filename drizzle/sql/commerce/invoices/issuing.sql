-- Returns the language of an invoice for a user: theirs where invoices have it, else English.
create or replace function khidma.invoice_language(p_user uuid) returns text language plpgsql stable as $$
begin
  return (
    select coalesce((select l.language from users u, unnest(array['en', 'ar', 'ru', 'ky', 'hi']) l (language)
                      where u.id = p_user and split_part(u.locale, '-', 1) = l.language), 'en'));
end $$;

-- Returns a user as a party of an invoice: their details for taxes, else the name and country of the account.
create or replace function khidma.invoice_party(p_user uuid) returns jsonb language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('name', coalesce(d.legal_name, u.full_name), 'taxId', d.tax_id, 'address', d.address,
             'country', coalesce(d.country, u.country))
      from users u left join tax_details d on d.user_id = u.id where u.id = p_user);
end $$;

-- Issues an invoice about a document (an order, an entry of the ledger, …) to its buyer, and returns its id. A second call finds the first
-- invoice; a void one makes place for another.
-- p_kind is `invoice`: credit notes are issued by khidma.issue_credit_note. p_price: what khidma.price_with returned; its inputs are kept, so
-- that it can be computed again. The seller is the operator's entity in the country of the currency; with p_supplier
-- it issues on behalf of that user. p_paid_at: it is paid already.
create or replace function khidma.issue_invoice(
  p_kind text, p_document_type text, p_document uuid, p_buyer uuid, p_currency text, p_price jsonb, p_due_at timestamptz,
  p_paid_at timestamptz default null, p_supplier uuid default null, p_booking uuid default null
) returns uuid language plpgsql as $$
declare
  issued uuid;
  seller invoice_sellers;
begin
  if p_kind <> 'invoice' then
    raise exception 'issue_invoice issues no %', p_kind;
  end if;
  select i.id into issued from invoices i
   where i.document_id = p_document and i.document_type = p_document_type and i.buyer_id = p_buyer and i.kind = 'invoice' and i.status <> 'void';
  if found then
    return issued;
  end if;
  select * into seller from invoice_sellers s where s.country = khidma.country_of(p_currency);
  if not found then
    raise exception 'nobody sells in %', p_currency;
  end if;
  issued := khidma.uuid_v7();
  insert into invoices (id, kind, seller_id, series, fiscal_year, document_type, document_id, booking_id, buyer_id, supplier_id, seller, buyer,
                        supplier, language, currency, subtotal, discount, tax, total, status, due_at, paid_at, next_reminder_at)
  select issued, 'invoice', seller.id, case when p_supplier is null then 'S' else 'F' end,
         khidma.fiscal_year(now(), seller.timezone, seller.fiscal_year_starts_in), p_document_type, p_document, p_booking, p_buyer, p_supplier,
         jsonb_build_object('name', seller.name, 'taxId', seller.tax_id, 'address', seller.address, 'country', seller.country),
         khidma.invoice_party(p_buyer), case when p_supplier is not null then khidma.invoice_party(p_supplier) end,
         khidma.invoice_language(p_buyer), p_currency, a.subtotal, a.discount, a.tax, a.total,
         case when p_paid_at is null then 'issued' else 'paid' end::invoice_status, p_due_at, p_paid_at,
         case when p_paid_at is null then khidma.next_invoice_reminder(p_due_at, p_currency, now()) end
    from (select coalesce(sum(l.quantity * l.unit_price), 0)::bigint as subtotal, coalesce(sum(l.discount), 0)::bigint as discount,
                 coalesce(sum(l.tax), 0)::bigint as tax, coalesce(sum(l.total), 0)::bigint as total
            from khidma.lines_of_price(p_price) l) a;
  insert into invoice_inputs (invoice_id, inputs) values (issued, p_price -> 'inputs');
  insert into invoice_lines (invoice_id, line, kind, description, quantity, unit_price, discount, tax, total)
  select issued, l.line, l.kind, l.description, l.quantity, l.unit_price, l.discount, l.tax, l.total from khidma.lines_of_price(p_price) l;
  insert into invoice_tax_lines (invoice_id, position, name, component, rate_basis_points, base, amount, is_included)
  select issued, x.position, x.name, x.component, x.rate_basis_points, x.base, x.amount, x.is_included from khidma.taxes_of_price(p_price) x;
  return issued;
end $$;

-- Returns the lines of a price, numbered from 1.
create or replace function khidma.lines_of_price(p_price jsonb)
returns table (line int, kind text, description text, quantity int, unit_price bigint, discount bigint, tax bigint, total bigint) language sql immutable as $$
  select l.position::int, l.x ->> 'kind', coalesce(l.x ->> 'name', l.x ->> 'kind'), coalesce((l.x ->> 'quantity')::int, 1),
         (l.x ->> 'unitPrice')::bigint, coalesce((l.x ->> 'discount')::bigint, 0), coalesce((l.x ->> 'tax')::bigint, 0), (l.x ->> 'total')::bigint
    from jsonb_array_elements(p_price -> 'lines') with ordinality l (x, position)
$$;

-- Returns the taxes of a price, numbered from 1.
create or replace function khidma.taxes_of_price(p_price jsonb)
returns table ("position" int, name text, component text, rate_basis_points int, base bigint, amount bigint, is_included boolean) language sql immutable as $$
  select t.position::int, t.x ->> 'name', coalesce(t.x ->> 'component', t.x ->> 'name'), (t.x ->> 'rateBasisPoints')::int, (t.x ->> 'base')::bigint,
         (t.x ->> 'amount')::bigint, coalesce((t.x ->> 'inclusive')::boolean, false)
    from jsonb_array_elements(coalesce(p_price -> 'taxes', '[]')) with ordinality t (x, position)
$$;

-- Returns when the buyer of an unpaid invoice is reminded next: before it is due, when it is due, and while it is overdue, by the terms of
-- its market. Null: never again.
create or replace function khidma.next_invoice_reminder(p_due_at timestamptz, p_currency text, p_after timestamptz) returns timestamptz
language plpgsql stable as $$
begin
  return (
    select min(r.at)
      from jsonb_array_elements_text(khidma.config_value('invoices.terms', khidma.country_of(p_currency), null, null) -> 'reminderDays') d (days)
     cross join lateral (select p_due_at + make_interval(days => d.days::int) as at) r
     where r.at > p_after);
end $$;

-- Marks the invoice of a document as paid; one that is paid or void stays as it is.
create or replace function khidma.mark_invoice_paid(p_document_type text, p_document uuid, p_at timestamptz) returns void language plpgsql as $$
begin
  update invoices set status = 'paid', paid_at = p_at
   where document_id = p_document and document_type = p_document_type and kind = 'invoice' and status = 'issued';
end $$;

-- Credits an amount of an invoice, or without one all that is left of it. Taxes are credited in proportion, so that all credit notes of an invoice
-- that is credited whole are its taxes to the unit. An unpaid invoice of which nothing is left is paid with it. Refuses more than is left.
create or replace function khidma.issue_credit_note(
  p_invoice uuid, p_amount bigint, p_reason text, p_document_type text default 'invoice', p_document uuid default null, p_id uuid default null
) returns uuid language plpgsql as $$
declare
  i invoices;
  issued uuid := coalesce(p_id, khidma.uuid_v7());
  tax_amount bigint;
  on_top bigint;
begin
  select * into i from invoices x where x.id = p_invoice and x.kind = 'invoice' for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif i.status = 'void' then
    perform khidma.refuse(409, 'invoice_void');
  end if;
  p_amount := coalesce(p_amount, i.total - i.credited_amount);
  if p_amount < 1 or p_amount > i.total - i.credited_amount then
    perform khidma.refuse(422, 'amount_above_invoice', jsonb_build_object('maximum', i.total - i.credited_amount));
  end if;
  select coalesce(sum(t.amount), 0), coalesce(sum(t.amount) filter (where not t.is_included), 0) into tax_amount, on_top
    from khidma.taxes_of_credit(i, p_amount) t;
  insert into invoices (id, kind, seller_id, series, fiscal_year, document_type, document_id, booking_id, credited_invoice_id, credited_before,
                        buyer_id, supplier_id, seller, buyer, supplier, language, currency, subtotal, discount, tax, total, reason)
  select issued, 'credit_note', s.id, i.series || 'C', khidma.fiscal_year(now(), s.timezone, s.fiscal_year_starts_in), p_document_type,
         coalesce(p_document, i.id), i.booking_id, i.id, i.credited_amount, i.buyer_id, i.supplier_id, i.seller, i.buyer, i.supplier, i.language, i.currency,
         p_amount - on_top, 0, tax_amount, p_amount, p_reason
    from invoice_sellers s where s.id = i.seller_id;
  insert into invoice_lines (invoice_id, line, kind, description, quantity, unit_price, tax, total)
  select issued, 1, l.kind, l.description, 1, p_amount - on_top, tax_amount, p_amount
    from invoice_lines l where l.invoice_id = i.id order by l.line limit 1;
  insert into invoice_tax_lines (invoice_id, position, name, component, rate_basis_points, base, amount, is_included)
  select issued, t.position, t.name, t.component, t.rate_basis_points, t.base, t.amount, t.is_included from khidma.taxes_of_credit(i, p_amount) t;
  update invoices set credited_amount = credited_amount + p_amount where id = i.id;
  if i.status = 'issued' and i.credited_amount + p_amount = i.total then
    update invoices set status = 'paid' where id = i.id;
  end if;
  return issued;
end $$;

-- Returns the taxes of the next credit note of an invoice, in proportion: what is credited of each tax with it, less what notes have taken.
create or replace function khidma.taxes_of_credit(i invoices, p_amount bigint)
returns table ("position" int, name text, component text, rate_basis_points int, base bigint, amount bigint, is_included boolean) language sql stable as $$
  select t.position, t.name, t.component, t.rate_basis_points, greatest(t.base - c.base, 0), greatest(t.amount - c.amount, 0), t.is_included
    from khidma.taxes_between(i, 0, i.credited_amount + p_amount) t
   cross join lateral (select coalesce(sum(x.base * k.sign), 0)::bigint as base, coalesce(sum(x.amount * k.sign), 0)::bigint as amount
                         from invoices n join invoice_tax_lines x on x.invoice_id = n.id
                        cross join lateral (select case n.kind when 'credit_note' then 1 else -1 end as sign) k
                        where n.credited_invoice_id = i.id and x.position = t.position) c
$$;

-- Returns the taxes of an invoice between two amounts that are credited of it.
create or replace function khidma.taxes_between(i invoices, p_from bigint, p_to bigint)
returns table ("position" int, name text, component text, rate_basis_points int, base bigint, amount bigint, is_included boolean) language sql stable as $$
  select t.position, t.name, t.component, t.rate_basis_points,
         (round(t.base::numeric * p_to / i.total) - round(t.base::numeric * p_from / i.total))::bigint,
         (round(t.amount::numeric * p_to / i.total) - round(t.amount::numeric * p_from / i.total))::bigint,
         t.is_included
    from invoice_tax_lines t where t.invoice_id = i.id and i.total > 0
$$;

-- Restores what a credit note took back, all of it, as the document that it was issued for has not happened after all. Returns the debit note.
create or replace function khidma.issue_debit_note(p_credit_note uuid, p_reason text, p_document_type text, p_document uuid) returns uuid language plpgsql as $$
declare
  n invoices;
  i invoices;
  issued uuid := khidma.uuid_v7();
  tax_amount bigint;
  on_top bigint;
begin
  select * into strict n from invoices x where x.id = p_credit_note and x.kind = 'credit_note';
  select * into strict i from invoices x where x.id = n.credited_invoice_id for update;
  select coalesce(sum(t.amount), 0), coalesce(sum(t.amount) filter (where not t.is_included), 0) into tax_amount, on_top
    from khidma.taxes_between(i, i.credited_amount - n.total, i.credited_amount) t;
  insert into invoices (id, kind, seller_id, series, fiscal_year, document_type, document_id, booking_id, credited_invoice_id, credited_before,
                        buyer_id, supplier_id, seller, buyer, supplier, language, currency, subtotal, discount, tax, total, reason)
  select issued, 'debit_note', s.id, i.series || 'D', khidma.fiscal_year(now(), s.timezone, s.fiscal_year_starts_in), p_document_type, p_document,
         i.booking_id, i.id, i.credited_amount, i.buyer_id, i.supplier_id, i.seller, i.buyer, i.supplier, i.language, i.currency,
         n.total - on_top, 0, tax_amount, n.total, p_reason
    from invoice_sellers s where s.id = i.seller_id;
  insert into invoice_lines (invoice_id, line, kind, description, quantity, unit_price, tax, total)
  select issued, 1, l.kind, l.description, 1, n.total - on_top, tax_amount, n.total from invoice_lines l where l.invoice_id = n.id;
  insert into invoice_tax_lines (invoice_id, position, name, component, rate_basis_points, base, amount, is_included)
  select issued, t.position, t.name, t.component, t.rate_basis_points, t.base, t.amount, t.is_included
    from khidma.taxes_between(i, i.credited_amount - n.total, i.credited_amount) t;
  update invoices set credited_amount = credited_amount - n.total where id = i.id;
  return issued;
end $$;

-- Posts the tax within what the platform has earned, which is not the platform's, and takes it back with a credit note or where the invoice is
-- void. Of an order its payment and its refund post it; that of a fare is its supplier's.
create or replace function khidma.post_invoice_tax() returns trigger language plpgsql as $$
begin
  perform khidma.post(case when new.kind = 'credit_note' or new.status = 'void' then 'tax_credited' else 'tax_within' end, 'invoice', new.id, null, new.booking_id,
    new.currency, '{}', jsonb_build_object('tax', new.tax));
  return null;
end $$;

-- Tells those whom an invoice concerns that it was issued.
create or replace function khidma.tell_invoice_issued() returns trigger language plpgsql as $$
begin
  perform khidma.emit(case new.kind when 'invoice' then 'invoice.issued' when 'credit_note' then 'invoice.credited' else 'invoice.debited' end, 'invoice', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object('userId', new.buyer_id, 'supplierId', new.supplier_id, 'creditedInvoiceId', new.credited_invoice_id,
      'bookingId', new.booking_id, 'status', new.status)),
    array[new.buyer_id, new.supplier_id]);
  return null;
end $$;
