-- webhooks.listDeliveries with updatedSince: deliveries say when they changed last.
alter table webhook_deliveries add column updated_at timestamptz not null default now();
--> statement-breakpoint
create index idx_webhook_deliveries_updated on webhook_deliveries (subscription_id, date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
-- refunds.list with updatedSince, for staff
create index idx_refunds_updated on refunds (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
-- cases.list with updatedSince, for staff
create index idx_cases_updated on cases (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
-- verifications.list with updatedSince, for staff
create index idx_verification_requests_updated on verification_requests (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
-- users.list with updatedSince, for staff
create index idx_users_updated on users (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
-- reconciliationItems.list with updatedSince, for staff
create index idx_reconciliation_items_updated on reconciliation_items (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
-- roleProfiles.list with updatedSince, for staff
create index idx_role_profiles_updated on role_profiles (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
-- events.list with objectId: the events of one object, in the order of the list
create index idx_outbox_object on outbox (object_id, xid, seq);
