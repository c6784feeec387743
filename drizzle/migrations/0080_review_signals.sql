-- Signs that reviews are not honest, for staff to look at, and published reviews that wait to be looked at by the job.
create table review_signals (
  id uuid primary key,
  review_id uuid not null constraint review_signals_review_id_reviews_id_fk references reviews (id) on delete cascade,
  kind text not null,
  details jsonb not null default '{}'::jsonb,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid constraint review_signals_decided_by_users_id_fk references users (id) on delete set null,
  constraint review_signals_kind_key unique (review_id, kind),
  constraint review_signals_kind check (kind in ('mutual', 'ring', 'burst', 'same_device')),
  constraint review_signals_details check (jsonb_typeof(details) = 'object')
);
--> statement-breakpoint
create index idx_review_signals_created on review_signals (created_at);
--> statement-breakpoint
create table review_signal_queue (
  review_id uuid primary key constraint review_signal_queue_review_id_reviews_id_fk references reviews (id) on delete cascade,
  queued_at timestamptz not null default now()
);
--> statement-breakpoint
create index idx_review_signal_queue_queued on review_signal_queue (queued_at);
