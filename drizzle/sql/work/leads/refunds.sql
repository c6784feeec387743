-- Asks for the credits of a lead that was none. They must be spent, not longer ago than `leads.refund_days`, and not for work that was done. A
-- month has a limit of such refunds; one that is rejected counts. Reasons of `leads.refund_automatic` are approved at once, but not of a
-- tasker who is flagged.
create or replace function khidma.ask_lead_refund(p_id uuid, p_request uuid, p_reason text, p_note text) returns void language plpgsql as $$
declare
  r lead_requests := khidma.lock_lead_request(p_request, 'tasker');
  days int := khidma.config_of_task('leads.refund_days', r.task_id)::int;
begin
  if r.charged_at is null or r.charged_at < now() - make_interval(days => days)
    or exists (select from bookings b join leads l on l.id = r.lead_id
                where r.status = 'accepted' and b.task_id = r.task_id and b.tasker_id = r.tasker_id and b.task_round = l.round
                  and b.status in ('in_progress', 'completed', 'disputed')) then
    perform khidma.refuse(409, 'lead_refund_refused', jsonb_build_object('days', days));
  elsif exists (select from lead_refunds f where f.request_id = r.id) then
    perform khidma.refuse(409, 'lead_refund_exists');
  end if;
  perform khidma.claim('leads.refunds', r.tasker_id, p_id, khidma.config_of_task('leads.refunds_a_month', r.task_id)::int,
    (select (date_trunc('month', now() at time zone z.zone) + interval '1 month') at time zone z.zone
       from users u cross join lateral (select khidma.zone_or_utc(coalesce(u.timezone, 'UTC'))) z (zone) where u.id = r.tasker_id));
  insert into lead_refunds (id, request_id, tasker_id, reason, note, credits) values (p_id, r.id, r.tasker_id, p_reason, p_note, r.credits);
end $$;

-- Approves a refund by its reason alone, in the name of the system (after insert on lead_refunds).
create or replace function khidma.approve_lead_refund_alone() returns trigger language plpgsql as $$
begin
  if khidma.config_of_task('leads.refund_automatic', (select r.task_id from lead_requests r where r.id = new.request_id)) ? new.reason
    and khidma.trust_tier(new.tasker_id) <> 'flagged' then
    perform khidma.decide_lead_refund(new.id, 'approved', null);
  end if;
  return null;
end $$;

-- Decides on a refund. The lock of the credits comes before its row, as everywhere.
create or replace function khidma.decide_lead_refund(p_refund uuid, p_status text, p_note text) returns void language plpgsql as $$
begin
  perform khidma.lock_credits(array(select f.tasker_id from lead_refunds f where f.id = p_refund));
  update lead_refunds set status = p_status::lead_refund_status, decision_note = p_note where id = p_refund;
end $$;

-- Stamps a refund that is decided, and gives the credits of one that is approved back (before update of status): as grants of the same kind, for
-- the time that was left when they were spent. Less comes back where what granted them was itself refunded since.
create or replace function khidma.stamp_lead_refund() returns trigger language plpgsql as $$
begin
  new.decided_at := now();
  if new.status = 'approved' then
    new.returned := khidma.return_credits('lead_request', new.request_id);
  end if;
  return new;
end $$;
