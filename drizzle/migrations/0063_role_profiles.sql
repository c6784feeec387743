-- Role profiles: what one offers in a profession, in versions of which the public sees the approved one; services with extras, and portfolios.
create table role_profiles (
  id uuid primary key,
  user_id uuid not null constraint role_profiles_user_id_users_id_fk references users (id) on delete cascade,
  profession text not null,
  status text not null default 'draft',
  verification_status text not null default 'pending',
  verified_at timestamptz,
  approval_status text not null default 'pending',
  rejection_reason text,
  approved_at timestamptz,
  is_public boolean not null default false,
  phone text,
  email text,
  languages text[] not null default '{}'::text[],
  travel_radius_km integer,
  public_version_id uuid,
  pending_version_id uuid,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint role_profiles_profession check (profession ~ '^[a-z][a-z_]{1,58}[a-z]$'),
  constraint role_profiles_status check (status in ('draft', 'active', 'suspended')),
  constraint role_profiles_verification check (verification_status in ('pending', 'verified', 'rejected')),
  constraint role_profiles_approval check (approval_status in ('pending', 'approved', 'rejected')),
  constraint role_profiles_phone check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint role_profiles_travel check (travel_radius_km between 0 and 1000)
);
--> statement-breakpoint
create unique index role_profiles_one_a_profession on role_profiles (user_id, profession) where deleted_at is null;
--> statement-breakpoint
create index idx_role_profiles_status on role_profiles (status, id);
--> statement-breakpoint
create index idx_role_profiles_verification on role_profiles (verification_status, id);
--> statement-breakpoint
create index idx_role_profiles_approval on role_profiles (approval_status, id);
--> statement-breakpoint
create table role_profile_versions (
  id uuid primary key,
  profile_id uuid not null constraint role_profile_versions_profile_id_role_profiles_id_fk references role_profiles (id) on delete cascade,
  user_id uuid not null constraint role_profile_versions_user_id_users_id_fk references users (id) on delete cascade,
  number integer not null,
  display_name text not null,
  bio text,
  location text,
  avatar_media_id uuid constraint role_profile_versions_avatar_media_id_media_files_id_fk references media_files (id) on delete set null,
  business_name text,
  experience_years integer,
  attributes jsonb not null,
  tags text[] not null default '{}'::text[],
  price_amount bigint,
  price_currency text,
  approval_status text not null default 'draft',
  rejection_reason text,
  reviewed_at timestamptz,
  reviewed_by uuid constraint role_profile_versions_reviewed_by_users_id_fk references users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint role_profile_versions_number unique (profile_id, number),
  constraint role_profile_versions_approval check (approval_status in ('draft', 'pending', 'approved', 'rejected', 'superseded')),
  constraint role_profile_versions_years check (experience_years between 0 and 80),
  constraint role_profile_versions_price check ((price_amount is null) = (price_currency is null) and price_amount > 0),
  constraint role_profile_versions_attributes check (jsonb_typeof(attributes) = 'object')
);
--> statement-breakpoint
create unique index role_profile_versions_one_open on role_profile_versions (profile_id) where approval_status in ('draft', 'pending');
--> statement-breakpoint
create index idx_role_profile_versions_user on role_profile_versions (user_id);
--> statement-breakpoint
create index idx_role_profile_versions_avatar on role_profile_versions (avatar_media_id) where avatar_media_id is not null;
--> statement-breakpoint
create table role_profile_areas (
  id uuid primary key,
  profile_id uuid not null constraint role_profile_areas_profile_id_role_profiles_id_fk references role_profiles (id) on delete cascade,
  position integer not null,
  lat double precision,
  lng double precision,
  radius_km double precision,
  city text,
  district text,
  constraint role_profile_areas_position unique (profile_id, position),
  constraint role_profile_areas_kind check (num_nonnulls(lat, lng, radius_km) = 3 and num_nonnulls(city, district) = 0
    or num_nonnulls(lat, lng, radius_km) = 0 and num_nonnulls(city, district) = 2),
  constraint role_profile_areas_circle check (lat between -90 and 90 and lng between -180 and 180 and radius_km > 0 and radius_km <= 200)
);
--> statement-breakpoint
create table services (
  id uuid primary key,
  profile_id uuid not null constraint services_profile_id_role_profiles_id_fk references role_profiles (id) on delete cascade,
  name text not null,
  description text,
  category text not null,
  price_type text not null,
  price_amount bigint not null,
  currency text not null,
  unit_name text,
  duration_minutes integer not null,
  is_active boolean not null default true,
  display_order integer not null default 0,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint services_price_type check (price_type in ('hourly', 'fixed', 'per_unit', 'from')),
  constraint services_unit check ((price_type = 'per_unit') = (unit_name is not null)),
  constraint services_price check (price_amount > 0),
  constraint services_duration check (duration_minutes between 15 and 10080)
);
--> statement-breakpoint
create index idx_services_profile on services (profile_id, display_order, id) where deleted_at is null;
--> statement-breakpoint
create table service_extras (
  id uuid primary key,
  service_id uuid not null constraint service_extras_service_id_services_id_fk references services (id) on delete cascade,
  name text not null,
  price_amount bigint not null,
  minutes integer not null default 0,
  display_order integer not null,
  constraint service_extras_price check (price_amount >= 0),
  constraint service_extras_minutes check (minutes between 0 and 1440)
);
--> statement-breakpoint
create index idx_service_extras_service on service_extras (service_id, display_order);
--> statement-breakpoint
create table portfolio_items (
  id uuid primary key,
  profile_id uuid not null constraint portfolio_items_profile_id_role_profiles_id_fk references role_profiles (id) on delete cascade,
  title text not null,
  description text,
  tags text[] not null default '{}'::text[],
  display_order integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
--> statement-breakpoint
create index idx_portfolio_items_profile on portfolio_items (profile_id, display_order, id);
--> statement-breakpoint
create table portfolio_images (
  id uuid primary key,
  item_id uuid not null constraint portfolio_images_item_id_portfolio_items_id_fk references portfolio_items (id) on delete cascade,
  media_id uuid not null constraint portfolio_images_media_id_media_files_id_fk references media_files (id) on delete cascade,
  display_order integer not null,
  created_at timestamptz not null default now(),
  constraint portfolio_images_item_media_key unique (item_id, media_id)
);
--> statement-breakpoint
create index idx_portfolio_images_media on portfolio_images (media_id);
