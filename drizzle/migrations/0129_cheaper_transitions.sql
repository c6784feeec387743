-- One function of triggers on two tables found the task's id by writing each row out as JSON. Each table has one of its own now.
DROP FUNCTION IF EXISTS khidma.check_task_and_booking() CASCADE;
--> statement-breakpoint
-- A transition is found by where it leads and who makes it: where it comes from may be nothing, which no index finds.
ALTER TABLE "state_transitions" DROP CONSTRAINT "state_transitions_key";
--> statement-breakpoint
ALTER TABLE "state_transitions" ADD CONSTRAINT "state_transitions_key" UNIQUE NULLS NOT DISTINCT("machine","to_state","party","from_state");
--> statement-breakpoint
-- Asked for one permission after the other; `must_hold_until` asks for all at once.
DROP FUNCTION IF EXISTS khidma.held_until(uuid, text);
