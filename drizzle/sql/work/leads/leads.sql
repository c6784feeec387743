-- Returns whether a task can be asked for as a lead at this moment: what the feed lists and what a request needs is this one condition.
create or replace function khidma.takes_lead_requests(t tasks, l leads) returns boolean language sql stable as $$
  select t.sourcing = 'lead' and l.status = 'open' and khidma.takes_proposals(t)
$$;

-- Returns whether a lead is for a tasker: of their category, not their own, and not of somebody with a block between the two.
create or replace function khidma.is_lead_for(t tasks, p_tasker uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select t.client_id <> p_tasker
       and exists (select from tasker_categories c where c.tasker_id = p_tasker and c.category in (t.category, t.subcategory))
       and not khidma.blocked_between(t.client_id, p_tasker));
end $$;

-- Returns the price of a lead now, in credits, with its inputs: what is shown, and what a request freezes. Base and value are of the category,
-- the surcharge or discount of its age and of those who have asked already are percentages of their sum. Rounded once, at the end.
create or replace function khidma.price_of_lead(l leads) returns jsonb language plpgsql stable as $$
declare
  terms jsonb := khidma.config_of_task('leads.price', l.task_id);
  value bigint;
  unit text;
  for_value int;
  age int := greatest(0, floor(extract(epoch from now() - coalesce(l.opened_at, now())) / 3600));
  freshness int;
  asked int;
  competition int;
begin
  select coalesce(t.budget_max_amount, t.budget_min_amount, t.est_max_amount), t.currency into value, unit from tasks t where t.id = l.task_id;
  select s.credits into for_value from jsonb_to_recordset(terms -> 'value') as s (currency text, "fromAmount" bigint, credits int)
   where s.currency = unit and s."fromAmount" <= value order by s."fromAmount" desc limit 1;
  select s.percent into freshness from jsonb_to_recordset(terms -> 'freshness') as s (hours int, percent int)
   where s.hours <= age order by s.hours desc limit 1;
  select count(*) into asked from lead_requests r where r.lead_id = l.id and r.status in ('pending', 'replied');
  select s.percent into competition from jsonb_to_recordset(terms -> 'competition') as s (requests int, percent int)
   where s.requests <= asked order by s.requests desc limit 1;
  return jsonb_build_object(
    'credits', greatest(1, (terms ->> 'least')::int, round(((terms ->> 'base')::int + coalesce(for_value, 0)) * (100 + coalesce(freshness, 0))
                 * (100 + coalesce(competition, 0)) / 10000.0)::int),
    'base', (terms ->> 'base')::int, 'valueAmount', value, 'currency', unit, 'valueCredits', coalesce(for_value, 0), 'ageHours', age,
    'freshnessPercent', coalesce(freshness, 0), 'requests', asked, 'competitionPercent', coalesce(competition, 0));
end $$;

-- Opens the search of a task that is posted as a lead, or has climbed to be one (after update of state or sourcing on tasks). It waits for staff, unless its client is trusted as far
-- as `leads.approve_from` says, or the same task was approved for an earlier search.
create or replace function khidma.open_lead() returns trigger language plpgsql as $$
declare
  lead uuid := khidma.uuid_v7();
  ranks constant text[] := array['flagged', 'new', 'verified', 'known', 'trusted'];
  from_tier text := khidma.config_of_task('leads.approve_from', new.id) #>> '{}';
begin
  insert into leads (id, task_id, round) values (lead, new.id, new.round);
  if from_tier <> 'never' and array_position(ranks, khidma.trust_tier(new.client_id)) >= array_position(ranks, from_tier)
    or exists (select from leads l where l.task_id = new.id and l.approved_at is not null) then
    update leads set status = 'open' where id = lead;
  end if;
  return null;
end $$;

-- Stamps a lead with what its status means (before update of status).
create or replace function khidma.stamp_lead() returns trigger language plpgsql as $$
begin
  if new.status = 'open' then
    new.opened_at := now();
    new.approved_at := now();
  else
    new.closed_at := now();
  end if;
  return new;
end $$;

-- Gives a task that has climbed to be a lead the whole time of that rung once it is open: what staff took to approve it is nobody's loss.
create or replace function khidma.after_lead_open(l leads) returns void language plpgsql as $$
begin
  perform khidma.begin_rung_again(l.task_id);
end $$;

-- Cancels the task of a lead that staff have rejected.
create or replace function khidma.after_lead_rejected(l leads) returns void language plpgsql as $$
begin
  perform khidma.give_reason(l.reject_reason);
  perform khidma.move_task(l.task_id, 'canceled_by_client');
end $$;

-- Closes the lead of a task whose search is over, and the requests for it: they are rejected where another tasker has it, and have expired
-- otherwise. What is held of credits is free again. The caller holds the lock of the task; credits are locked before requests, in one order.
create or replace function khidma.close_lead_of_task(p_task_id uuid) returns void language plpgsql as $$
declare
  closed lead_request_status := case when (select t.state from tasks t where t.id = p_task_id) in ('accepted', 'confirmed') then 'rejected' else 'expired' end;
begin
  perform khidma.lock_credits_of_lead(p_task_id);
  update lead_requests set status = closed where id in (
    select r.id from lead_requests r where r.task_id = p_task_id and r.status in ('pending', 'replied') order by r.id for update);
  update leads set status = 'closed' where task_id = p_task_id and status in ('pending', 'open');
end $$;

-- Locks the credits of all who wait for an answer about a task.
create or replace function khidma.lock_credits_of_lead(p_task_id uuid) returns void language plpgsql as $$
declare
  waiting uuid[] := array(select r.tasker_id from lead_requests r where r.task_id = p_task_id and r.status in ('pending', 'replied'));
begin
  if cardinality(waiting) > 0 then
    perform khidma.lock_credits(waiting);
  end if;
end $$;
