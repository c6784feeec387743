-- task_categories
create or replace trigger a_touch before update on task_categories for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on task_categories for each row execute function khidma.audit_task_categories();
