-- outbox
create or replace trigger l_letter after insert on outbox for each row when (new.type in ('user.password_changed', 'user.email_changed', 'user.phone_changed', 'user.mfa_enabled', 'user.mfa_disabled', 'user.backup_codes_changed', 'user.backup_code_used')) execute function khidma.plan_letter();
