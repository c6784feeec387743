-- tasker_profiles
create or replace trigger a_touch before update on tasker_profiles for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on tasker_profiles for each row execute function khidma.guard_tasker_state();
create or replace trigger b_requirements before update of status on tasker_profiles for each row when (new.status = 'active' and old.status <> 'active') execute function khidma.guard_activation();
create or replace trigger c_record_transition after insert or update of status on tasker_profiles for each row execute function khidma.record_tasker_transition();
create or replace trigger d_consequences after update of status on tasker_profiles for each row execute function khidma.tasker_consequences();
create or replace trigger d_directory after insert or update of status, bio, rating_avg, rating_count, hourly_rate_amount, hourly_rate_currency on tasker_profiles for each row execute function khidma.keep_directory('user_id');
create or replace trigger d_match_index after update of status, rating_avg, rating_count, acceptance_rate, completion_rate, hourly_rate_amount, hourly_rate_currency on tasker_profiles for each row when (old is distinct from new) execute function khidma.keep_match_index('user_id');
create or replace trigger d_standing after update of status on tasker_profiles for each row when (old.status is distinct from new.status) execute function khidma.follow_decision_on_tasker();
create or replace trigger z_audit after insert or delete or update on tasker_profiles for each row execute function khidma.audit_tasker_profiles('rating_avg', 'rating_count', 'rating_rank', 'acceptance_rate', 'completion_rate', 'offers_answered', 'offers_accepted', 'bookings_ended', 'bookings_completed');

-- tasker_categories
create or replace trigger d_directory after insert or update or delete on tasker_categories for each row execute function khidma.keep_directory('tasker_id');
create or replace trigger d_match_index after insert or update or delete on tasker_categories for each row execute function khidma.keep_match_index('tasker_id');

-- tasker_service_areas
create or replace trigger d_directory after insert or update or delete on tasker_service_areas for each row execute function khidma.keep_directory('tasker_id');
create or replace trigger d_match_index after insert or update or delete on tasker_service_areas for each row execute function khidma.keep_match_index('tasker_id');
create or replace trigger z_audit after insert or delete or update on tasker_service_areas for each row execute function khidma.audit_tasker_service_areas();

-- tasker_availability_blocks
create or replace trigger c_calendar after insert or update or delete on tasker_availability_blocks for each row execute function khidma.follow_availability_block();

-- tasker_skills
create or replace trigger d_directory after insert or update or delete on tasker_skills for each row execute function khidma.keep_directory('tasker_id');
