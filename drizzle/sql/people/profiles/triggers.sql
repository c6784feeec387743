-- user_profiles
create or replace trigger a_touch before update on user_profiles for each row execute function khidma.touch();
create or replace trigger c_media after insert or update of avatar_media_id or delete on user_profiles for each row execute function khidma.follow_media('avatar_media_id');
-- Hides columns that the log does not need to show who changed what: less to find there, less to erase.
create or replace trigger z_audit after insert or update or delete on user_profiles for each row execute function khidma.audit_user_profiles('date_of_birth', 'gender', 'bio');

-- user_settings
create or replace trigger a_touch before update on user_settings for each row execute function khidma.touch();

-- client_profiles
create or replace trigger a_touch before update on client_profiles for each row execute function khidma.touch();
create or replace trigger z_audit after insert or update or delete on client_profiles for each row execute function khidma.audit_client_profiles('note_for_taskers', 'display_name');

-- company_profiles
create or replace trigger a_guard_approval before update of approval_status on company_profiles for each row execute function khidma.guard_company_approval();
create or replace trigger a_touch before update on company_profiles for each row execute function khidma.touch();
create or replace trigger b_approve_again before update of company_name, registration_number on company_profiles for each row when ((old.company_name, old.registration_number) is distinct from (new.company_name, new.registration_number)) execute function khidma.approve_again();
create or replace trigger b_guard_state before update of approval_status on company_profiles for each row execute function khidma.guard_company_state();
create or replace trigger c_media after insert or update of logo_media_id or delete on company_profiles for each row execute function khidma.follow_media('logo_media_id');
create or replace trigger d_decided after update of approval_status on company_profiles for each row when (old.approval_status <> new.approval_status and new.approval_status <> 'pending') execute function khidma.company_decided();
create or replace trigger d_founded after insert on company_profiles for each row execute function khidma.company_founded();
create or replace trigger e_case after insert or update of approval_status, company_name, registration_number or delete on company_profiles for each row execute function khidma.follow_in_case('approval', 'company', 'user_id', 'approval_status', 'pending');
create or replace trigger f_alone after update of company_name, registration_number on company_profiles for each row when (old.approval_status = 'approved' and new.approval_status = 'pending') execute function khidma.approve_company_alone();
create or replace trigger z_audit after insert or update or delete on company_profiles for each row execute function khidma.audit_company_profiles();

-- candidate_profiles
create or replace trigger a_touch before update on candidate_profiles for each row execute function khidma.touch();
create or replace trigger c_media after insert or update of resume_media_id or delete on candidate_profiles for each row execute function khidma.follow_media('resume_media_id');
create or replace trigger d_listing after insert or update of looking_for_work, status, visibility, city, experience_years, preferred_roles, skills, experience, education on candidate_profiles for each row execute function khidma.list_candidate();
create or replace trigger z_audit after insert or update or delete on candidate_profiles for each row execute function khidma.audit_candidate_profiles('display_name', 'bio', 'experience', 'education', 'expected_salary_amount', 'contact_email', 'contact_phone');

-- languages
create or replace trigger a_touch before update on languages for each row execute function khidma.touch();
create or replace trigger z_audit after insert or update or delete on languages for each row execute function khidma.audit_languages();

-- addresses
create or replace trigger a_touch before update on addresses for each row execute function khidma.touch();
create or replace trigger z_audit after insert or update or delete on addresses for each row execute function khidma.audit_addresses('label', 'address', 'instructions', 'postal_code', 'lat', 'lng', 'location');
