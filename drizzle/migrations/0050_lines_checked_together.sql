-- The lines of an entry are checked together, with the statement that writes them; `khidma.post_entry` alone writes entries and lines.
-- Lines of guarded accounts are never rolled up, and most entries of some kinds have no booking: neither is in those indexes.
drop trigger if exists ledger_entry_balanced on ledger_entries;
--> statement-breakpoint
drop trigger if exists ledger_entry_balanced on ledger_lines;
--> statement-breakpoint
drop function if exists khidma.check_entry_balanced();
--> statement-breakpoint
revoke insert on ledger_entries, ledger_lines from khidma_app;
--> statement-breakpoint
drop index idx_ledger_lines_rollup;
--> statement-breakpoint
create index idx_ledger_lines_rollup on ledger_lines (account_id, xid) where balance_after is null;
--> statement-breakpoint
drop index idx_ledger_entries_booking;
--> statement-breakpoint
create index idx_ledger_entries_booking on ledger_entries (booking_id, created_at desc) where booking_id is not null;
