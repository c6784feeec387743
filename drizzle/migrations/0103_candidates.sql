-- Candidates who say that they look for work, and companies that view how to reach them.
alter table candidate_profiles
  add column looking_for_work boolean not null default false,
  add column contact_email text,
  add column contact_phone text;
--> statement-breakpoint
alter table candidate_profiles add constraint candidate_profiles_reachable check (not looking_for_work or coalesce(contact_email, contact_phone) is not null);
--> statement-breakpoint
create table candidate_listings (
  id uuid primary key not null,
  user_id uuid not null constraint candidate_listings_user_id_users_id_fk references users (id) on delete cascade,
  search_vector tsvector not null,
  created_at timestamptz default now() not null,
  constraint candidate_listings_one unique(user_id)
);
--> statement-breakpoint
create index idx_candidate_listings_search on candidate_listings using gin (search_vector);
--> statement-breakpoint
create table candidate_views (
  id uuid primary key not null,
  company_id uuid not null constraint candidate_views_company_id_users_id_fk references users (id) on delete restrict,
  user_id uuid not null constraint candidate_views_user_id_users_id_fk references users (id) on delete cascade,
  viewed_by uuid constraint candidate_views_viewed_by_users_id_fk references users (id) on delete set null,
  entitlement_id uuid not null constraint candidate_views_entitlement_id_entitlements_id_fk references entitlements (id) on delete restrict,
  open_until timestamptz not null,
  created_at timestamptz default now() not null,
  constraint candidate_views_other check (user_id <> company_id),
  constraint candidate_views_order check (open_until > created_at)
);
--> statement-breakpoint
create index idx_candidate_views_company on candidate_views (company_id,id);
--> statement-breakpoint
create index idx_candidate_views_user on candidate_views (user_id,id);
--> statement-breakpoint
create index idx_candidate_views_viewed_by on candidate_views (viewed_by);
--> statement-breakpoint
create index idx_candidate_views_entitlement on candidate_views (entitlement_id);
--> statement-breakpoint
create index idx_candidate_views_ended on candidate_views (open_until);
--> statement-breakpoint
-- A company pays once for the time that a view is open.
alter table candidate_views add constraint candidate_views_one_at_a_time
  exclude using gist (company_id with =, user_id with =, tstzrange(created_at, open_until) with &&);
