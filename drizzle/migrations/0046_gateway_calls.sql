-- Payouts have calls of their own: `payout_attempts`.
alter table payment_transactions drop constraint payment_transactions_kind;
--> statement-breakpoint
alter table payment_transactions add constraint payment_transactions_kind check (kind in ('authorize', 'charge', 'capture', 'void', 'refund'));
