-- Holds end with their documents, which have deadlines of their own.
drop function if exists khidma.hold(text, uuid, text, bigint, text, text, uuid, timestamptz);
--> statement-breakpoint
drop function if exists khidma.expire_holds(int);
--> statement-breakpoint
alter table ledger_holds drop column expires_at;
