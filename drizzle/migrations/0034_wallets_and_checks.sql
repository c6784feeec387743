-- Wallets, debts with a cap, adjustments with four eyes, checks of the books, erasure with a balance.
drop function if exists khidma.assert_erasable(uuid);
--> statement-breakpoint
drop function if exists khidma.erasure_obstacles(uuid);
--> statement-breakpoint
create type adjustment_status as enum ('proposed', 'posted', 'rejected', 'withdrawn');
--> statement-breakpoint
create table adjustments (
  id uuid primary key,
  kind text not null,
  currency text not null,
  lines jsonb,
  user_id uuid constraint adjustments_user_id_users_id_fk references users (id) on delete restrict,
  commission_amount bigint not null default 0,
  refund_amount bigint not null default 0,
  fee_amount bigint not null default 0,
  reason text not null,
  explains_document_id uuid,
  document_media_id uuid constraint adjustments_document_media_id_media_files_id_fk references media_files (id) on delete set null,
  status adjustment_status not null default 'proposed',
  proposed_by uuid not null constraint adjustments_proposed_by_users_id_fk references users (id) on delete restrict,
  decided_by uuid constraint adjustments_decided_by_users_id_fk references users (id) on delete restrict,
  decision_note text,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint adjustments_kind check (kind in ('correction', 'write_off')),
  constraint adjustments_content check (case kind
    when 'correction' then lines is not null and user_id is null and commission_amount = 0 and refund_amount = 0 and fee_amount = 0
    else lines is null and user_id is not null and commission_amount >= 0 and refund_amount >= 0 and fee_amount >= 0
      and commission_amount + refund_amount + fee_amount > 0 end),
  constraint adjustments_four_eyes check (decided_by <> proposed_by),
  constraint adjustments_decided check ((decided_by is not null) = (status in ('posted', 'rejected')) and (decided_at is not null) = (status <> 'proposed'))
);
--> statement-breakpoint
create index idx_adjustments_open on adjustments (id) where status = 'proposed';
--> statement-breakpoint
create index idx_adjustments_user on adjustments (user_id, id) where user_id is not null;
--> statement-breakpoint
create index idx_adjustments_explains on adjustments (explains_document_id) where explains_document_id is not null;
--> statement-breakpoint
create index idx_adjustments_document on adjustments (document_media_id) where document_media_id is not null;
--> statement-breakpoint
revoke delete on adjustments from khidma_app;
--> statement-breakpoint
create table debt_notices (
  user_id uuid not null constraint debt_notices_user_id_users_id_fk references users (id) on delete cascade,
  currency text not null,
  created_at timestamptz not null default now(),
  constraint debt_notices_pkey primary key (user_id, currency)
);
--> statement-breakpoint
create table ledger_checks (
  id uuid primary key,
  differences integer not null,
  details jsonb not null,
  created_at timestamptz not null default now(),
  constraint ledger_checks_differences check (differences >= 0)
);
--> statement-breakpoint
revoke update, delete on ledger_checks from khidma_app;
--> statement-breakpoint
drop index idx_ledger_lines_account;
--> statement-breakpoint
create index idx_ledger_lines_account on ledger_lines (account_id, id);
--> statement-breakpoint
alter table erasure_requests add column balance text,
  add constraint erasure_requests_balance check (balance in ('donate', 'forfeit'));
--> statement-breakpoint
-- Entries of an earlier release find their documents, and refunds of then are documents. The triggers that keep entries and guard
-- refunds are put back by their files.
drop trigger if exists immutable on ledger_entries;
--> statement-breakpoint
update ledger_entries e set document_type = 'payment_intent', document_id = p.id
  from payment_intents p
 where e.document_id is null and p.booking_id = e.booking_id and p.purpose = 'booking' and e.entry_type in ('capture', 'payout', 'fee');
--> statement-breakpoint
drop trigger if exists b_guard_state on refunds;
--> statement-breakpoint
drop trigger if exists c_record_transition on refunds;
--> statement-breakpoint
insert into refunds (id, intent_id, dispute_id, kind, amount, from_payable, from_debt, currency, reason, destination, status, completed_at, created_at)
select e.id, p.id, (select d.id from disputes d where d.booking_id = e.booking_id limit 1), 'refund', s.amount, s.payable, s.amount - s.payable,
       e.currency, 'dispute', 'wallet', 'succeeded', e.created_at, e.created_at
  from ledger_entries e join payment_intents p on p.booking_id = e.booking_id and p.purpose = 'booking'
 cross join lateral (
    select coalesce(-sum(l.amount) filter (where l.amount < 0), 0) as amount,
           coalesce(-sum(l.amount) filter (where l.amount < 0 and a.kind = 'tasker_payable'), 0) as payable
      from ledger_lines l join ledger_accounts a on a.id = l.account_id where l.entry_id = e.id) s
 where e.document_id is null and e.entry_type = 'refund' and s.amount > 0;
--> statement-breakpoint
update ledger_entries set document_type = 'refund', document_id = id where document_id is null and entry_type = 'refund';
