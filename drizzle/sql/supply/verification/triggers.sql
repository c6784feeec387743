-- user_verifications
create or replace trigger a_touch before update on user_verifications for each row execute function khidma.touch();
create or replace trigger b_guard_new before insert on user_verifications for each row when (new.verification_status <> 'unverified') execute function khidma.guard_new_verification();
create or replace trigger b_guard_state before update of verification_status on user_verifications for each row execute function khidma.guard_verification_state();
create or replace trigger c_media after insert or update of front_media_id, back_media_id, selfie_media_id or delete on user_verifications for each row execute function khidma.follow_media('front_media_id', 'back_media_id', 'selfie_media_id');
create or replace trigger c_record_transition after update of verification_status on user_verifications for each row execute function khidma.record_verification_transition();
create or replace trigger z_audit after insert or delete or update on user_verifications for each row execute function khidma.audit_user_verifications('national_id_hash', 'national_id_last4');
