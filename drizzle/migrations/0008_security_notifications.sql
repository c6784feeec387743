DROP TRIGGER IF EXISTS "l_letter" ON "outbox";--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.plan_letter();--> statement-breakpoint
DROP FUNCTION IF EXISTS khidma.sealed_letter(text, bytea);--> statement-breakpoint
DROP TABLE "security_letters";--> statement-breakpoint
CREATE TABLE "security_notifications" (
	"event_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"user_id" uuid NOT NULL,
	"recipient" text NOT NULL,
	"changed_to" text,
	"taken_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "security_notifications_pkey" PRIMARY KEY("event_id","channel"),
	CONSTRAINT "security_notifications_channel" CHECK ("security_notifications"."channel" in ('email', 'sms'))
);
--> statement-breakpoint
ALTER TABLE "security_notifications" ADD CONSTRAINT "security_notifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_security_notifications_user" ON "security_notifications" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_security_notifications_time" ON "security_notifications" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "notification_deliveries" DROP CONSTRAINT "notification_deliveries_channel";--> statement-breakpoint
UPDATE "notification_deliveries" SET "channel" = case "device" when 'phone' then 'sms' else 'email' end, "device" = 'security' WHERE "channel" = 'letter';--> statement-breakpoint
ALTER TABLE "notification_deliveries" ADD CONSTRAINT "notification_deliveries_channel" CHECK ("notification_deliveries"."channel" in ('push', 'sms', 'email'));
