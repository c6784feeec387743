-- Staff assign tasks to taskers: the history of who gave what to whom, the clocks of the service levels, the estimates that staff set, and
-- saved views of the queue.
create type assignment_status as enum ('pending', 'accepted', 'declined', 'expired', 'withdrawn', 'revoked');
--> statement-breakpoint
alter table tasker_profiles
  add column assignment_mode text not null default 'offer',
  add constraint tasker_profiles_assignment_mode check (assignment_mode in ('offer', 'direct'));
--> statement-breakpoint
create table assignments (
  id uuid primary key,
  task_id uuid not null constraint assignments_task_id_tasks_id_fk references tasks (id) on delete cascade,
  tasker_id uuid not null constraint assignments_tasker_id_users_id_fk references users (id) on delete restrict,
  assigned_by uuid constraint assignments_assigned_by_users_id_fk references users (id) on delete restrict,
  booking_id uuid not null constraint assignments_booking_id_bookings_id_fk references bookings (id) on delete cascade,
  mode text not null,
  status assignment_status not null default 'pending',
  reason text,
  outcome_reason text,
  expires_at timestamptz,
  ended_at timestamptz,
  replaces_id uuid constraint assignments_replaces_id_assignments_id_fk references assignments (id) on delete set null,
  undoes_id uuid constraint assignments_undoes_id_assignments_id_fk references assignments (id) on delete set null,
  booking_was booking_status,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint assignments_mode check (mode in ('offer', 'direct')),
  constraint assignments_deadline check (status <> 'pending' or expires_at is not null),
  constraint assignments_ended check ((status = 'pending') = (ended_at is null))
);
--> statement-breakpoint
create unique index assignments_booking_key on assignments (booking_id);
--> statement-breakpoint
create unique index assignments_one_pending on assignments (task_id) where status = 'pending';
--> statement-breakpoint
create unique index assignments_undone_once on assignments (undoes_id);
--> statement-breakpoint
create index idx_assignments_task on assignments (task_id, id);
--> statement-breakpoint
create index idx_assignments_tasker on assignments (tasker_id, id);
--> statement-breakpoint
create index idx_assignments_due on assignments (expires_at) where status = 'pending';
--> statement-breakpoint
create table task_clocks (
  id uuid primary key,
  task_id uuid not null constraint task_clocks_task_id_tasks_id_fk references tasks (id) on delete cascade,
  kind text not null,
  base_at timestamptz not null,
  minutes integer not null,
  paused_seconds integer not null default 0,
  paused_at timestamptz,
  due_at timestamptz not null,
  breached_at timestamptz,
  ended_at timestamptz,
  outcome text,
  created_at timestamptz not null default now(),
  constraint task_clocks_kind check (kind in ('assign', 'accept', 'start')),
  constraint task_clocks_outcome check (outcome in ('met', 'moot')),
  constraint task_clocks_ended check ((ended_at is null) = (outcome is null)),
  constraint task_clocks_minutes check (minutes >= 0 and paused_seconds >= 0)
);
--> statement-breakpoint
create unique index task_clocks_one_running on task_clocks (task_id, kind) where ended_at is null;
--> statement-breakpoint
create index idx_task_clocks_task on task_clocks (task_id, id);
--> statement-breakpoint
create index idx_task_clocks_due on task_clocks (due_at) where ended_at is null and paused_at is null and breached_at is null;
--> statement-breakpoint
create table task_estimates (
  id uuid primary key,
  task_id uuid not null constraint task_estimates_task_id_tasks_id_fk references tasks (id) on delete cascade,
  set_by uuid constraint task_estimates_set_by_users_id_fk references users (id) on delete restrict,
  was_min_amount bigint,
  was_max_amount bigint,
  min_amount bigint not null,
  max_amount bigint not null,
  created_at timestamptz not null default now(),
  constraint task_estimates_order check (min_amount > 0 and max_amount >= min_amount)
);
--> statement-breakpoint
create index idx_task_estimates_task on task_estimates (task_id, id);
--> statement-breakpoint
create table dispatch_views (
  id uuid primary key,
  owner_id uuid not null constraint dispatch_views_owner_id_users_id_fk references users (id) on delete cascade,
  name text not null,
  filters jsonb not null default '{}'::jsonb,
  is_shared boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint dispatch_views_name check (length(name) between 1 and 80)
);
--> statement-breakpoint
create unique index dispatch_views_name_key on dispatch_views (owner_id, lower(name));
--> statement-breakpoint
create index idx_dispatch_views_shared on dispatch_views (id) where is_shared;
--> statement-breakpoint
create index idx_tasks_queue on tasks ((case priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end), id)
  where state in ('posted', 'matching', 'accepted', 'confirmed', 'in_progress', 'on_hold');
--> statement-breakpoint
create index idx_tasks_city on tasks (city, starts_at);
--> statement-breakpoint
revoke delete on assignments, task_clocks, task_estimates from khidma_app;
--> statement-breakpoint
revoke update on task_estimates from khidma_app;
