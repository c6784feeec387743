-- disputes
create or replace trigger a_touch before update on disputes for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on disputes for each row execute function khidma.guard_dispute_state();
create or replace trigger b_opening before insert on disputes for each row execute function khidma.guard_new_dispute();
create or replace trigger b_step before update of status on disputes for each row execute function khidma.step_dispute();
create or replace trigger c_record_transition after insert or update of status on disputes for each row execute function khidma.record_dispute_transition();
create or replace trigger d_consequences after update of status on disputes for each row execute function khidma.dispute_consequences();
create or replace trigger e_case after insert or update of status or delete on disputes for each row execute function khidma.follow_in_case('dispute', 'dispute', 'id', 'status', 'open', 'investigating', 'escalated');
create or replace trigger z_audit after insert or delete or update on disputes for each row execute function khidma.audit_disputes();
drop trigger if exists booking_follows_dispute on disputes;
create constraint trigger booking_follows_dispute after insert or update of status on disputes deferrable initially deferred for each row execute function khidma.check_booking_and_dispute();

-- dispute_evidence
create or replace trigger b_frozen before update on dispute_evidence for each row execute function khidma.freeze_evidence();
create or replace trigger c_media after insert or delete or update of media_id on dispute_evidence for each row execute function khidma.follow_media('media_id');
create or replace trigger z_audit after insert or delete or update on dispute_evidence for each row execute function khidma.audit_dispute_evidence('text', 'extract');

-- dispute_notes
create or replace trigger z_audit after insert or delete or update on dispute_notes for each row execute function khidma.audit_dispute_notes('text');

-- dispute_offers
create or replace trigger a_touch before update on dispute_offers for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on dispute_offers for each row execute function khidma.guard_dispute_offer_state();
create or replace trigger b_stamp before update of status on dispute_offers for each row execute function khidma.stamp_dispute_offer();
create or replace trigger c_record_transition after insert or update of status on dispute_offers for each row execute function khidma.record_dispute_offer_transition();
create or replace trigger d_consequences after update of status on dispute_offers for each row execute function khidma.dispute_offer_consequences();
create or replace trigger z_audit after insert or delete or update on dispute_offers for each row execute function khidma.audit_dispute_offers();
