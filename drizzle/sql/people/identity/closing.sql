-- Returns what must end before an account can be closed: a staff role, a task on hold, a booking, a dispute, a booking that is not paid,
-- money that we owe its owner, and money that they owe us. What is merely open ends with the account.
create or replace function khidma.closing_obstacles(p_user_id uuid) returns text[] language plpgsql stable as $$
begin
  return (
    select array_remove(khidma.erasure_obstacles(p_user_id), 'legal_hold')
        || case when exists (select from account_balances a where a.owner_user_id = p_user_id and a.balance <> 0
                                and a.kind in ('commission_receivable', 'refund_receivable')) then array['unpaid_debt'] else '{}' end);
end $$;

-- Closes an account: open tasks, series, offered bookings, offers and bids of its owner end with it. Refuses while there are obstacles.
--
-- Those who open a booking lock the task, then the offer, bid or request for a lead, and last both accounts (`b_guard_accounts`); this function locks in the
-- same order. So of a closing and a new booking that meet, one waits for the other, and then finds it done: never both.
create or replace function khidma.close_account(p_user_id uuid, p_reason text) returns void language plpgsql as $$
declare
  account user_status;
  obstacles text[];
begin
  perform khidma.give_reason(p_reason);
  perform from tasks t where t.client_id = p_user_id and t.state in ('posted', 'matching') order by t.id for update;
  perform khidma.lock_lead_requests_of(p_user_id);
  perform from offers o where o.tasker_id = p_user_id and o.status = 'pending' order by o.id for update;
  perform from bids b where b.tasker_id = p_user_id and b.status in ('pending', 'awarded') order by b.id for update;
  select u.status into account from users u where u.id = p_user_id for no key update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif account not in ('active', 'inactive') then
    perform khidma.refuse(409, 'account_not_in_state');
  end if;
  perform khidma.must_hold(khidma.permitted_to(p_user_id)) where p_user_id is distinct from khidma.actor_id();
  perform khidma.end_series_of(p_user_id);
  perform khidma.cancel_open_tasks_of(p_user_id);
  perform khidma.decline_offered_bookings_of(p_user_id);
  obstacles := khidma.closing_obstacles(p_user_id);
  if cardinality(obstacles) > 0 then
    perform khidma.refuse(409, 'account_not_closable', jsonb_build_object('obstacles', array_to_string(obstacles, ', ')));
  end if;
  update users set status = 'closed' where id = p_user_id;
end $$;

-- Refuses what would tie somebody to an account that is closed. The lock orders it with a closing that is under way.
create or replace function khidma.refuse_closed(p_people uuid[]) returns void language plpgsql as $$
declare
  account record;
begin
  for account in select u.status from users u where u.id = any (p_people) order by u.id for share loop
    if account.status = 'closed' then
      perform khidma.refuse(409, 'party_closed');
    end if;
  end loop;
end $$;

-- Looks at the next `p_limit` accounts for whether anybody has used them for as long as `accounts.lifecycle` says, and makes those inactive
-- that nobody has, and that nothing is under way with. After the last account comes the first one again. Signing in makes them active again.
create or replace function khidma.deactivate_unused_accounts(p_limit int) returns json language plpgsql as $$
declare
  since timestamptz := now() - make_interval(days => (khidma.config_value('accounts.lifecycle', null, null, null) ->> 'inactiveDays')::int);
  progress unused_account_progress;
  looked_at uuid[];
  made int;
begin
  select * into progress from unused_account_progress for update skip locked;
  if not found then
    return json_build_object('accounts', 0);
  end if;
  looked_at := array(select u.id from users u
                      where u.status = 'active' and u.role in ('client', 'tasker') and (progress.reached is null or u.id > progress.reached)
                      order by u.id limit p_limit);
  with unused as (
    select u.id from users u left join user_credentials c on c.user_id = u.id
     where u.id = any (looked_at) and u.status = 'active' and greatest(u.created_at, u.restored_at, c.last_sign_in_at) < since
       and not exists (select from sessions s where s.user_id = u.id and s.last_used_at >= since)
       and not exists (select from api_keys k where k.user_id = u.id and k.revoked_at is null and k.last_used_at >= since)
       and khidma.closing_obstacles(u.id) = '{}'
     order by u.id for no key update of u skip locked)
  update users u set status = 'inactive' from unused where u.id = unused.id;
  get diagnostics made = row_count;
  update unused_account_progress set reached = case when cardinality(looked_at) = p_limit then looked_at[p_limit] end;
  return json_build_object('accounts', made);
end $$;
