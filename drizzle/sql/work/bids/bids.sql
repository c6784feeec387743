-- Returns whether a posted task takes proposals of taskers at this moment, whatever their kind. By the clock, as a transaction may have waited
-- long for a lock.
create or replace function khidma.takes_proposals(t tasks) returns boolean language plpgsql stable as $$
begin
  return (
    select t.state = 'posted' and t.deleted_at is null and t.deadline > clock_timestamp()
       and exists (select from users u where u.id = t.client_id and u.status = 'active') and not khidma.is_restricted(t.client_id, 'transact'));
end $$;

-- Returns whether a task takes bids at this moment: what the feed lists and what a bid needs is this one condition.
create or replace function khidma.takes_bids(t tasks) returns boolean language sql stable as $$
  select t.sourcing = 'bid' and khidma.takes_proposals(t)
$$;

-- Refuses a tasker who may not propose anything: without a profile, not active, or owing too much.
create or replace function khidma.refuse_unfit(p_tasker uuid) returns void language plpgsql stable as $$
declare
  standing text := (select p.status from tasker_profiles p where p.user_id = p_tasker);
begin
  if standing is null then
    perform khidma.refuse(403, 'not_a_tasker');
  elsif standing not in ('active', 'at_risk') then
    perform khidma.refuse(403, 'tasker_not_active', jsonb_build_object('status', standing));
  end if;
  perform khidma.assert_below_debt_cap(p_tasker);
end $$;

-- Returns whether a tasker may bid on a task as far as invitations go: some take bids of those alone who are invited.
create or replace function khidma.is_let_in(p_task uuid, p_invited_only boolean, p_tasker uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select not p_invited_only or exists (select from bid_invitations i where i.task_id = p_task and i.tasker_id = p_tasker));
end $$;

-- Returns the status of a bid at this instant: past its time it has expired, before the sweep writes it down.
create or replace function khidma.bid_status_now(b bids, p_deadline timestamptz) returns text language sql stable as $$
  select case when b.status = 'awarded' and b.award_expires_at <= now() or b.status = 'pending' and p_deadline <= now()
              then 'expired' else b.status::text end
$$;

-- Refuses a bid that cannot be: by a tasker who is not active or owes too much, on one's own task, on a task that takes none, or after
-- the client has declined one. The caller has locked the task and the tasker's profile.
create or replace function khidma.refuse_bid(p_task uuid, p_tasker uuid) returns void language plpgsql stable as $$
declare
  t tasks;
begin
  select * into t from tasks where id = p_task;
  -- A task that never took bids is nobody's to know, and that of a client with a block between the two not the tasker's.
  if t.id is null or t.sourcing <> 'bid' or t.state = 'draft' or t.deleted_at is not null
    or not khidma.is_let_in(t.id, t.invited_only, p_tasker) or khidma.blocked_between(t.client_id, p_tasker) then
    perform khidma.refuse(404, 'not_found');
  elsif t.client_id = p_tasker and exists (select from tasker_profiles p where p.user_id = p_tasker) then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform khidma.refuse_unfit(p_tasker);
  if not khidma.takes_bids(t) then
    perform khidma.refuse(409, 'bidding_closed');
  elsif exists (select from bids b where b.task_id = p_task and b.tasker_id = p_tasker and b.declined_at is not null) then
    perform khidma.refuse(409, 'bid_declined');
  end if;
end $$;

-- Refuses an award that cannot be: of a bid whose time is over, while another one is awarded, or of a tasker who cannot take it. The
-- caller has locked the task, the tasker's profile and the bid.
create or replace function khidma.refuse_award(b bids) returns void language plpgsql stable as $$
begin
  if not (select khidma.takes_bids(t) from tasks t where t.id = b.task_id) then
    perform khidma.refuse(409, 'bidding_closed');
  elsif exists (select from bids o where o.task_id = b.task_id and o.id <> b.id and o.status = 'awarded') then
    perform khidma.refuse(409, 'another_bid_awarded');
  elsif not exists (select from tasker_profiles p join users u on u.id = p.user_id
                     where p.user_id = b.tasker_id and p.status in ('active', 'at_risk') and u.status = 'active')
    or exists (select from khidma.over_debt_cap(b.tasker_id)) then
    perform khidma.refuse(409, 'bidder_unavailable');
  end if;
end $$;

-- Returns how many bids a day a tasker may make: as everybody in the market of the task, or as their plan allows.
create or replace function khidma.bids_a_day(p_task uuid, p_tasker uuid) returns int language plpgsql stable as $$
begin
  return (
    select greatest(khidma.config_of_task('bids.a_day', p_task)::int,
                    (khidma.features_now(p_tasker, (select t.client_id from tasks t where t.id = p_task)) ->> 'bidsADay')::int));
end $$;

-- Returns until when a tasker's bids of today count: the end of the day where they are.
create or replace function khidma.end_of_day_of(p_user uuid) returns timestamptz language plpgsql stable as $$
begin
  return (
    select (date_trunc('day', now() at time zone z.zone) + interval '1 day') at time zone z.zone
      from users u cross join lateral (select khidma.zone_or_utc(coalesce(u.timezone, 'UTC'))) z (zone) where u.id = p_user);
end $$;

-- Emits an event about the terms of a bid, which its machine does not tell of.
create or replace function khidma.tell_of_bid(p_bid uuid, p_type text) returns void language plpgsql as $$
begin
  perform khidma.emit(p_type, 'bid', b.id, b.version,
           jsonb_strip_nulls(jsonb_build_object('bidId', b.id, 'taskId', b.task_id, 'clientId', t.client_id, 'taskerId', b.tasker_id,
             'party', khidma.party_in_bid(b))),
           array[t.client_id, b.tasker_id])
    from bids b join tasks t on t.id = b.task_id where b.id = p_bid;
end $$;

-- Stamps what a change of status means for a bid (before update of status): when it was awarded and until when that can be accepted, when
-- it won, when its tasker was first answered. A counter-offer ends with it.
create or replace function khidma.stamp_bid() returns trigger language plpgsql as $$
begin
  new.counter_amount := null;
  new.counter_minutes := null;
  new.countered_at := null;
  if new.status in ('awarded', 'accepted', 'rejected') then
    new.responded_at := coalesce(old.responded_at, now());
  end if;
  if new.status = 'awarded' then
    new.awarded_at := now();
    new.award_expires_at := (select least(now() + make_interval(hours => khidma.config_of_task('bids.award_hours', t.id)::int), t.starts_at)
                               from tasks t where t.id = new.task_id);
  elsif new.status = 'accepted' then
    new.awarded_at := coalesce(old.awarded_at, now());
    new.accepted_at := now();
  elsif new.status = 'pending' then
    new.awarded_at := null;
    new.award_expires_at := null;
  end if;
  return new;
end $$;

-- Makes the bid of a tasker who says yes at their own rate, for the time that the task is estimated to take. The caller has locked the task
-- and the tasker's profile.
create or replace function khidma.bid_at_own_rate(p_id uuid, p_task uuid, p_tasker uuid) returns void language plpgsql as $$
declare
  own record;
begin
  select t.currency, coalesce(t.est_minutes, 60) as minutes,
         khidma.agreed_rate(p.hourly_rate_amount, t.pricing_model, coalesce(t.est_minutes, 60), t.est_min_amount - t.addons_amount,
                            t.est_max_amount - t.addons_amount) as amount
    into own
    from tasks t join tasker_profiles p on p.user_id = p_tasker and (p.hourly_rate_currency is null or p.hourly_rate_currency = t.currency)
   where t.id = p_task;
  if own.amount is null then
    perform khidma.refuse(409, 'rate_missing');
  end if;
  insert into bids (id, task_id, tasker_id, amount, currency, minutes) values (p_id, p_task, p_tasker, own.amount, own.currency, own.minutes);
end $$;

-- Uses up the seat of an accepted bid.
create or replace function khidma.after_bid_accepted(b bids) returns void language plpgsql as $$
begin
  perform khidma.settle_claims('bids.a_day', array[b.id], 'used');
end $$;

-- Uses up the seat of a rejected bid.
create or replace function khidma.after_bid_rejected(b bids) returns void language plpgsql as $$
begin
  perform khidma.settle_claims('bids.a_day', array[b.id], 'used');
end $$;

-- Uses up the seat of a withdrawn bid: who withdraws and bids again makes two bids.
create or replace function khidma.after_bid_withdrawn(b bids) returns void language plpgsql as $$
begin
  perform khidma.settle_claims('bids.a_day', array[b.id], 'used');
end $$;

-- Uses up the seat of a bid that has expired. Where the client canceled the task, or staff took it over, the bid was made in vain: its
-- tasker may make another.
create or replace function khidma.after_bid_expired(b bids) returns void language plpgsql as $$
begin
  perform khidma.settle_claims('bids.a_day', array[b.id],
    case when exists (select from tasks t where t.id = b.task_id and (t.state = 'canceled_by_client' or t.sourcing <> 'bid'))
         then 'returned' else 'used' end::claim_status);
end $$;

-- Closes the open bids of a task whose search is over: they are rejected where another tasker has it, and have expired otherwise. The
-- caller holds the lock of the task.
create or replace function khidma.close_bids_of_task(p_task_id uuid) returns void language plpgsql as $$
declare
  closed bid_status := case when (select t.state from tasks t where t.id = p_task_id) = 'accepted' then 'rejected' else 'expired' end;
begin
  update bids set status = closed
   where task_id = p_task_id and status in ('pending', 'awarded');
end $$;

-- Withdraws the open bids of a tasker whose account is shut.
create or replace function khidma.withdraw_bids_of_tasker(p_tasker_id uuid) returns void language plpgsql as $$
begin
  update bids set status = 'withdrawn' where tasker_id = p_tasker_id and status in ('pending', 'awarded');
end $$;

-- Hides the bids of a task that is deleted, or shows them again once it is restored.
create or replace function khidma.hide_bids_of_task(p_task_id uuid, p_hidden boolean) returns void language plpgsql as $$
begin
  update bids set deleted_at = case when p_hidden then now() end
   where task_id = p_task_id and (deleted_at is null) = p_hidden;
end $$;

-- Ends what time has ended: awards that were not accepted, then tasks whose deadline has passed without a winner, but for those that
-- climb their ladder instead. At most `p_limit` of each. Nobody can accept them already; here people are notified. What is locked is left to the next run.
create or replace function khidma.end_bidding(p_limit int) returns json language plpgsql as $$
declare
  awards int;
  ended int := 0;
  due uuid;
begin
  update bids set status = 'expired' where id in (
    select b.id from bids b join tasks t on t.id = b.task_id where b.status = 'awarded' and b.award_expires_at <= now()
     order by b.award_expires_at limit p_limit for update of t, b skip locked);
  get diagnostics awards = row_count;
  perform khidma.give_reason('no_tasker_found');
  for due in
    select t.id from open_tasks o join tasks t on t.id = o.task_id
     where o.deadline <= now() and t.state = 'posted' and t.deadline <= now() and t.climbs_at is null
       and not exists (select from bids b where b.task_id = t.id and b.status = 'awarded')
     order by o.deadline limit p_limit for update of t skip locked
  loop
    perform khidma.move_task(due, 'expired');
    ended := ended + 1;
  end loop;
  return json_build_object('awards', awards, 'tasks', ended);
end $$;

-- Strips the bids and questions of archived tasks: amounts stay for the record.
create or replace function khidma.archive_bids(p_task_ids uuid[]) returns void language plpgsql as $$
begin
  delete from bid_portfolio where bid_id in (select b.id from bids b where b.task_id = any (p_task_ids));
  update bids set message = '[archived]', milestones = '[]', decline_reason = null
   where task_id = any (p_task_ids) and message <> '[archived]';
  update task_questions set question = '[archived]', answer = case when answer is not null then '[archived]' end
   where task_id = any (p_task_ids) and question <> '[archived]';
end $$;

-- Locks a bid for a change by one of its parties, and returns it. All who change a bid lock in one order: task, tasker, bid. Strangers
-- are refused with 404, the other party and staff with 403.
create or replace function khidma.lock_bid(p_bid uuid, p_party text) returns bids language plpgsql as $$
declare
  b bids;
begin
  select * into b from bids where id = p_bid and deleted_at is null;
  if b.id is null or khidma.party_in_bid(b) is null then
    perform khidma.refuse(404, 'not_found');
  elsif khidma.party_in_bid(b) <> p_party then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform from tasks where id = b.task_id for update;
  perform from tasker_profiles where user_id = b.tasker_id for update;
  select * into strict b from bids where id = p_bid for update;
  return b;
end $$;

-- Locks a bid whose terms change, and refuses one that is not pending, or whose task takes no bids any more.
create or replace function khidma.begin_change_of_bid(p_bid uuid, p_party text, p_version int default null) returns void
language plpgsql as $$
declare
  b bids := khidma.lock_bid(p_bid, p_party);
begin
  perform khidma.assert_version(b.version, p_version);
  if b.status <> 'pending' then
    perform khidma.refuse(409, 'bid_not_pending', jsonb_build_object('status', b.status));
  elsif not (select khidma.takes_bids(t) from tasks t where t.id = b.task_id) then
    perform khidma.refuse(409, 'bidding_closed');
  end if;
end $$;

-- Locks a bid that the client awards, and refuses an award that cannot be. A bid in another state is left to its machine.
create or replace function khidma.begin_award(p_bid uuid, p_version int) returns void language plpgsql as $$
declare
  b bids := khidma.lock_bid(p_bid, 'client');
begin
  if b.status = 'pending' then
    perform khidma.assert_version(b.version, p_version);
    perform khidma.refuse_award(b);
  end if;
end $$;

-- Locks an awarded bid that its tasker accepts, and refuses what comes too late, or a tasker who may not work.
create or replace function khidma.begin_acceptance(p_bid uuid) returns void language plpgsql as $$
declare
  b bids := khidma.lock_bid(p_bid, 'tasker');
  standing text := (select p.status from tasker_profiles p where p.user_id = b.tasker_id);
begin
  if b.status = 'awarded' then
    if b.award_expires_at <= clock_timestamp() then
      perform khidma.refuse(409, 'award_over');
    elsif standing not in ('active', 'at_risk') then
      perform khidma.refuse(403, 'tasker_not_active', jsonb_build_object('status', standing));
    end if;
    perform khidma.assert_below_debt_cap(b.tasker_id);
  end if;
end $$;

-- Returns whether a bid is so fresh that its tasker need not be asked again.
create or replace function khidma.is_fresh_bid(b bids) returns boolean language sql stable as $$
  select b.affirmed_at > now() - make_interval(mins => khidma.config_of_task('bids.fresh_minutes', b.task_id)::int)
$$;

-- Refuses milestones that do not sum up to the price of the bid, or of work by the hour.
create or replace function khidma.refuse_milestones(p_bid uuid) returns void language plpgsql as $$
begin
  perform khidma.refuse(422, 'milestones_refused') from bids b join tasks t on t.id = b.task_id
   where b.id = p_bid and b.milestones <> '[]'
     and (t.pricing_model <> 'fixed'
          or b.amount <> (select sum((m ->> 'amountMinor')::bigint) from jsonb_array_elements(b.milestones) m));
end $$;

-- Ends the open bids between two people of whom one wants nothing to do with the other: own bids are withdrawn, those on own tasks declined.
create or replace function khidma.end_bids_between(p_by uuid, p_other uuid) returns void language plpgsql as $$
begin
  update bids b set status = 'withdrawn' from tasks t
   where t.id = b.task_id and b.status in ('pending', 'awarded') and b.tasker_id = p_by and t.client_id = p_other;
  update bids b set status = 'rejected', declined_at = now() from tasks t
   where t.id = b.task_id and b.status in ('pending', 'awarded') and b.tasker_id = p_other and t.client_id = p_by;
end $$;
