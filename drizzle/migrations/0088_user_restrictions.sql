-- A parameter's default of its row type keeps the table from changing; the function comes back with the others.
drop function if exists khidma.tell_security(text, uuid, users, jsonb);
--> statement-breakpoint
-- Single abilities of a user that staff have restricted.
alter table users
  add column restrictions jsonb not null default '{}'::jsonb,
  add constraint users_restrictions check (jsonb_typeof(restrictions) = 'object' and restrictions - 'post' - 'transact' - 'read' = '{}');
--> statement-breakpoint
-- It returns the restrictions as well.
drop function if exists khidma.session_claims(uuid, uuid);
