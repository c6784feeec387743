-- Packages that are sold, and what they give beside credits: entitlements, each use of which is a claim.
create table packages (
  id uuid primary key,
  kind text not null,
  names jsonb not null,
  descriptions jsonb not null default '{}'::jsonb,
  country text not null,
  price bigint not null,
  currency text not null,
  postings integer not null default 0,
  contact_views integer not null default 0,
  credits bigint not null default 0,
  validity_days integer,
  active boolean not null default true,
  sort_order integer not null default 0,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint packages_kind check (kind in ('job_posting', 'contact_views', 'credit_bundle')),
  constraint packages_names check (jsonb_typeof(names) = 'object' and jsonb_exists_all(names, array['ar', 'en']) and names - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(names, '$.* ? (@.type() != "string" || @ == "")')),
  constraint packages_descriptions check (jsonb_typeof(descriptions) = 'object' and descriptions - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(descriptions, '$.* ? (@.type() != "string" || @ == "")')),
  constraint packages_country check (country ~ '^[A-Z]{2}$'),
  constraint packages_price check (price between 1 and 1000000000),
  constraint packages_gives check (least(postings, contact_views, credits) >= 0 and greatest(postings, contact_views) <= 10000 and credits <= 10000000 and case kind when 'job_posting' then postings when 'contact_views' then contact_views else credits end > 0),
  constraint packages_validity check (validity_days between 1 and 3650)
);
--> statement-breakpoint
create index idx_packages_shown on packages (country, sort_order, id) where retired_at is null;
--> statement-breakpoint
create table entitlements (
  id uuid primary key,
  owner_id uuid not null constraint entitlements_owner_id_users_id_fk references users (id) on delete restrict,
  kind text not null,
  quantity integer not null,
  document_type text not null,
  document_id uuid not null,
  part integer not null default 1,
  valid_from timestamptz not null default now(),
  valid_until timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint entitlements_kind check (kind in ('job_posting', 'contact_view')),
  constraint entitlements_quantity check (quantity between 1 and 1000000),
  constraint entitlements_order check (valid_until > valid_from)
);
--> statement-breakpoint
create unique index entitlements_one_a_part on entitlements (document_type, document_id, kind, part);
--> statement-breakpoint
create index idx_entitlements_owner on entitlements (owner_id, id);
