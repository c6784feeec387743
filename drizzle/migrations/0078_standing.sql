-- Rules of conduct that move taskers to at risk and back.
create table tasker_standings (
  tasker_id uuid primary key constraint tasker_standings_tasker_id_users_id_fk references users (id) on delete cascade,
  checked_at timestamptz not null default now(),
  flagged_at timestamptz,
  broken_rules text[] not null default '{}'::text[],
  held_until timestamptz
);
--> statement-breakpoint
create index idx_tasker_standings_checked on tasker_standings (checked_at);
