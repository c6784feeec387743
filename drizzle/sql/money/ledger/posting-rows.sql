-- Generated from src/areas/money/ledger/postings.ts by `npm run machines`.

-- Returns whether accounts of a kind are guarded: their balance is kept with every line, and less what is held it may not go below zero.
create or replace function khidma.is_guarded(kind text) returns boolean language sql immutable as $$
  select kind in ('client_wallet', 'tasker_payable', 'escrow')
$$;

-- Returns what owns accounts of a kind: a `user`, a `gateway`, or the `platform`. Null: there is no such kind.
create or replace function khidma.owner_of_account(kind text) returns text language sql immutable as $$
  select case
    when kind in ('platform_clearing', 'payout_clearing') then 'gateway'
    when kind in ('platform_fee', 'gateway_fees', 'chargebacks', 'write_offs', 'donations_payable') then 'platform'
    when kind in ('client_cash', 'client_wallet', 'tasker_payable', 'escrow', 'commission_receivable', 'refund_receivable', 'fee_receivable', 'platform_clearing', 'payout_clearing', 'platform_fee', 'gateway_fees', 'chargebacks', 'write_offs', 'donations_payable') then 'user'
  end
$$;

delete from ledger_posting_lines;
insert into ledger_posting_lines (posting, position, entry_type, account, owner, amount, sign) values
  ('cash_fare', '1', 'capture', 'client_cash', 'payer', 'fare', '-1'),
  ('cash_fare', '2', 'capture', 'tasker_payable', 'payee', 'fare', '1'),
  ('cash_kept', '1', 'payout', 'tasker_payable', 'payee', 'fare', '-1'),
  ('cash_kept', '2', 'payout', 'client_cash', 'payer', 'fare', '1'),
  ('cash_commission', '1', 'fee', 'commission_receivable', 'payee', 'commission', '-1'),
  ('cash_commission', '2', 'fee', 'platform_fee', 'platform', 'commission', '1'),
  ('gateway_capture', '1', 'capture', 'platform_clearing', 'gateway', 'fare', '-1'),
  ('gateway_capture', '2', 'capture', 'tasker_payable', 'payee', 'net', '1'),
  ('gateway_capture', '3', 'capture', 'platform_fee', 'platform', 'commission', '1'),
  ('prepayment', '1', 'authorization', 'platform_clearing', 'gateway', 'amount', '-1'),
  ('prepayment', '2', 'authorization', 'escrow', 'payer', 'amount', '1'),
  ('prepaid_capture', '1', 'capture', 'escrow', 'payer', 'fare', '-1'),
  ('prepaid_capture', '2', 'capture', 'tasker_payable', 'payee', 'net', '1'),
  ('prepaid_capture', '3', 'capture', 'platform_fee', 'platform', 'commission', '1'),
  ('prepaid_return', '1', 'refund', 'escrow', 'payer', 'amount', '-1'),
  ('prepaid_return', '2', 'refund', 'platform_clearing', 'gateway', 'amount', '1'),
  ('wallet_capture', '1', 'capture', 'client_wallet', 'payer', 'fare', '-1'),
  ('wallet_capture', '2', 'capture', 'tasker_payable', 'payee', 'net', '1'),
  ('wallet_capture', '3', 'capture', 'platform_fee', 'platform', 'commission', '1'),
  ('top_up', '1', 'capture', 'platform_clearing', 'gateway', 'amount', '-1'),
  ('top_up', '2', 'capture', 'client_wallet', 'payer', 'amount', '1'),
  ('fee_due', '1', 'fee', 'fee_receivable', 'payer', 'fare', '-1'),
  ('fee_due', '2', 'fee', 'platform_fee', 'platform', 'fare', '1'),
  ('fee_waived', '1', 'fee', 'fee_receivable', 'payer', 'fare', '1'),
  ('fee_waived', '2', 'fee', 'platform_fee', 'platform', 'fare', '-1'),
  ('gateway_fee', '1', 'fee', 'gateway_fees', 'platform', 'fee', '-1'),
  ('gateway_fee', '2', 'fee', 'platform_clearing', 'gateway', 'fee', '1'),
  ('refund_to_wallet', '1', 'refund', 'tasker_payable', 'payee', 'fromPayable', '-1'),
  ('refund_to_wallet', '2', 'refund', 'refund_receivable', 'payee', 'fromDebt', '-1'),
  ('refund_to_wallet', '3', 'refund', 'client_wallet', 'payer', 'amount', '1'),
  ('refund_to_gateway', '1', 'refund', 'tasker_payable', 'payee', 'fromPayable', '-1'),
  ('refund_to_gateway', '2', 'refund', 'refund_receivable', 'payee', 'fromDebt', '-1'),
  ('refund_to_gateway', '3', 'refund', 'platform_clearing', 'gateway', 'amount', '1'),
  ('refund_failed', '1', 'refund', 'platform_clearing', 'gateway', 'amount', '-1'),
  ('refund_failed', '2', 'refund', 'client_wallet', 'payer', 'amount', '1'),
  ('refund_reversed', '1', 'refund', 'platform_clearing', 'gateway', 'amount', '-1'),
  ('refund_reversed', '2', 'refund', 'tasker_payable', 'payee', 'fromPayable', '1'),
  ('refund_reversed', '3', 'refund', 'refund_receivable', 'payee', 'fromDebt', '1'),
  ('chargeback_opened', '1', 'refund', 'chargebacks', 'platform', 'amount', '-1'),
  ('chargeback_opened', '2', 'refund', 'platform_clearing', 'gateway', 'amount', '1'),
  ('chargeback_won', '1', 'refund', 'platform_clearing', 'gateway', 'amount', '-1'),
  ('chargeback_won', '2', 'refund', 'chargebacks', 'platform', 'amount', '1'),
  ('chargeback_lost', '1', 'refund', 'refund_receivable', 'payee', 'amount', '-1'),
  ('chargeback_lost', '2', 'refund', 'chargebacks', 'platform', 'amount', '1'),
  ('debt_paid', '1', 'capture', 'platform_clearing', 'gateway', 'amount', '-1'),
  ('debt_paid', '2', 'capture', 'commission_receivable', 'user', 'commissionDebt', '1'),
  ('debt_paid', '3', 'capture', 'refund_receivable', 'user', 'refundDebt', '1'),
  ('debt_paid', '4', 'capture', 'fee_receivable', 'user', 'feeDebt', '1'),
  ('debt_paid', '5', 'capture', 'client_wallet', 'user', 'surplus', '1'),
  ('debt_paid_from_wallet', '1', 'capture', 'client_wallet', 'user', 'amount', '-1'),
  ('debt_paid_from_wallet', '2', 'capture', 'commission_receivable', 'user', 'commissionDebt', '1'),
  ('debt_paid_from_wallet', '3', 'capture', 'refund_receivable', 'user', 'refundDebt', '1'),
  ('debt_paid_from_wallet', '4', 'capture', 'fee_receivable', 'user', 'feeDebt', '1'),
  ('debt_paid_from_wallet', '5', 'capture', 'client_wallet', 'user', 'surplus', '1'),
  ('debt_netted', '1', 'payout', 'tasker_payable', 'user', 'amount', '-1'),
  ('debt_netted', '2', 'payout', 'commission_receivable', 'user', 'commissionDebt', '1'),
  ('debt_netted', '3', 'payout', 'refund_receivable', 'user', 'refundDebt', '1'),
  ('debt_netted', '4', 'payout', 'fee_receivable', 'user', 'feeDebt', '1'),
  ('write_off', '1', 'adjustment', 'write_offs', 'platform', 'amount', '-1'),
  ('write_off', '2', 'adjustment', 'commission_receivable', 'user', 'commissionDebt', '1'),
  ('write_off', '3', 'adjustment', 'refund_receivable', 'user', 'refundDebt', '1'),
  ('write_off', '4', 'adjustment', 'fee_receivable', 'user', 'feeDebt', '1'),
  ('payout_sent', '1', 'payout', 'tasker_payable', 'user', 'amount', '-1'),
  ('payout_sent', '2', 'payout', 'payout_clearing', 'gateway', 'amount', '1'),
  ('withdrawal_sent', '1', 'payout', 'client_wallet', 'user', 'amount', '-1'),
  ('withdrawal_sent', '2', 'payout', 'payout_clearing', 'gateway', 'amount', '1'),
  ('payout_paid', '1', 'payout', 'payout_clearing', 'gateway', 'amount', '-1'),
  ('payout_paid', '2', 'payout', 'platform_clearing', 'gateway', 'amount', '1'),
  ('payout_failed', '1', 'payout', 'payout_clearing', 'gateway', 'amount', '-1'),
  ('payout_failed', '2', 'payout', 'tasker_payable', 'user', 'amount', '1'),
  ('withdrawal_failed', '1', 'payout', 'payout_clearing', 'gateway', 'amount', '-1'),
  ('withdrawal_failed', '2', 'payout', 'client_wallet', 'user', 'amount', '1'),
  ('payout_returned', '1', 'payout', 'platform_clearing', 'gateway', 'amount', '-1'),
  ('payout_returned', '2', 'payout', 'tasker_payable', 'user', 'amount', '1'),
  ('withdrawal_returned', '1', 'payout', 'platform_clearing', 'gateway', 'amount', '-1'),
  ('withdrawal_returned', '2', 'payout', 'client_wallet', 'user', 'amount', '1'),
  ('wallet_donated', '1', 'adjustment', 'client_wallet', 'user', 'amount', '-1'),
  ('wallet_donated', '2', 'adjustment', 'donations_payable', 'platform', 'amount', '1'),
  ('wallet_forfeited', '1', 'fee', 'client_wallet', 'user', 'amount', '-1'),
  ('wallet_forfeited', '2', 'fee', 'platform_fee', 'platform', 'amount', '1');
