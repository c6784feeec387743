-- Leads: tasks whose taskers pay credits to be put before the client, and what taskers ask for.
create type lead_status as enum ('pending', 'open', 'rejected', 'closed');
--> statement-breakpoint
create type lead_request_status as enum ('pending', 'replied', 'accepted', 'rejected', 'withdrawn', 'expired');
--> statement-breakpoint
create table leads (
  id uuid primary key,
  task_id uuid not null constraint leads_task_id_tasks_id_fk references tasks (id) on delete cascade,
  round integer not null,
  status lead_status not null default 'pending',
  approved_at timestamptz,
  opened_at timestamptz,
  closed_at timestamptz,
  reject_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint leads_opened check (status <> 'open' or opened_at is not null),
  constraint leads_ended check ((status in ('rejected', 'closed')) = (closed_at is not null)),
  constraint leads_rejected check (status <> 'rejected' or reject_reason is not null)
);
--> statement-breakpoint
create unique index leads_task_round_key on leads (task_id, round);
--> statement-breakpoint
create index idx_leads_open on leads (opened_at, id) where status = 'open';
--> statement-breakpoint
create table lead_requests (
  id uuid primary key,
  lead_id uuid not null constraint lead_requests_lead_id_leads_id_fk references leads (id) on delete cascade,
  task_id uuid not null constraint lead_requests_task_id_tasks_id_fk references tasks (id) on delete cascade,
  tasker_id uuid not null constraint lead_requests_tasker_id_users_id_fk references users (id) on delete restrict,
  status lead_request_status not null default 'pending',
  message text not null,
  amount bigint not null,
  currency text not null,
  minutes integer not null,
  credits bigint not null,
  price jsonb not null,
  expires_at timestamptz not null,
  reply text,
  replied_at timestamptz,
  accepted_at timestamptz,
  declined_at timestamptz,
  decline_reason text,
  charged_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint lead_requests_message check (length(message) between 1 and 2000),
  constraint lead_requests_reply check (length(reply) between 1 and 2000),
  constraint lead_requests_replied check (reply is null or replied_at is not null),
  constraint lead_requests_amount check (amount > 0),
  constraint lead_requests_minutes check (minutes between 15 and 10080),
  constraint lead_requests_credits check (credits > 0),
  constraint lead_requests_accepted check ((status = 'accepted') = (accepted_at is not null)),
  constraint lead_requests_declined check (declined_at is null or status = 'rejected'),
  constraint lead_requests_charged check (charged_at is null or status <> 'pending')
);
--> statement-breakpoint
create unique index lead_requests_one_open on lead_requests (lead_id, tasker_id) where status in ('pending', 'replied');
--> statement-breakpoint
create index idx_lead_requests_task on lead_requests (task_id, id);
--> statement-breakpoint
create index idx_lead_requests_lead on lead_requests (lead_id);
--> statement-breakpoint
create index idx_lead_requests_tasker on lead_requests (tasker_id, id);
--> statement-breakpoint
create index idx_lead_requests_due on lead_requests (expires_at) where status = 'pending';
