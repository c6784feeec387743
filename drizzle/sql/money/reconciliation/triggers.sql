-- reconciliations
create or replace trigger a_touch before update on reconciliations for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on reconciliations for each row execute function khidma.audit_reconciliations();

-- reconciliation_items: what a run writes is its report; what people change is on record.
create or replace trigger a_touch before update on reconciliation_items for each row execute function khidma.touch();
create or replace trigger z_audit after update on reconciliation_items for each row execute function khidma.audit_reconciliation_items('note');
