-- tasks
create or replace trigger a_touch before update on tasks for each row execute function khidma.touch();
create or replace trigger b_guard_state before insert or update of state on tasks for each row execute function khidma.guard_task_state();
create or replace trigger c_record_transition after insert or update of state on tasks for each row execute function khidma.record_task_transition();
create or replace trigger d_consequences after update of state on tasks for each row execute function khidma.task_consequences();
create or replace trigger z_audit after insert or delete on tasks for each row execute function khidma.audit_tasks('location');
create or replace trigger z_audit_changed after update on tasks for each row when (not (new.description = '[archived]' and old.updated_at < now() - interval '5 years')) execute function khidma.audit_tasks('location');
drop trigger if exists task_follows_booking on tasks;
create constraint trigger task_follows_booking after insert or update of state on tasks deferrable initially deferred for each row execute function khidma.check_task_and_booking();

-- task_state_events
create or replace trigger no_truncate before truncate on task_state_events for each statement execute function khidma.append_only();
create or replace trigger append_only before delete or update on task_state_events for each row execute function khidma.append_only();
