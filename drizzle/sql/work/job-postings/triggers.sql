-- job_postings
create or replace trigger a_index before insert or update of title, description, city, place_name, lat, lng, salary_min, salary_max, salary_period on job_postings for each row execute function khidma.index_job_posting();
create or replace trigger a_stamp before insert or update of status on job_postings for each row execute function khidma.stamp_job_posting();
create or replace trigger a_touch before update on job_postings for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on job_postings for each row execute function khidma.guard_job_posting_state();
create or replace trigger b_guarded_by_company before update of status on job_postings for each row when (old.status <> new.status and new.status in ('pending', 'live')) execute function khidma.guard_job_posting();
create or replace trigger c_record_transition after insert or update of status on job_postings for each row execute function khidma.record_job_posting_transition();
create or replace trigger d_case after insert or update of status, pending_changes on job_postings for each row execute function khidma.follow_job_posting_case();
create or replace trigger e_changes after update of pending_changes on job_postings for each row when (new.status = 'live' and old.pending_changes is distinct from new.pending_changes) execute function khidma.job_changes_decided();
create or replace trigger f_alone after update of status, pending_changes on job_postings for each row when (new.status = 'pending' and old.status = 'draft' or new.pending_changes is not null) execute function khidma.approve_job_alone();
create or replace trigger z_audit after insert or update or delete on job_postings for each row execute function khidma.audit_job_postings('description', 'pending_changes', 'questions', 'search_vector', 'location');
