-- export_requests
create or replace trigger a_touch before update on export_requests for each row execute function khidma.touch();
create or replace trigger b_guard_state before update of status on export_requests for each row execute function khidma.guard_export_state();
create or replace trigger e_changed after update of status on export_requests for each row when (old.status <> new.status and new.status in ('ready', 'failed')) execute function khidma.privacy_request_changed();
create or replace trigger z_audit after insert or update or delete on export_requests for each row execute function khidma.audit_export_requests('storage_key', 'attempts', 'next_at');

-- erasure_requests
create or replace trigger a_touch before update on erasure_requests for each row when (old.identifiers is not distinct from new.identifiers or to_jsonb(old) - 'identifiers' is distinct from to_jsonb(new) - 'identifiers') execute function khidma.touch();
create or replace trigger b_guard_state before update of status on erasure_requests for each row execute function khidma.guard_erasure_state();
create or replace trigger e_changed after update of status on erasure_requests for each row when (old.status <> new.status and new.status in ('canceled', 'deferred', 'completed')) execute function khidma.privacy_request_changed();
create or replace trigger e_created after insert on erasure_requests for each row when (new.status = 'scheduled') execute function khidma.privacy_request_changed();
create or replace trigger z_audit after insert or update or delete on erasure_requests for each row execute function khidma.audit_erasure_requests('reason', 'attempts', 'next_at', 'step', 'step_cursor', 'identifiers');

-- consent_documents
create or replace trigger no_truncate before truncate on consent_documents for each statement execute function khidma.append_only();
-- Documents that users have agreed to are never changed.
create or replace trigger append_only before update or delete on consent_documents for each row execute function khidma.append_only();
create or replace trigger z_audit after insert or update or delete on consent_documents for each row execute function khidma.audit_consent_documents();

-- consents
create or replace trigger no_truncate before truncate on consents for each statement execute function khidma.append_only();
create or replace trigger a_stamp before insert on consents for each row execute function khidma.guard_consent();
create or replace trigger append_only before update or delete on consents for each row execute function khidma.guard_consent();
create or replace trigger z_audit after insert or update or delete on consents for each row execute function khidma.audit_consents();

-- legal_holds
create or replace trigger no_truncate before truncate on legal_holds for each statement execute function khidma.append_only();
create or replace trigger a_touch before update on legal_holds for each row execute function khidma.touch();
create or replace trigger append_only before update or delete on legal_holds for each row execute function khidma.keep_hold();
create or replace trigger b_guard before update of released_at on legal_holds for each row execute function khidma.guard_hold();
create or replace trigger b_placed before insert on legal_holds for each row execute function khidma.hold_placed();
create or replace trigger d_follow after insert or update of released_at on legal_holds for each row execute function khidma.follow_holds();
create or replace trigger z_audit after insert or update or delete on legal_holds for each row execute function khidma.audit_legal_holds();
