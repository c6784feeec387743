-- contracts
create or replace trigger a_touch before update on contracts for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on contracts for each row execute function khidma.guard_contract_state();
create or replace trigger b_guarded_by_parts before update of status on contracts for each row execute function khidma.guard_contract();
create or replace trigger c_record_transition after insert or update of status on contracts for each row execute function khidma.record_contract_transition();
create or replace trigger d_consequences after update of status on contracts for each row execute function khidma.contract_consequences();
create or replace trigger z_audit after insert or delete or update on contracts for each row execute function khidma.audit_contracts();
drop trigger if exists contract_holds on contracts;
create constraint trigger contract_holds after insert or update of status, terms, total_amount, signed_sha256 on contracts deferrable initially deferred for each row execute function khidma.check_contract();

-- contract_amendments
create or replace trigger a_touch before update on contract_amendments for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on contract_amendments for each row execute function khidma.guard_contract_amendment_state();
create or replace trigger b_guarded_by_contract before update of status on contract_amendments for each row execute function khidma.guard_contract_amendment();
create or replace trigger c_record_transition after insert or update of status on contract_amendments for each row execute function khidma.record_contract_amendment_transition();
create or replace trigger d_consequences after update of status on contract_amendments for each row execute function khidma.contract_amendment_consequences();
create or replace trigger z_audit after insert or delete or update on contract_amendments for each row execute function khidma.audit_contract_amendments();

-- contract_signatures
create or replace trigger z_audit after insert or delete or update on contract_signatures for each row execute function khidma.audit_contract_signatures();

-- milestones
create or replace trigger a_touch before update on milestones for each row execute function khidma.touch();
create or replace trigger b_guard_state before update of status on milestones for each row execute function khidma.guard_milestone_state();
create or replace trigger b_guarded_by_contract before update of status on milestones for each row execute function khidma.guard_milestone();
create or replace trigger c_record_transition after update of status on milestones for each row execute function khidma.record_milestone_transition();
create or replace trigger d_consequences after update of status on milestones for each row execute function khidma.milestone_consequences();
create or replace trigger z_audit after insert or delete or update on milestones for each row execute function khidma.audit_milestones();
drop trigger if exists contract_holds on milestones;
create constraint trigger contract_holds after insert or delete or update on milestones deferrable initially deferred for each row execute function khidma.check_contract();

-- milestone_submissions
create or replace trigger z_audit after insert or delete or update on milestone_submissions for each row execute function khidma.audit_milestone_submissions();

-- milestone_deliverables
create or replace trigger follow_media after insert or delete or update on milestone_deliverables for each row execute function khidma.follow_media('media_id');
create or replace trigger z_audit after insert or delete or update on milestone_deliverables for each row execute function khidma.audit_milestone_deliverables();

-- escrows
create or replace trigger a_touch before update on escrows for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on escrows for each row execute function khidma.guard_escrow_state();
create or replace trigger b_stamp before update of status on escrows for each row execute function khidma.stamp_escrow();
create or replace trigger c_record_transition after insert or update of status on escrows for each row execute function khidma.record_escrow_transition();
create or replace trigger z_audit after insert or delete or update on escrows for each row execute function khidma.audit_escrows();
drop trigger if exists contract_holds on escrows;
create constraint trigger contract_holds after insert or update on escrows deferrable initially deferred for each row execute function khidma.check_contract();
