-- chargebacks
create or replace trigger a_touch before update on chargebacks for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on chargebacks for each row execute function khidma.guard_chargeback_state();
create or replace trigger c_record_transition after insert or update of status on chargebacks for each row execute function khidma.record_chargeback_transition();
create or replace trigger z_audit after insert or delete or update on chargebacks for each row execute function khidma.audit_chargebacks('evidence_statement', 'evidence_documents');
