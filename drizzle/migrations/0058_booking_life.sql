-- A booking's whole life: deadlines with reminders, presence, proof of the work, progress notes, and the client's acceptance of the work.
alter table bookings
  add column lapsed text,
  add column on_the_way_at timestamptz,
  add column late_minutes integer,
  add column late_told_at timestamptz,
  add column arrived_at timestamptz,
  add column arrival_distance_m integer,
  add column start_code_required boolean not null default false,
  add column start_code_failures integer not null default 0,
  add column start_code_failed_at timestamptz,
  add column started_by_code boolean not null default false,
  add column work_accepted_at timestamptz,
  add column work_accepted_by text,
  add constraint bookings_lapsed check (lapsed is null or lapsed in ('confirmation', 'start') and status = 'canceled'),
  add constraint bookings_late check (late_minutes is null or late_minutes between 1 and 1440 and late_told_at is not null),
  add constraint bookings_arrival check (arrival_distance_m is null or arrival_distance_m >= 0 and arrived_at is not null),
  add constraint bookings_start_code check (start_code_failures >= 0 and (start_code_failures > 0) = (start_code_failed_at is not null)),
  add constraint bookings_work_accepted check ((work_accepted_at is null) = (work_accepted_by is null) and coalesce(work_accepted_by, 'client') in ('client', 'silence'));
--> statement-breakpoint
create table booking_deadlines (
  id uuid primary key,
  booking_id uuid not null constraint booking_deadlines_booking_id_bookings_id_fk references bookings (id) on delete cascade,
  kind text not null,
  due_at timestamptz not null,
  reminders integer[] not null default '{}',
  reminded integer not null default 0,
  reminded_at timestamptz,
  next_at timestamptz,
  outcome text,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  constraint booking_deadlines_kind check (kind in ('confirmation', 'visit', 'start', 'completion', 'acceptance', 'payment')),
  constraint booking_deadlines_reminded check (reminded between 0 and cardinality(reminders)),
  constraint booking_deadlines_outcome check (outcome in ('met', 'passed', 'moot') and ended_at is not null or outcome is null and ended_at is null),
  constraint booking_deadlines_next check ((outcome is null) = (next_at is not null))
);
--> statement-breakpoint
create unique index booking_deadlines_one_open on booking_deadlines (booking_id, kind) where outcome is null;
--> statement-breakpoint
create index idx_booking_deadlines_next on booking_deadlines (next_at) where outcome is null;
--> statement-breakpoint
create index idx_booking_deadlines_booking on booking_deadlines (booking_id, id);
--> statement-breakpoint
create table booking_notes (
  id uuid primary key,
  booking_id uuid not null constraint booking_notes_booking_id_bookings_id_fk references bookings (id) on delete cascade,
  author_id uuid not null constraint booking_notes_author_id_users_id_fk references users (id) on delete restrict,
  text text not null,
  created_at timestamptz not null default now(),
  constraint booking_notes_text check (length(text) between 1 and 2000)
);
--> statement-breakpoint
create index idx_booking_notes_booking on booking_notes (booking_id, id);
--> statement-breakpoint
create index idx_booking_notes_author on booking_notes (author_id);
--> statement-breakpoint
create table booking_proofs (
  id uuid primary key,
  booking_id uuid not null constraint booking_proofs_booking_id_bookings_id_fk references bookings (id) on delete cascade,
  added_by uuid not null constraint booking_proofs_added_by_users_id_fk references users (id) on delete restrict,
  kind text not null,
  media_id uuid not null constraint booking_proofs_media_id_media_files_id_fk references media_files (id) on delete restrict,
  caption text,
  created_at timestamptz not null default now(),
  constraint booking_proofs_kind check (kind in ('before', 'after', 'no_show')),
  constraint booking_proofs_caption check (length(caption) between 1 and 500)
);
--> statement-breakpoint
create unique index booking_proofs_media on booking_proofs (media_id);
--> statement-breakpoint
create index idx_booking_proofs_booking on booking_proofs (booking_id, id);
--> statement-breakpoint
create index idx_booking_proofs_added_by on booking_proofs (added_by);
--> statement-breakpoint
-- Bookings that are under way get the deadlines of their state, counted from now: nobody is late for what nobody knew.
insert into booking_deadlines (id, booking_id, kind, due_at, next_at)
select gen_random_uuid(), b.id, d.kind, d.due_at, d.due_at
  from bookings b
 cross join lateral (values
   ('confirmation', 'accepted', now() + interval '1 day'),
   ('start', 'confirmed', greatest(now(), upper(b.scheduled_during)) + interval '1 day'),
   ('completion', 'in_progress', greatest(now(), upper(b.scheduled_during)) + interval '1 day')) d (kind, status, due_at)
 where b.status::text = d.status;
