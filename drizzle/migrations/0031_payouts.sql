-- Payouts: accounts, batches, attempts, paydays, netting of debts.
alter type payout_status add value 'returned';
--> statement-breakpoint
create table payout_accounts (
  id uuid primary key,
  user_id uuid not null constraint payout_accounts_user_id_users_id_fk references users (id) on delete restrict,
  kind text not null,
  country text not null,
  currency text not null,
  details text,
  last_four text,
  holder_name text,
  resolved_name text,
  name_match text,
  is_default boolean not null default false,
  status text not null default 'active',
  refused_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint payout_accounts_kind check (kind in ('bank', 'mobile_wallet', 'upi', 'paypal')),
  constraint payout_accounts_match check (name_match in ('exact', 'close', 'different')),
  constraint payout_accounts_status check (status in ('active', 'removed')),
  constraint payout_accounts_details check ((status = 'active') = (details is not null) and (status = 'active' or not is_default))
);
--> statement-breakpoint
create index idx_payout_accounts_user on payout_accounts (user_id, id);
--> statement-breakpoint
create unique index payout_accounts_default_key on payout_accounts (user_id, currency) where is_default;
--> statement-breakpoint
create index idx_payout_accounts_key on payout_accounts (split_part(details, '.', 1), id) where details is not null;
--> statement-breakpoint
create table payout_batches (
  id uuid primary key,
  currency text not null,
  status text not null default 'open',
  payouts integer not null default 0,
  amount bigint not null default 0,
  proof_media_id uuid constraint payout_batches_proof_media_id_media_files_id_fk references media_files (id) on delete set null,
  created_by uuid constraint payout_batches_created_by_users_id_fk references users (id) on delete restrict,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint payout_batches_status check (status in ('open', 'closed')),
  constraint payout_batches_closed check ((status = 'closed') = (closed_at is not null))
);
--> statement-breakpoint
create index idx_payout_batches_proof on payout_batches (proof_media_id) where proof_media_id is not null;
--> statement-breakpoint
alter table payouts rename column tasker_id to user_id;
--> statement-breakpoint
alter table payouts rename constraint payouts_tasker_id_users_id_fk to payouts_user_id_users_id_fk;
--> statement-breakpoint
drop index idx_payouts_tasker_time;
--> statement-breakpoint
alter table payouts
  add column kind text not null default 'cash',
  add column account_id uuid constraint payouts_account_id_payout_accounts_id_fk references payout_accounts (id) on delete restrict,
  add column batch_id uuid constraint payouts_batch_id_payout_batches_id_fk references payout_batches (id) on delete restrict,
  add column balance bigint,
  add column attempt integer not null default 0,
  add column failure_code text,
  add column held_at timestamptz,
  add column held_reason text,
  add column held_by uuid constraint payouts_held_by_users_id_fk references users (id) on delete restrict,
  add column review text,
  add column sent_at timestamptz,
  add column returned_at timestamptz,
  add constraint payouts_kind check (kind in ('earnings', 'withdrawal', 'cash')),
  add constraint payouts_review check (review in ('unknown_outcome', 'late_success')),
  add constraint payouts_account check (kind <> 'cash' or (account_id is null and attempt = 0)),
  add constraint payouts_held check ((held_at is null) = (held_reason is null));
--> statement-breakpoint
alter table payouts alter column kind set default 'earnings';
--> statement-breakpoint
create index idx_payouts_user on payouts (user_id, id);
--> statement-breakpoint
create index idx_payouts_account on payouts (account_id) where account_id is not null;
--> statement-breakpoint
create index idx_payouts_batch on payouts (batch_id) where batch_id is not null;
--> statement-breakpoint
create index idx_payouts_due on payouts (currency, scheduled_for, id) where status = 'scheduled';
--> statement-breakpoint
create index idx_payouts_reference on payouts (provider_reference) where provider_reference is not null;
--> statement-breakpoint
create index idx_payouts_review on payouts (review) where review is not null;
--> statement-breakpoint
create index idx_payouts_updated on payouts (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
create unique index payouts_withdrawal_key on payouts (user_id, currency) where kind = 'withdrawal' and status = 'scheduled';
--> statement-breakpoint
create table payout_attempts (
  id uuid primary key,
  payout_id uuid not null constraint payout_attempts_payout_id_payouts_id_fk references payouts (id) on delete restrict,
  number integer not null,
  provider text not null,
  reference text not null,
  gateway_reference text,
  status transaction_status not null default 'initiated',
  raw_status text,
  failure_code text,
  checks integer not null default 0,
  next_check_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
--> statement-breakpoint
create unique index payout_attempts_number_key on payout_attempts (payout_id, number);
--> statement-breakpoint
create unique index payout_attempts_reference_key on payout_attempts (reference);
--> statement-breakpoint
create index idx_payout_attempts_gateway on payout_attempts (gateway_reference) where gateway_reference is not null;
--> statement-breakpoint
create index idx_payout_attempts_checks on payout_attempts (next_check_at) where next_check_at is not null;
--> statement-breakpoint
create table payout_runs (
  currency text not null,
  day date not null,
  reached uuid,
  taskers integer not null default 0,
  payouts integer not null default 0,
  netted integer not null default 0,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payout_runs_pkey primary key (currency, day)
);
--> statement-breakpoint
create index idx_payout_runs_open on payout_runs (day) where finished_at is null;
--> statement-breakpoint
create table debt_nettings (
  id uuid primary key,
  user_id uuid not null constraint debt_nettings_user_id_users_id_fk references users (id) on delete restrict,
  currency text not null,
  amount bigint not null,
  created_at timestamptz not null default now(),
  constraint debt_nettings_amount check (amount > 0)
);
--> statement-breakpoint
create index idx_debt_nettings_user on debt_nettings (user_id, id);
