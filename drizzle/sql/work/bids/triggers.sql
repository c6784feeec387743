-- bids
create or replace trigger a_touch before update on bids for each row execute function khidma.touch();
create or replace trigger b_apart before insert on bids for each row execute function khidma.guard_apart();
create or replace trigger b_guard_state before insert or update of status on bids for each row execute function khidma.guard_bid_state();
create or replace trigger b_stamp before update of status on bids for each row execute function khidma.stamp_bid();
create or replace trigger c_record_transition after insert or update of status on bids for each row execute function khidma.record_bid_transition();
create or replace trigger d_consequences after update of status on bids for each row execute function khidma.bid_consequences();
create or replace trigger z_audit after insert or delete on bids for each row execute function khidma.audit_bids();
create or replace trigger z_audit_changed after update on bids for each row when (not (new.message = '[archived]' and old.created_at < now() - interval '5 years')) execute function khidma.audit_bids();

-- bid_portfolio
create or replace trigger c_media after insert or update of media_id or delete on bid_portfolio for each row execute function khidma.follow_media('media_id');

-- bid_invitations
create or replace trigger b_apart before insert on bid_invitations for each row execute function khidma.guard_invitation_apart();
create or replace trigger z_audit after insert or update or delete on bid_invitations for each row execute function khidma.audit_bid_invitations();

-- task_questions
create or replace trigger a_touch before update on task_questions for each row execute function khidma.touch();
create or replace trigger b_apart before insert on task_questions for each row execute function khidma.guard_apart();
create or replace trigger z_audit after insert or delete on task_questions for each row execute function khidma.audit_task_questions();
create or replace trigger z_audit_changed after update on task_questions for each row when (not (new.question = '[archived]' and old.created_at < now() - interval '5 years')) execute function khidma.audit_task_questions();
