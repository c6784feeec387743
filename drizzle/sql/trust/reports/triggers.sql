-- reports
create or replace trigger a_touch before update on reports for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on reports for each row execute function khidma.guard_report_state();
create or replace trigger c_record_transition after insert or update of status on reports for each row execute function khidma.record_report_transition();
create or replace trigger e_case after insert or update of status or delete on reports for each row execute function khidma.follow_in_case('report', 'report', 'id', 'status', 'open', 'investigating');
create or replace trigger z_audit after insert or delete or update on reports for each row execute function khidma.audit_reports();
