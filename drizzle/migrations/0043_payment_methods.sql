-- Stored payment methods, and payments other than of a booking.
create table payment_methods (
  id uuid primary key,
  user_id uuid not null constraint payment_methods_user_id_users_id_fk references users (id) on delete restrict,
  type text not null,
  provider text not null,
  config_id uuid not null constraint payment_methods_config_id_payment_gateway_configs_id_fk references payment_gateway_configs (id) on delete restrict,
  card_brand text,
  card_last_four text,
  card_exp_month integer,
  card_exp_year integer,
  bank_name text,
  account_last_four text,
  account_type text,
  nickname text,
  is_default boolean not null default false,
  is_active boolean not null default true,
  gateway_customer_id text,
  gateway_payment_method_id text,
  gateway_email text,
  reference_hash text not null,
  fingerprint_hash text not null,
  detach_due_at timestamptz,
  detach_attempts integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint payment_methods_type check (type in ('card', 'bank_account', 'wallet')),
  constraint payment_methods_provider check (provider in ('stripe', 'paypal', 'paystack', 'flutterwave', 'razorpay')),
  constraint payment_methods_card check (card_exp_month between 1 and 12 and card_exp_year between 2000 and 2100 and (card_exp_month is null) = (card_exp_year is null)),
  constraint payment_methods_last_four check (card_last_four ~ '^[0-9]{4}$' and account_last_four ~ '^[0-9A-Za-z]{4}$'),
  constraint payment_methods_default check (is_active or not is_default),
  constraint payment_methods_usable check (not is_active or gateway_payment_method_id is not null)
);
--> statement-breakpoint
create index idx_payment_methods_user on payment_methods (user_id, id);
--> statement-breakpoint
create unique index payment_methods_reference_key on payment_methods (provider, reference_hash);
--> statement-breakpoint
create unique index payment_methods_fingerprint_key on payment_methods (user_id, provider, fingerprint_hash) where is_active;
--> statement-breakpoint
create unique index payment_methods_one_default on payment_methods (user_id) where is_default;
--> statement-breakpoint
create index idx_payment_methods_detach on payment_methods (detach_due_at) where detach_due_at is not null;
--> statement-breakpoint
alter table payment_transactions add column saves_method boolean not null default false;
--> statement-breakpoint
alter table payment_transactions add column method_id uuid constraint payment_transactions_method_id_payment_methods_id_fk references payment_methods (id) on delete restrict;
--> statement-breakpoint
alter table payment_intents add column request_key text;
--> statement-breakpoint
create unique index payment_intents_request_key on payment_intents (payer_id, request_key) where request_key is not null;
--> statement-breakpoint
create index idx_payment_intents_expiry on payment_intents (expires_at) where purpose <> 'booking' and status = 'requires_action';
--> statement-breakpoint
drop function if exists khidma.open_attempt(uuid, payment_method);
--> statement-breakpoint
drop function if exists khidma.begin_attempt(payment_intents, bigint);
