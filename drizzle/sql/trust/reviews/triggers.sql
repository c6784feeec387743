-- reviews
create or replace trigger a_stamp before update of status on reviews for each row execute function khidma.stamp_review();
create or replace trigger a_touch before update on reviews for each row execute function khidma.touch();
create or replace trigger b_guard before insert on reviews for each row execute function khidma.guard_review();
create or replace trigger b_guard_criteria before insert or update of criteria on reviews for each row execute function khidma.guard_criteria();
create or replace trigger b_guard_state before insert or update of status on reviews for each row execute function khidma.guard_review_state();
create or replace trigger c_figures after insert or update of status, rating, criteria, is_public or delete on reviews for each row execute function khidma.follow_rating();
create or replace trigger c_record_transition after insert or update of status on reviews for each row execute function khidma.record_review_transition();
create or replace trigger d_consequences after insert or update of status on reviews for each row execute function khidma.review_consequences();
create or replace trigger d_screening after update of screened on reviews for each row when (new.screened and new.status = 'published') execute function khidma.follow_screening();
create or replace trigger e_case after insert or update of status or delete on reviews for each row execute function khidma.follow_in_case('moderation', 'review', 'id', 'status', 'flagged');
create or replace trigger e_decided after update of status on reviews for each row when (new.status in ('published', 'hidden')) execute function khidma.follow_review_decision();
create or replace trigger e_signals after update of status on reviews for each row when (old.status = 'pending' and new.status = 'published') execute function khidma.queue_for_signals();
create or replace trigger z_audit after insert or delete or update on reviews for each row execute function khidma.audit_reviews();

-- review_photos
create or replace trigger c_media after insert or update of media_id or delete on review_photos for each row execute function khidma.follow_media('media_id');

-- review_answers
create or replace trigger b_guard before insert on review_answers for each row execute function khidma.guard_review_answer();
create or replace trigger d_consequences after insert on review_answers for each row execute function khidma.after_review_answered();
create or replace trigger z_audit after insert or delete or update on review_answers for each row execute function khidma.audit_review_answers();

-- review_flags
create or replace trigger b_guard before insert on review_flags for each row execute function khidma.guard_review_flag();
create or replace trigger d_consequences after insert on review_flags for each row execute function khidma.follow_review_flags();

-- review_signals
create or replace trigger z_audit after insert or delete or update on review_signals for each row execute function khidma.audit_review_signals('details');
