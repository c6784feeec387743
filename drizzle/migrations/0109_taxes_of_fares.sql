-- Each invoice keeps what its price was computed from, so that the price can be computed again.
create table invoice_inputs (
  invoice_id uuid primary key not null,
  inputs jsonb not null,
  constraint invoice_inputs_invoice_id_invoices_id_fk foreign key (invoice_id) references invoices(id) on delete restrict
);
--> statement-breakpoint
revoke update, delete on invoice_inputs from khidma_app;
--> statement-breakpoint
-- Of orders their price document has it; what was invoiced of the books until now had one line and no taxes.
insert into invoice_inputs (invoice_id, inputs)
select i.id, coalesce(
         (select d.price -> 'inputs' from orders o join price_documents d on d.id = o.document_id where i.document_type = 'order' and o.id = i.document_id),
         (select jsonb_build_object('lines', jsonb_agg(jsonb_build_object('line', l.line, 'kind', l.kind, 'name', l.description, 'quantity', l.quantity,
                   'unitPrice', l.unit_price) order by l.line), 'discounts', '[]'::jsonb, 'taxes', '[]'::jsonb, 'coupon', null)
            from invoice_lines l where l.invoice_id = i.id)) || '{"backfilled": true}'
  from invoices i where i.kind = 'invoice';
--> statement-breakpoint
-- A fare, a fee and a commission are agreed on as they are: their taxes are within. Rules that would add one to them were never applied.
update tax_rules
   set applies_to = array(select k from unnest(applies_to) k where k not in ('service', 'fee', 'commission')), version = version + 1, updated_at = now()
 where not is_inclusive and applies_to && array['service', 'fee', 'commission'] and applies_to && array['package', 'plan'];
--> statement-breakpoint
update tax_rules set active = false, retired_at = coalesce(retired_at, now()), version = version + 1, updated_at = now()
 where not is_inclusive and applies_to && array['service', 'fee', 'commission'];
--> statement-breakpoint
alter table tax_rules add constraint tax_rules_within
  check (is_inclusive or retired_at is not null or not applies_to && array['service', 'fee', 'commission']);
--> statement-breakpoint
drop function if exists khidma.price_of_supply(text, uuid, uuid, bigint);
