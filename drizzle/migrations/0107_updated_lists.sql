-- Lists of orders and subscriptions by change (`updatedSince`).
create index idx_orders_updated on orders (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
--> statement-breakpoint
create index idx_subscriptions_updated on subscriptions (date_trunc('milliseconds', updated_at at time zone 'UTC'), id);
