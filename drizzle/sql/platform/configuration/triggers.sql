-- config_entries
create or replace trigger a_touch before update on config_entries for each row execute function khidma.touch();
create or replace trigger b_guard before update or delete on config_entries for each row execute function khidma.guard_config_entry();
create or replace trigger z_audit after insert or delete or update on config_entries for each row execute function khidma.audit_config_entries();
