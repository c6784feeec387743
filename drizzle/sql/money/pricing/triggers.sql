-- pricing_bands
create or replace trigger a_touch before update on pricing_bands for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on pricing_bands for each row execute function khidma.audit_pricing_bands();
