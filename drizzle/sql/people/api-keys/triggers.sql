-- api_keys
-- Skips updates of `last_used_at`: the use of a key is no change of it.
create or replace trigger a_touch before update on api_keys for each row when (old.last_used_at is not distinct from new.last_used_at) execute function khidma.touch();
create or replace trigger e_changed after update on api_keys for each row when (new.revoked_at is null and old.key_hash <> new.key_hash or old.revoked_at is null and new.revoked_at is not null) execute function khidma.api_key_changed();
create or replace trigger e_created after insert on api_keys for each row execute function khidma.api_key_changed();
create or replace trigger z_audit after insert or update on api_keys for each row execute function khidma.audit_api_keys('key_hash', 'previous_hash', 'last_used_at');
create or replace trigger z_audit_gone after delete on api_keys for each row when ((least(old.revoked_at, old.expires_at) < now() - interval '1 year') is not true) execute function khidma.audit_api_keys('key_hash', 'previous_hash', 'last_used_at');
