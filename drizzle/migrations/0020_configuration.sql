create table config_entries (
  id uuid primary key,
  key text not null,
  country text,
  city text,
  category_id uuid constraint config_entries_category_id_task_categories_id_fk references task_categories (id) on delete restrict,
  value jsonb not null,
  valid_during tstzrange not null,
  replaces uuid constraint config_entries_replaces_config_entries_id_fk references config_entries (id) on delete restrict,
  reason text not null,
  created_by uuid constraint config_entries_created_by_users_id_fk references users (id) on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint config_entries_city check (city = btrim(city) and city <> ''),
  constraint config_entries_country check (country ~ '^[A-Z]{2}$'),
  constraint config_entries_begins check (not lower_inf(valid_during)),
  constraint config_entries_one_at_a_time exclude using gist (
    key with =, coalesce(country, '') with =, coalesce(lower(city), '') with =, coalesce(category_id::text, '') with =, valid_during with &&)
);
--> statement-breakpoint
create index idx_config_entries_category on config_entries (category_id);
--> statement-breakpoint
-- The commission that a booking was agreed under.
alter table bookings
  add column commission_basis_points integer not null default 1500,
  add column commission_minimum bigint not null default 0,
  add column commission_maximum bigint,
  add constraint bookings_commission check (commission_basis_points between 0 and 10000
    and commission_minimum >= 0 and (commission_maximum is null or commission_maximum >= commission_minimum));
--> statement-breakpoint
drop function if exists khidma.commission_of(bigint);
--> statement-breakpoint
alter table tasker_profiles add column tier text not null default 'standard',
  add constraint tasker_profiles_tier check (tier in ('new', 'standard', 'preferred'));
