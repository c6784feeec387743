-- Reconciliation: the lists of gateways against the books, day by day.
create table reconciliations (
  id uuid primary key,
  gateway text not null,
  config_id uuid not null constraint reconciliations_config_id_payment_gateway_configs_id_fk references payment_gateway_configs (id) on delete restrict,
  day date not null,
  status text not null default 'running',
  matched integer not null default 0,
  fees_booked integer not null default 0,
  missing_here integer not null default 0,
  missing_there integer not null default 0,
  amount_differs integer not null default 0,
  unexplained integer not null default 0,
  sums jsonb not null default '[]',
  failure text,
  requested_by uuid constraint reconciliations_requested_by_users_id_fk references users (id) on delete restrict,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint reconciliations_config_day_key unique (config_id, day),
  constraint reconciliations_status check (status in ('running', 'balanced', 'unexplained', 'failed'))
);
--> statement-breakpoint
create table reconciliation_items (
  id uuid primary key,
  reconciliation_id uuid not null constraint reconciliation_items_reconciliation_id_reconciliations_id_fk references reconciliations (id) on delete restrict,
  outcome text not null,
  kind text not null,
  gateway_reference text not null,
  reference text,
  currency text not null,
  amount_there bigint,
  amount_here bigint,
  fee bigint not null default 0,
  document_type text,
  document_id uuid,
  occurred_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by uuid constraint reconciliation_items_resolved_by_users_id_fk references users (id) on delete restrict,
  note text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint reconciliation_items_key unique (reconciliation_id, kind, gateway_reference, currency),
  constraint reconciliation_items_outcome check (outcome in ('matched', 'fee_booked', 'missing_here', 'missing_there', 'amount_differs')),
  constraint reconciliation_items_kind check (kind in ('payment', 'refund', 'payout', 'chargeback', 'fee', 'adjustment')),
  constraint reconciliation_items_amounts check ((amount_there is null) = (outcome = 'missing_there') and (amount_here is null) = (outcome = 'missing_here'))
);
--> statement-breakpoint
create index idx_reconciliation_items_reference on reconciliation_items (gateway_reference);
--> statement-breakpoint
create index idx_reconciliation_items_document on reconciliation_items (document_id) where document_id is not null;
--> statement-breakpoint
create index idx_reconciliation_items_unexplained on reconciliation_items (id)
  where resolved_at is null and outcome in ('missing_here', 'missing_there', 'amount_differs');
--> statement-breakpoint
create index idx_refunds_gateway_reference on refunds (provider_reference) where provider_reference is not null;
