-- Locks the account that money of a user goes to, and returns its id: the one that they name, or their default of the currency. Refuses one
-- that a bank has refused, and says so also where that has left them without a default.
create or replace function khidma.payout_target(p_user uuid, p_currency text, p_account uuid) returns uuid language plpgsql as $$
declare
  target payout_accounts;
begin
  select * into target from payout_accounts a
   where a.user_id = p_user and a.currency = p_currency and a.status = 'active'
     and case when p_account is null then a.is_default else a.id = p_account end
     for update;
  if target.refused_at is not null or (target.id is null and p_account is null and exists (
       select from payout_accounts a
        where a.user_id = p_user and a.currency = p_currency and a.status = 'active' and a.refused_at is not null)) then
    perform khidma.refuse(409, 'payout_account_refused');
  elsif target.id is null then
    perform khidma.refuse(409, 'payout_account_required', jsonb_build_object('currency', p_currency));
  end if;
  return target.id;
end $$;

-- Says whether the bank has named another holder of an account, and nothing has been paid to it since.
create or replace function khidma.is_holder_doubtful(p_account uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from payout_accounts a where a.id = p_account and a.name_match = 'different')
       and not exists (select from payouts p where p.account_id = p_account and p.status = 'paid'));
end $$;

-- Takes accounts whose holder no bank has named yet, for ten minutes each, within the first day of an account.
create or replace function khidma.take_unnamed_accounts(p_limit int) returns setof payout_accounts language sql as $$
  update payout_accounts set name_check_at = case when created_at > now() - interval '1 day' then now() + interval '10 minutes' end
   where id in (select a.id from payout_accounts a where a.name_check_at <= now() order by a.name_check_at limit p_limit for update skip locked)
  returning *
$$;

-- Emits an event about a payout account to its owner.
create or replace function khidma.tell_of_payout_account(p_type text, p_account payout_accounts) returns void language plpgsql as $$
begin
  perform khidma.emit(p_type, 'payout_account', p_account.id, p_account.version,
    jsonb_build_object('payoutAccountId', p_account.id, 'userId', p_account.user_id), array[p_account.user_id]);
end $$;

-- Stops a scheduled payout until staff have looked at the holder of its account.
create or replace function khidma.hold_for_holder(p_id uuid) returns void language plpgsql as $$
begin
  perform khidma.set_payout_held(p_id, 'The bank names another holder of the account.');
end $$;

-- Keeps the name that a bank has for the holder of an account, and how it compares; without one nobody is asked again. Stops what
-- waits for an account that is somebody else's.
create or replace function khidma.name_holder(p_account uuid, p_name text, p_match text) returns void language plpgsql as $$
begin
  update payout_accounts set resolved_name = p_name, name_match = p_match, name_check_at = null
   where id = p_account and status = 'active' and resolved_name is null;
  if found and khidma.is_holder_doubtful(p_account) then
    perform khidma.hold_for_holder(o.id) from payouts o where o.account_id = p_account and o.status = 'scheduled' and o.held_at is null;
  end if;
end $$;

-- Marks an account that a bank refused, and tells its owner once: nothing more is scheduled to it, another can take its place as the
-- default, and what waits for it goes back to its owner. What staff have stopped is theirs to decide.
create or replace function khidma.refuse_payout_account(p_account uuid) returns void language plpgsql as $$
declare
  refused payout_accounts;
begin
  update payout_accounts set refused_at = now(), is_default = false
   where id = p_account and refused_at is null and status = 'active' returning * into refused;
  if found then
    perform khidma.tell_of_payout_account('payout_account.refused', refused);
    perform khidma.give_up_payout(o.id, 'invalid_account')
       from payouts o where o.account_id = p_account and o.status = 'scheduled' and o.held_at is null;
  end if;
end $$;
