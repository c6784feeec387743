-- Pays debts of a user from what they are owed, as far as that reaches, and returns the amount. The lock on debts comes before the one
-- on the balance, as wherever debts are paid.
create or replace function khidma.net_debts(p_user uuid, p_currency text) returns bigint language plpgsql as $$
declare
  owed record;
  netted bigint;
  document uuid := khidma.uuid_v7();
begin
  select * into owed from khidma.debts_of(p_user, p_currency);
  if owed.commission + owed.refund + owed.fee = 0 then
    return 0;
  end if;
  perform khidma.lock_debts(p_user);
  select * into owed from khidma.debts_of(p_user, p_currency);
  netted := least(owed.commission + owed.refund + owed.fee, khidma.available('tasker_payable', p_user, p_currency));
  if netted <= 0 then
    return 0;
  end if;
  insert into debt_nettings (id, user_id, currency, amount) values (document, p_user, p_currency, netted);
  perform khidma.post_debts('debt_netted', 'debt_netting', document, p_user, null, p_currency, netted);
  return netted;
end $$;

-- Schedules the payout of one tasker: debts are netted first; of the rest, what was captured lately or is in dispute stays, so that a refund finds it.
-- Whoever leaves is paid below the minimum too: nothing will be added to it. Says whether debts were netted and a payout was made.
create or replace function khidma.schedule_payout(p_user uuid, p_currency text, p_terms jsonb, out netted boolean, out paid boolean)
language plpgsql as $$
declare
  days int := (p_terms ->> 'holdDays')::int;
  payable bigint;
  least_payable bigint := 1;
  target uuid;
begin
  netted := khidma.net_debts(p_user, p_currency) > 0;
  paid := false;
  select a.id into target from payout_accounts a join users u on u.id = a.user_id
   where a.user_id = p_user and a.currency = p_currency and a.is_default and a.refused_at is null and u.status <> 'suspended'
     for share of a;
  if target is null then
    return;
  end if;
  payable := khidma.available('tasker_payable', p_user, p_currency)
    - khidma.captured_lately(p_user, p_currency, days) - khidma.earned_in_dispute(p_user, p_currency, days);
  if not khidma.is_leaving(p_user) then
    least_payable := greatest(coalesce((p_terms -> 'minimum' ->> p_currency)::bigint, 1), 1);
  end if;
  if payable >= least_payable then
    perform khidma.open_payout(khidma.uuid_v7(), 'earnings', p_user, target, p_currency, payable);
    paid := true;
  end if;
end $$;

-- Says whether a user's account is closed, or is to be erased.
create or replace function khidma.is_leaving(p_user uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from users u where u.id = p_user and u.status = 'closed')
        or exists (select from erasure_requests r where r.user_id = p_user and r.status in ('scheduled', 'deferred')));
end $$;

-- Says whether all that is owed to a user will leave by the next paydays: there are earnings, no prepaid money, and a default account
-- for each currency.
create or replace function khidma.will_be_paid_out(p_user uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select not exists (select from account_balances a where a.owner_user_id = p_user and a.kind = 'escrow' and a.balance <> 0)
       and not exists (
         select from ledger_accounts a join ledger_balances b on b.account_id = a.id
          where a.owner_user_id = p_user and a.kind = 'tasker_payable' and b.balance <> 0 and not exists (
            select from payout_accounts o
             where o.user_id = p_user and o.currency = a.currency and o.is_default and o.refused_at is null))
       and not exists (
         select from ledger_accounts a join ledger_balances b on b.account_id = a.id
          where a.owner_user_id = p_user and a.kind <> 'tasker_payable' and b.held > 0));
end $$;

-- Returns what a tasker has earned within the last days by other means than cash, less the tax that was withheld of it.
create or replace function khidma.captured_lately(p_user uuid, p_currency text, p_days int) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(l.amount), 0)::bigint
      from ledger_accounts a
      join ledger_lines l on l.account_id = a.id and l.created_at > now() - make_interval(days => p_days)
      join ledger_entries e on e.id = l.entry_id
     where a.kind = 'tasker_payable' and a.owner_user_id = p_user and a.owner_name is null and a.currency = p_currency
       and (e.entry_type = 'capture' and e.posting <> 'cash_fare'
            or e.posting = 'tax_withheld' and exists (select from tax_withholdings w where w.id = e.document_id and w.kind = 'withheld')));
end $$;

-- Returns what open disputes may take back of what a user has earned otherwise than in cash, and longer ago than the last days: of that all stays.
create or replace function khidma.earned_in_dispute(p_user uuid, p_currency text, p_days int) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(least(s.amount, earned.amount)), 0)::bigint
      from bookings b
      join disputes d on d.booking_id = b.id and khidma.is_dispute_open(d)
      cross join lateral khidma.subject_of_dispute(d) s
      cross join lateral (
        select coalesce(sum(khidma.left_to_refund(p)), 0) as amount
          from payment_intents p
         where p.booking_id = b.id and p.purpose in ('booking', 'contract') and p.status = 'captured' and p.method <> 'cash'
           and p.currency = p_currency and p.captured_at <= now() - make_interval(days => p_days)) earned
     where b.status = 'disputed' and khidma.earner_of(b) = p_user and s.source = 'payment');
end $$;

-- Begins today's payday of every currency that has one, once.
create or replace function khidma.open_payout_runs() returns void language plpgsql as $$
begin
  insert into payout_runs (currency, day)
  select c.currency, (now() at time zone 'UTC')::date
    from (select distinct a.currency from ledger_accounts a where a.kind = 'tasker_payable') c
    cross join lateral khidma.config_value('payouts.schedule', khidma.country_of(c.currency), null, null) terms
   where terms -> 'weekdays' ? to_char(now() at time zone 'UTC', 'FMday')
     and (terms ->> 'fromHour')::int <= extract(hour from now() at time zone 'UTC')
     and not exists (select from payout_runs r where r.currency = c.currency and r.day = (now() at time zone 'UTC')::date)
   order by c.currency
  on conflict do nothing;
end $$;

-- Schedules the payouts of the next taskers of an open payday, at most `p_limit`; says how many there were, and whether any are left.
-- Two at once: one works, the other finds nothing. Taskers come in the order of their accounts in the books, as wherever several
-- balances are locked, so that crossing transactions wait instead of deadlocking.
create or replace function khidma.run_payouts(p_limit int) returns json language plpgsql as $$
declare
  run payout_runs;
  terms jsonb;
  account record;
  made record;
  seen int := 0;
  made_payouts int := 0;
  made_nettings int := 0;
begin
  perform khidma.open_payout_runs();
  select * into run from payout_runs r where r.finished_at is null order by r.day, r.currency limit 1 for update skip locked;
  if run.currency is null then
    return json_build_object('taskers', 0, 'payouts', 0, 'netted', 0);
  end if;
  terms := khidma.config_value('payouts.schedule', khidma.country_of(run.currency), null, null);
  for account in
    select a.id, a.owner_user_id
      from ledger_accounts a join ledger_balances b on b.account_id = a.id
     where a.kind = 'tasker_payable' and a.currency = run.currency and a.owner_user_id is not null and b.balance > b.held
       and (run.reached is null or a.id > run.reached)
     order by a.id limit p_limit
  loop
    begin
      select * into made from khidma.schedule_payout(account.owner_user_id, run.currency, terms);
      made_payouts := made_payouts + made.paid::int;
      made_nettings := made_nettings + made.netted::int;
    exception when others then
      -- One of whom this payday cannot be made keeps their balance for the next; what passes by itself is tried again with the whole chunk.
      if khidma.note_failed_row('tasker', account.owner_user_id, sqlstate, sqlerrm) then
        raise;
      end if;
    end;
    seen := seen + 1;
    run.reached := account.id;
  end loop;
  update payout_runs
     set reached = run.reached, taskers = taskers + seen, payouts = payouts + made_payouts, netted = netted + made_nettings,
         finished_at = case when seen < p_limit then now() end
   where currency = run.currency and day = run.day;
  return json_build_object('taskers', seen, 'payouts', made_payouts, 'netted', made_nettings);
end $$;
