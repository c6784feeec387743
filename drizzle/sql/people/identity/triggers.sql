-- users
create or replace trigger a_touch before update on users for each row when (old.legal_hold is not distinct from new.legal_hold) execute function khidma.touch();
create or replace trigger b_email before update of email on users for each row execute function khidma.guard_email_proof();
create or replace trigger b_guard_state before update of status on users for each row when (old.status is distinct from new.status) execute function khidma.guard_user_state();
create or replace trigger b_guard_status before update of status on users for each row when (old.status is distinct from new.status) execute function khidma.guard_user_status();
create or replace trigger b_suspended before update of status on users for each row when (old.status <> new.status) execute function khidma.stamp_suspension();
create or replace trigger c_guard_staff after insert or update on users for each row execute function khidma.guard_staff();
create or replace trigger c_record_transition after update of status on users for each row when (old.status is distinct from new.status) execute function khidma.record_user_transition();
create or replace trigger d_consequences after update of status on users for each row when (old.status is distinct from new.status) execute function khidma.user_consequences();
create or replace trigger d_directory after update of status, full_name, restrictions on users for each row when ((old.status, old.full_name, old.restrictions -> 'transact') is distinct from (new.status, new.full_name, new.restrictions -> 'transact')) execute function khidma.keep_directory('id');
create or replace trigger d_restrictions after update of restrictions on users for each row when (new.restrictions ? 'transact' and old.restrictions -> 'transact' is distinct from new.restrictions -> 'transact') execute function khidma.follow_restriction();
create or replace trigger z_audit after insert or update or delete on users for each row execute function khidma.audit_users('suspended_at', 'suspended_by', 'suspension_reason');

-- sessions
create or replace trigger b_guard before insert on sessions for each row execute function khidma.guard_session();
create or replace trigger b_move before update of last_used_at on sessions for each row execute function khidma.move_session();
create or replace trigger b_place before insert on sessions for each row execute function khidma.place_session();
create or replace trigger e_ended after update of revoked_at on sessions for each row when (old.revoked_at is null and new.revoked_at is not null) execute function khidma.session_ended();
create or replace trigger e_opened after insert on sessions for each row execute function khidma.session_opened();
-- Hides the place of a session from the log: phones change their address with every tower, and the row has the last one.
create or replace trigger z_audit after insert or update on sessions for each row execute function khidma.audit_sessions('last_used_at', 'last_ip_address', 'last_country', 'last_city');
create or replace trigger z_audit_gone after delete on sessions for each row when (old.last_used_at >= now() - interval '120 days') execute function khidma.audit_sessions('last_used_at', 'last_ip_address', 'last_country', 'last_city');

-- user_credentials
create or replace trigger a_touch before update on user_credentials for each row execute function khidma.touch_time();
create or replace trigger z_audit after insert or update or delete on user_credentials for each row execute function khidma.audit_user_credentials('last_sign_in_at', 'failed_attempts', 'password_salt', 'password_algorithm', 'password_hash');

-- mfa_factors
create or replace trigger z_audit after insert or update or delete on mfa_factors for each row execute function khidma.audit_mfa_factors('secret', 'last_counter', 'last_used_at');

-- mfa_backup_codes
create or replace trigger z_audit after insert or update or delete on mfa_backup_codes for each row execute function khidma.audit_mfa_backup_codes('code_hash');

-- otp_breakers
create or replace trigger a_touch before update on otp_breakers for each row execute function khidma.touch();
create or replace trigger e_tell after insert or update on otp_breakers for each row execute function khidma.tell_breaker();
create or replace trigger z_audit after insert or update or delete on otp_breakers for each row execute function khidma.audit_otp_breakers();
