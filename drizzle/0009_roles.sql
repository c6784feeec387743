-- The Worker signs in as a member of khidma_app: it writes rows, never tables, and no books.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'khidma_app') then
    create role khidma_app nologin;
  end if;
exception when duplicate_object or unique_violation then
  null;
end $$;
--> statement-breakpoint
-- The owner may act as the application (the local stack does).
grant khidma_app to current_user;
--> statement-breakpoint
grant usage on schema public, khidma to khidma_app;
--> statement-breakpoint
grant select, insert, update, delete on all tables in schema public to khidma_app;
--> statement-breakpoint
alter default privileges in schema public grant select, insert, update, delete on tables to khidma_app;
--> statement-breakpoint
revoke update, delete on ledger_entries, ledger_lines, ledger_accounts, task_state_events, booking_events from khidma_app;
--> statement-breakpoint
revoke update on audit_log from khidma_app;
--> statement-breakpoint
revoke insert, update, delete on ledger_balances from khidma_app;
--> statement-breakpoint
grant update (updated_at) on ledger_balances to khidma_app;
--> statement-breakpoint
revoke insert, update, delete on state_transitions from khidma_app;
