-- Webhooks: a description, a rate and custom headers of each endpoint, and the cause of each delivery.
alter table webhook_subscriptions
  add column description text,
  add column max_per_second smallint,
  add column next_slot_at timestamptz,
  add column headers text,
  add column header_names text[] not null default '{}'::text[],
  add column headers_set_at timestamptz,
  add constraint webhook_subscriptions_rate check (max_per_second between 1 and 100),
  add constraint webhook_subscriptions_headers
    check (cardinality(header_names) <= 10 and (headers is null) = (cardinality(header_names) = 0));
--> statement-breakpoint
create index idx_webhook_subscriptions_headers_key on webhook_subscriptions (split_part(headers, '.', 1), id) where headers is not null;
--> statement-breakpoint
alter table webhook_deliveries
  add column cause text not null default 'event',
  add constraint webhook_deliveries_cause check (cause in ('event', 'redelivery', 'replay', 'test'));
--> statement-breakpoint
update webhook_deliveries set cause = case event_type when 'webhook.test' then 'test' else 'redelivery' end
 where event_type = 'webhook.test' or round > 1;
--> statement-breakpoint
drop index idx_webhook_deliveries_parked;
--> statement-breakpoint
create index idx_webhook_deliveries_parked on webhook_deliveries (subscription_id, (cause = 'replay'), id) where parked;
