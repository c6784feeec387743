-- bookings
create or replace trigger a_touch before update on bookings for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on bookings for each row execute function khidma.guard_booking_state();
create or replace trigger b_guarded_by_dispute before update of status on bookings for each row when (old.status = 'disputed' and new.status <> 'disputed') execute function khidma.guard_disputed_booking();
create or replace trigger b_rate_currency before insert or update of agreed_rate_currency, task_id on bookings for each row execute function khidma.guard_booking_currency();
create or replace trigger b_set_fee before update of status on bookings for each row when (new.status = 'canceled' and old.status in ('accepted', 'confirmed')) execute function khidma.set_booking_fee();
create or replace trigger c_record_transition after insert or update of status on bookings for each row execute function khidma.record_booking_transition();
create or replace trigger d_consequences after insert or update of status on bookings for each row execute function khidma.booking_consequences();
create or replace trigger z_audit after insert or delete on bookings for each row execute function khidma.audit_bookings();
create or replace trigger z_audit_changed after update on bookings for each row when (not ((old.cancel_reason is not null and new.cancel_reason is null or old.fee_waive_reason is not null and new.fee_waive_reason is null) and old.status = new.status and old.created_at < now() - interval '5 years')) execute function khidma.audit_bookings();
drop trigger if exists booking_follows_dispute on bookings;
create constraint trigger booking_follows_dispute after update of status on bookings deferrable initially deferred for each row when ('disputed' in (old.status, new.status)) execute function khidma.check_booking_and_dispute();
drop trigger if exists task_follows_booking on bookings;
create constraint trigger task_follows_booking after insert or update of status on bookings deferrable initially deferred for each row execute function khidma.check_task_and_booking();

-- booking_events
create or replace trigger no_truncate before truncate on booking_events for each statement execute function khidma.append_only();
create or replace trigger append_only before delete or update on booking_events for each row execute function khidma.append_only();

-- booking_changes
create or replace trigger a_touch before update on booking_changes for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of status on booking_changes for each row execute function khidma.guard_booking_change_state();
create or replace trigger b_guarded_by_booking before insert or update of status on booking_changes for each row execute function khidma.guard_booking_change();
create or replace trigger c_record_transition after insert or update of status on booking_changes for each row execute function khidma.record_booking_change_transition();
create or replace trigger d_consequences after update of status on booking_changes for each row execute function khidma.booking_change_consequences();
create or replace trigger z_audit after insert or delete on booking_changes for each row execute function khidma.audit_booking_changes();
create or replace trigger z_audit_changed after update on booking_changes for each row when (old.status <> new.status or old.reason is not distinct from new.reason) execute function khidma.audit_booking_changes();
