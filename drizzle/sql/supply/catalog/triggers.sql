-- task_categories
create or replace trigger a_touch before update on task_categories for each row execute function khidma.touch();
create or replace trigger b_guard_parent before insert or update of parent_id on task_categories for each row when (new.parent_id is not null) execute function khidma.guard_category_parent();
create or replace trigger c_media after insert or update of icon_media_id or delete on task_categories for each row execute function khidma.follow_media('icon_media_id');
create or replace trigger z_audit after insert or delete or update on task_categories for each row execute function khidma.audit_task_categories();

-- service_addons
create or replace trigger a_touch before update on service_addons for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on service_addons for each row execute function khidma.audit_service_addons();

-- category_inputs
create or replace trigger z_audit after insert on category_inputs for each row execute function khidma.audit_category_inputs();
