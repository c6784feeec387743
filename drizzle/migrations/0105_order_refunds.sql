-- Refunds of orders by units of a line, and what they take back of entitlements.
create table order_refunds (
  id uuid primary key,
  order_id uuid not null constraint order_refunds_order_id_orders_id_fk references orders (id) on delete restrict,
  refund_id uuid not null,
  item_id uuid not null constraint order_refunds_item_id_order_items_id_fk references order_items (id) on delete restrict,
  first_unit integer not null,
  last_unit integer not null,
  refunded_by uuid,
  created_at timestamptz not null default now(),
  constraint order_refunds_units check (first_unit >= 1 and last_unit >= first_unit),
  constraint order_refunds_once exclude using gist (item_id with =, int4range(first_unit, last_unit, '[]') with &&)
);
--> statement-breakpoint
create index idx_order_refunds_order on order_refunds (order_id);
--> statement-breakpoint
revoke update, delete, truncate on order_refunds from khidma_app;
--> statement-breakpoint
insert into order_refunds (id, order_id, refund_id, item_id, first_unit, last_unit, created_at)
select gen_random_uuid(), o.id, o.id, i.id, 1, i.quantity, o.refunded_at
  from orders o join order_items i on i.document_id = o.document_id where o.status = 'refunded';
--> statement-breakpoint
alter table entitlements add column taken_back integer not null default 0,
  add constraint entitlements_taken_back check (taken_back between 0 and quantity);
--> statement-breakpoint
update entitlements set taken_back = quantity where revoked_at is not null;
--> statement-breakpoint
alter table subscriptions drop constraint subscriptions_reason,
  add constraint subscriptions_reason check (end_reason in ('canceled', 'unpaid', 'abandoned', 'closed', 'refunded'));
--> statement-breakpoint
drop function if exists khidma.refund_order(uuid, uuid, text);
--> statement-breakpoint
drop function if exists khidma.refund_order_payment(uuid, uuid, bigint, bigint, text);
--> statement-breakpoint
drop function if exists khidma.post_discounts(text, orders);
--> statement-breakpoint
drop function if exists khidma.revoke_entitlements(text, uuid);
