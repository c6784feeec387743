-- plans
create or replace trigger a_touch before update on plans for each row execute function khidma.touch();
create or replace trigger b_guard before insert or update on plans for each row execute function khidma.guard_plan();
create or replace trigger z_audit after insert or delete or update on plans for each row execute function khidma.audit_plans();

-- subscriptions
create or replace trigger a_touch before update on subscriptions for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on subscriptions for each row execute function khidma.guard_subscription_state();
create or replace trigger b_stamp before update of status on subscriptions for each row execute function khidma.stamp_subscription();
create or replace trigger c_record_transition after insert or update of status on subscriptions for each row execute function khidma.record_subscription_transition();
create or replace trigger z_audit after insert or delete or update on subscriptions for each row execute function khidma.audit_subscriptions();

-- subscription_charges
create or replace trigger z_audit after insert or delete or update on subscription_charges for each row execute function khidma.audit_subscription_charges();

-- subscription_attempts
create or replace trigger z_audit after insert or delete or update on subscription_attempts for each row execute function khidma.audit_subscription_attempts();
