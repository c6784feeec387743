-- Credits: a private currency (XKC) in accounts of the ledger, and the grants that say which credits they are.
alter table ledger_accounts
  drop constraint ledger_accounts_kind,
  add constraint ledger_accounts_kind check (kind in ('client_cash', 'client_wallet', 'tasker_payable', 'escrow', 'commission_receivable',
    'refund_receivable', 'fee_receivable', 'platform_clearing', 'payout_clearing', 'platform_fee', 'gateway_fees', 'chargebacks', 'write_offs',
    'donations_payable', 'credit_wallet', 'credits_sold', 'credits_bonus', 'credits_spent'));
--> statement-breakpoint
create table credit_grants (
  id uuid primary key,
  user_id uuid not null constraint credit_grants_user_id_users_id_fk references users (id),
  kind text not null,
  priority integer not null,
  purpose text,
  document_type text not null,
  document_id uuid not null,
  origin text not null default 'granted',
  from_spend_id uuid,
  amount bigint not null,
  taken bigint not null default 0,
  effective_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  reason text,
  granted_by uuid constraint credit_grants_granted_by_users_id_fk references users (id),
  created_at timestamptz not null default now(),
  constraint credit_grants_kind check (kind in ('paid', 'bonus', 'plan')),
  constraint credit_grants_purpose check (purpose in ('leads', 'job_postings')),
  constraint credit_grants_priority check (priority between 0 and 100),
  constraint credit_grants_origin check (origin in ('granted', 'moved', 'returned')),
  constraint credit_grants_from check ((origin = 'granted') = (from_spend_id is null)),
  constraint credit_grants_amount check (amount > 0),
  constraint credit_grants_guard check (taken between 0 and amount),
  constraint credit_grants_expiry check (expires_at > effective_at)
);
--> statement-breakpoint
create unique index credit_grants_document_key on credit_grants (document_type, document_id, kind, coalesce(purpose, '')) where origin = 'granted';
--> statement-breakpoint
create index idx_credit_grants_document on credit_grants (document_id);
--> statement-breakpoint
create index idx_credit_grants_user on credit_grants (user_id, id);
--> statement-breakpoint
create index idx_credit_grants_due on credit_grants (expires_at) where taken < amount;
--> statement-breakpoint
create unique index credit_grants_once_a_spend on credit_grants (from_spend_id) where from_spend_id is not null;
--> statement-breakpoint
create index idx_credit_grants_granted_by on credit_grants (granted_by) where granted_by is not null;
--> statement-breakpoint
create table credit_grant_spends (
  id uuid primary key,
  grant_id uuid not null constraint credit_grant_spends_grant_id_credit_grants_id_fk references credit_grants (id),
  hold_id uuid constraint credit_grant_spends_hold_id_ledger_holds_id_fk references ledger_holds (id),
  amount bigint not null,
  status text not null,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint credit_grant_spends_status check (status in ('held', 'captured', 'released', 'moved', 'expired', 'revoked')),
  constraint credit_grant_spends_amount check (amount > 0),
  constraint credit_grant_spends_hold check (hold_id is not null or status in ('expired', 'revoked')),
  constraint credit_grant_spends_ended check ((status = 'held') = (ended_at is null))
);
--> statement-breakpoint
create unique index credit_grant_spends_hold_grant_key on credit_grant_spends (hold_id, grant_id);
--> statement-breakpoint
create index idx_credit_grant_spends_grant on credit_grant_spends (grant_id, id);
--> statement-breakpoint
create index idx_credit_grant_spends_due on credit_grant_spends (expires_at) where status = 'held';
--> statement-breakpoint
alter table credit_grants add constraint credit_grants_from_spend_id_credit_grant_spends_id_fk foreign key (from_spend_id) references credit_grant_spends (id);
--> statement-breakpoint
revoke delete on credit_grants, credit_grant_spends from khidma_app;
