-- Single abilities of a user that staff have restricted.
alter table users
  add column restrictions jsonb not null default '{}'::jsonb,
  add constraint users_restrictions check (jsonb_typeof(restrictions) = 'object' and restrictions - 'post' - 'transact' - 'read' = '{}');
--> statement-breakpoint
-- It returns the restrictions as well.
drop function if exists khidma.session_claims(uuid, uuid);
