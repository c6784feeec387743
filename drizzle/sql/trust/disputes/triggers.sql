-- disputes
create or replace trigger a_touch before update on disputes for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on disputes for each row execute function khidma.guard_dispute_state();
create or replace trigger c_record_transition after insert or update of status on disputes for each row execute function khidma.record_dispute_transition();
create or replace trigger d_consequences after update of status on disputes for each row execute function khidma.dispute_consequences();
create or replace trigger z_audit after insert or delete or update on disputes for each row execute function khidma.audit_disputes();
drop trigger if exists booking_follows_dispute on disputes;
create constraint trigger booking_follows_dispute after insert or update of status on disputes deferrable initially deferred for each row execute function khidma.check_booking_and_dispute();
