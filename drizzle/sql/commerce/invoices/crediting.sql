-- Credits a part of an invoice by its own lines and taxes, which `p_part` has as `khidma.price_of` returns them, and returns the credit note.
-- Where another amount has gone back than the part is, or less is left of the invoice, that amount is credited in proportion instead; null where
-- nothing is left of it.
create or replace function khidma.credit_part(p_invoice uuid, p_part jsonb, p_amount bigint, p_reason text, p_document_type text, p_document uuid)
returns uuid language plpgsql as $$
declare
  i invoices;
  issued uuid := khidma.uuid_v7();
begin
  select * into strict i from invoices x where x.id = p_invoice and x.kind = 'invoice' for update;
  if i.credited_amount = i.total then
    return null;
  elsif p_amount <> (p_part ->> 'total')::bigint or p_amount > i.total - i.credited_amount then
    return khidma.issue_credit_note(i.id, least(p_amount, i.total - i.credited_amount), p_reason, p_document_type, p_document);
  end if;
  insert into invoices (id, kind, seller_id, series, fiscal_year, document_type, document_id, booking_id, credited_invoice_id, credited_before,
                        buyer_id, supplier_id, seller, buyer, supplier, language, currency, subtotal, discount, tax, total, reason)
  select issued, 'credit_note', s.id, i.series || 'C', khidma.fiscal_year(now(), s.timezone, s.fiscal_year_starts_in), p_document_type, p_document,
         i.booking_id, i.id, i.credited_amount, i.buyer_id, i.supplier_id, i.seller, i.buyer, i.supplier, i.language, i.currency, a.subtotal, a.discount, a.tax, a.total, p_reason
    from invoice_sellers s
   cross join (select sum(l.quantity * l.unit_price)::bigint as subtotal, sum(l.discount)::bigint as discount, sum(l.tax)::bigint as tax,
                      sum(l.total)::bigint as total from khidma.lines_of_price(p_part) l) a
   where s.id = i.seller_id;
  insert into invoice_lines (invoice_id, line, kind, description, quantity, unit_price, discount, tax, total)
  select issued, l.line, l.kind, l.description, l.quantity, l.unit_price, l.discount, l.tax, l.total from khidma.lines_of_price(p_part) l;
  insert into invoice_tax_lines (invoice_id, position, name, component, rate_basis_points, base, amount, is_included)
  select issued, x.position, x.name, x.component, x.rate_basis_points, x.base, x.amount, x.is_included from khidma.taxes_of_price(p_part) x;
  update invoices set credited_amount = credited_amount + p_amount where id = i.id;
  return issued;
end $$;
