-- tasks
create or replace trigger a_ladder before update of state on tasks for each row when (new.state = 'posted' and old.state in ('draft', 'expired', 'canceled_by_tasker')) execute function khidma.step_on_ladder();
create or replace trigger a_ladder_left before update of state, sourcing on tasks for each row when (old.climbs_at is not null and (new.state not in ('posted', 'matching') or new.sourcing <> old.sourcing and new.rung = old.rung)) execute function khidma.step_off_ladder();
create or replace trigger a_round before update of state on tasks for each row when (new.state = 'posted' and old.state in ('expired', 'canceled_by_tasker')) execute function khidma.begin_task_round();
create or replace trigger a_search before insert or update of title, description, category, subcategory on tasks for each row execute function khidma.keep_task_vector();
create or replace trigger a_touch before update on tasks for each row execute function khidma.touch();
create or replace trigger b_guard_deleted before update of state on tasks for each row when (old.deleted_at is not null) execute function khidma.guard_deleted_task();
create or replace trigger b_guard_state before insert or update of state on tasks for each row execute function khidma.guard_task_state();
create or replace trigger b_guarded_by_account before update of state on tasks for each row when (new.state = 'posted') execute function khidma.guard_task_account();
create or replace trigger b_queue_released before update of state on tasks for each row when (new.state = 'posted' and old.state in ('accepted', 'confirmed')) execute function khidma.queue_released_task();
create or replace trigger c_open_task after update on tasks for each row when ('bid' in (old.sourcing, new.sourcing)) execute function khidma.keep_open_task();
create or replace trigger c_record_transition after insert or update of state on tasks for each row execute function khidma.record_task_transition();
create or replace trigger d_clocks after update of state, sourcing, assigned_to, priority on tasks for each row when ('assign' in (old.sourcing, new.sourcing) and (old.state <> 'draft' or new.state = 'posted')) execute function khidma.keep_clocks();
create or replace trigger d_consequences after update of state on tasks for each row execute function khidma.task_consequences();
create or replace trigger d_deletion after update on tasks for each row when (old.deleted_at is distinct from new.deleted_at) execute function khidma.follow_task_deletion();
create or replace trigger d_former_proposals after update of sourcing on tasks for each row when (old.sourcing <> new.sourcing and old.state = 'posted' and new.state = 'posted') execute function khidma.close_former_proposals();
create or replace trigger d_lead after update of state, sourcing on tasks for each row when (new.sourcing = 'lead' and new.state = 'posted' and (old.state <> 'posted' or old.sourcing <> 'lead')) execute function khidma.open_lead();
create or replace trigger z_audit after insert or delete on tasks for each row execute function khidma.audit_tasks('location', 'search_vector');
create or replace trigger z_audit_changed after update on tasks for each row when (not (new.description = '[archived]' and old.updated_at < now() - interval '5 years')) execute function khidma.audit_tasks('location', 'search_vector');
drop trigger if exists task_follows_booking on tasks;
create constraint trigger task_follows_booking after insert or update of state on tasks deferrable initially deferred for each row execute function khidma.check_booking_of_task();

-- task_state_events
create or replace trigger no_truncate before truncate on task_state_events for each statement execute function khidma.append_only();
create or replace trigger append_only before delete or update on task_state_events for each row execute function khidma.append_only();

-- task_photos
create or replace trigger a_touch before update on task_photos for each row execute function khidma.touch();
create or replace trigger c_media after insert or update of media_id or delete on task_photos for each row execute function khidma.follow_media('media_id');

-- task_addons
create or replace trigger a_touch before update on task_addons for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on task_addons for each row execute function khidma.audit_task_addons();

-- task_templates
create or replace trigger a_touch before update on task_templates for each row execute function khidma.touch();

-- task_series
create or replace trigger a_touch before update on task_series for each row when (old.planned_until is not distinct from new.planned_until) execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on task_series for each row execute function khidma.audit_task_series();
