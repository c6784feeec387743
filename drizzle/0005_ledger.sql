-- Double entry. Credit is positive, debit negative; every entry sums to zero in its currency; nothing is ever rewritten.

create function khidma.refuse_rewrite() returns trigger language plpgsql as $$
begin
  raise exception '% is immutable: post a correcting entry', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['ledger_entries', 'ledger_lines'] loop
    execute format('create trigger immutable before update or delete on %I for each row execute function khidma.refuse_rewrite()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function khidma.refuse_rewrite()', t);
  end loop;
end $$;
--> statement-breakpoint
create trigger immutable before update or delete on ledger_accounts for each row execute function khidma.refuse_rewrite();
--> statement-breakpoint
create trigger no_truncate before truncate on ledger_accounts for each statement execute function khidma.refuse_rewrite();
--> statement-breakpoint
create function khidma.is_guarded(kind text) returns boolean language sql immutable as $$
  select kind in ('client_wallet', 'tasker_payable', 'escrow')
$$;
--> statement-breakpoint
alter table ledger_accounts add constraint ledger_accounts_guarded check (guarded = khidma.is_guarded(kind));
--> statement-breakpoint
create function khidma.open_balance() returns trigger language plpgsql security definer set search_path = public, khidma as $$
begin
  insert into ledger_balances (account_id, guarded) values (new.id, new.guarded);
  return null;
end $$;
--> statement-breakpoint
create trigger open_balance after insert on ledger_accounts for each row execute function khidma.open_balance();
--> statement-breakpoint
-- A line belongs to the transaction of its entry, has its account's currency, and moves the balance of a guarded
-- account in the same breath: CHECK ledger_balances_guard keeps that from going below zero.
create function khidma.place_line() returns trigger language plpgsql security definer set search_path = public, khidma as $$
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
--> statement-breakpoint
create trigger place_line before insert on ledger_lines for each row execute function khidma.place_line();
--> statement-breakpoint
create function khidma.refuse_balance_write() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() > 1 or current_setting('khidma.rollup', true) = 'on' then
    return new;
  end if;
  raise exception 'balances follow from lines' using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger follows_lines before insert or update or delete on ledger_balances
  for each row execute function khidma.refuse_balance_write();
--> statement-breakpoint
create trigger no_truncate before truncate on ledger_balances for each statement execute function khidma.refuse_rewrite();
--> statement-breakpoint
create function khidma.check_entry_balanced() returns trigger language plpgsql as $$
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
--> statement-breakpoint
create constraint trigger ledger_entry_balanced after insert on ledger_entries
  deferrable initially deferred for each row execute function khidma.check_entry_balanced();
--> statement-breakpoint
create constraint trigger ledger_entry_balanced after insert on ledger_lines
  deferrable initially deferred for each row execute function khidma.check_entry_balanced();
--> statement-breakpoint
-- Posts one balanced entry. p_lines: [{"account": kind, "owner": user id or null, "amount": minor units}].
-- Locks the guarded accounts in id order first, so that crossing postings wait instead of deadlocking.
-- The same (type, reference) posts once: a second call finds the first and returns its id.
create function khidma.post_entry(
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
--> statement-breakpoint
-- Two roll-ups at once would both add the same tail: one works, the other leaves. The lock comes before the horizon and
-- the statement's snapshot, so that who takes it sees what its predecessor has committed.
create function khidma.roll_up_balances() returns int language plpgsql security definer set search_path = public, khidma as $$
declare
  horizon xid8;
  rolled int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('khidma.roll_up_balances', 7)) then
    return 0;
  end if;
  horizon := pg_snapshot_xmin(pg_current_snapshot());
  perform set_config('khidma.rollup', 'on', true);
  with tail as (
    select b.account_id, coalesce(sum(l.amount), 0) as amount, count(l.id) as lines
      from ledger_balances b left join ledger_lines l
        on l.account_id = b.account_id and l.xid >= b.rolled_up_xid and l.xid < horizon
      where not b.guarded and b.rolled_up_xid < horizon
      group by b.account_id
  )
  update ledger_balances b set balance = b.balance + tail.amount, lines = b.lines + tail.lines,
      rolled_up_xid = horizon, updated_at = now()
    from tail where tail.account_id = b.account_id and tail.lines > 0;
  get diagnostics rolled = row_count;
  perform set_config('khidma.rollup', '', true);
  return rolled;
end $$;
--> statement-breakpoint
-- Every account's balance now, exact at the reader's snapshot.
create view account_balances as
  select a.id, a.kind, a.owner_user_id, a.currency, a.guarded,
         b.balance + case when a.guarded then 0 else coalesce((
           select sum(l.amount) from ledger_lines l where l.account_id = a.id and l.xid >= b.rolled_up_xid), 0)::bigint
         end as balance
    from ledger_accounts a join ledger_balances b on b.account_id = a.id;
--> statement-breakpoint
-- Captured money is posted money.
create function khidma.check_capture_posted() returns trigger language plpgsql as $$
begin
  if new.status = 'captured' and not exists (
    select 1 from ledger_entries e where e.booking_id = new.booking_id and e.entry_type = 'capture')
  then
    raise exception 'payment % is captured but not posted', new.id using errcode = 'check_violation',
      constraint = 'payment_capture_posted';
  end if;
  return null;
end $$;
--> statement-breakpoint
create constraint trigger payment_capture_posted after insert or update of status on payment_intents
  deferrable initially deferred for each row execute function khidma.check_capture_posted();
