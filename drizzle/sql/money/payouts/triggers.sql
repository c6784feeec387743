-- payout_accounts
create or replace trigger a_touch before update on payout_accounts for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on payout_accounts for each row execute function khidma.audit_payout_accounts('details', 'last_four', 'holder_name', 'resolved_name');

-- payout_batches
create or replace trigger a_touch before update on payout_batches for each row execute function khidma.touch();
create or replace trigger c_media after insert or update of proof_media_id or delete on payout_batches for each row execute function khidma.follow_media('proof_media_id');
create or replace trigger z_audit after insert or delete or update on payout_batches for each row execute function khidma.audit_payout_batches();

-- payouts
create or replace trigger a_touch before update on payouts for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on payouts for each row execute function khidma.guard_payout_state();
create or replace trigger c_record_transition after insert or update of status on payouts for each row execute function khidma.record_payout_transition();
create or replace trigger z_audit after insert or delete or update on payouts for each row execute function khidma.audit_payouts();
drop trigger if exists payout_posted on payouts;
create constraint trigger payout_posted after insert or update of status on payouts deferrable initially deferred for each row execute function khidma.check_payout_posted();

-- payout_attempts
create or replace trigger a_touch before update on payout_attempts for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on payout_attempts for each row execute function khidma.audit_payout_attempts();

-- payout_runs
create or replace trigger a_touch before update on payout_runs for each row execute function khidma.touch_time();

-- debt_nettings
create or replace trigger immutable before update or delete on debt_nettings for each row execute function khidma.append_only();
