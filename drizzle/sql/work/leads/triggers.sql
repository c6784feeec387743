-- leads
create or replace trigger a_touch before update on leads for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on leads for each row execute function khidma.guard_lead_state();
create or replace trigger b_stamp before update of status on leads for each row execute function khidma.stamp_lead();
create or replace trigger c_case after insert or update of status or delete on leads for each row execute function khidma.follow_in_case('approval', 'lead', 'id', 'status', 'pending');
create or replace trigger c_record_transition after insert or update of status on leads for each row execute function khidma.record_lead_transition();
create or replace trigger d_consequences after update of status on leads for each row execute function khidma.lead_consequences();
create or replace trigger z_audit after insert or update or delete on leads for each row execute function khidma.audit_leads();

-- lead_requests
create or replace trigger a_touch before update on lead_requests for each row execute function khidma.touch();
create or replace trigger b_apart before insert on lead_requests for each row execute function khidma.guard_apart();
create or replace trigger b_guard_state before insert or update of status on lead_requests for each row execute function khidma.guard_lead_request_state();
create or replace trigger b_open_conversation before update of status on lead_requests for each row when (new.status = 'replied' and old.status = 'pending') execute function khidma.open_lead_conversation();
create or replace trigger b_stamp before update of status on lead_requests for each row execute function khidma.stamp_lead_request();
create or replace trigger c_record_transition after insert or update of status on lead_requests for each row execute function khidma.record_lead_request_transition();
create or replace trigger d_consequences after update of status on lead_requests for each row execute function khidma.lead_request_consequences();
create or replace trigger z_audit after insert or delete on lead_requests for each row execute function khidma.audit_lead_requests();
create or replace trigger z_audit_changed after update on lead_requests for each row when (not (new.message = '[archived]' and old.created_at < now() - interval '5 years')) execute function khidma.audit_lead_requests();
drop trigger if exists lead_request_holds on lead_requests;
create constraint trigger lead_request_holds after insert or update of status on lead_requests deferrable initially deferred for each row execute function khidma.check_lead_request();

-- lead_refunds
create or replace trigger a_touch before update on lead_refunds for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on lead_refunds for each row execute function khidma.guard_lead_refund_state();
create or replace trigger b_stamp before update of status on lead_refunds for each row execute function khidma.stamp_lead_refund();
create or replace trigger c_case after insert or update of status or delete on lead_refunds for each row execute function khidma.follow_in_case('approval', 'lead_refund', 'id', 'status', 'pending');
create or replace trigger c_record_transition after insert or update of status on lead_refunds for each row execute function khidma.record_lead_refund_transition();
create or replace trigger f_alone after insert on lead_refunds for each row execute function khidma.approve_lead_refund_alone();
create or replace trigger z_audit after insert or update or delete on lead_refunds for each row execute function khidma.audit_lead_refunds();
