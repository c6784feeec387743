-- Moves the balance of a guarded account with each of its lines, in the same statement; of another account there is no balance after it.
-- CHECK ledger_balances_guard keeps the balance from going below zero. The row of the balance puts the postings of an account in one
-- line; ids that are made behind it keep that order.
create or replace function khidma.place_line() returns trigger language plpgsql as $$
begin
  update public.ledger_balances set balance = balance + new.amount, lines = lines + 1, updated_at = now()
   where account_id = new.account_id and guarded returning balance into new.balance_after;
  new.id := khidma.uuid_v7();
  new.xid := pg_current_xact_id();
  return new;
end $$;

-- Returns whether the writer of a visible row is this transaction or a sub-transaction of it, which has a number of its own, given later. Of
-- those numbers only ours is visible and not committed. `age` compares numbers that wrap around.
create or replace function khidma.is_of_this_transaction(p_writer xid) returns boolean language plpgsql stable as $$
declare
  this xid8 := pg_current_xact_id();
  later int := age(this::xid) - age(p_writer);
begin
  return later = 0 or (later > 0 and pg_xact_status((this::text::numeric + later)::text::xid8) = 'in progress');
end $$;

-- Refuses the lines of a statement where those of an entry do not sum to zero, or are not all in the currency of the entry, or where the
-- entry is of another transaction. So each statement that writes lines is balanced by itself, and no line can come to an entry later.
-- That a line is in the currency of its account is a foreign key. `offset 0` has the entry looked up by its id, however small its
-- table was when it was planned.
create or replace function khidma.check_lines_balanced() returns trigger language plpgsql as $$
declare
  bad record;
begin
  select l.entry_id as entry, e.is_closed into bad
    from (select x.entry_id, sum(x.amount) as sum, min(x.currency) as low, max(x.currency) as high from new_lines x group by x.entry_id) l
   cross join lateral (
     select x.currency, not khidma.is_of_this_transaction(x.xmin) as is_closed from public.ledger_entries x where x.id = l.entry_id offset 0) e
   where l.sum <> 0 or e.is_closed or l.low <> e.currency or l.high <> e.currency
   limit 1;
  if bad.is_closed then
    raise exception 'entry % is closed', bad.entry using errcode = 'restrict_violation';
  elsif bad.entry is not null then
    raise exception 'entry % does not balance', bad.entry using errcode = 'check_violation', constraint = 'ledger_entry_balanced';
  end if;
  return null;
end $$;

-- Refuses, at the commit, an entry without lines. Lines are never of nothing and sum to zero, so that two of them is the least.
create or replace function khidma.check_entry_has_lines() returns trigger language plpgsql as $$
begin
  if not exists (select from public.ledger_lines where entry_id = new.id) then
    raise exception 'entry % has no lines', new.id using errcode = 'check_violation', constraint = 'ledger_entry_balanced';
  end if;
  return null;
end $$;

-- Returns the account of an owner, which is opened where there is none. One comparison for each kind of owner: `is not distinct from`
-- has no index, and reads all accounts of the kind.
create or replace function khidma.account_of(p_kind text, p_owner uuid, p_name text, p_currency text) returns uuid language plpgsql as $$
declare
  account uuid;
begin
  for attempt in 1..2 loop
    if p_owner is not null then
      select a.id into account from public.ledger_accounts a
       where a.kind = p_kind and a.owner_user_id = p_owner and a.owner_name is null and a.currency = p_currency;
    elsif p_name is not null then
      select a.id into account from public.ledger_accounts a
       where a.kind = p_kind and a.owner_user_id is null and a.owner_name = p_name and a.currency = p_currency;
    else
      select a.id into account from public.ledger_accounts a
       where a.kind = p_kind and a.owner_user_id is null and a.owner_name is null and a.currency = p_currency;
    end if;
    if account is not null then
      return account;
    end if;
    insert into public.ledger_accounts (id, kind, owner_user_id, owner_name, currency, guarded)
    values (khidma.uuid_v7(), p_kind, p_owner, p_name, p_currency, khidma.is_guarded(p_kind))
    on conflict (kind, owner_user_id, owner_name, currency) do nothing returning id into account;
    if account is not null then
      return account;
    end if;
  end loop;
  raise exception 'there is no account % in %', p_kind, p_currency;
end $$;

-- Posts one balanced entry; nothing else writes entries and lines, which the application may not. p_lines: [{"account": kind, "owner":
-- user id or null, "name": gateway or null, "amount": minor units}]. Accounts are opened in the order of their names and lines placed in
-- the order of their accounts, so that crossing postings wait instead of deadlocking. The same posting and reference is one entry: a
-- second call finds the first and returns its id. The search path is what sessions have: with another one, every function that both
-- use would be planned anew at each turn.
create or replace function khidma.post_entry(
  p_id uuid, p_type ledger_entry_type, p_booking uuid, p_reference text, p_currency text, p_lines jsonb,
  p_posting text default 'adjustment', p_document_type text default null, p_document uuid default null
) returns uuid language plpgsql security definer set search_path = public as $$
declare
  posted uuid;
begin
  insert into public.ledger_entries (id, entry_type, posting, booking_id, document_type, document_id, reference_id, currency, actor_user_id, request_id)
  values (p_id, p_type, p_posting, p_booking, p_document_type, p_document, p_reference, p_currency, khidma.actor_id(), khidma.request_id())
  on conflict (posting, reference_id) do nothing;
  if not found then
    select id into strict posted from public.ledger_entries where posting = p_posting and reference_id = p_reference;
    return posted;
  end if;

  insert into public.ledger_lines (entry_id, account_id, amount, currency)
  select p_id, l.account, l.amount, p_currency
    from (select khidma.account_of(x.account, x.owner, x.name, p_currency) as account, x.amount, x.position
            from rows from (jsonb_to_recordset(p_lines) as (account text, owner uuid, name text, amount bigint)) with ordinality
              as x (account, owner, name, amount, position)
           where x.amount <> 0 order by x.account, x.owner, x.name) l
   order by l.account, l.position;
  return p_id;
end $$;

-- Posts an entry of a kind that `ledger_posting_lines` describes, for a document. p_owners: payer, payee, user (ids) and gateway
-- (a name); p_amounts: minor units by the names of the kind. p_part tells entries of one kind and document apart.
create or replace function khidma.post(
  p_posting text, p_document_type text, p_document uuid, p_part text, p_booking uuid, p_currency text, p_owners jsonb, p_amounts jsonb
) returns uuid language plpgsql as $$
declare
  lines jsonb;
  entry_type ledger_entry_type;
  posted uuid;
  debtors uuid[];
  debtor uuid;
begin
  select jsonb_agg(jsonb_build_object('account', l.account, 'amount', l.sign * (p_amounts ->> l.amount)::bigint,
           'owner', case when l.owner not in ('gateway', 'platform') then p_owners ->> l.owner end,
           'name', case when l.owner = 'gateway' then p_owners ->> 'gateway' end) order by l.position), min(l.entry_type),
         array_agg(distinct (p_owners ->> l.owner)::uuid) filter (where l.account like '%\_receivable' and (p_amounts ->> l.amount)::bigint <> 0)
    into lines, entry_type, debtors
    from ledger_posting_lines l where l.posting = p_posting;
  if lines is null then
    raise exception 'there is no posting %', p_posting;
  end if;
  posted := khidma.post_entry(khidma.uuid_v7(), entry_type, p_booking, p_document_type || ':' || p_document || coalesce(':' || p_part, ''),
    p_currency, lines, p_posting, p_document_type, p_document);
  foreach debtor in array coalesce(debtors, '{}') loop
    perform khidma.note_debt(debtor, p_currency);
  end loop;
  return posted;
end $$;

-- Returns what a guarded account has that is not held, and locks it, so that the answer stays true until the transaction ends.
create or replace function khidma.available(p_kind text, p_owner uuid, p_currency text) returns bigint
language plpgsql security definer set search_path = public as $$
declare
  left_over bigint;
begin
  select b.balance - b.held into left_over
    from public.ledger_accounts a join public.ledger_balances b on b.account_id = a.id
   where a.kind = p_kind and a.owner_user_id = p_owner and a.owner_name is null and a.currency = p_currency
     for update of b;
  return coalesce(left_over, 0);
end $$;
