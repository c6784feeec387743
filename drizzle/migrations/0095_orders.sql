-- Price documents, the orders that point at them, and payments and refunds of orders.
create type order_status as enum ('pending', 'completed', 'canceled', 'expired', 'refunded');
--> statement-breakpoint
create table price_documents (
  id uuid primary key,
  user_id uuid not null constraint price_documents_user_id_users_id_fk references users (id) on delete restrict,
  country text not null,
  currency text not null,
  price jsonb not null,
  subtotal bigint not null default 0,
  discount bigint not null default 0,
  tax bigint not null default 0,
  total bigint not null default 0,
  valid_until timestamptz not null,
  frozen_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint price_documents_amounts check (subtotal >= 0 and discount between 0 and subtotal and tax >= 0 and total >= 0)
);
--> statement-breakpoint
create index idx_price_documents_user on price_documents (user_id, id);
--> statement-breakpoint
create table order_items (
  id uuid primary key,
  document_id uuid not null constraint order_items_document_id_price_documents_id_fk references price_documents (id) on delete cascade,
  line integer not null,
  item_type text not null,
  item_id uuid not null,
  item_name text not null,
  quantity integer not null,
  unit_price bigint not null,
  discount bigint not null,
  tax bigint not null,
  total_price bigint not null,
  created_at timestamptz not null default now(),
  constraint order_items_amounts check (quantity > 0 and unit_price >= 0 and discount >= 0 and tax >= 0 and total_price >= 0)
);
--> statement-breakpoint
create unique index order_items_line_key on order_items (document_id, line);
--> statement-breakpoint
create index idx_order_items_item on order_items (item_id);
--> statement-breakpoint
create table orders (
  id uuid primary key,
  user_id uuid not null constraint orders_user_id_users_id_fk references users (id) on delete restrict,
  document_id uuid not null constraint orders_document_id_price_documents_id_fk references price_documents (id) on delete restrict,
  status order_status not null default 'pending',
  expires_at timestamptz not null,
  completed_at timestamptz,
  canceled_at timestamptz,
  refunded_at timestamptz,
  reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint orders_completed check ((completed_at is not null) = (status in ('completed', 'refunded')))
);
--> statement-breakpoint
create unique index orders_document_id_key on orders (document_id);
--> statement-breakpoint
create index idx_orders_user on orders (user_id, id);
--> statement-breakpoint
create index idx_orders_due on orders (expires_at) where status = 'pending';
--> statement-breakpoint
create index idx_orders_completed on orders (completed_at) where completed_at is not null;
--> statement-breakpoint
alter table payment_intents
  add column order_id uuid constraint payment_intents_order_id_orders_id_fk references orders (id) on delete restrict,
  drop constraint payment_intents_purpose,
  add constraint payment_intents_purpose check (purpose in ('booking', 'tip', 'top_up', 'debt', 'contract', 'order')),
  add constraint payment_intents_order check ((order_id is not null) = (purpose = 'order'));
--> statement-breakpoint
create unique index payment_intents_order_open on payment_intents (order_id) where order_id is not null and status <> 'canceled';
--> statement-breakpoint
create index idx_payment_intents_order on payment_intents (order_id) where order_id is not null;
--> statement-breakpoint
alter table refunds
  add column from_platform bigint not null default 0,
  drop constraint refunds_amount,
  drop constraint refunds_sources,
  add constraint refunds_amount check (amount > 0 and from_payable >= 0 and from_debt >= 0 and from_escrow >= 0 and from_platform >= 0),
  add constraint refunds_sources check (case when kind = 'refund' then from_payable + from_debt + from_escrow + from_platform = amount
                                             else from_payable + from_debt + from_escrow + from_platform = 0 end);
--> statement-breakpoint
alter table ledger_accounts
  drop constraint ledger_accounts_kind,
  add constraint ledger_accounts_kind check (kind in ('client_cash', 'client_wallet', 'tasker_payable', 'escrow', 'commission_receivable',
    'refund_receivable', 'fee_receivable', 'platform_clearing', 'payout_clearing', 'platform_fee', 'gateway_fees', 'chargebacks', 'write_offs',
    'donations_payable', 'promotions', 'partner_receivable', 'tax_payable', 'credit_wallet', 'credits_sold', 'credits_bonus', 'credits_spent'));
