-- The ladder: a task that is to be matched climbs from one way of finding its tasker to the next. Off unless an operator configures one.
alter table tasks
  add column ladder jsonb,
  add column rung smallint,
  add column climbs_at timestamptz,
  add column invited_only boolean not null default false,
  add constraint tasks_ladder check ((ladder is null) = (rung is null)),
  add constraint tasks_rung check (rung between 0 and jsonb_array_length(ladder) - 1),
  add constraint tasks_climbs_at check (climbs_at is null or ladder is not null and state in ('posted', 'matching')),
  add constraint tasks_invited_only check (not invited_only or ladder is not null);
--> statement-breakpoint
-- The sweep below the matchers.
create index idx_tasks_climbing on tasks (climbs_at) where climbs_at is not null;
--> statement-breakpoint
-- A tasker who only says yes, at their own rate, writes nothing.
alter table bids alter column message drop not null;
--> statement-breakpoint
alter table open_tasks add column invited_only boolean not null default false;
