-- company_members
create or replace trigger a_stamp before insert or update of status on company_members for each row execute function khidma.stamp_company_member();
create or replace trigger a_touch before update on company_members for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on company_members for each row execute function khidma.guard_company_member_state();
create or replace trigger b_guarded_by_invitation before update of status on company_members for each row when (old.status = 'invited' and new.status = 'active') execute function khidma.guard_invitation();
create or replace trigger b_guarded_by_owners before update on company_members for each row when ('owner' in (old.role, new.role) and (old.role <> new.role or old.status <> new.status)) execute function khidma.guard_owner_role();
create or replace trigger b_guarded_by_owners_new before insert on company_members for each row when (new.role = 'owner' and new.status = 'invited') execute function khidma.guard_owner_role();
create or replace trigger c_owner after update of status, role on company_members for each row when (old.status = 'active' and old.role = 'owner' and (new.status <> 'active' or new.role <> 'owner')) execute function khidma.keep_an_owner();
create or replace trigger c_owner_gone after delete on company_members for each row when (old.status = 'active' and old.role = 'owner') execute function khidma.keep_an_owner();
create or replace trigger c_record_transition after insert or update of status on company_members for each row execute function khidma.record_company_member_transition();
create or replace trigger e_changed after update of role, payout_proposed on company_members for each row when (new.status = 'active' and old.status = 'active') execute function khidma.company_member_changed();
create or replace trigger z_audit after insert or update or delete on company_members for each row execute function khidma.audit_company_members('contact');
