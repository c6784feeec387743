-- A task has several bookings over its life, of which at most one is not canceled: a tasker who cancels, or declines an assignment, makes
-- room for the next. Tasks say more of what is wanted: a title, a budget, a deadline, skills, a preferred time on the wall.
alter table bookings drop constraint bookings_task_id_key;
--> statement-breakpoint
create unique index bookings_one_open on bookings (task_id) where status <> 'canceled';
--> statement-breakpoint
create index idx_bookings_task on bookings (task_id, id);
--> statement-breakpoint
alter table tasks
  add column title text,
  add column budget_min_amount bigint,
  add column budget_max_amount bigint,
  add column priority text not null default 'normal',
  add column urgency_level integer not null default 1,
  add column location_type text not null default 'on_site',
  add column is_remote boolean not null default false,
  add column preferred_date date,
  add column preferred_time time,
  add column timezone text,
  add column deadline timestamptz,
  add column experience_level text,
  add column requirements text[] not null default '{}',
  add column skills text[] not null default '{}',
  add column client_notes text,
  add column internal_notes text,
  add column assigned_to uuid constraint tasks_assigned_to_users_id_fk references users (id) on delete restrict,
  add column assigned_at timestamptz,
  add column final_cost_amount bigint,
  add column deleted_at timestamptz,
  add column restored_at timestamptz,
  add constraint tasks_title check (length(title) between 1 and 255),
  add constraint tasks_budget check (budget_min_amount >= 0 and budget_max_amount >= coalesce(budget_min_amount, 0)),
  add constraint tasks_priority check (priority in ('low', 'normal', 'high', 'urgent')),
  add constraint tasks_urgency check (urgency_level between 1 and 5),
  add constraint tasks_location_type check (location_type in ('on_site', 'pickup', 'delivery')),
  add constraint tasks_preferred check (preferred_time is null or preferred_date is not null and timezone is not null),
  add constraint tasks_experience check (experience_level in ('entry', 'intermediate', 'expert')),
  add constraint tasks_final_cost check (final_cost_amount >= 0),
  add constraint tasks_assigned check ((assigned_to is null) = (assigned_at is null)),
  add constraint tasks_restored check (restored_at is null or deleted_at is null or restored_at <= deleted_at);
--> statement-breakpoint
create index idx_tasks_assigned on tasks (assigned_to) where assigned_to is not null;
