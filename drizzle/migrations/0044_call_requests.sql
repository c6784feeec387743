-- What was asked of a gateway is kept in columns of its own; what a card draws on is one of three.
alter table payment_transactions drop column request;
--> statement-breakpoint
alter table payment_methods add constraint payment_methods_account_type check (account_type in ('credit', 'debit', 'prepaid'));
