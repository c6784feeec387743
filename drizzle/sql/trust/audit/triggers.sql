-- audit_log
create or replace trigger no_truncate before truncate on audit_log for each statement execute function khidma.append_only();
-- Runs before `a_stamp`, which takes the digest.
create or replace trigger a_mask before insert on audit_log for each row when (new.meta -> 'changes' ?| array['phone', 'email', 'department_email', 'gateway_email', 'contact_email', 'contact_phone']) execute function khidma.mask_audit();
create or replace trigger a_stamp before insert on audit_log for each row execute function khidma.stamp_audit();
create or replace trigger append_only before update or delete on audit_log for each row execute function khidma.guard_audit();

-- audit_days
create or replace trigger no_truncate before truncate on audit_days for each statement execute function khidma.append_only();
create or replace trigger append_only before update or delete on audit_days for each row execute function khidma.guard_audit_days();
