-- Tax collected at source of what a tasker or company earns: withheld with the fare, returned with what is refunded of it.
create table tax_withholdings (
  id uuid primary key not null,
  kind text not null,
  user_id uuid not null,
  booking_id uuid not null,
  document_type text not null,
  document_id uuid not null,
  entry_id uuid,
  name text,
  rate_basis_points integer,
  gross bigint,
  base bigint,
  amount bigint not null,
  currency text not null,
  inputs jsonb,
  created_at timestamptz not null default now(),
  constraint tax_withholdings_user_id_users_id_fk foreign key (user_id) references users (id) on delete restrict,
  constraint tax_withholdings_booking_id_bookings_id_fk foreign key (booking_id) references bookings (id) on delete restrict,
  constraint tax_withholdings_entry_id_ledger_entries_id_fk foreign key (entry_id) references ledger_entries (id) on delete restrict,
  constraint tax_withholdings_kind check (kind in ('withheld', 'returned', 'restored')),
  constraint tax_withholdings_amount check (amount > 0 and base >= amount and gross >= base),
  constraint tax_withholdings_supply check ((kind = 'withheld') = (entry_id is not null) and num_nulls(entry_id, name, rate_basis_points, gross, base, inputs) in (0, 6))
);
--> statement-breakpoint
create unique index tax_withholdings_one_of_entry on tax_withholdings (entry_id) where entry_id is not null;
--> statement-breakpoint
create index idx_tax_withholdings_booking on tax_withholdings (booking_id);
--> statement-breakpoint
create index idx_tax_withholdings_user on tax_withholdings (user_id, id);
--> statement-breakpoint
revoke update, delete, truncate on tax_withholdings from khidma_app;
--> statement-breakpoint
alter table ledger_accounts
  drop constraint ledger_accounts_kind,
  add constraint ledger_accounts_kind check (kind in ('client_cash', 'client_wallet', 'tasker_payable', 'escrow', 'commission_receivable',
    'refund_receivable', 'fee_receivable', 'platform_clearing', 'payout_clearing', 'platform_fee', 'gateway_fees', 'chargebacks', 'write_offs',
    'donations_payable', 'promotions', 'partner_receivable', 'tax_payable', 'tcs_payable', 'credit_wallet', 'credits_sold', 'credits_bonus',
    'credits_spent'));
--> statement-breakpoint
-- Of a fare tax collected at source is withheld: it is neither within what the client pays nor added to it.
alter table tax_rules
  drop constraint tax_rules_within,
  add constraint tax_rules_within check (is_inclusive or retired_at is not null
    or not applies_to && case kind when 'tcs' then array['commission'] else array['service', 'fee', 'commission'] end);
