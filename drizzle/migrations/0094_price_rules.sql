-- Rules of prices: discounts (with a code: coupons), taxes, every version of both, and what buyers are to the tax office.
create table discount_rules (
  id uuid primary key,
  name text not null,
  description text,
  code text,
  scope text not null default 'global',
  scope_id uuid,
  discount_type text not null,
  discount_value bigint not null,
  max_discount bigint,
  min_order bigint,
  country text,
  currency text,
  priority integer not null default 100,
  is_exclusive boolean not null default false,
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  usage_limit integer,
  per_person_limit integer,
  funded_by text not null default 'platform',
  partner text,
  active boolean not null default true,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint discount_rules_code check (code ~ '^[A-Za-z0-9_-]{3,40}$'),
  constraint discount_rules_scopes check (scope in ('global', 'category', 'service', 'package')),
  constraint discount_rules_scope check ((scope = 'global') = (scope_id is null)),
  constraint discount_rules_types check (discount_type in ('percent', 'flat')),
  constraint discount_rules_funders check (funded_by in ('platform', 'tasker', 'partner')),
  constraint discount_rules_value check (discount_value > 0 and discount_value <= case discount_type when 'percent' then 10000 else 1000000000 end),
  constraint discount_rules_amounts check (max_discount > 0 and min_order > 0),
  constraint discount_rules_currency check (currency is not null or discount_type = 'percent' and max_discount is null and min_order is null),
  constraint discount_rules_order check (ends_at > starts_at),
  constraint discount_rules_limits check (usage_limit between 1 and 100000 and per_person_limit between 1 and 1000),
  constraint discount_rules_funder check ((funded_by = 'partner') = (partner is not null) and not (funded_by = 'tasker' and scope = 'package'))
);
--> statement-breakpoint
create unique index discount_rules_code_key on discount_rules (lower(code)) where code is not null;
--> statement-breakpoint
create index idx_discount_rules_automatic on discount_rules (priority) where code is null and retired_at is null;
--> statement-breakpoint
create table discount_budgets (
  rule_id uuid primary key constraint discount_budgets_rule_id_discount_rules_id_fk references discount_rules (id) on delete cascade,
  budget bigint not null,
  spent bigint not null default 0,
  constraint discount_budgets_spent check (0 <= spent and spent <= budget)
);
--> statement-breakpoint
create table discount_uses (
  id uuid primary key,
  rule_id uuid not null constraint discount_uses_rule_id_discount_rules_id_fk references discount_rules (id) on delete restrict,
  rule_version integer not null,
  user_id uuid not null constraint discount_uses_user_id_users_id_fk references users (id) on delete restrict,
  order_id uuid not null,
  amount bigint not null,
  currency text not null,
  status claim_status not null default 'reserved',
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint discount_uses_amount check (amount > 0),
  constraint discount_uses_settled check ((status = 'reserved') = (settled_at is null))
);
--> statement-breakpoint
create unique index discount_uses_one_an_order on discount_uses (order_id, rule_id);
--> statement-breakpoint
create index idx_discount_uses_rule on discount_uses (rule_id, id);
--> statement-breakpoint
create index idx_discount_uses_user on discount_uses (user_id);
--> statement-breakpoint
create table tax_rules (
  id uuid primary key,
  name text not null,
  kind text not null,
  rate_basis_points integer not null,
  country text not null,
  category_id uuid constraint tax_rules_category_id_task_categories_id_fk references task_categories (id) on delete restrict,
  applies_to text[] not null,
  is_inclusive boolean not null default false,
  region text,
  exempts text[] not null default '{}'::text[],
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  active boolean not null default true,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint tax_rules_kinds check (kind in ('vat', 'gst', 'tcs')),
  constraint tax_rules_kind check (not (kind = 'tcs' and is_inclusive)),
  constraint tax_rules_rate check (rate_basis_points between 0 and 10000),
  constraint tax_rules_country check (country ~ '^[A-Z]{2}$'),
  constraint tax_rules_applies_to check (cardinality(applies_to) > 0 and applies_to <@ array['package', 'service', 'fee', 'commission', 'plan']),
  constraint tax_rules_exempts check (exempts <@ array['ordinary', 'registered', 'exempt']),
  constraint tax_rules_order check (ends_at > starts_at)
);
--> statement-breakpoint
create index idx_tax_rules_country on tax_rules (country) where retired_at is null;
--> statement-breakpoint
create table price_rule_versions (
  rule_id uuid not null,
  version integer not null,
  kind text not null,
  terms jsonb not null,
  changed_by uuid,
  created_at timestamptz not null default now(),
  constraint price_rule_versions_pkey primary key (rule_id, version),
  constraint price_rule_versions_kind check (kind in ('discount', 'tax'))
);
--> statement-breakpoint
revoke update, delete, truncate on price_rule_versions from khidma_app;
--> statement-breakpoint
create table tax_profiles (
  user_id uuid primary key constraint tax_profiles_user_id_users_id_fk references users (id) on delete cascade,
  status text not null default 'ordinary',
  tax_number text,
  region text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint tax_profiles_status check (status in ('ordinary', 'registered', 'exempt'))
);
