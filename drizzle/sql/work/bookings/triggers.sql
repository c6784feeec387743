-- bookings
create or replace trigger a_round before insert on bookings for each row execute function khidma.set_booking_round();
create or replace trigger a_touch before update on bookings for each row execute function khidma.touch();
create or replace trigger b_apart before insert on bookings for each row execute function khidma.guard_booking_apart();
create or replace trigger b_company before update of company_id, payout_to on bookings for each row when ((old.company_id, old.payout_to) is distinct from (new.company_id, new.payout_to)) execute function khidma.guard_booking_company();
create or replace trigger b_guard_accounts before insert on bookings for each row execute function khidma.guard_booking_accounts();
create or replace trigger b_guard_state before insert or update of status on bookings for each row execute function khidma.guard_booking_state();
create or replace trigger b_guarded_by_answer before update of status on bookings for each row when (old.status = 'offered' and new.status = 'accepted') execute function khidma.guard_direct_answer();
create or replace trigger b_guarded_by_contract before update of status on bookings for each row when (new.status in ('in_progress', 'completed') and old.status <> 'disputed') execute function khidma.guard_contract_of_booking();
create or replace trigger b_guarded_by_deadline before update of status on bookings for each row when (old.status = 'offered') execute function khidma.guard_assignment_answer();
create or replace trigger b_guarded_by_dispute before update of status on bookings for each row when (old.status = 'disputed' and new.status <> 'disputed') execute function khidma.guard_disputed_booking();
create or replace trigger b_guarded_by_hold before update of no_show_by on bookings for each row when (new.no_show_by is not null and old.no_show_by is null) execute function khidma.guard_held_booking();
create or replace trigger b_in_time before update of status on bookings for each row when (new.status in ('confirmed', 'in_progress')) execute function khidma.guard_booking_in_time();
create or replace trigger b_objection before update of status on bookings for each row when (old.status = 'completed' and new.status = 'disputed') execute function khidma.guard_objection();
create or replace trigger b_proof before update of status on bookings for each row when (old.status = 'in_progress' and new.status = 'completed') execute function khidma.guard_proof();
create or replace trigger b_rate_currency before insert or update of agreed_rate_currency, task_id on bookings for each row execute function khidma.guard_booking_currency();
create or replace trigger b_set_fee before update of status on bookings for each row when (new.status = 'canceled' and old.status in ('accepted', 'confirmed')) execute function khidma.set_booking_fee();
create or replace trigger b_start_code before insert on bookings for each row execute function khidma.set_start_code_policy();
create or replace trigger c_calendar after insert or update of status, scheduled_during, tasker_id on bookings for each row execute function khidma.follow_booking();
create or replace trigger c_presence after update of on_the_way_at, late_minutes, arrived_at on bookings for each row when ((old.on_the_way_at, old.late_minutes, old.arrived_at) is distinct from (new.on_the_way_at, new.late_minutes, new.arrived_at)) execute function khidma.follow_presence();
create or replace trigger c_record_transition after insert or update of status on bookings for each row execute function khidma.record_booking_transition();
create or replace trigger d_assignment after update of status on bookings for each row when (new.status = 'canceled' or old.status = 'offered' and new.status = 'accepted') execute function khidma.keep_assignment();
create or replace trigger d_clocks after update of scheduled_during on bookings for each row when (old.scheduled_during <> new.scheduled_during) execute function khidma.move_start_clock();
create or replace trigger d_consequences after insert or update of status on bookings for each row execute function khidma.booking_consequences();
create or replace trigger d_deadlines after insert or update of status, scheduled_during on bookings for each row execute function khidma.follow_booking_deadlines();
create or replace trigger d_final_cost after update of agreed_rate_amount, agreed_maximum_amount on bookings for each row when ((old.agreed_rate_amount, old.agreed_maximum_amount) is distinct from (new.agreed_rate_amount, new.agreed_maximum_amount)) execute function khidma.forget_final_cost();
create or replace trigger z_audit after insert or delete on bookings for each row execute function khidma.audit_bookings();
create or replace trigger z_audit_changed after update on bookings for each row when (not ((old.cancel_reason is not null and new.cancel_reason is null or old.fee_waive_reason is not null and new.fee_waive_reason is null) and old.status = new.status and old.created_at < now() - interval '5 years')) execute function khidma.audit_bookings();
drop trigger if exists booking_follows_dispute on bookings;
create constraint trigger booking_follows_dispute after update of status on bookings deferrable initially deferred for each row when ('disputed' in (old.status, new.status)) execute function khidma.check_booking_and_dispute();
drop trigger if exists task_follows_booking on bookings;
create constraint trigger task_follows_booking after insert or update of status on bookings deferrable initially deferred for each row execute function khidma.check_task_of_booking();

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

-- booking_deadlines
create or replace trigger b_next before insert or update of due_at, reminders, reminded, outcome on booking_deadlines for each row execute function khidma.set_next_of_deadline();

-- booking_notes
create or replace trigger z_audit after insert or delete or update on booking_notes for each row execute function khidma.audit_booking_notes('text');

-- booking_proofs
create or replace trigger c_media after insert or delete on booking_proofs for each row execute function khidma.follow_media('media_id');
create or replace trigger z_audit after insert or delete or update on booking_proofs for each row execute function khidma.audit_booking_proofs('caption');
