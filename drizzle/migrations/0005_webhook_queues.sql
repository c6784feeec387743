-- Webhooks: a queue for slow endpoints, attempts in flight, pauses that endpoints ask for, and outages instead of a count of failures.
drop function if exists khidma.take_delivery(uuid);
--> statement-breakpoint
drop function if exists khidma.record_attempt(uuid, text, int, text, jsonb, int);
--> statement-breakpoint
alter table webhook_subscriptions
  drop column failures,
  add column slow boolean not null default false,
  add column paused_until timestamptz,
  add column failing_since timestamptz,
  add column failing_notified boolean not null default false;
--> statement-breakpoint
alter table webhook_deliveries
  add column taken_until timestamptz,
  add column parked boolean not null default false;
--> statement-breakpoint
create index idx_webhook_deliveries_in_flight on webhook_deliveries (subscription_id) where taken_until is not null;
--> statement-breakpoint
create index idx_webhook_deliveries_parked on webhook_deliveries (subscription_id, id) where parked;
