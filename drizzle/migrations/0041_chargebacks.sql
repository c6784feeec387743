-- Chargebacks: payments that a bank takes back.
create type chargeback_status as enum ('open', 'won', 'lost');
--> statement-breakpoint
create table chargebacks (
  id uuid primary key,
  intent_id uuid not null constraint chargebacks_intent_id_payment_intents_id_fk references payment_intents (id) on delete restrict,
  transaction_id uuid not null constraint chargebacks_transaction_id_payment_transactions_id_fk references payment_transactions (id) on delete restrict,
  gateway text not null,
  config_id uuid not null constraint chargebacks_config_id_payment_gateway_configs_id_fk references payment_gateway_configs (id) on delete restrict,
  gateway_reference text not null,
  amount bigint not null,
  currency text not null,
  reason text not null,
  raw_status text,
  status chargeback_status not null default 'open',
  responsible text not null,
  evidence_due_at timestamptz,
  evidence_statement text,
  evidence_documents text[] not null default '{}',
  evidence_by uuid constraint chargebacks_evidence_by_users_id_fk references users (id) on delete restrict,
  evidence_submitted_at timestamptz,
  evidence_failure text,
  reminded_at timestamptz,
  next_check_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint chargebacks_gateway_reference_key unique (gateway, gateway_reference),
  constraint chargebacks_amount check (amount > 0),
  constraint chargebacks_responsible check (responsible in ('platform', 'tasker'))
);
--> statement-breakpoint
create index idx_chargebacks_intent on chargebacks (intent_id);
--> statement-breakpoint
create index idx_chargebacks_checks on chargebacks (next_check_at) where next_check_at is not null;
--> statement-breakpoint
create index idx_chargebacks_open on chargebacks (evidence_due_at) where status = 'open';
