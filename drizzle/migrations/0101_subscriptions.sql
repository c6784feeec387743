-- Plans, and subscriptions to them.
create table plans (
  id uuid primary key,
  names jsonb not null,
  descriptions jsonb not null default '{}'::jsonb,
  country text not null,
  currency text not null,
  price_month bigint,
  price_year bigint,
  trial_days integer not null default 0,
  commission_discount integer not null default 0,
  credits_a_month bigint not null default 0,
  bids_a_day integer,
  badge text,
  falls_to uuid constraint plans_falls_to_plans_id_fk references plans (id) on delete restrict,
  active boolean not null default true,
  sort_order integer not null default 0,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint plans_names check (jsonb_typeof(names) = 'object' and jsonb_exists_all(names, array['ar', 'en']) and names - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(names, '$.* ? (@.type() != "string" || @ == "")')),
  constraint plans_descriptions check (jsonb_typeof(descriptions) = 'object' and descriptions - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(descriptions, '$.* ? (@.type() != "string" || @ == "")')),
  constraint plans_country check (country ~ '^[A-Z]{2}$'),
  constraint plans_price check (num_nonnulls(price_month, price_year) > 0 and coalesce(price_month, 0) between 0 and 1000000000 and coalesce(price_year, 0) between 0 and 1000000000),
  constraint plans_trial check (trial_days between 0 and 90),
  constraint plans_commission check (commission_discount between 0 and 10000),
  constraint plans_credits check (credits_a_month between 0 and 10000000),
  constraint plans_bids check (bids_a_day between 1 and 10000),
  constraint plans_badge check (badge in ('plus', 'pro')),
  constraint plans_falls_to check (falls_to <> id)
);
--> statement-breakpoint
create index idx_plans_shown on plans (country, sort_order, id) where retired_at is null;
--> statement-breakpoint
create index idx_plans_falls_to on plans (falls_to) where falls_to is not null;
--> statement-breakpoint
create type subscription_status as enum ('pending', 'trialing', 'active', 'past_due', 'paused', 'ended');
--> statement-breakpoint
create table subscriptions (
  id uuid primary key,
  user_id uuid not null constraint subscriptions_user_id_users_id_fk references users (id) on delete restrict,
  plan_id uuid not null constraint subscriptions_plan_id_plans_id_fk references plans (id) on delete restrict,
  cycle text not null,
  status subscription_status not null default 'pending',
  price bigint not null,
  currency text not null,
  features jsonb not null,
  stored_method_id uuid constraint subscriptions_stored_method_id_payment_methods_id_fk references payment_methods (id) on delete set null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  anchor_day integer not null,
  cancels_at_period_end boolean not null default false,
  next_plan_id uuid constraint subscriptions_next_plan_id_plans_id_fk references plans (id) on delete restrict,
  next_cycle text,
  paused_at timestamptz,
  paused_until timestamptz,
  grace_until timestamptz,
  credits_at timestamptz,
  end_reason text,
  ended_at timestamptz,
  clock_ahead integer not null default 0,
  next_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint subscriptions_cycle check (cycle in ('month', 'year')),
  constraint subscriptions_next_cycle check (next_cycle in ('month', 'year')),
  constraint subscriptions_price check (price >= 0),
  constraint subscriptions_period check (period_end > period_start),
  constraint subscriptions_anchor check (anchor_day between 1 and 31),
  constraint subscriptions_next check (num_nonnulls(next_plan_id, next_cycle) <> 1),
  constraint subscriptions_paused check ((status = 'paused') = (paused_at is not null)),
  constraint subscriptions_grace check ((status = 'past_due') = (grace_until is not null)),
  constraint subscriptions_ended check ((status = 'ended') = (ended_at is not null and end_reason is not null)),
  constraint subscriptions_reason check (end_reason in ('canceled', 'unpaid', 'abandoned', 'closed')),
  constraint subscriptions_clock check (clock_ahead >= 0)
);
--> statement-breakpoint
create unique index subscriptions_one_open on subscriptions (user_id) where status <> 'ended';
--> statement-breakpoint
create index idx_subscriptions_user on subscriptions (user_id, id);
--> statement-breakpoint
create index idx_subscriptions_due on subscriptions (next_at) where next_at is not null;
--> statement-breakpoint
create index idx_subscriptions_plan on subscriptions (plan_id, id);
--> statement-breakpoint
create index idx_subscriptions_next_plan on subscriptions (next_plan_id) where next_plan_id is not null;
--> statement-breakpoint
create index idx_subscriptions_stored_method on subscriptions (stored_method_id) where stored_method_id is not null;
--> statement-breakpoint
create table subscription_charges (
  id uuid primary key,
  subscription_id uuid not null constraint subscription_charges_subscription_id_subscriptions_id_fk references subscriptions (id) on delete restrict,
  kind text not null,
  plan_id uuid not null constraint subscription_charges_plan_id_plans_id_fk references plans (id) on delete restrict,
  cycle text not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  amount bigint not null,
  unused bigint not null default 0,
  currency text not null,
  status text not null default 'open',
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint subscription_charges_kind check (kind in ('period', 'change')),
  constraint subscription_charges_cycle check (cycle in ('month', 'year')),
  constraint subscription_charges_status check (status in ('open', 'paid', 'void')),
  constraint subscription_charges_amount check (amount >= 0 and unused >= 0),
  constraint subscription_charges_period check (period_end > period_start),
  constraint subscription_charges_settled check ((status = 'open') = (settled_at is null))
);
--> statement-breakpoint
create unique index subscription_charges_one_open on subscription_charges (subscription_id) where status = 'open';
--> statement-breakpoint
create unique index subscription_charges_one_a_period on subscription_charges (subscription_id, period_start) where kind = 'period' and status <> 'void';
--> statement-breakpoint
create index idx_subscription_charges_subscription on subscription_charges (subscription_id, id);
--> statement-breakpoint
create table subscription_attempts (
  id uuid primary key,
  charge_id uuid not null constraint subscription_attempts_charge_id_subscription_charges_id_fk references subscription_charges (id) on delete restrict,
  document_id uuid,
  outcome text,
  failure_code text,
  at timestamptz not null,
  ended_at timestamptz,
  constraint subscription_attempts_outcome check (outcome in ('paid', 'failed', 'canceled')),
  constraint subscription_attempts_ended check ((outcome is null) = (ended_at is null))
);
--> statement-breakpoint
create unique index subscription_attempts_one_open on subscription_attempts (charge_id) where outcome is null;
--> statement-breakpoint
create index idx_subscription_attempts_charge on subscription_attempts (charge_id, id);
--> statement-breakpoint
create unique index subscription_attempts_document on subscription_attempts (document_id) where document_id is not null;
