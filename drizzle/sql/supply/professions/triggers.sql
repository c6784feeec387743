-- role_profiles
create or replace trigger a_touch before update on role_profiles for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on role_profiles for each row execute function khidma.guard_role_profile_state();
create or replace trigger b_pointers before insert or update of public_version_id, pending_version_id on role_profiles for each row execute function khidma.guard_version_pointers();
create or replace trigger c_record_transition after insert or update of status on role_profiles for each row execute function khidma.record_role_profile_transition();
create or replace trigger d_alone after update of pending_version_id on role_profiles for each row when (new.status = 'active' and new.pending_version_id is not null) execute function khidma.approve_version_alone();
create or replace trigger d_deleted after update of deleted_at on role_profiles for each row when (old.deleted_at is null and new.deleted_at is not null) execute function khidma.end_open_versions();
create or replace trigger d_directory after update on role_profiles for each row execute function khidma.keep_directory('user_id');
create or replace trigger z_audit after insert or update or delete on role_profiles for each row execute function khidma.audit_role_profiles('phone', 'email');

-- role_profile_versions
create or replace trigger a_touch before update on role_profile_versions for each row execute function khidma.touch();
create or replace trigger b_content before update on role_profile_versions for each row execute function khidma.guard_version_content();
create or replace trigger b_guard_state before insert or update of approval_status on role_profile_versions for each row execute function khidma.guard_role_profile_version_state();
create or replace trigger c_media after insert or update of avatar_media_id or delete on role_profile_versions for each row execute function khidma.follow_media('avatar_media_id');
create or replace trigger c_record_transition after insert or update of approval_status on role_profile_versions for each row execute function khidma.record_role_profile_version_transition();
create or replace trigger d_consequences after update of approval_status on role_profile_versions for each row execute function khidma.role_profile_version_consequences();
create or replace trigger e_case after insert or update of approval_status or delete on role_profile_versions for each row execute function khidma.follow_in_case('approval', 'role_profile_version', 'id', 'approval_status', 'pending');
create or replace trigger f_alone after update of approval_status on role_profile_versions for each row when (new.approval_status = 'pending') execute function khidma.approve_version_alone();
create or replace trigger z_audit after insert or update or delete on role_profile_versions for each row execute function khidma.audit_role_profile_versions('display_name', 'bio', 'location', 'business_name', 'attributes', 'tags');

-- role_profile_areas
create or replace trigger d_directory after insert or update or delete on role_profile_areas for each row execute function khidma.keep_directory_of_profile();
create or replace trigger z_audit after insert or update or delete on role_profile_areas for each row execute function khidma.audit_role_profile_areas('lat', 'lng');

-- services
create or replace trigger a_touch before update on services for each row execute function khidma.touch();
create or replace trigger d_directory after insert or update or delete on services for each row execute function khidma.keep_directory_of_profile();
create or replace trigger z_audit after insert or update or delete on services for each row execute function khidma.audit_services('description');

-- service_extras
create or replace trigger z_audit after insert or update or delete on service_extras for each row execute function khidma.audit_service_extras();

-- portfolio_items
create or replace trigger a_touch before update on portfolio_items for each row execute function khidma.touch();
create or replace trigger z_audit after insert or update or delete on portfolio_items for each row execute function khidma.audit_portfolio_items('title', 'description', 'tags');

-- portfolio_images
create or replace trigger c_media after insert or update of media_id or delete on portfolio_images for each row execute function khidma.follow_media('media_id');
create or replace trigger z_audit after insert or update or delete on portfolio_images for each row execute function khidma.audit_portfolio_images();
