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
    -- The row of the balance puts its postings in one line; ids that are made behind it keep that order in a statement.
    new.id := khidma.uuid_v7();
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

-- Posts one balanced entry. p_lines: [{"account": kind, "owner": user id or null, "name": gateway or null, "amount": minor units}].
-- Lines are placed in the order of their accounts, so that crossing postings wait instead of deadlocking. The same posting and
-- reference is one entry: a second call finds the first and returns its id.
create or replace function khidma.post_entry(
  p_id uuid, p_type ledger_entry_type, p_booking uuid, p_reference text, p_currency text, p_lines jsonb,
  p_posting text default 'adjustment', p_document_type text default null, p_document uuid default null
) returns uuid language plpgsql as $$
declare
  posted uuid;
begin
  insert into ledger_entries (id, entry_type, posting, booking_id, document_type, document_id, reference_id, currency, actor_user_id, request_id)
  values (p_id, p_type, p_posting, p_booking, p_document_type, p_document, p_reference, p_currency, khidma.actor_id(), khidma.request_id())
  on conflict (posting, reference_id) do nothing;
  if not found then
    select id into strict posted from ledger_entries where posting = p_posting and reference_id = p_reference;
    return posted;
  end if;

  insert into ledger_accounts (id, kind, owner_user_id, owner_name, currency, guarded)
  select khidma.uuid_v7(), l.account, l.owner, l.name, p_currency, khidma.is_guarded(l.account)
    from (select distinct account, owner, name from jsonb_to_recordset(p_lines) as x (account text, owner uuid, name text)) l
   where not exists (select from ledger_accounts a where a.kind = l.account and a.owner_user_id is not distinct from l.owner
                        and a.owner_name is not distinct from l.name and a.currency = p_currency)
   order by l.account, l.owner, l.name
  on conflict (kind, owner_user_id, owner_name, currency) do nothing;

  insert into ledger_lines (id, entry_id, account_id, amount, currency)
  select khidma.uuid_v7(), p_id, a.id, l.amount, p_currency
    from rows from (jsonb_to_recordset(p_lines) as (account text, owner uuid, name text, amount bigint)) with ordinality
      as l (account, owner, name, amount, position)
    join ledger_accounts a on a.kind = l.account and a.owner_user_id is not distinct from l.owner
     and a.owner_name is not distinct from l.name and a.currency = p_currency
    where l.amount <> 0
    order by a.guarded, a.id, l.position;
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
language plpgsql security definer set search_path = public, khidma as $$
declare
  left_over bigint;
begin
  select b.balance - b.held into left_over
    from ledger_accounts a join ledger_balances b on b.account_id = a.id
   where a.kind = p_kind and a.owner_user_id = p_owner and a.owner_name is null and a.currency = p_currency
     for update of b;
  return coalesce(left_over, 0);
end $$;
