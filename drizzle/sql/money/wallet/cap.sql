-- Returns the city whose cap holds for a user's debts: where they last worked. Null before their first booking.
create or replace function khidma.debt_city(p_user uuid) returns text language plpgsql stable as $$
begin
  return (
    select t.city from bookings b join tasks t on t.id = b.task_id where b.tasker_id = p_user order by b.id desc limit 1);
end $$;

-- Returns the cap of a user's debts in a currency, in minor units: `debts.cap` of its market and their city. Null: no cap.
create or replace function khidma.debt_cap(p_user uuid, p_currency text) returns bigint language sql stable as $$
  select (khidma.config_value('debts.cap', khidma.country_of(p_currency), khidma.debt_city(p_user), null) ->> p_currency)::bigint
$$;

-- Returns the currencies in which a tasker may not work as too much is owed, with both amounts: by themselves, or by the company that would
-- earn it. No row: they may work.
create or replace function khidma.over_debt_cap(p_tasker uuid) returns table (currency text, owed bigint, cap bigint)
language plpgsql stable rows 1 as $$
begin
  -- Most belong to no company.
  if not exists (select from company_members m where m.user_id = p_tasker and m.status = 'active') then
    return query select o.currency, o.owed, o.cap from khidma.debts_over_cap(p_tasker) o;
    return;
  end if;
  return query
    select o.currency, o.owed, o.cap from khidma.debts_over_cap(p_tasker) o
    union
    select o.currency, o.owed, o.cap
      from khidma.company_terms_of(p_tasker) c cross join lateral khidma.debts_over_cap(c.company_id) o
     where c.payout_to = 'company' and c.company_id <> p_tasker;
end $$;

-- Returns the currencies in which a user owes more than the cap, with both amounts. Those without a debt cost one look at the index of
-- accounts. In plpgsql, since matching is created before the ledger.
create or replace function khidma.debts_over_cap(p_user uuid) returns table (currency text, owed bigint, cap bigint)
language plpgsql stable rows 1 as $$
begin
  return query
    select d.currency, d.owed, c.cap
      from (select a.currency, sum(-a.balance)::bigint as owed from account_balances a
             where a.owner_user_id = p_user and a.kind in ('commission_receivable', 'refund_receivable', 'fee_receivable') and a.balance < 0
             group by a.currency) d
     cross join lateral (select khidma.debt_cap(p_user, d.currency) as cap) c
     where d.owed > c.cap;
end $$;

-- Refuses a tasker who owes more than the cap, with the amount that must be paid.
create or replace function khidma.assert_below_debt_cap(p_user uuid) returns void language plpgsql stable as $$
declare
  reached record;
begin
  select * into reached from khidma.over_debt_cap(p_user) o order by o.currency limit 1;
  if found then
    perform khidma.refuse(409, 'debt_cap_reached', jsonb_build_object('amount', reached.owed - reached.cap, 'cap', reached.cap,
      'currency', reached.currency));
  end if;
end $$;

-- Tells a user once that their debts have crossed the cap; again after they were below it. `khidma.post` calls it for every entry
-- that changes a debt.
create or replace function khidma.note_debt(p_user uuid, p_currency text) returns void language plpgsql as $$
declare
  reached record;
begin
  select * into reached from khidma.debts_over_cap(p_user) o where o.currency = p_currency;
  if not found then
    delete from debt_notices where user_id = p_user and currency = p_currency;
    return;
  end if;
  insert into debt_notices (user_id, currency) values (p_user, p_currency) on conflict do nothing;
  if found then
    perform khidma.tell_user('debt.cap_reached', p_user, jsonb_build_object('taskerId', p_user, 'currency', p_currency,
      'owed', reached.owed, 'cap', reached.cap, 'amount', reached.owed - reached.cap));
  end if;
end $$;

-- Returns since when an account of a debt has been unpaid. Payments pay the oldest part first: it is the time of the oldest debit that
-- the debits after it do not make up for.
create or replace function khidma.unpaid_since(p_account uuid, p_owed bigint) returns timestamptz language plpgsql stable as $$
begin
  return (
    select min(d.created_at)
      from (select l.id, l.created_at, coalesce(sum(-l.amount) over (order by l.id desc rows between unbounded preceding and 1 preceding), 0) as later
              from ledger_lines l where l.account_id = p_account and l.amount < 0) d
     where d.later < p_owed);
end $$;
