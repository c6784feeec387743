-- assignments
create or replace trigger a_touch before update on assignments for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on assignments for each row execute function khidma.guard_assignment_state();
create or replace trigger b_stamp_end before insert or update of status on assignments for each row execute function khidma.stamp_assignment_end();
create or replace trigger c_record_transition after insert or update of status on assignments for each row execute function khidma.record_assignment_transition();
create or replace trigger d_consequences after update of status on assignments for each row execute function khidma.assignment_consequences();
create or replace trigger z_audit after insert or delete or update on assignments for each row execute function khidma.audit_assignments('reason', 'outcome_reason');

-- task_estimates
create or replace trigger z_audit after insert or delete or update on task_estimates for each row execute function khidma.audit_task_estimates();

-- dispatch_views
create or replace trigger a_touch before update on dispatch_views for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on dispatch_views for each row execute function khidma.audit_dispatch_views();

-- company_handovers
create or replace trigger b_guard before insert on company_handovers for each row execute function khidma.guard_handover();
create or replace trigger d_reassign after insert on company_handovers for each row execute function khidma.hand_over();
create or replace trigger z_audit after insert or delete or update on company_handovers for each row execute function khidma.audit_company_handovers('reason');
