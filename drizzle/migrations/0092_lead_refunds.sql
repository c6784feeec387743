-- Refunds of leads that were none: a tasker asks for spent credits, staff or a rule decide.
create type lead_refund_status as enum ('pending', 'approved', 'rejected');
--> statement-breakpoint
create table lead_refunds (
  id uuid primary key,
  request_id uuid not null constraint lead_refunds_request_id_lead_requests_id_fk references lead_requests (id) on delete cascade,
  tasker_id uuid not null constraint lead_refunds_tasker_id_users_id_fk references users (id) on delete restrict,
  status lead_refund_status not null default 'pending',
  reason text not null,
  note text,
  credits bigint not null,
  returned bigint,
  decision_note text,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint lead_refunds_reason check (reason in ('unreachable', 'duplicate', 'fake', 'wrong_category', 'changed', 'other')),
  constraint lead_refunds_note check (length(note) between 1 and 2000),
  constraint lead_refunds_credits check (credits > 0),
  constraint lead_refunds_returned check (returned is null or returned between 0 and credits and status = 'approved'),
  constraint lead_refunds_decided check ((status = 'pending') = (decided_at is null))
);
--> statement-breakpoint
create unique index lead_refunds_one on lead_refunds (request_id);
--> statement-breakpoint
create index idx_lead_refunds_tasker on lead_refunds (tasker_id, id);
