-- A line is in the currency of its account by a foreign key, which the check of its statement need not ask then.
alter table ledger_accounts add constraint ledger_accounts_id_currency_key unique (id, currency);
--> statement-breakpoint
alter table ledger_lines drop constraint ledger_lines_account_id_ledger_accounts_id_fk;
--> statement-breakpoint
alter table ledger_lines add constraint ledger_lines_account_currency_fk
  foreign key (account_id, currency) references ledger_accounts (id, currency) on delete restrict;
