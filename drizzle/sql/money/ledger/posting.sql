-- Returns whether accounts of a kind are guarded: their balance is kept with every line and may not go below zero.
create or replace function khidma.is_guarded(kind text) returns boolean language sql immutable as $$
  select kind in ('client_wallet', 'tasker_payable', 'escrow')
$$;

-- Places a line: it belongs to the transaction of its entry, has its account's currency, and moves the balance of a guarded
-- account in the same statement. CHECK ledger_balances_guard keeps that balance from going below zero.
create or replace function khidma.place_line() returns trigger language plpgsql security definer set search_path = public, khidma as $$
declare
  account ledger_accounts;
  entry_xmin xid;
begin
  select * into strict account from ledger_accounts where id = new.account_id;
  select e.xmin into strict entry_xmin from ledger_entries e where e.id = new.entry_id;
  if entry_xmin <> pg_current_xact_id()::xid then
    raise exception 'the entry is closed' using errcode = 'restrict_violation';
  end if;
  if account.currency <> new.currency then
    raise exception 'account % is kept in %', account.id, account.currency using errcode = 'check_violation',
      constraint = 'ledger_lines_currency';
  end if;
  new.xid := pg_current_xact_id();
  new.balance_after := null;
  if account.guarded then
    update ledger_balances set balance = balance + new.amount, lines = lines + 1, updated_at = now()
      where account_id = account.id returning balance into new.balance_after;
  end if;
  return new;
end $$;

-- Refuses, at the commit, an entry with fewer than two lines, with a sum other than zero, or with a line in another currency.
create or replace function khidma.check_entry_balanced() returns trigger language plpgsql as $$
declare
  entry uuid := coalesce(to_jsonb(new) ->> 'entry_id', to_jsonb(new) ->> 'id');
begin
  if (select count(*) < 2 from ledger_lines where entry_id = entry)
    or exists (select 1 from ledger_lines where entry_id = entry group by currency having sum(amount) <> 0)
    or exists (select 1 from ledger_lines l join ledger_entries e on e.id = l.entry_id
               where l.entry_id = entry and l.currency <> e.currency)
  then
    raise exception 'entry % does not balance', entry using errcode = 'check_violation', constraint = 'ledger_entry_balanced';
  end if;
  return null;
end $$;

-- Posts one balanced entry. p_lines: [{"account": kind, "owner": user id or null, "amount": minor units}].
-- Locks the guarded accounts in id order first, so that crossing postings wait instead of deadlocking.
-- The same (type, reference) posts once: a second call finds the first and returns its id.
create or replace function khidma.post_entry(
  p_id uuid, p_type ledger_entry_type, p_booking uuid, p_reference text, p_currency text, p_lines jsonb
) returns uuid language plpgsql as $$
declare
  posted uuid;
begin
  if p_reference is not null then
    perform pg_advisory_xact_lock(hashtextextended(p_type || chr(31) || p_reference, 7));
    select id into posted from ledger_entries where entry_type = p_type and reference_id = p_reference;
    if found then
      return posted;
    end if;
  end if;

  insert into ledger_accounts (id, kind, owner_user_id, currency, guarded)
  select khidma.uuid_v7(), l.account, l.owner, p_currency, khidma.is_guarded(l.account)
    from (select distinct account, owner from jsonb_to_recordset(p_lines) as x (account text, owner uuid)
          order by account, owner) l
  on conflict (kind, owner_user_id, currency) do nothing;

  perform 1 from ledger_balances b join ledger_accounts a on a.id = b.account_id
    join jsonb_to_recordset(p_lines) as l (account text, owner uuid)
      on a.kind = l.account and a.owner_user_id is not distinct from l.owner and a.currency = p_currency
    where a.guarded order by b.account_id for update of b;

  insert into ledger_entries (id, entry_type, booking_id, reference_id, currency, actor_user_id, request_id)
  values (p_id, p_type, p_booking, p_reference, p_currency, khidma.actor_id(), khidma.request_id());

  insert into ledger_lines (id, entry_id, account_id, amount, currency)
  select khidma.uuid_v7(), p_id, a.id, l.amount, p_currency
    from rows from (jsonb_to_recordset(p_lines) as (account text, owner uuid, amount bigint)) with ordinality
      as l (account, owner, amount, position)
    join ledger_accounts a on a.kind = l.account and a.owner_user_id is not distinct from l.owner and a.currency = p_currency
    where l.amount <> 0
    order by l.position;
  return p_id;
end $$;
