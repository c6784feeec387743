ALTER TABLE "removals" DROP CONSTRAINT "removals_kind";--> statement-breakpoint
UPDATE "removals" SET "kind" = 'conversation' WHERE "kind" = 'talk';--> statement-breakpoint
ALTER TABLE "removals" ADD CONSTRAINT "removals_kind" CHECK ("removals"."kind" in ('file', 'conversation'));--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.purge_expired(int);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.purge_traces(int);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.remove_words(uuid, int);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.told(timestamptz);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.told(tstzrange);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.told(anyelement);
