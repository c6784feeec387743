DROP FUNCTION IF EXISTS khidma.told(timestamptz);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.told(tstzrange);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.told(anyelement);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.is_standing_admin_grant(user_roles);--> statement-breakpoint
ALTER INDEX "user_roles_standing_key" RENAME TO "user_roles_open_key";--> statement-breakpoint
ALTER INDEX "consents_standing_key" RENAME TO "consents_active_key";
