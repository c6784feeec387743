-- invoice_sellers
create or replace trigger a_touch before update on invoice_sellers for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on invoice_sellers for each row execute function khidma.audit_invoice_sellers();

-- invoice_series
create or replace trigger no_truncate before truncate on invoice_series for each statement execute function khidma.refuse_invoice_rewrite();
create or replace trigger follows_invoices before insert or update or delete on invoice_series for each row when (pg_trigger_depth() = 0) execute function khidma.refuse_series_write();

-- invoices
create or replace trigger no_truncate before truncate on invoices for each statement execute function khidma.refuse_invoice_rewrite();
create or replace trigger a_touch before update on invoices for each row when (old.number is not distinct from new.number) execute function khidma.touch();
create or replace trigger b_guard_state before update of status on invoices for each row execute function khidma.guard_invoice_state();
create or replace trigger b_immutable before update on invoices for each row execute function khidma.guard_invoice();
create or replace trigger b_kept before delete on invoices for each row execute function khidma.refuse_invoice_rewrite();
create or replace trigger c_record_transition after update of status on invoices for each row execute function khidma.record_invoice_transition();
create or replace trigger e_issued after insert on invoices for each row execute function khidma.tell_invoice_issued();
create or replace trigger f_tax after insert on invoices for each row when (new.tax > 0 and new.supplier_id is null and new.document_type not in ('order', 'refund')) execute function khidma.post_invoice_tax();
create or replace trigger f_tax_void after update of status on invoices for each row when (new.status = 'void' and new.tax > 0 and new.supplier_id is null and new.document_type not in ('order', 'refund')) execute function khidma.post_invoice_tax();
create or replace trigger z_audit after update of status on invoices for each row execute function khidma.audit_invoices('buyer', 'supplier', 'digest', 'next_reminder_at');
drop trigger if exists invoices_numbered on invoices;
create constraint trigger invoices_numbered after insert on invoices deferrable initially deferred for each row execute function khidma.number_invoices();

-- invoice_lines
create or replace trigger no_truncate before truncate on invoice_lines for each statement execute function khidma.refuse_invoice_rewrite();
create or replace trigger b_with_invoice before insert on invoice_lines for each row execute function khidma.guard_invoice_line();
create or replace trigger immutable before update or delete on invoice_lines for each row execute function khidma.refuse_invoice_rewrite();

-- invoice_tax_lines
create or replace trigger no_truncate before truncate on invoice_tax_lines for each statement execute function khidma.refuse_invoice_rewrite();
create or replace trigger b_with_invoice before insert on invoice_tax_lines for each row execute function khidma.guard_invoice_line();
create or replace trigger immutable before update or delete on invoice_tax_lines for each row execute function khidma.refuse_invoice_rewrite();

-- invoice_inputs
create or replace trigger no_truncate before truncate on invoice_inputs for each statement execute function khidma.refuse_invoice_rewrite();
create or replace trigger b_with_invoice before insert on invoice_inputs for each row execute function khidma.guard_invoice_line();
create or replace trigger immutable before update or delete on invoice_inputs for each row execute function khidma.refuse_invoice_rewrite();

-- tax_withholdings
create or replace trigger b_append_only before update or delete on tax_withholdings for each row execute function khidma.append_only();
create or replace trigger c_post after insert on tax_withholdings for each row execute function khidma.post_withholding();

-- tax_details
create or replace trigger a_touch before update on tax_details for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on tax_details for each row execute function khidma.audit_tax_details('legal_name', 'tax_id', 'address');
