-- notification_preferences
create or replace trigger a_touch before update on notification_preferences for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on notification_preferences for each row execute function khidma.audit_notification_preferences();
