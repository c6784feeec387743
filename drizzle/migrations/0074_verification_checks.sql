-- Automated checks of papers: each attempt is a row, with what was checked, and each answer is stored once.
create table verification_checks (
  id uuid primary key,
  request_id uuid not null constraint verification_checks_request_id_verification_requests_id_fk references verification_requests (id) on delete cascade,
  status text not null default 'waiting',
  inputs jsonb not null default '[]',
  reference text,
  sent_at timestamptz,
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  deadline_at timestamptz not null,
  answered_at timestamptz,
  reason text,
  created_at timestamptz not null default now(),
  constraint verification_checks_status check (status in ('waiting', 'passed', 'failed', 'unclear', 'expired', 'superseded')),
  constraint verification_checks_sent check ((reference is null) = (sent_at is null)),
  constraint verification_checks_answered check ((answered_at is not null) = (status in ('passed', 'failed', 'unclear'))),
  constraint verification_checks_reason check (reason ~ '^[a-z][a-z0-9_]{0,59}$')
);
--> statement-breakpoint
create unique index verification_checks_one_open on verification_checks (request_id) where status = 'waiting';
--> statement-breakpoint
create index idx_verification_checks_request on verification_checks (request_id, id);
--> statement-breakpoint
create index idx_verification_checks_due on verification_checks (next_at) where status = 'waiting';
--> statement-breakpoint
create index idx_verification_checks_deadline on verification_checks (deadline_at) where status = 'waiting';
--> statement-breakpoint
create table verification_check_answers (
  id uuid primary key,
  event_id text not null constraint verification_check_answers_event unique,
  check_id uuid not null constraint verification_check_answers_check_id_verification_checks_id_fk references verification_checks (id) on delete cascade,
  outcome text not null,
  reason text,
  was_applied boolean not null,
  created_at timestamptz not null default now(),
  constraint verification_check_answers_outcome check (outcome in ('pass', 'fail', 'unclear')),
  constraint verification_check_answers_reason check (reason ~ '^[a-z][a-z0-9_]{0,59}$')
);
--> statement-breakpoint
create index idx_verification_check_answers_check on verification_check_answers (check_id, id);
