-- payment_intents
create or replace trigger a_touch before update on payment_intents for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on payment_intents for each row execute function khidma.guard_state('payment_intent', 'status');
create or replace trigger c_record_transition after insert or update of status on payment_intents for each row execute function khidma.record_transition('payment_intent', 'status');
create or replace trigger z_audit after insert or delete or update on payment_intents for each row execute function khidma.audit();
drop trigger if exists payment_capture_posted on payment_intents;
create constraint trigger payment_capture_posted after insert or update of status on payment_intents deferrable initially deferred for each row execute function khidma.check_capture_posted();

-- payouts
create or replace trigger a_touch before update on payouts for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on payouts for each row execute function khidma.guard_state('payout', 'status');
create or replace trigger c_record_transition after insert or update of status on payouts for each row execute function khidma.record_transition('payout', 'status');
create or replace trigger z_audit after insert or delete or update on payouts for each row execute function khidma.audit();
