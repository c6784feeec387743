-- Returns the key of a user's lock. Writes in the user's name share the lock; erasure and holds take it alone. Once it was taken
-- alone, no write that saw the earlier state of the user is still running.
create or replace function khidma.person_lock(p_user_id uuid) returns bigint language sql immutable parallel safe as $$
  select hashtextextended('person:' || p_user_id, 16)
$$;

-- Refuses the erasure of a user who does not exist, is erased already, or has obstacles. A legal hold is not disclosed, so that a
-- user under investigation is not warned; it defers the erasure later. Earnings that the next paydays pay out defer it too.
create or replace function khidma.assert_erasable(p_user_id uuid, p_balance text) returns void language plpgsql as $$
declare
  obstacles text[] := array_remove(khidma.erasure_obstacles(p_user_id, p_balance), 'legal_hold');
  erased timestamptz;
begin
  select u.erased_at into erased from users u where u.id = p_user_id;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif erased is not null then
    perform khidma.refuse(409, 'already_erased');
  end if;
  if khidma.will_be_paid_out(p_user_id) then
    obstacles := array_remove(obstacles, 'unpaid_balance');
  end if;
  if cardinality(obstacles) > 0 then
    perform khidma.refuse(409, 'erasure_obstructed', jsonb_build_object('obstacles', array_to_string(obstacles, ', ')));
  end if;
end $$;

-- Returns what must end before a user can be erased: a legal hold, a staff role, a company that has no other owner, open work (their own, or
-- for their company), an open dispute, an unpaid booking,
-- money that we owe them. What is in a wallet is one until they have withdrawn it or chosen, by p_balance, to give it away. Money that
-- they owe us is no obstacle: the ledger keeps it, under an id that names nobody. Nor are credits: they are no money, and end with the account.
create or replace function khidma.erasure_obstacles(p_user_id uuid, p_balance text default null) returns text[] language plpgsql stable as $$
begin
  return (
    select array_remove(array[
      case when (select u.legal_hold from users u where u.id = p_user_id) then 'legal_hold' end,
      case when exists (select from user_roles g join roles r on r.id = g.role_id and r.audience = 'internal'
                         where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now()))
        then 'staff' end,
      case when exists (select from tasks t where t.client_id = p_user_id and t.state in ('posted', 'matching', 'on_hold')) then 'open_task' end,
      case when khidma.is_last_owner(p_user_id) then 'last_owner' end,
      case when exists (select from bookings b where p_user_id in (b.client_id, b.tasker_id, b.company_id)
                           and b.status in ('offered', 'accepted', 'confirmed', 'in_progress')) then 'open_booking' end,
      case when exists (select from disputes d join bookings b on b.id = d.booking_id where p_user_id in (b.client_id, b.tasker_id, b.company_id)
                           and d.status in ('open', 'investigating', 'escalated')) then 'open_dispute' end,
      case when exists (select from bookings b join tasks t on t.id = b.task_id where p_user_id in (b.client_id, b.tasker_id, b.company_id)
                           and b.status = 'completed' and t.state = 'completed') then 'unpaid_booking' end,
      case when exists (select from account_balances a where a.owner_user_id = p_user_id and a.balance <> 0
                           and a.kind in ('tasker_payable', 'escrow'))
          or exists (select from ledger_accounts a join ledger_balances b on b.account_id = a.id
                      where a.owner_user_id = p_user_id and b.held > 0 and a.kind <> 'credit_wallet')
          or exists (select from payouts p where p.user_id = p_user_id and p.status in ('scheduled', 'processing'))
        then 'unpaid_balance' end,
      case when p_balance is null and exists (select from account_balances a where a.owner_user_id = p_user_id and a.balance <> 0
                                                 and a.kind = 'client_wallet')
        then 'wallet_balance' end
    ], null));
end $$;

-- Requests the erasure of closed accounts whose window has passed, due at once; at most `p_limit`.
create or replace function khidma.erase_closed_accounts(p_limit int) returns json language plpgsql as $$
declare
  made int;
begin
  insert into erasure_requests (id, user_id, reason, scheduled_for, next_at)
  select khidma.uuid_v7(), u.id, 'account_closed', now(), now() from users u
   where u.restorable_until <= now() and u.status = 'closed' and u.erased_at is null
     and not exists (select from erasure_requests r where r.user_id = u.id and r.status in ('scheduled', 'deferred', 'running', 'wiped'))
   order by u.restorable_until limit p_limit
  on conflict do nothing;
  get diagnostics made = row_count;
  return json_build_object('erasures', made);
end $$;

-- Takes a due erasure for one consumer and a few minutes. Outcomes: begun · resumed · deferred · none. `words`: the redacted
-- terms, until the request has stored identifiers.
create or replace function khidma.take_erasure(p_id uuid, p_lease_seconds int, out outcome text, out request erasure_requests, out words text[])
language plpgsql as $$
declare
  found_obstacles text[];
begin
  outcome := 'none';
  select * into request from erasure_requests r where r.id = p_id;
  if not found then
    return;
  end if;
  perform pg_advisory_xact_lock(khidma.person_lock(request.user_id));
  select * into request from erasure_requests r where r.id = p_id for update;
  if request.status not in ('scheduled', 'deferred', 'running', 'wiped') or request.next_at > now() then
    return;
  end if;
  if request.status in ('scheduled', 'deferred') then
    found_obstacles := khidma.erasure_obstacles(request.user_id, request.balance);
    if cardinality(found_obstacles) > 0 then
      outcome := 'deferred';
      update erasure_requests set status = 'deferred', obstacles = found_obstacles, next_at = now() + interval '1 day'
        where id = p_id returning * into request;
      return;
    end if;
    perform khidma.close_for_erasure(request.user_id);
    perform khidma.revoke_keys_of(request.user_id);
    perform khidma.stop_webhooks_of(request.user_id);
    perform khidma.forfeit_credits(request.user_id);
    if request.balance is not null then
      perform khidma.give_away_wallets(request, request.attempts::text);
    end if;
    outcome := 'begun';
    update erasure_requests set status = 'running', obstacles = '{}', started_at = now(), attempts = attempts + 1,
           next_at = now() + make_interval(secs => p_lease_seconds) where id = p_id returning * into request;
  else
    -- A refund may have come in since.
    if request.balance is not null then
      perform khidma.give_away_wallets(request, request.attempts::text);
    end if;
    outcome := 'resumed';
    update erasure_requests set attempts = attempts + 1, next_at = now() + make_interval(secs => p_lease_seconds)
      where id = p_id returning * into request;
  end if;
  if request.identifiers is null then
    words := khidma.identifiers_of(request.user_id);
  end if;
end $$;

-- Emits the new state of an export or erasure request to its user; at the end of an erasure no user is left to read it.
create or replace function khidma.privacy_request_changed() returns trigger language plpgsql as $$
declare
  what text := case when tg_table_name = 'export_requests' then 'export' else 'erasure' end;
begin
  perform khidma.emit(what || '.' || new.status, what, new.id, new.version,
    jsonb_build_object('userId', new.user_id, what || 'Id', new.id), array[new.user_id]);
  return null;
end $$;
