-- payment_intents
create or replace trigger a_touch before update on payment_intents for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on payment_intents for each row execute function khidma.guard_payment_intent_state();
create or replace trigger c_record_transition after insert or update of status on payment_intents for each row execute function khidma.record_payment_intent_transition();
create or replace trigger d_consequences after insert or update of status on payment_intents for each row execute function khidma.payment_intent_consequences();
create or replace trigger d_subscription after update of status on payment_intents for each row when (new.status = 'failed' and new.order_id is not null) execute function khidma.follow_failed_charge();
create or replace trigger z_audit after insert or delete or update on payment_intents for each row execute function khidma.audit_payment_intents('next_action');
drop trigger if exists payment_capture_posted on payment_intents;
create constraint trigger payment_capture_posted after insert or update of status on payment_intents deferrable initially deferred for each row execute function khidma.check_capture_posted();

-- payment_transactions
create or replace trigger a_touch before update on payment_transactions for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on payment_transactions for each row execute function khidma.audit_payment_transactions();

-- refunds
create or replace trigger a_touch before update on refunds for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on refunds for each row execute function khidma.guard_refund_state();
create or replace trigger c_record_transition after insert or update of status on refunds for each row execute function khidma.record_refund_transition();
create or replace trigger z_audit after insert or delete or update on refunds for each row execute function khidma.audit_refunds();
