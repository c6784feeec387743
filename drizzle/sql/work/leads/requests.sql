-- Returns the status of a request at this instant: past its time it has expired, before the sweep writes it down.
create or replace function khidma.lead_request_status_now(r lead_requests) returns text language sql stable as $$
  select case when r.status = 'pending' and r.expires_at <= now() then 'expired' else r.status::text end
$$;

-- Asks for a lead: takes a seat, freezes the price, and holds its credits, all or nothing. p_credits: the price that the tasker has seen; a
-- higher one is refused, a lower one taken. The task is locked before anything is read, so that it cannot be won, canceled or expire meanwhile.
create or replace function khidma.request_lead(
  p_id uuid, p_lead uuid, p_tasker uuid, p_message text, p_amount bigint, p_minutes int, p_credits bigint
) returns void language plpgsql as $$
declare
  l leads;
  t tasks;
  price jsonb;
begin
  select * into l from leads where id = p_lead;
  perform from tasks where id = l.task_id for update;
  perform from tasker_profiles where user_id = p_tasker for update;
  select * into l from leads where id = p_lead;
  select * into t from tasks where id = l.task_id and deleted_at is null;
  if t.id is null or l.status not in ('open', 'closed') or not khidma.is_lead_for(t, p_tasker) then
    perform khidma.refuse(404, 'not_found');
  end if;
  perform khidma.refuse_unfit(p_tasker);
  perform khidma.refuse(403, 'tasker_not_active', jsonb_build_object('status', u.status)) from users u where u.id = p_tasker and u.status <> 'active';
  if not khidma.takes_lead_requests(t, l) then
    perform khidma.refuse(409, 'lead_closed');
  elsif exists (select from lead_requests r where r.lead_id = l.id and r.tasker_id = p_tasker and r.declined_at is not null) then
    perform khidma.refuse(409, 'lead_request_declined');
  elsif exists (select from lead_requests r where r.lead_id = l.id and r.tasker_id = p_tasker and r.status in ('pending', 'replied')) then
    perform khidma.refuse(409, 'lead_request_exists');
  end if;
  price := khidma.price_of_lead(l);
  if (price ->> 'credits')::bigint > p_credits then
    perform khidma.refuse(409, 'lead_price_changed', jsonb_build_object('credits', price -> 'credits'));
  end if;
  perform khidma.claim('leads.seats', t.id, p_id, khidma.config_of_task('leads.seats', t.id)::int);
  insert into lead_requests (id, lead_id, task_id, tasker_id, message, amount, currency, minutes, credits, price, expires_at)
  values (p_id, l.id, t.id, p_tasker, p_message, p_amount, t.currency, coalesce(p_minutes, t.est_minutes, 60), (price ->> 'credits')::bigint,
          price, now() + make_interval(hours => khidma.config_of_task('leads.answer_hours', t.id)::int));
  perform khidma.hold_credits(p_tasker, (price ->> 'credits')::bigint, 'leads', 'lead_request', p_id, null);
end $$;

-- Locks a request for a change by one of its parties, and returns it. All who change one lock in one order: task, tasker, credits, request.
-- Strangers are refused with 404, the other party and staff with 403.
create or replace function khidma.lock_lead_request(p_request uuid, p_party text) returns lead_requests language plpgsql as $$
declare
  r lead_requests;
begin
  select * into r from lead_requests where id = p_request;
  if r.id is null or khidma.party_in_lead_request(r) is null then
    perform khidma.refuse(404, 'not_found');
  elsif khidma.party_in_lead_request(r) <> p_party then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform from tasks where id = r.task_id for update;
  perform from tasker_profiles where user_id = r.tasker_id for update;
  perform khidma.lock_credits_of_lead(r.task_id);
  select * into strict r from lead_requests where id = p_request for update;
  return r;
end $$;

-- Locks a request that its client answers, and refuses what comes too late. A request in another state is left to its machine.
create or replace function khidma.begin_lead_answer(p_request uuid) returns void language plpgsql as $$
declare
  r lead_requests := khidma.lock_lead_request(p_request, 'client');
begin
  if r.status = 'pending' and r.expires_at <= clock_timestamp() then
    perform khidma.refuse(409, 'lead_request_over');
  elsif r.status in ('pending', 'replied') and not (
      select khidma.takes_lead_requests(t, l) from leads l join tasks t on t.id = l.task_id where l.id = r.lead_id) then
    perform khidma.refuse(409, 'lead_closed');
  elsif r.status in ('pending', 'replied') and (
      not exists (select from tasker_profiles p join users u on u.id = p.user_id
                   where p.user_id = r.tasker_id and p.status in ('active', 'at_risk') and u.status = 'active')
      or exists (select from khidma.over_debt_cap(r.tasker_id))) then
    perform khidma.refuse(409, 'bidder_unavailable');
  end if;
end $$;

-- Stamps what a change of status means for a request (before update of status).
create or replace function khidma.stamp_lead_request() returns trigger language plpgsql as $$
begin
  if new.status = 'replied' then
    new.replied_at := now();
  elsif new.status = 'accepted' then
    new.accepted_at := now();
  end if;
  if new.status in ('replied', 'accepted') then
    new.charged_at := coalesce(old.charged_at, now());
  end if;
  return new;
end $$;

-- Spends the credits of a request that the client has answered.
create or replace function khidma.after_lead_request_replied(r lead_requests) returns void language plpgsql as $$
begin
  perform khidma.capture_credits('lead_request', r.id);
end $$;

-- Spends the credits of an accepted request, unless a reply has done that, and uses up its seat.
create or replace function khidma.after_lead_request_accepted(r lead_requests) returns void language plpgsql as $$
begin
  if r.replied_at is null then
    perform khidma.capture_credits('lead_request', r.id);
  end if;
  perform khidma.settle_claims('leads.seats', array[r.id], 'used');
end $$;

-- Gives back what is held for a request that has ended without the client, and its seat.
create or replace function khidma.free_lead_request(r lead_requests) returns void language plpgsql as $$
begin
  perform khidma.release_credits('lead_request', r.id);
  perform khidma.settle_claims('leads.seats', array[r.id], 'returned');
end $$;

-- Frees a rejected request.
create or replace function khidma.after_lead_request_rejected(r lead_requests) returns void language plpgsql as $$
begin
  perform khidma.free_lead_request(r);
end $$;

-- Frees a withdrawn request.
create or replace function khidma.after_lead_request_withdrawn(r lead_requests) returns void language plpgsql as $$
begin
  perform khidma.free_lead_request(r);
end $$;

-- Frees an expired request: nobody pays for silence.
create or replace function khidma.after_lead_request_expired(r lead_requests) returns void language plpgsql as $$
begin
  perform khidma.free_lead_request(r);
end $$;

-- Holds, at the commit, that a request holds its credits exactly while it is pending, and has spent them exactly where it was charged.
create or replace function khidma.check_lead_request() returns trigger language plpgsql as $$
declare
  r lead_requests;
begin
  select * into r from lead_requests where id = new.id;
  if r.id is not null and (
      (r.status = 'pending') <> exists (select from ledger_holds h
         where h.document_type = 'lead_request' and h.document_id = r.id and h.status = 'held' and h.amount = r.credits)
      or (r.charged_at is not null) <> exists (select from ledger_holds h
         where h.document_type = 'lead_request' and h.document_id = r.id and h.status = 'captured' and h.amount = r.credits)) then
    raise exception 'the credits of lead request % are not as its status', r.id
      using errcode = 'check_violation', constraint = 'lead_request_holds';
  end if;
  return null;
end $$;

-- Withdraws the open requests of a tasker who may not work any more. The caller has locked their profile.
create or replace function khidma.withdraw_lead_requests_of_tasker(p_tasker_id uuid) returns void language plpgsql as $$
begin
  if exists (select from lead_requests r where r.tasker_id = p_tasker_id and r.status in ('pending', 'replied')) then
    perform khidma.lock_credits(array[p_tasker_id]);
    update lead_requests set status = 'withdrawn' where id in (
      select r.id from lead_requests r where r.tasker_id = p_tasker_id and r.status in ('pending', 'replied') order by r.id for update);
  end if;
end $$;

-- Locks what hangs on somebody whose account is about to change: their leads, their profile, and the credits of all whose requests end
-- with it. An acceptance locks these before both accounts, and so must the change.
create or replace function khidma.lock_lead_requests_of(p_user uuid) returns void language plpgsql as $$
begin
  perform from tasks t where t.client_id = p_user and t.sourcing = 'lead' and t.state = 'posted' order by t.id for update;
  perform from tasker_profiles p where p.user_id = p_user for update;
  perform khidma.lock_credits(array(
    select r.tasker_id from lead_requests r where r.tasker_id = p_user and r.status in ('pending', 'replied')
    union select r.tasker_id from tasks t join lead_requests r on r.task_id = t.id where t.client_id = p_user and r.status in ('pending', 'replied')));
end $$;

-- Ends the open requests of somebody who may neither ask nor answer any more: own ones are withdrawn, those for own leads have expired, as nobody
-- can answer them. The caller has called lock_lead_requests_of.
create or replace function khidma.end_lead_requests_of(p_user uuid) returns void language plpgsql as $$
begin
  perform khidma.withdraw_lead_requests_of_tasker(p_user);
  update lead_requests set status = 'expired' where id in (
    select r.id from tasks t join lead_requests r on r.task_id = t.id
     where t.client_id = p_user and r.status in ('pending', 'replied') order by r.id for update of r);
end $$;

-- Ends the open requests between two people of whom one wants nothing to do with the other: own ones are withdrawn, those for own leads declined.
create or replace function khidma.end_lead_requests_between(p_by uuid, p_other uuid) returns void language plpgsql as $$
begin
  if not exists (select from lead_requests r join tasks t on t.id = r.task_id
                  where r.status in ('pending', 'replied') and (r.tasker_id, t.client_id) in ((p_by, p_other), (p_other, p_by))) then
    return;
  end if;
  perform khidma.lock_credits(array[p_by, p_other]);
  update lead_requests r set status = 'withdrawn' from tasks t
   where t.id = r.task_id and r.status in ('pending', 'replied') and r.tasker_id = p_by and t.client_id = p_other;
  update lead_requests r set status = 'rejected', declined_at = now() from tasks t
   where t.id = r.task_id and r.status in ('pending', 'replied') and r.tasker_id = p_other and t.client_id = p_by;
end $$;

-- Ends what time has ended: requests that the client has not answered, then leads whose deadline has passed. At most p_limit of each. Nobody
-- can answer them already; here credits are free again, and people are notified. What is locked is left to the next run.
create or replace function khidma.end_leads(p_limit int) returns json language plpgsql as $$
declare
  silent int := 0;
  ended int := 0;
  due record;
begin
  for due in
    select distinct r.task_id from lead_requests r where r.status = 'pending' and r.expires_at <= now() and not khidma.is_put_off('lead_request.expire', r.task_id)
     order by r.task_id limit p_limit
  loop
    begin
      perform from tasks t where t.id = due.task_id for update skip locked;
      if found then
        perform khidma.lock_credits_of_lead(due.task_id);
        update lead_requests set status = 'expired' where id in (
          select r.id from lead_requests r where r.task_id = due.task_id and r.status = 'pending' and r.expires_at <= now() order by r.id for update);
        silent := silent + 1;
      end if;
    exception when others then
      perform khidma.put_off_failed('lead_request.expire', due.task_id, sqlstate, sqlerrm);
    end;
  end loop;
  perform khidma.give_reason('no_tasker_found');
  for due in
    select t.id from leads l join tasks t on t.id = l.task_id
     where l.status in ('pending', 'open') and t.sourcing = 'lead' and t.state = 'posted' and t.deadline <= now() and t.climbs_at is null
       and not khidma.is_put_off('lead.expire', t.id)
     order by t.deadline limit p_limit for update of t skip locked
  loop
    begin
      perform khidma.move_task(due.id, 'expired');
      ended := ended + 1;
    exception when others then
      perform khidma.put_off_failed('lead.expire', due.id, sqlstate, sqlerrm);
    end;
  end loop;
  return json_build_object('silent', silent, 'tasks', ended);
end $$;

-- Strips the requests of archived tasks of their texts: credits stay for the record.
create or replace function khidma.archive_lead_requests(p_task_ids uuid[]) returns void language plpgsql as $$
begin
  update lead_requests set message = '[archived]', reply = case when reply is not null then '[archived]' end, decline_reason = null
   where task_id = any (p_task_ids) and message <> '[archived]';
end $$;
