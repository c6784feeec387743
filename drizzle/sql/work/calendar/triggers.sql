-- visits
create or replace trigger a_touch before update on visits for each row execute function khidma.touch();
create or replace trigger b_guard before insert or update on visits for each row execute function khidma.guard_visit();
create or replace trigger c_calendar after insert or update of tasker_id, during, state on visits for each row execute function khidma.follow_visit();
create or replace trigger z_audit after insert or delete or update on visits for each row execute function khidma.audit_visits();

-- calendar_items
create or replace trigger a_touch before update on calendar_items for each row execute function khidma.touch();
create or replace trigger b_guarded before insert or update on calendar_items for each row execute function khidma.guard_calendar_item();

-- calendar_settings
create or replace trigger a_touch before update on calendar_settings for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on calendar_settings for each row execute function khidma.audit_calendar_settings();

-- schedules
create or replace trigger a_touch before update on schedules for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on schedules for each row execute function khidma.audit_schedules();

-- schedule_rules
create or replace trigger z_audit after insert or delete or update on schedule_rules for each row execute function khidma.audit_schedule_rules();

-- schedule_overrides
create or replace trigger a_touch before update on schedule_overrides for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on schedule_overrides for each row execute function khidma.audit_schedule_overrides();

-- holidays
create or replace trigger a_touch before update on holidays for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on holidays for each row execute function khidma.audit_holidays();

-- calendar_feeds
create or replace trigger a_touch before update on calendar_feeds for each row execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on calendar_feeds for each row execute function khidma.audit_calendar_feeds('token_hash');

-- external_calendars
create or replace trigger a_touch before update on external_calendars for each row execute function khidma.touch();
create or replace trigger c_calendar after insert or update of busy or delete on external_calendars for each row execute function khidma.follow_external_calendar();
create or replace trigger z_audit after insert or delete on external_calendars for each row execute function khidma.audit_external_calendars('url', 'busy', 'good_at', 'fetched_at', 'failure', 'next_fetch_at');
