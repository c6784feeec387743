-- Blocks between two people: one row a pair and direction.
create table user_blocks (
  id uuid primary key,
  blocker_id uuid not null constraint user_blocks_blocker_id_users_id_fk references users (id) on delete restrict,
  blocked_id uuid not null constraint user_blocks_blocked_id_users_id_fk references users (id) on delete restrict,
  note text,
  created_at timestamptz not null default now(),
  constraint user_blocks_pair_key unique (blocker_id, blocked_id),
  constraint user_blocks_not_oneself check (blocker_id <> blocked_id),
  constraint user_blocks_note check (length(note) <= 500)
);
--> statement-breakpoint
create index idx_user_blocks_blocked on user_blocks (blocked_id, blocker_id);
