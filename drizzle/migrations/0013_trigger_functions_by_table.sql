-- The generic trigger functions read whole rows as JSON; each machine and each audited table has functions of its own now. The
-- trigger lines of drizzle/sql make the triggers anew.
drop function if exists khidma.audit() cascade;
--> statement-breakpoint
drop function if exists khidma.guard_state() cascade;
--> statement-breakpoint
drop function if exists khidma.record_transition() cascade;
--> statement-breakpoint
drop function if exists khidma.transition_of(text, text, text, jsonb);
--> statement-breakpoint
drop function if exists khidma.party_in(text, jsonb);
--> statement-breakpoint
drop function if exists khidma.people_of(text, jsonb);
