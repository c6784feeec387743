-- payment_gateway_configs
create or replace trigger a_touch before update on payment_gateway_configs for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on payment_gateway_configs for each row execute function khidma.audit_payment_gateway_configs('config');
