-- What drizzle cannot declare: exclusions, a composite type, and what the application may not write.

-- No tasker is in two places at once.
alter table bookings add constraint bookings_no_overlap exclude using gist (tasker_id with =, scheduled_during with &&)
  where (status in ('accepted', 'confirmed', 'in_progress'));
--> statement-breakpoint
-- The prices of a city are in one currency.
alter table pricing_bands add constraint pricing_bands_one_currency exclude using gist (lower(city) with =, currency with <>)
  where (active);
--> statement-breakpoint
-- Result of a sign-in: signed_in, mfa_required, or the refusal of the method.
create type khidma.sign_in as (
  outcome text, account users, family uuid, token uuid, issued_at timestamptz, challenge uuid, challenge_until timestamptz, retry_after int
);
--> statement-breakpoint
-- The books and the histories are appended to.
revoke update, delete on ledger_entries, ledger_lines, ledger_accounts, task_state_events, booking_events, audit_log from khidma_app;
--> statement-breakpoint
-- Written by triggers and functions of the owner alone.
revoke insert, update, delete on ledger_balances, audit_days, state_transitions from khidma_app;
--> statement-breakpoint
-- A row lock wants the right to update something.
grant update (updated_at) on ledger_balances to khidma_app;
