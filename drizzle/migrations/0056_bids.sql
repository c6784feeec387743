-- Bids: proposals of taskers for tasks, with the client's marks, invitations and questions, the index of tasks that take bids, and the
-- numbered seats by which limits hold (`khidma.claim`).
create type bid_status as enum ('pending', 'awarded', 'accepted', 'rejected', 'withdrawn', 'expired');
--> statement-breakpoint
create type claim_status as enum ('reserved', 'used', 'returned');
--> statement-breakpoint
create table claims (
  id uuid primary key,
  limit_id text not null,
  subject uuid not null,
  document_id uuid not null,
  seat integer not null,
  status claim_status not null default 'reserved',
  until timestamptz,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint claims_seat check (seat > 0),
  constraint claims_settled check ((status = 'reserved') = (settled_at is null))
);
--> statement-breakpoint
create unique index claims_one_a_seat on claims (limit_id, subject, seat) where status <> 'returned';
--> statement-breakpoint
create index idx_claims_document on claims (document_id);
--> statement-breakpoint
create index idx_claims_until on claims (until) where until is not null;
--> statement-breakpoint
create table bids (
  id uuid primary key,
  task_id uuid not null constraint bids_task_id_tasks_id_fk references tasks (id) on delete cascade,
  tasker_id uuid not null constraint bids_tasker_id_users_id_fk references users (id) on delete restrict,
  status bid_status not null default 'pending',
  amount bigint not null,
  currency text not null,
  minutes integer not null,
  message text not null,
  milestones jsonb not null default '[]'::jsonb,
  upfront_basis_points integer not null default 0,
  counter_amount bigint,
  counter_minutes integer,
  countered_at timestamptz,
  affirmed_at timestamptz not null default now(),
  awarded_at timestamptz,
  award_expires_at timestamptz,
  accepted_at timestamptz,
  responded_at timestamptz,
  declined_at timestamptz,
  decline_reason text,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint bids_amount check (amount > 0),
  constraint bids_minutes check (minutes between 15 and 10080),
  constraint bids_message check (length(message) between 1 and 4000),
  constraint bids_upfront check (upfront_basis_points between 0 and 10000),
  constraint bids_counter check ((countered_at is null) = (counter_amount is null) and (countered_at is null) = (counter_minutes is null)),
  constraint bids_counter_terms check (counter_amount > 0 and counter_minutes between 15 and 10080),
  constraint bids_awarded check (status <> 'awarded' or award_expires_at is not null),
  constraint bids_accepted check ((status = 'accepted') = (accepted_at is not null)),
  constraint bids_declined check (declined_at is null or status = 'rejected')
);
--> statement-breakpoint
create unique index bids_one_open on bids (task_id, tasker_id) where status in ('pending', 'awarded');
--> statement-breakpoint
create unique index bids_one_awarded on bids (task_id) where status = 'awarded';
--> statement-breakpoint
create unique index bids_one_text on bids (tasker_id, md5(lower(regexp_replace(message, '[[:space:][:punct:]]+', '', 'g')))) where status in ('pending', 'awarded');
--> statement-breakpoint
create index idx_bids_task on bids (task_id, id);
--> statement-breakpoint
create index idx_bids_tasker on bids (tasker_id, id);
--> statement-breakpoint
create index idx_bids_updated on bids (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
create index idx_bids_awards_due on bids (award_expires_at) where status = 'awarded';
--> statement-breakpoint
create table bid_portfolio (
  bid_id uuid not null constraint bid_portfolio_bid_id_bids_id_fk references bids (id) on delete cascade,
  position integer not null,
  media_id uuid not null constraint bid_portfolio_media_id_media_files_id_fk references media_files (id) on delete cascade,
  constraint bid_portfolio_bid_id_position_pk primary key (bid_id,position),
  constraint bid_portfolio_position check (position between 1 and 10)
);
--> statement-breakpoint
create index idx_bid_portfolio_media on bid_portfolio (media_id);
--> statement-breakpoint
create table bid_marks (
  bid_id uuid primary key constraint bid_marks_bid_id_bids_id_fk references bids (id) on delete cascade,
  shortlisted_at timestamptz,
  archived_at timestamptz,
  updated_at timestamptz not null default now(),
  constraint bid_marks_one check (shortlisted_at is null or archived_at is null)
);
--> statement-breakpoint
create table bid_invitations (
  id uuid primary key,
  task_id uuid not null constraint bid_invitations_task_id_tasks_id_fk references tasks (id) on delete cascade,
  tasker_id uuid not null constraint bid_invitations_tasker_id_users_id_fk references users (id) on delete restrict,
  created_at timestamptz not null default now(),
  constraint bid_invitations_task_tasker_key unique (task_id,tasker_id)
);
--> statement-breakpoint
create index idx_bid_invitations_tasker on bid_invitations (tasker_id, id);
--> statement-breakpoint
create table task_questions (
  id uuid primary key,
  task_id uuid not null constraint task_questions_task_id_tasks_id_fk references tasks (id) on delete cascade,
  tasker_id uuid not null constraint task_questions_tasker_id_users_id_fk references users (id) on delete restrict,
  question text not null,
  answer text,
  answered_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint task_questions_question check (length(question) between 1 and 1000),
  constraint task_questions_answer check (length(answer) between 1 and 2000),
  constraint task_questions_answered check (answered_at is not null or answer is null)
);
--> statement-breakpoint
create index idx_task_questions_task on task_questions (task_id, id);
--> statement-breakpoint
create index idx_task_questions_tasker on task_questions (tasker_id);
--> statement-breakpoint
create table open_tasks (
  task_id uuid primary key constraint open_tasks_task_id_tasks_id_fk references tasks (id) on delete cascade,
  category text not null,
  subcategory text,
  place geography(Point, 4326) not null,
  is_remote boolean not null,
  skills text[] not null,
  currency text not null,
  most_amount bigint,
  posted_at timestamptz not null default now(),
  deadline timestamptz not null
);
--> statement-breakpoint
create index idx_open_tasks_posted on open_tasks (posted_at, task_id);
--> statement-breakpoint
create index idx_open_tasks_category on open_tasks (category, posted_at, task_id);
--> statement-breakpoint
create index idx_open_tasks_deadline on open_tasks (deadline);
--> statement-breakpoint
create index idx_open_tasks_place on open_tasks using gist (place);
--> statement-breakpoint
create index idx_open_tasks_skills on open_tasks using gin (skills);
--> statement-breakpoint
alter table bookings
  add column bid_id uuid constraint bookings_bid_id_bids_id_fk references bids (id) on delete restrict,
  add constraint bookings_bid_id_key unique (bid_id);
