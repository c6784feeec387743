-- user_verifications
create or replace trigger a_touch before update on user_verifications for each row when (old.* is distinct from new.*) execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on user_verifications for each row execute function khidma.audit_user_verifications('national_id_hash', 'national_id_last4');

-- verification_requests
create or replace trigger a_awaited before update of status on verification_requests for each row execute function khidma.await_answer();
create or replace trigger a_touch before update on verification_requests for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on verification_requests for each row execute function khidma.guard_verification_state();
create or replace trigger b_guarded_decision before update of status on verification_requests for each row execute function khidma.guard_verification_decision();
create or replace trigger c_record_transition after insert or update of status on verification_requests for each row execute function khidma.record_verification_transition();
create or replace trigger d_follow after insert or update of status on verification_requests for each row execute function khidma.follow_verification();
create or replace trigger e_case after delete on verification_requests for each row execute function khidma.follow_in_case('verification', 'verification_request', 'id', 'status', 'pending');
create or replace trigger e_gained after update of status on verification_requests for each row when (old.status <> 'approved' and new.status = 'approved') execute function khidma.follow_approved_papers();
create or replace trigger e_lost after update of status on verification_requests for each row when (old.status = 'approved' and new.status <> 'approved') execute function khidma.follow_lost_papers();
create or replace trigger z_audit after insert or delete or update on verification_requests for each row execute function khidma.audit_verification_requests('number_hash', 'number_last4', 'internal_notes');

-- verification_documents
create or replace trigger b_sealed before insert on verification_documents for each row execute function khidma.guard_document();
create or replace trigger c_media after insert or update of media_id or delete on verification_documents for each row execute function khidma.follow_media('media_id');
create or replace trigger d_checked after insert on verification_documents for each row execute function khidma.add_check_input();
create or replace trigger z_audit after insert or delete or update on verification_documents for each row execute function khidma.audit_verification_documents();

-- verification_logs
create or replace trigger b_append_only before update on verification_logs for each row execute function khidma.append_only();

-- verification_checks
create or replace trigger b_guard before update on verification_checks for each row execute function khidma.guard_check();

-- verification_check_answers
create or replace trigger b_append_only before update on verification_check_answers for each row execute function khidma.append_only();

-- document_links
create or replace trigger b_append_only before update on document_links for each row execute function khidma.append_only();

-- document_openings
create or replace trigger b_append_only before update on document_openings for each row execute function khidma.append_only();
