-- Money: postings as data, holds, payments with many attempts, refunds.
drop function if exists khidma.post_entry(uuid, ledger_entry_type, uuid, text, text, jsonb);
--> statement-breakpoint
alter type payment_method add value 'bank_transfer';
--> statement-breakpoint
alter type payment_method add value 'mobile_money';
--> statement-breakpoint
alter type payment_method add value 'reference_code';
--> statement-breakpoint
alter type payment_method add value 'qr';
--> statement-breakpoint
alter type payment_method add value 'paypal';
--> statement-breakpoint
create type hold_status as enum ('held', 'captured', 'released', 'expired');
--> statement-breakpoint
create type refund_status as enum ('pending', 'succeeded', 'failed');
--> statement-breakpoint
create type transaction_status as enum ('initiated', 'completed', 'failed', 'unknown');
--> statement-breakpoint
create table ledger_posting_lines (
  posting text not null,
  position integer not null,
  entry_type ledger_entry_type not null,
  account text not null,
  owner text not null,
  amount text not null,
  sign integer not null,
  constraint ledger_posting_lines_pkey primary key (posting, position)
);
--> statement-breakpoint
revoke insert, update, delete on ledger_posting_lines from khidma_app;
--> statement-breakpoint
alter table ledger_accounts add column owner_name text,
  drop constraint ledger_accounts_kind_owner_currency_key,
  drop constraint ledger_accounts_kind,
  add constraint ledger_accounts_kind_owner_currency_key unique nulls not distinct (kind, owner_user_id, owner_name, currency),
  add constraint ledger_accounts_owner check (num_nonnulls(owner_user_id, owner_name) <= 1),
  add constraint ledger_accounts_kind check (kind in ('client_cash', 'client_wallet', 'tasker_payable', 'escrow', 'commission_receivable',
    'refund_receivable', 'fee_receivable', 'platform_clearing', 'payout_clearing', 'platform_fee', 'gateway_fees', 'chargebacks',
    'write_offs', 'donations_payable'));
--> statement-breakpoint
alter table ledger_entries add column posting text not null default 'adjustment', add column document_type text, add column document_id uuid,
  drop constraint ledger_entries_type_reference_key,
  add constraint ledger_entries_document check (num_nonnulls(document_type, document_id) <> 1);
--> statement-breakpoint
-- Entries of an earlier release are named by what they were. The trigger that keeps entries is put back by its file.
drop trigger if exists immutable on ledger_entries;
--> statement-breakpoint
update ledger_entries set posting = case entry_type when 'capture' then 'cash_fare' when 'payout' then 'cash_kept'
  when 'fee' then 'cash_commission' when 'refund' then 'refund_to_wallet' else 'adjustment' end;
--> statement-breakpoint
alter table ledger_entries add constraint ledger_entries_posting_reference_key unique (posting, reference_id);
--> statement-breakpoint
-- ledger.listEntries and the checks of documents against entries, by document
create index idx_ledger_entries_document on ledger_entries (document_id) where document_id is not null;
--> statement-breakpoint
alter table ledger_balances add column held bigint not null default 0,
  drop constraint ledger_balances_guard,
  add constraint ledger_balances_guard check (not guarded or balance - held >= 0),
  add constraint ledger_balances_held check (held >= 0 and (guarded or held = 0));
--> statement-breakpoint
create table ledger_holds (
  id uuid primary key,
  account_id uuid not null constraint ledger_holds_account_id_ledger_accounts_id_fk references ledger_accounts (id) on delete restrict,
  amount bigint not null,
  currency text not null,
  reason text not null,
  document_type text not null,
  document_id uuid not null,
  status hold_status not null default 'held',
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint ledger_holds_amount check (amount > 0),
  constraint ledger_holds_ended check ((status = 'held') = (ended_at is null))
);
--> statement-breakpoint
create unique index ledger_holds_open_key on ledger_holds (document_type, document_id) where status = 'held';
--> statement-breakpoint
create index idx_ledger_holds_account on ledger_holds (account_id, id);
--> statement-breakpoint
create index idx_ledger_holds_expiry on ledger_holds (expires_at) where status = 'held';
--> statement-breakpoint
revoke delete on ledger_holds from khidma_app;
--> statement-breakpoint
alter table payment_intents
  add column purpose text not null default 'booking',
  add column payer_id uuid constraint payment_intents_payer_id_users_id_fk references users (id) on delete restrict,
  add column payee_id uuid constraint payment_intents_payee_id_users_id_fk references users (id) on delete restrict,
  add column amount bigint,
  add column amount_refunded bigint not null default 0,
  add column amount_released bigint not null default 0,
  add column is_prepaid boolean not null default false,
  add column next_action jsonb,
  add column failure_code text,
  add column raw_status text,
  add column expires_at timestamptz,
  add column hold_expires_at timestamptz,
  add column capture_due_at timestamptz,
  add column settles_at timestamptz,
  add column reminded_at timestamptz,
  add column cash_reported_at timestamptz,
  add column objection text,
  add column review text,
  add column captured_at timestamptz,
  alter column booking_id drop not null,
  drop constraint payment_intents_booking_id_key,
  drop constraint payment_intents_amounts;
--> statement-breakpoint
update payment_intents p set payer_id = b.client_id, payee_id = b.tasker_id, amount_authorized = greatest(p.amount_authorized, p.amount_captured),
       captured_at = case when p.status = 'captured' then p.updated_at end,
       amount_refunded = coalesce((select sum(l.amount) from ledger_entries e join ledger_lines l on l.entry_id = e.id
                                    where e.booking_id = b.id and e.entry_type = 'refund' and l.amount > 0), 0)
  from bookings b where b.id = p.booking_id;
--> statement-breakpoint
alter table payment_intents alter column payer_id set not null,
  add constraint payment_intents_purpose check (purpose in ('booking', 'tip', 'top_up', 'debt')),
  add constraint payment_intents_booking check ((booking_id is not null) = (purpose in ('booking', 'tip')) and (payee_id is not null) = (purpose in ('booking', 'tip'))),
  add constraint payment_intents_review check (review in ('overpaid', 'underpaid', 'late', 'cash_objection', 'no_fare', 'unknown')),
  add constraint payment_intents_amounts check (0 <= amount_authorized and 0 <= amount_captured and 0 <= amount_released
    and amount_captured + amount_released <= amount_authorized and 0 <= amount_refunded and amount_refunded <= amount_captured);
--> statement-breakpoint
create unique index payment_intents_booking_id_key on payment_intents (booking_id) where purpose = 'booking';
--> statement-breakpoint
create index idx_payment_intents_booking on payment_intents (booking_id);
--> statement-breakpoint
create index idx_payment_intents_payer on payment_intents (payer_id, id);
--> statement-breakpoint
create index idx_payment_intents_payee on payment_intents (payee_id, id);
--> statement-breakpoint
create index idx_payment_intents_due on payment_intents (settles_at) where settles_at is not null;
--> statement-breakpoint
create index idx_payment_intents_capture on payment_intents (capture_due_at) where capture_due_at is not null;
--> statement-breakpoint
create index idx_payment_intents_review on payment_intents (review) where review is not null;
--> statement-breakpoint
create table payment_transactions (
  id uuid primary key,
  intent_id uuid constraint payment_transactions_intent_id_payment_intents_id_fk references payment_intents (id) on delete restrict,
  kind text not null,
  gateway text not null,
  reference text not null constraint payment_transactions_reference_key unique,
  gateway_reference text,
  amount bigint not null,
  currency text not null,
  status transaction_status not null default 'initiated',
  raw_status text,
  failure_code text,
  request jsonb not null default '{}'::jsonb,
  response jsonb,
  is_booked boolean not null default false,
  release_due_at timestamptz,
  checks integer not null default 0,
  next_check_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint payment_transactions_kind check (kind in ('authorize', 'charge', 'capture', 'void', 'refund', 'payout')),
  constraint payment_transactions_amount check (amount >= 0)
);
--> statement-breakpoint
create index idx_payment_transactions_intent on payment_transactions (intent_id, id);
--> statement-breakpoint
create index idx_payment_transactions_gateway on payment_transactions (gateway, gateway_reference);
--> statement-breakpoint
create index idx_payment_transactions_checks on payment_transactions (next_check_at) where next_check_at is not null;
--> statement-breakpoint
create index idx_payment_transactions_release on payment_transactions (release_due_at) where release_due_at is not null;
--> statement-breakpoint
-- The attempt that the payment stands or falls with: what comes of earlier ones is released.
alter table payment_intents add column transaction_id uuid constraint payment_intents_transaction_id_payment_transactions_id_fk references payment_transactions (id) on delete restrict;
--> statement-breakpoint
create table refunds (
  id uuid primary key,
  intent_id uuid not null constraint refunds_intent_id_payment_intents_id_fk references payment_intents (id) on delete restrict,
  transaction_id uuid constraint refunds_transaction_id_payment_transactions_id_fk references payment_transactions (id) on delete restrict,
  dispute_id uuid constraint refunds_dispute_id_disputes_id_fk references disputes (id) on delete restrict,
  kind text not null,
  amount bigint not null,
  from_payable bigint not null default 0,
  from_debt bigint not null default 0,
  currency text not null,
  reason text not null,
  note text,
  destination text not null,
  status refund_status not null default 'pending',
  provider text,
  provider_reference text,
  failure_code text,
  requested_by uuid,
  next_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint refunds_amount check (amount > 0 and from_payable >= 0 and from_debt >= 0),
  constraint refunds_kind check (kind in ('refund', 'return')),
  constraint refunds_sources check (case when kind = 'refund' then from_payable + from_debt = amount else from_payable + from_debt = 0 end),
  constraint refunds_reason check (reason in ('requested', 'dispute', 'duplicate', 'overpaid', 'canceled', 'unused', 'late')),
  constraint refunds_destination check (destination in ('original', 'wallet'))
);
--> statement-breakpoint
create index idx_refunds_intent on refunds (intent_id, id);
--> statement-breakpoint
create index idx_refunds_dispute on refunds (dispute_id) where dispute_id is not null;
--> statement-breakpoint
create index idx_refunds_pending on refunds (created_at) where status = 'pending';
--> statement-breakpoint
insert into roles (id, name, display_name, description, audience, is_system_role, can_approve_requests, can_manage_system_settings) values
  (khidma.uuid_v7(), 'finance', 'Finance', 'Refunds, pays out, reconciles and corrects the books', 'internal', true, true, false);
