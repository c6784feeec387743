-- A ledger by hand, as small ledgers for Postgres are published (pgledger's design): two accounts, one transfer, both rows locked in the
-- order of their ids, balances kept in them, two entries with the balance before and after. One currency each, balances may be
-- forbidden to go below zero. No documents, no kinds of entry, no holds, nothing idempotent.
create table bench_accounts (
  id uuid primary key, name text not null, currency text not null, balance numeric not null default 0, version bigint not null default 0,
  allow_negative boolean not null, allow_positive boolean not null default true, created_at timestamptz not null default now(), updated_at timestamptz not null default now()
);
create table bench_transfers (
  id uuid primary key, from_account uuid not null references bench_accounts, to_account uuid not null references bench_accounts,
  amount numeric not null, created_at timestamptz not null, event_at timestamptz not null, metadata jsonb,
  check (amount > 0 and from_account <> to_account)
);
create index on bench_transfers (from_account);
create index on bench_transfers (to_account);
create table bench_entries (
  id uuid primary key, account uuid not null references bench_accounts, transfer uuid not null references bench_transfers, amount numeric not null,
  balance_before numeric not null, balance_after numeric not null, account_version bigint not null, created_at timestamptz not null
);
create index on bench_entries (account);
create index on bench_entries (transfer);

create function bench_transfer(p_from uuid, p_to uuid, p_amount numeric) returns uuid language plpgsql as $$
declare
  the_transfer uuid := khidma.uuid_v7();
  source bench_accounts;
  target bench_accounts;
begin
  perform from bench_accounts where id in (p_from, p_to) order by id for update;
  insert into bench_transfers (id, from_account, to_account, amount, created_at, event_at)
  values (the_transfer, p_from, p_to, p_amount, now(), now());
  update bench_accounts set balance = balance - p_amount, version = version + 1, updated_at = now() where id = p_from returning * into source;
  update bench_accounts set balance = balance + p_amount, version = version + 1, updated_at = now() where id = p_to returning * into target;
  if source.currency <> target.currency then
    raise exception 'transfers stay in one currency';
  elsif (not source.allow_negative and source.balance < 0) or (not target.allow_positive and target.balance > 0) then
    raise exception 'the balance of % does not allow it', source.name;
  end if;
  insert into bench_entries (id, account, transfer, amount, balance_before, balance_after, account_version, created_at)
  values (khidma.uuid_v7(), p_from, the_transfer, -p_amount, source.balance + p_amount, source.balance, source.version, now()),
         (khidma.uuid_v7(), p_to, the_transfer, p_amount, target.balance - p_amount, target.balance, target.version, now());
  return the_transfer;
end $$;
