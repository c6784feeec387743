-- payment_methods
create or replace trigger a_touch before update on payment_methods for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on payment_methods for each row execute function khidma.audit_payment_methods('gateway_customer_id', 'gateway_payment_method_id', 'gateway_email', 'reference_hash', 'fingerprint_hash');
