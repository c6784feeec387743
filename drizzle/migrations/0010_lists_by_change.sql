-- Lists of everything that changed since a time (`updatedSince`), in the order of the change.
create index idx_tasks_updated on tasks (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
create index idx_bookings_updated on bookings (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
create index idx_payment_intents_updated on payment_intents (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
