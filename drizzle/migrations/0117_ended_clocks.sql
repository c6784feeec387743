-- Ended clocks and deadlines go with the history of their tasks: `khidma.purge_task_history` finds the oldest.
create index idx_task_clocks_ended on task_clocks (ended_at) where ended_at is not null;
--> statement-breakpoint
create index idx_booking_deadlines_ended on booking_deadlines (ended_at) where ended_at is not null;
