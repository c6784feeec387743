-- cases
create or replace trigger a_stamp before update of status on cases for each row execute function khidma.stamp_case();
create or replace trigger a_touch before update on cases for each row when (old.* is distinct from new.*) execute function khidma.touch();
create or replace trigger b_guard_state before update of status on cases for each row execute function khidma.guard_case_state();
create or replace trigger b_second_eyes before insert or update on cases for each row execute function khidma.guard_case();
create or replace trigger c_record_transition after update of status on cases for each row execute function khidma.record_case_transition();
create or replace trigger z_audit after insert or delete or update on cases for each row execute function khidma.audit_cases();

-- case_notes
create or replace trigger z_audit after insert or delete or update on case_notes for each row execute function khidma.audit_case_notes('text');
