-- Makes an invoice void, for a reason: it keeps its number, and nothing is owed. What the books say was earned is invoiced again at once, with
-- the details of its buyer of now.
create or replace function khidma.void_invoice(p_id uuid, p_reason text) returns void language plpgsql as $$
declare
  i invoices;
begin
  select * into i from invoices x where x.id = p_id for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif i.kind <> 'invoice' or i.credited_amount > 0 then
    perform khidma.refuse(409, 'invoice_credited');
  end if;
  update invoices set status = 'void', reason = p_reason where id = i.id;
  if i.document_type = 'ledger_entry' then
    perform khidma.invoice_entry(e) from ledger_entries e where e.id = i.document_id;
  end if;
end $$;

-- Returns whether an invoice is overdue: by the instant, whenever a job runs.
create or replace function khidma.is_overdue(i invoices) returns boolean language sql stable as $$
  select i.status = 'issued' and i.kind = 'invoice' and i.due_at is not null and i.due_at <= now()
$$;

-- Reminds the buyers of unpaid invoices whose reminder is due, at most p_limit: before the invoice is due, and while it is overdue. One that
-- was paid meanwhile is not reminded of.
create or replace function khidma.remind_of_invoices(p_limit int) returns json language plpgsql as $$
declare
  i invoices;
  reminders int := 0;
begin
  for i in select * from invoices x where x.next_reminder_at <= now() order by x.next_reminder_at limit p_limit for update skip locked loop
    update invoices set next_reminder_at = khidma.next_invoice_reminder(i.due_at, i.currency, now()) where id = i.id returning * into i;
    perform khidma.emit(case when khidma.is_overdue(i) then 'invoice.overdue' else 'invoice.reminder' end, 'invoice', i.id, i.version,
      jsonb_strip_nulls(jsonb_build_object('userId', i.buyer_id, 'bookingId', i.booking_id, 'dueAt', khidma.iso(i.due_at))), array[i.buyer_id]);
    reminders := reminders + 1;
  end loop;
  return json_build_object('reminders', reminders);
end $$;
