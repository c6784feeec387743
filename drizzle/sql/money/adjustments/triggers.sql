-- adjustments
create or replace trigger a_touch before update on adjustments for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on adjustments for each row execute function khidma.guard_adjustment_state();
create or replace trigger b_guard_two_people before insert or update on adjustments for each row execute function khidma.guard_adjustment();
create or replace trigger c_media after insert or update of document_media_id or delete on adjustments for each row execute function khidma.follow_media('document_media_id');
create or replace trigger c_record_transition after insert or update of status on adjustments for each row execute function khidma.record_adjustment_transition();
create or replace trigger d_consequences after update of status on adjustments for each row execute function khidma.adjustment_consequences();
create or replace trigger z_audit after insert or delete or update on adjustments for each row execute function khidma.audit_adjustments();
