-- webhook_subscriptions
create or replace trigger a_touch before update on webhook_subscriptions for each row when (old.secret is not distinct from new.secret and old.previous_secret is not distinct from new.previous_secret or to_jsonb(old) - 'secret' - 'previous_secret' is distinct from to_jsonb(new) - 'secret' - 'previous_secret') execute function khidma.touch();
create or replace trigger z_audit after insert or delete or update on webhook_subscriptions for each row execute function khidma.audit_webhook_subscriptions('secret', 'previous_secret');
