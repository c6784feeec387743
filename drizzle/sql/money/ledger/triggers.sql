-- ledger_accounts
create or replace trigger no_truncate before truncate on ledger_accounts for each statement execute function khidma.refuse_rewrite();
create or replace trigger immutable before update or delete on ledger_accounts for each row execute function khidma.refuse_rewrite();
create or replace trigger open_balance after insert on ledger_accounts for each row execute function khidma.open_balance();

-- ledger_entries
create or replace trigger no_truncate before truncate on ledger_entries for each statement execute function khidma.refuse_rewrite();
create or replace trigger immutable before delete or update on ledger_entries for each row execute function khidma.refuse_rewrite();
drop trigger if exists contract_holds on ledger_entries;
create constraint trigger contract_holds after insert on ledger_entries deferrable initially deferred for each row when (starts_with(new.posting, 'escrow_')) execute function khidma.check_contract();
drop trigger if exists ledger_entry_balanced on ledger_entries;
create constraint trigger ledger_entry_balanced after insert on ledger_entries deferrable initially deferred for each row execute function khidma.check_entry_has_lines();

-- ledger_lines
create or replace trigger no_truncate before truncate on ledger_lines for each statement execute function khidma.refuse_rewrite();
create or replace trigger immutable before delete or update on ledger_lines for each row execute function khidma.refuse_rewrite();
create or replace trigger place_line before insert on ledger_lines for each row execute function khidma.place_line();
create or replace trigger ledger_entry_balanced after insert on ledger_lines referencing new table as new_lines for each statement execute function khidma.check_lines_balanced();

-- ledger_balances
create or replace trigger no_truncate before truncate on ledger_balances for each statement execute function khidma.refuse_rewrite();
create or replace trigger follows_lines before insert or update or delete on ledger_balances for each row when (pg_trigger_depth() = 0) execute function khidma.refuse_balance_write();

-- ledger_holds
create or replace trigger no_truncate before truncate on ledger_holds for each statement execute function khidma.refuse_rewrite();
create or replace trigger guard before insert or update on ledger_holds for each row execute function khidma.guard_ledger_hold();
create or replace trigger immutable before delete on ledger_holds for each row execute function khidma.refuse_rewrite();
create or replace trigger move_held after insert or update on ledger_holds for each row execute function khidma.move_held();
