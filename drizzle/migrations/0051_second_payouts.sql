-- An attempt to pay out keeps the account that it went to, and whether a success beside the books is settled as a debt of its owner, on
-- which two people agree. Gateways are asked about refunds that have succeeded, too. Debts are paid by one function, whatever the method.
alter table payout_attempts
  add column account_id uuid constraint payout_attempts_account_id_payout_accounts_id_fk references payout_accounts (id) on delete restrict,
  add column is_settled boolean not null default false;
--> statement-breakpoint
update payout_attempts t set account_id = p.account_id from payouts p where p.id = t.payout_id;
--> statement-breakpoint
alter table payout_attempts alter column account_id set not null;
--> statement-breakpoint
create index idx_payout_attempts_account on payout_attempts (account_id);
--> statement-breakpoint
alter table adjustments
  add column payout_attempt_id uuid constraint adjustments_payout_attempt_id_payout_attempts_id_fk
    references payout_attempts (id) on delete restrict,
  drop constraint adjustments_kind,
  add constraint adjustments_kind check (kind in ('correction', 'second_payout', 'write_off')),
  drop constraint adjustments_content,
  add constraint adjustments_content check (case kind
    when 'correction' then lines is not null and user_id is null and commission_amount = 0 and refund_amount = 0 and fee_amount = 0
    when 'second_payout' then lines is not null and user_id is not null and commission_amount = 0 and refund_amount = 0 and fee_amount = 0
    else lines is null and user_id is not null and commission_amount >= 0 and refund_amount >= 0 and fee_amount >= 0
      and commission_amount + refund_amount + fee_amount > 0 end),
  add constraint adjustments_attempt check ((kind = 'second_payout') = (payout_attempt_id is not null));
--> statement-breakpoint
create index idx_adjustments_attempt on adjustments (payout_attempt_id) where payout_attempt_id is not null;
--> statement-breakpoint
create index idx_refunds_rechecks on refunds (next_at) where status = 'succeeded' and next_at is not null;
--> statement-breakpoint
drop function if exists khidma.pay_debts_from_wallet(uuid, uuid, text, bigint);
