-- A debit note restores what a credit note took back. Each note says how much of its invoice was credited before it, so that its taxes can be computed again.
alter table invoices add credited_before bigint;
--> statement-breakpoint
alter table invoices disable trigger user;
--> statement-breakpoint
update invoices i
   set credited_before = (select coalesce(sum(x.total), 0) from invoices x
                           where x.credited_invoice_id = i.credited_invoice_id and (x.fiscal_year, x.number) < (i.fiscal_year, i.number))
 where i.kind = 'credit_note';
--> statement-breakpoint
alter table invoices enable trigger user;
--> statement-breakpoint
alter table invoices drop constraint invoices_kind, drop constraint invoices_credit_note, drop constraint invoices_series;
--> statement-breakpoint
alter table invoices
  add constraint invoices_kind check (kind in ('invoice', 'credit_note', 'debit_note')),
  add constraint invoices_note check ((kind <> 'invoice') = (credited_invoice_id is not null) and (kind = 'invoice' or status = 'issued' and credited_amount = 0)),
  add constraint invoices_credited_before check ((credited_before is not null) = (kind <> 'invoice') and (credited_before is null or credited_before >= 0)),
  add constraint invoices_series check (series = case when supplier_id is null then 'S' else 'F' end || case kind when 'credit_note' then 'C' when 'debit_note' then 'D' else '' end);
--> statement-breakpoint
alter table invoice_series drop constraint invoice_series_code;
--> statement-breakpoint
alter table invoice_series add constraint invoice_series_code check (code in ('S', 'F', 'SC', 'FC', 'SD', 'FD'));
--> statement-breakpoint
drop index invoices_one_credit_of_entry;
--> statement-breakpoint
create unique index invoices_one_note_of_document on invoices (document_id, credited_invoice_id, kind) where kind <> 'invoice' and document_type in ('ledger_entry', 'chargeback');
