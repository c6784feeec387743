create table row_failures (
  step text not null,
  row_id uuid not null,
  failures integer default 1 not null,
  failed_at timestamptz default now() not null,
  retry_at timestamptz not null,
  constraint row_failures_pkey primary key (step, row_id)
);
--> statement-breakpoint
drop function if exists khidma.put_off_subscription(uuid);
