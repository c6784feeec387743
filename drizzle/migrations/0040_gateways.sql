-- Payment gateways: configurations, and what gateways tell.
create table payment_gateway_configs (
  id uuid primary key,
  gateway text not null,
  display_name text not null,
  config text not null,
  status text not null default 'draft',
  countries text[] not null default '{}',
  currencies text[] not null default '{}',
  methods text[] not null default '{}',
  weight integer not null default 100,
  tested_at timestamptz,
  test_failure text,
  activated_at timestamptz,
  retired_at timestamptz,
  failures integer not null default 0,
  paused_until timestamptz,
  created_by uuid constraint payment_gateway_configs_created_by_users_id_fk references users (id) on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint payment_gateway_configs_gateway check (gateway in ('stripe', 'paypal', 'paystack', 'flutterwave', 'razorpay')),
  constraint payment_gateway_configs_status check (status in ('draft', 'active', 'retired')),
  constraint payment_gateway_configs_weight check (weight between 1 and 1000)
);
--> statement-breakpoint
create index idx_payment_gateway_configs_gateway on payment_gateway_configs (gateway, status);
--> statement-breakpoint
alter table payment_transactions add column config_id uuid constraint payment_transactions_config_id_payment_gateway_configs_id_fk references payment_gateway_configs (id) on delete restrict;
--> statement-breakpoint
create table gateway_events (
  id uuid primary key,
  gateway text not null,
  config_id uuid constraint gateway_events_config_id_payment_gateway_configs_id_fk references payment_gateway_configs (id) on delete restrict,
  event_id text not null,
  type text not null,
  about text,
  reference text,
  gateway_reference text,
  payment_gateway_reference text,
  attempts integer not null default 0,
  next_at timestamptz,
  outcome text,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  constraint gateway_events_gateway_event_key unique (gateway, event_id),
  constraint gateway_events_about check (about in ('payment', 'refund', 'payout', 'chargeback'))
);
--> statement-breakpoint
create index idx_gateway_events_due on gateway_events (next_at) where next_at is not null;
--> statement-breakpoint
create index idx_gateway_events_received on gateway_events (received_at);
