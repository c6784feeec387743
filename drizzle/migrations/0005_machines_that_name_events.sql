-- A transition names the event that leaves. The rows of each machine come from its own file of `sql/` again.
delete from state_transitions;
--> statement-breakpoint
alter table state_transitions add column event text;
--> statement-breakpoint
-- What the machines now generate, and what nothing calls any more.
drop function if exists khidma.people_of(text, jsonb);
--> statement-breakpoint
drop function if exists khidma.part_in(text, jsonb);
--> statement-breakpoint
drop trigger if exists c_record_transition on user_verifications;
--> statement-breakpoint
drop function if exists khidma.record_verification();
--> statement-breakpoint
drop trigger if exists d_consequences on users;
--> statement-breakpoint
drop function if exists khidma.user_status_consequences();
