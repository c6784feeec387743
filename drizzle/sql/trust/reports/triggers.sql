-- reports
create or replace trigger a_stamp before update of status on reports for each row execute function khidma.stamp_report();
create or replace trigger a_touch before update on reports for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on reports for each row execute function khidma.guard_report_state();
create or replace trigger c_record_transition after insert or update of status on reports for each row execute function khidma.record_report_transition();
create or replace trigger e_case after insert or update of status or delete on reports for each row execute function khidma.follow_report();
create or replace trigger z_audit after insert or delete or update on reports for each row execute function khidma.audit_reports('snapshot');

-- report_evidence
create or replace trigger c_media after insert or delete or update of media_id on report_evidence for each row execute function khidma.follow_media('media_id');
create or replace trigger z_audit after insert or delete or update on report_evidence for each row execute function khidma.audit_report_evidence();
