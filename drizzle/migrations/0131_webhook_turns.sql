-- Webhooks: whose turn it is among the endpoints of an owner, and how often in a row an endpoint has called for a pause.
alter table webhook_subscriptions
  add column served_at timestamptz,
  add column throttles smallint not null default 0;
--> statement-breakpoint
-- The sweep asks each endpoint for its own.
drop index idx_webhook_deliveries_due;
--> statement-breakpoint
create index idx_webhook_deliveries_due on webhook_deliveries (subscription_id, next_attempt_at) where status = 'pending';
--> statement-breakpoint
-- The outcome of an attempt is stored by its number.
drop function if exists khidma.record_attempt(uuid, text, int, text, jsonb, int, boolean, int);
