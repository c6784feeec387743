-- Gives a new account its row of balances.
create or replace function khidma.open_balance() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into public.ledger_balances (account_id, guarded) values (new.id, new.guarded);
  return null;
end $$;

-- Refuses every write of a balance that comes neither from a trigger, which its own trigger lets pass, nor from `roll_up_balances`:
-- balances follow from lines.
create or replace function khidma.refuse_balance_write() returns trigger language plpgsql as $$
begin
  if current_setting('khidma.rollup', true) = 'on' then
    return new;
  end if;
  raise exception 'balances follow from lines' using errcode = 'restrict_violation';
end $$;

-- Adds the settled tail of lines to the balances of unguarded accounts; returns how many it changed. Two roll-ups at once would
-- both add the same tail: one works, the other leaves. The lock comes before the horizon and the statement's snapshot, so that
-- its holder sees what its predecessor has committed.
create or replace function khidma.roll_up_balances() returns int language plpgsql security definer set search_path = public as $$
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
      from public.ledger_balances b left join public.ledger_lines l
        on l.account_id = b.account_id and l.balance_after is null and l.xid >= b.rolled_up_xid and l.xid < horizon
      where not b.guarded and b.rolled_up_xid < horizon
      group by b.account_id
  )
  update public.ledger_balances b set balance = b.balance + tail.amount, lines = b.lines + tail.lines,
      rolled_up_xid = horizon, updated_at = now()
    from tail where tail.account_id = b.account_id and tail.lines > 0;
  get diagnostics rolled = row_count;
  perform set_config('khidma.rollup', '', true);
  return rolled;
end $$;

-- Balances of all accounts now, exact at the reader's snapshot.
create or replace view account_balances as
  select a.id, a.kind, a.owner_user_id, a.currency, a.guarded,
         b.balance + case when a.guarded then 0 else coalesce((
           select sum(l.amount) from ledger_lines l
            where l.account_id = a.id and l.balance_after is null and l.xid >= b.rolled_up_xid), 0)::bigint
         end as balance
    from ledger_accounts a join ledger_balances b on b.account_id = a.id;
