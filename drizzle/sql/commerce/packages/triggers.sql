-- packages
create or replace trigger a_touch before update on packages for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on packages for each row execute function khidma.audit_packages();

-- entitlements
create or replace trigger a_touch before update on entitlements for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on entitlements for each row execute function khidma.audit_entitlements();
