create table unused_account_progress (
  is_only boolean primary key default true not null,
  reached uuid,
  constraint unused_account_progress_one check (is_only)
);
--> statement-breakpoint
insert into unused_account_progress default values;
