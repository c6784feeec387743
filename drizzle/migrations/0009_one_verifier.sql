-- The salts of the verifiers that fall were made from names with the pepper, which the database does not know: no verifier can be
-- kept, and passwords are set anew (by a reset, or after a sign-in by code).
UPDATE "user_credentials" SET "password_changed_at" = null WHERE "password_changed_at" IS NOT NULL;--> statement-breakpoint
UPDATE "email_codes" SET "expires_at" = now() WHERE "purpose" = 'register' AND "used_at" IS NULL AND "expires_at" > now();--> statement-breakpoint
ALTER TABLE "user_credentials" ADD COLUMN "password_salt" text;--> statement-breakpoint
ALTER TABLE "user_credentials" ADD COLUMN "password_algorithm" text;--> statement-breakpoint
ALTER TABLE "user_credentials" ADD COLUMN "password_hash" text;--> statement-breakpoint
ALTER TABLE "user_credentials" ADD CONSTRAINT "user_credentials_password" CHECK (num_nonnulls("user_credentials"."password_changed_at", "user_credentials"."password_salt", "user_credentials"."password_algorithm", "user_credentials"."password_hash") in (0, 4));--> statement-breakpoint
DROP TABLE "password_verifiers";--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.change_password(uuid, uuid, jsonb, int, jsonb);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.change_username(uuid, uuid, jsonb, int, text, jsonb);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.keep_password_for(uuid, text, jsonb);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.store_password(uuid, jsonb);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.sign_in_names(uuid);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.request_email_change(uuid, uuid, jsonb, int, uuid, text, text, jsonb, text, jsonb, jsonb);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.verify_reset(uuid, text);--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.reset_password(uuid, uuid, jsonb, text[], int);--> statement-breakpoint
DROP TRIGGER IF EXISTS "b_names" ON "users";--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.names_changed();
