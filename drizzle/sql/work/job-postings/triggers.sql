-- job_postings
create or replace trigger a_index before insert or update of title, description, city, place_name, lat, lng, salary_min, salary_max, salary_period on job_postings for each row execute function khidma.index_job_posting();
create or replace trigger a_stamp before insert or update of status on job_postings for each row execute function khidma.stamp_job_posting();
create or replace trigger a_touch before update on job_postings for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on job_postings for each row execute function khidma.guard_job_posting_state();
create or replace trigger b_guarded_by_company before update of status on job_postings for each row when (old.status <> new.status and new.status in ('pending', 'live')) execute function khidma.guard_job_posting();
create or replace trigger c_record_transition after insert or update of status on job_postings for each row execute function khidma.record_job_posting_transition();
create or replace trigger d_case after insert or update of status, pending_changes on job_postings for each row execute function khidma.follow_job_posting_case();
create or replace trigger d_consequences after update of status on job_postings for each row execute function khidma.job_posting_consequences();
create or replace trigger e_changes after update of pending_changes on job_postings for each row when (new.status = 'live' and old.pending_changes is distinct from new.pending_changes) execute function khidma.job_changes_decided();
create or replace trigger f_alone after update of status, pending_changes on job_postings for each row when (new.status = 'pending' and old.status = 'draft' or new.pending_changes is not null) execute function khidma.approve_job_alone();
create or replace trigger z_audit after insert or update or delete on job_postings for each row execute function khidma.audit_job_postings('description', 'pending_changes', 'questions', 'search_vector', 'location');
drop trigger if exists job_postings_paid on job_postings;
create constraint trigger job_postings_paid after update of status on job_postings deferrable initially deferred for each row execute function khidma.check_job_paid();

-- job_posting_payments
create or replace trigger z_audit after insert or update or delete on job_posting_payments for each row execute function khidma.audit_job_posting_payments();
drop trigger if exists job_posting_payments_match on job_posting_payments;
create constraint trigger job_posting_payments_match after insert or update of status on job_posting_payments deferrable initially deferred for each row execute function khidma.check_job_payment();

-- job_applications
create or replace trigger a_stamp before update of status on job_applications for each row execute function khidma.stamp_job_application();
create or replace trigger a_touch before update on job_applications for each row execute function khidma.touch();
create or replace trigger b_apart before insert on job_applications for each row execute function khidma.guard_applicant_apart();
create or replace trigger b_guard_state before insert or update of status on job_applications for each row execute function khidma.guard_job_application_state();
create or replace trigger c_record_transition after insert or update of status on job_applications for each row execute function khidma.record_job_application_transition();
create or replace trigger d_consequences after update of status on job_applications for each row execute function khidma.job_application_consequences();
create or replace trigger d_gone after delete on job_applications for each row when (old.interview_at is not null) execute function khidma.release_interview_gone();
create or replace trigger e_interview after update of interview_slots, interview_at on job_applications for each row when (new.status = 'interview' and old.status = 'interview') execute function khidma.interview_changed();
create or replace trigger z_audit after insert or update or delete on job_applications for each row execute function khidma.audit_job_applications('cover_note', 'answers', 'contact_email', 'contact_phone', 'reject_reason', 'interview_note');

-- job_application_notes
create or replace trigger z_audit after insert or update or delete on job_application_notes for each row execute function khidma.audit_job_application_notes('text');

-- candidate_listings
create or replace trigger z_audit after insert or update or delete on candidate_listings for each row execute function khidma.audit_candidate_listings('search_vector', 'facets', 'experience_years');

-- candidate_views
create or replace trigger b_apart before insert on candidate_views for each row execute function khidma.guard_candidate_apart();
create or replace trigger c_viewed after insert on candidate_views for each row execute function khidma.candidate_viewed();
create or replace trigger z_audit after insert or update or delete on candidate_views for each row execute function khidma.audit_candidate_views();
