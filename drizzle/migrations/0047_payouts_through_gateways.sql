-- Payouts through gateways: which account sends, which attempt is followed where, and whose account it is.
drop function if exists khidma.start_payout(uuid, text, uuid);
--> statement-breakpoint
drop function if exists khidma.end_payout(uuid, text, text, text, text, bigint);
--> statement-breakpoint
drop function if exists khidma.await_payout(uuid, boolean, text, text, boolean);
--> statement-breakpoint
drop function if exists khidma.post_payout(payouts, text);
--> statement-breakpoint
alter table payment_gateway_configs add column sends_payouts boolean not null default false;
--> statement-breakpoint
alter table payout_attempts
  add column config_id uuid constraint payout_attempts_config_id_payment_gateway_configs_id_fk references payment_gateway_configs (id) on delete restrict,
  add constraint payout_attempts_config check ((config_id is null) = (provider = 'manual'));
--> statement-breakpoint
create index idx_payout_attempts_config on payout_attempts (config_id) where config_id is not null;
--> statement-breakpoint
alter table payouts drop constraint payouts_review,
  add constraint payouts_review check (review in ('unknown_outcome', 'late_success', 'account_unreadable'));
--> statement-breakpoint
alter table payout_accounts add column name_check_at timestamptz default now();
--> statement-breakpoint
create index idx_payout_accounts_unnamed on payout_accounts (name_check_at) where name_check_at is not null;
