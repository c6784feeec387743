-- Tasks gain depth: photos, chosen add-ons, a saved address as their place, answers held against a published list of questions, a second
-- search for a tasker, copies, templates, series, full-text search, and an archive that can be read.
alter table service_addons
  add column minutes integer not null default 0,
  add constraint service_addons_minutes check (minutes between 0 and 1440);
--> statement-breakpoint
create table category_inputs (
  id uuid primary key,
  category_id uuid not null constraint category_inputs_category_id_task_categories_id_fk references task_categories (id) on delete cascade,
  version integer not null,
  questions jsonb not null,
  created_by uuid constraint category_inputs_created_by_users_id_fk references users (id) on delete set null,
  created_at timestamptz not null default now(),
  constraint category_inputs_category_version_key unique (category_id, version),
  constraint category_inputs_version check (version > 0),
  constraint category_inputs_questions check (jsonb_typeof(questions) = 'array')
);
--> statement-breakpoint
create index idx_category_inputs_author on category_inputs (created_by) where created_by is not null;
--> statement-breakpoint
create table task_series (
  id uuid primary key,
  client_id uuid not null constraint task_series_client_id_users_id_fk references users (id) on delete restrict,
  task_id uuid not null constraint task_series_task_id_tasks_id_fk references tasks (id) on delete restrict,
  tasker_id uuid constraint task_series_tasker_id_users_id_fk references users (id) on delete restrict,
  weekdays integer[] not null,
  every_weeks integer not null default 1,
  local_time time not null,
  timezone text not null,
  starts_on date not null,
  ends_on date,
  pauses jsonb not null default '[]'::jsonb,
  days_ahead integer not null default 7,
  planned_until date,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint task_series_weekdays check (cardinality(weekdays) between 1 and 7 and weekdays <@ array[1, 2, 3, 4, 5, 6, 7]),
  constraint task_series_weeks check (every_weeks between 1 and 12),
  constraint task_series_days_ahead check (days_ahead between 1 and 60),
  constraint task_series_dates check (ends_on is null or ends_on >= starts_on),
  constraint task_series_pauses check (jsonb_typeof(pauses) = 'array'),
  constraint task_series_two_people check (tasker_id is distinct from client_id)
);
--> statement-breakpoint
create index idx_task_series_client on task_series (client_id, id);
--> statement-breakpoint
create index idx_task_series_task on task_series (task_id);
--> statement-breakpoint
create index idx_task_series_tasker on task_series (tasker_id) where tasker_id is not null;
--> statement-breakpoint
create index idx_task_series_running on task_series (planned_until nulls first) where ended_at is null;
--> statement-breakpoint
alter table tasks
  add column address_id uuid constraint tasks_address_id_addresses_id_fk references addresses (id) on delete set null,
  add column addons_amount bigint not null default 0,
  add column addons_minutes integer not null default 0,
  add column inputs_version integer,
  add column round integer not null default 1,
  add column first_in_line boolean not null default false,
  add column auto_rematch boolean not null default false,
  add column copied_from uuid constraint tasks_copied_from_tasks_id_fk references tasks (id) on delete set null,
  add column series_id uuid constraint tasks_series_id_task_series_id_fk references task_series (id) on delete restrict,
  add column series_day date,
  add column search_vector tsvector,
  add constraint tasks_addons check (addons_amount >= 0 and addons_minutes between 0 and 10080),
  add constraint tasks_round check (round > 0),
  add constraint tasks_series check ((series_id is null) = (series_day is null)),
  add constraint tasks_deleted check (deleted_at is null or state in ('draft', 'settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed'));
--> statement-breakpoint
create index idx_tasks_address on tasks (address_id) where address_id is not null;
--> statement-breakpoint
create index idx_tasks_copied_from on tasks (copied_from) where copied_from is not null;
--> statement-breakpoint
create unique index tasks_one_of_series on tasks (series_id, series_day) where series_id is not null;
--> statement-breakpoint
create index idx_tasks_client_live on tasks (client_id, id) where deleted_at is null;
--> statement-breakpoint
create index idx_tasks_client_deleted on tasks (client_id, id) where deleted_at is not null;
--> statement-breakpoint
create table task_photos (
  id uuid primary key,
  task_id uuid not null constraint task_photos_task_id_tasks_id_fk references tasks (id) on delete cascade,
  media_id uuid not null constraint task_photos_media_id_media_files_id_fk references media_files (id) on delete cascade,
  caption text,
  sort_order integer not null,
  is_primary boolean not null default false,
  deleted_at timestamptz,
  restored_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint task_photos_caption check (length(caption) between 1 and 300)
);
--> statement-breakpoint
create unique index task_photos_one_primary on task_photos (task_id) where is_primary and deleted_at is null;
--> statement-breakpoint
create unique index task_photos_once on task_photos (task_id, media_id) where deleted_at is null;
--> statement-breakpoint
create index idx_task_photos_task on task_photos (task_id, sort_order) where deleted_at is null;
--> statement-breakpoint
create index idx_task_photos_media on task_photos (media_id);
--> statement-breakpoint
create table task_addons (
  id uuid primary key,
  task_id uuid not null constraint task_addons_task_id_tasks_id_fk references tasks (id) on delete cascade,
  addon_id uuid not null constraint task_addons_addon_id_service_addons_id_fk references service_addons (id) on delete restrict,
  quantity integer not null,
  price_amount bigint not null,
  currency text not null,
  minutes integer not null,
  deleted_at timestamptz,
  restored_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint task_addons_quantity check (quantity between 1 and 100),
  constraint task_addons_price check (price_amount between 0 and 100000000),
  constraint task_addons_minutes check (minutes between 0 and 1440)
);
--> statement-breakpoint
create unique index task_addons_once on task_addons (task_id, addon_id) where deleted_at is null;
--> statement-breakpoint
create index idx_task_addons_task on task_addons (task_id) where deleted_at is null;
--> statement-breakpoint
create index idx_task_addons_addon on task_addons (addon_id);
--> statement-breakpoint
create table task_templates (
  id uuid primary key,
  user_id uuid not null constraint task_templates_user_id_users_id_fk references users (id) on delete cascade,
  name text not null,
  task_id uuid not null constraint task_templates_task_id_tasks_id_fk references tasks (id) on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint task_templates_name check (length(name) between 1 and 80)
);
--> statement-breakpoint
create unique index task_templates_name_key on task_templates (user_id, lower(name));
--> statement-breakpoint
create index idx_task_templates_task on task_templates (task_id);
--> statement-breakpoint
create table archived_tasks (
  task_id uuid primary key constraint archived_tasks_task_id_tasks_id_fk references tasks (id) on delete cascade,
  client_id uuid not null constraint archived_tasks_client_id_users_id_fk references users (id) on delete cascade,
  title text,
  description text not null,
  address text not null,
  district text,
  lat double precision not null,
  lng double precision not null,
  structured_inputs jsonb not null,
  requirements text[] not null,
  skills text[] not null,
  client_notes text,
  internal_notes text,
  archived_at timestamptz not null default now()
);
--> statement-breakpoint
create index idx_archived_tasks_client on archived_tasks (client_id, task_id);
--> statement-breakpoint
--> statement-breakpoint
revoke update, delete on category_inputs from khidma_app;
--> statement-breakpoint
alter table bookings
  add column addons_amount bigint not null default 0,
  add column addons_minutes integer not null default 0,
  add column task_round integer not null default 1,
  add constraint bookings_addons check (addons_amount >= 0 and addons_minutes between 0 and 10080);
--> statement-breakpoint
alter table task_candidates
  add column round integer not null default 1,
  drop constraint task_candidates_task_tasker_key,
  add constraint task_candidates_task_tasker_key unique (task_id, tasker_id, round);
--> statement-breakpoint
alter table offers
  add column round integer not null default 1,
  add column first_in_line boolean not null default false,
  drop constraint offers_task_tasker_key,
  drop constraint offers_wave,
  add constraint offers_task_tasker_key unique (task_id, tasker_id, round),
  add constraint offers_wave check (wave between 1 and 10);
--> statement-breakpoint
create index idx_offers_first_in_line on offers (tasker_id) where first_in_line and status = 'pending';
--> statement-breakpoint
create index idx_task_state_events_old on task_state_events (created_at);
--> statement-breakpoint
create index idx_tasks_search on tasks using gin (search_vector);
