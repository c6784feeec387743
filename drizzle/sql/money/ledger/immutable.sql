-- Refuses every rewrite of the ledger. It is double entry: credit is positive, debit negative; every entry sums to zero in its
-- currency; nothing is ever rewritten.
create or replace function khidma.refuse_rewrite() returns trigger language plpgsql as $$
begin
  raise exception '% is immutable: post a correcting entry', tg_table_name using errcode = 'restrict_violation';
end $$;
