-- Cases: the one unit of human work, whatever it is about.
create type case_status as enum ('open', 'assigned', 'closed');
--> statement-breakpoint
create table cases (
  id uuid primary key,
  kind text not null,
  subject_type text not null,
  subject_id uuid not null,
  queue text not null,
  country text,
  status case_status not null default 'open',
  assignee_id uuid constraint cases_assignee_id_users_id_fk references users (id) on delete set null,
  assigned_at timestamptz,
  due_at timestamptz not null,
  overdue_at timestamptz,
  decision text,
  decided_by uuid constraint cases_decided_by_users_id_fk references users (id) on delete set null,
  decided_at timestamptz,
  reversed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint cases_kind check (kind ~ '^[a-z][a-z_]{1,39}$'),
  constraint cases_queue check (queue ~ '^[a-z][a-z_]{1,39}$'),
  constraint cases_country check (country ~ '^[A-Z]{2}$'),
  constraint cases_open check (status <> 'open' or assignee_id is null),
  constraint cases_closed check ((status = 'closed') = (decided_at is not null) and (decision is not null) = (decided_at is not null))
);
--> statement-breakpoint
create unique index cases_one_open on cases (kind, subject_id) where status <> 'closed';
--> statement-breakpoint
create index idx_cases_due on cases (due_at, id) where status <> 'closed';
--> statement-breakpoint
create index idx_cases_subject on cases (subject_id, id);
--> statement-breakpoint
create index idx_cases_assignee on cases (assignee_id, id);
--> statement-breakpoint
create index idx_cases_decided_by on cases (decided_by, decided_at);
--> statement-breakpoint
create table case_notes (
  id uuid primary key,
  case_id uuid not null constraint case_notes_case_id_cases_id_fk references cases (id) on delete cascade,
  author_id uuid constraint case_notes_author_id_users_id_fk references users (id) on delete set null,
  text text not null,
  created_at timestamptz not null default now(),
  constraint case_notes_text check (length(text) between 1 and 4000)
);
--> statement-breakpoint
create index idx_case_notes_case on case_notes (case_id, id);
--> statement-breakpoint
create index idx_case_notes_author on case_notes (author_id);
--> statement-breakpoint
-- Staff of the system roles decided on requests until now, and still do; other roles and designations say so themselves.
update roles set can_approve_requests = true where is_system_role and name in ('ops', 'admin');
