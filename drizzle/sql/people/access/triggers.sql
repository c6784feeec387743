-- roles
create or replace trigger a_guard_role before insert or update or delete on roles for each row execute function khidma.guard_role();
create or replace trigger b_touch before update on roles for each row execute function khidma.touch();
create or replace trigger b_follow_role after update on roles for each row when ((old.is_active, old.audience, old.name) is distinct from (new.is_active, new.audience, new.name) and 'internal' in (old.audience, new.audience)) execute function khidma.follow_role();
create or replace trigger z_audit after insert or delete or update on roles for each row execute function khidma.audit_roles();

-- role_permissions
create or replace trigger a_guard_role_permission before insert or update or delete on role_permissions for each row execute function khidma.guard_role_permission();
create or replace trigger z_audit after insert or delete or update on role_permissions for each row execute function khidma.audit_role_permissions();

-- user_roles
create or replace trigger a_guard_grant before insert or update or delete on user_roles for each row execute function khidma.guard_grant();
-- Runs after `a_guard_grant`, which decides whether the grant may change at all.
create or replace trigger a_stamp_grant before update of status on user_roles for each row when (old.status <> new.status) execute function khidma.stamp_grant();
create or replace trigger b_touch before update on user_roles for each row execute function khidma.touch();
create or replace trigger b_follow_grants after insert or update or delete on user_roles for each row execute function khidma.follow_grants();
create or replace trigger d_decided after update of status on user_roles for each row when (old.status <> new.status) execute function khidma.grant_decided();
create or replace trigger d_granted after insert on user_roles for each row when (new.status <> 'pending') execute function khidma.grant_decided();
create or replace trigger z_audit after insert or delete or update on user_roles for each row execute function khidma.audit_user_roles();
