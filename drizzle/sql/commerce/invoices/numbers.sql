-- Returns the fiscal year of an instant where its seller is: the calendar year in which it begins.
create or replace function khidma.fiscal_year(p_at timestamptz, p_zone text, p_starts_in int) returns int language sql stable as $$
  select extract(year from (p_at at time zone p_zone) - make_interval(months => p_starts_in - 1))::int
$$;

-- Returns the SHA-256 of all that never changes of an invoice, the inputs of its price included, but for those that a migration wrote. Names and addresses of people are not in it, since the law may want them
-- erased one day.
create or replace function khidma.invoice_digest(i invoices) returns text language plpgsql stable as $$
begin
  return (
    select encode(sha256(convert_to((jsonb_build_array(
             i.id, i.kind, i.seller_id, i.series, i.fiscal_year, i.document_type, i.document_id, i.booking_id, i.credited_invoice_id, i.buyer_id,
             i.supplier_id, i.seller, i.language, i.currency, i.subtotal, i.discount, i.tax, i.total, extract(epoch from i.issued_at), extract(epoch from i.due_at),
             (select jsonb_agg(jsonb_build_array(l.line, l.kind, l.description, l.quantity, l.unit_price, l.discount, l.tax, l.total) order by l.line)
                from invoice_lines l where l.invoice_id = i.id),
             (select jsonb_agg(jsonb_build_array(x.position, x.name, x.component, x.rate_basis_points, x.base, x.amount, x.is_included) order by x.position)
                from invoice_tax_lines x where x.invoice_id = i.id))
             || coalesce((select jsonb_build_array(p.inputs) from invoice_inputs p where p.invoice_id = i.id and not p.inputs ? 'backfilled'), '[]'))::text,
             'UTF8')), 'hex'));
end $$;

-- Returns the amounts of an invoice as its lines add up to them.
create or replace function khidma.sums_of_invoice(p_invoice uuid, out subtotal bigint, out discount bigint, out tax bigint, out total bigint)
language plpgsql stable as $$
begin
  select coalesce(sum(l.quantity * l.unit_price), 0)::bigint, coalesce(sum(l.discount), 0)::bigint, coalesce(sum(l.tax), 0)::bigint,
         coalesce(sum(l.total), 0)::bigint
    into subtotal, discount, tax, total
    from invoice_lines l where l.invoice_id = p_invoice;
end $$;

-- Returns what the notes of an invoice have taken back of it: credit notes less debit notes.
create or replace function khidma.credited_of_invoice(p_invoice uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(case c.kind when 'credit_note' then c.total else -c.total end), 0)::bigint from invoices c where c.credited_invoice_id = p_invoice);
end $$;

-- Returns what the tax lines of an invoice add up to.
create or replace function khidma.taxes_of_invoice(p_invoice uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(x.amount), 0)::bigint from invoice_tax_lines x where x.invoice_id = p_invoice);
end $$;

-- Numbers the invoices of this transaction at its commit: none is numbered that is not issued, and the lock of a counter is held for no
-- longer than the commit takes. Counters are taken in one order, whatever order the invoices came in, so that transactions wait for each
-- other and never deadlock. Refuses an invoice whose amounts are not what its lines and taxes add up to.
-- Only this transaction sees its invoices without a number: every one that is committed has one.
create or replace function khidma.number_invoices() returns trigger language plpgsql as $$
declare
  wrong uuid;
  counter record;
  first_number bigint;
begin
  if not exists (select from invoices where number is null) then
    return null;
  end if;
  select i.id into wrong from invoices i cross join lateral khidma.sums_of_invoice(i.id) s
   where i.number is null
     and ((i.subtotal, i.discount, i.tax, i.total) is distinct from (s.subtotal, s.discount, s.tax, s.total)
          or i.tax <> khidma.taxes_of_invoice(i.id)
          or not exists (select from invoice_lines l where l.invoice_id = i.id)
          or (i.kind = 'invoice' and not exists (select from invoice_inputs p where p.invoice_id = i.id)))
   limit 1;
  if wrong is not null then
    raise exception 'invoice % is not what its lines add up to', wrong using errcode = 'check_violation', constraint = 'invoices_total';
  end if;
  for counter in
    select i.seller_id, s.country, i.series, i.fiscal_year, count(*)::int as many
      from invoices i join invoice_sellers s on s.id = i.seller_id
     where i.number is null group by 1, 2, 3, 4 order by 1, 3, 4
  loop
    insert into invoice_series as c (seller_id, code, fiscal_year, next_number)
    values (counter.seller_id, counter.series, counter.fiscal_year, 1 + counter.many)
    on conflict (seller_id, code, fiscal_year) do update set next_number = c.next_number + counter.many
    returning c.next_number - counter.many into first_number;
    update invoices i
       set number = n.number, digest = khidma.invoice_digest(i),
           label = concat_ws('-', counter.country, counter.series, counter.fiscal_year, lpad(n.number::text, greatest(6, length(n.number::text)), '0'))
      from (select x.id, first_number + row_number() over (order by x.id) - 1 as number from invoices x
             where x.number is null and x.seller_id = counter.seller_id and x.series = counter.series and x.fiscal_year = counter.fiscal_year) n
     where i.id = n.id;
  end loop;
  return null;
end $$;

-- Returns a party of an invoice as an erasure leaves it: of who is erased nothing but the country, which taxes hang on.
create or replace function khidma.party_left(p_party jsonb, p_user uuid) returns jsonb language plpgsql stable as $$
begin
  return (
    select case when exists (select from users u where u.id = p_user and u.erased_at is not null)
                then jsonb_build_object('name', null, 'taxId', null, 'address', null, 'country', p_party -> 'country') else p_party end);
end $$;

-- Refuses every change of an invoice but of its status and of what goes with it, and stamps a change of that. An erasure takes
-- names, from the parties and from a reason. Number, label and digest come once, by its own trigger.
create or replace function khidma.guard_invoice() returns trigger language plpgsql as $$
declare
  free constant text[] := array['status', 'reason', 'paid_at', 'voided_at', 'credited_amount', 'next_reminder_at', 'buyer', 'supplier', 'updated_at', 'version']
    || case when old.number is null and pg_trigger_depth() > 1 then array['number', 'label', 'digest'] end;
begin
  if to_jsonb(new) - free <> to_jsonb(old) - free or (old.status <> 'issued' and new.status <> old.status)
    or (new.reason is distinct from old.reason and new.status = old.status and not khidma.acts_alone())
    or (new.credited_amount <> old.credited_amount and new.credited_amount <> khidma.credited_of_invoice(old.id))
    or (new.buyer <> old.buyer and new.buyer <> khidma.party_left(old.buyer, old.buyer_id))
    or (new.supplier <> old.supplier and new.supplier <> khidma.party_left(old.supplier, old.supplier_id)) then
    raise exception 'invoice % is immutable: issue a credit note', old.id using errcode = 'restrict_violation';
  end if;
  if new.status <> old.status then
    new.paid_at := case when new.status = 'paid' then coalesce(new.paid_at, now()) end;
    new.voided_at := case when new.status = 'void' then now() end;
    new.next_reminder_at := null;
  end if;
  return new;
end $$;

-- Refuses a line of an invoice that has its number: lines come with their invoice, in its transaction.
create or replace function khidma.guard_invoice_line() returns trigger language plpgsql as $$
begin
  if exists (select from invoices where id = new.invoice_id and number is not null) then
    raise exception 'invoice % is immutable: issue a credit note', new.invoice_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- Refuses every rewrite of what was issued.
create or replace function khidma.refuse_invoice_rewrite() returns trigger language plpgsql as $$
begin
  raise exception '% is immutable: issue a credit note', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Refuses every change of a counter that no invoice makes.
create or replace function khidma.refuse_series_write() returns trigger language plpgsql as $$
begin
  raise exception 'numbers of invoices are taken by invoices' using errcode = 'restrict_violation';
end $$;

-- Gives the invoices of this transaction their numbers now, for an answer that shows them: the last thing before the commit.
create or replace function khidma.take_invoice_numbers() returns void language plpgsql as $$
begin
  set constraints invoices_numbered immediate;
end $$;
