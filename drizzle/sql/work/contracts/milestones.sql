-- Refuses what a milestone does not allow now, and stamps what follows from its new state (before update of status): the clock of the
-- release, pauses, and how it ended. Whoever writes has locked the booking and the contract.
create or replace function khidma.guard_milestone() returns trigger language plpgsql as $$
declare
  c contracts;
begin
  select * into strict c from contracts where id = new.contract_id;
  if new.status not in ('canceled', 'completed') or new.outcome is null then
    perform khidma.assert_contract_active(c);
  end if;
  if new.status in ('in_progress', 'overdue') and new.funded_at is null then
    perform khidma.refuse(409, 'milestone_not_funded');
  elsif new.status = 'in_progress' and old.status = 'pending' then
    new.started_at := now();
  elsif new.status = 'in_progress' and old.status = 'submitted' then
    perform khidma.assert_changes_possible(c, old);
    new.rounds := old.rounds + 1;
    new.paused_since := now();
    new.releases_at := null;
    -- The time that it waited for the client is not the tasker's.
    new.deadline_at := old.deadline_at + (now() - old.submitted_at);
    new.due_reminded_at := null;
  elsif new.status = 'submitted' then
    new.submitted_at := now();
    new.releases_at := now() + make_interval(days => c.release_days);
    new.release_reminders := 0;
    new.release_requested_at := null;
    new.paused_seconds := old.paused_seconds + coalesce(extract(epoch from now() - old.paused_since), 0)::int;
    new.paused_since := null;
  elsif new.status in ('completed', 'canceled') then
    if new.status = 'completed' and new.outcome is null then
      new.outcome := case when khidma.party_in_milestone(new) = 'client' then 'approved' else 'silence' end;
      new.released_amount := new.amount;
    elsif new.outcome is null then
      new.outcome := 'canceled';
      new.refunded_amount := case when new.funded_at is null then 0 else new.amount end;
    end if;
    new.ended_at := now();
    new.releases_at := null;
    new.paused_since := null;
  end if;
  return new;
end $$;

-- Refuses to ask for changes once silence has released the milestone, or what the contract allows of it is used up: from then on the
-- client approves, or opens a dispute.
create or replace function khidma.assert_changes_possible(c contracts, m milestones) returns void language plpgsql as $$
begin
  if m.releases_at <= now() then
    perform khidma.refuse(409, 'release_due');
  elsif m.rounds >= c.max_rounds or m.paused_seconds >= c.max_paused_days * 86400 then
    perform khidma.refuse(409, 'changes_used_up',
      jsonb_build_object('rounds', c.max_rounds, 'pausedDays', c.max_paused_days));
  end if;
end $$;

-- Starts the booking with its first milestone.
create or replace function khidma.after_milestone_pending(m milestones) returns void language plpgsql as $$
begin
  if m.status = 'in_progress' then
    perform khidma.start_by_contract(c.booking_id) from contracts c where c.id = m.contract_id;
    perform khidma.note_contract_activity(m.contract_id);
  end if;
end $$;

-- Closes the submission of a milestone that was answered, by whom or what.
create or replace function khidma.after_milestone_submitted(m milestones) returns void language plpgsql as $$
begin
  update milestone_submissions
     set answered_at = now(),
         answer = case when m.status = 'in_progress' then 'returned' when m.outcome in ('approved', 'silence') then m.outcome else 'closed' end,
         answer_note = nullif(current_setting('khidma.reason', true), '')
   where milestone_id = m.id and answered_at is null;
end $$;

-- Releases the amount of an approved milestone, or of one that silence has approved; with the last one the contract is completed. What a
-- decision gives is paid by the decision.
create or replace function khidma.after_milestone_completed(m milestones) returns void language plpgsql as $$
declare
  c contracts;
begin
  if m.outcome not in ('approved', 'silence') then
    return;
  end if;
  select * into strict c from contracts where id = m.contract_id;
  perform khidma.pay_out_of_escrow(c, 'milestone', m.id, m.amount);
  update escrows set status = 'partial_release' where contract_id = c.id and status = 'held';
  perform khidma.note_contract_activity(c.id);
  perform khidma.complete_contract(c.id);
end $$;

-- Completes a contract none of whose milestones is open.
create or replace function khidma.complete_contract(p_contract uuid) returns void language plpgsql as $$
begin
  update contracts c set status = 'completed'
   where c.id = p_contract and c.status = 'active'
     and not exists (select from milestones m where m.contract_id = c.id and m.status not in ('completed', 'canceled'));
end $$;

-- Hands in the deliverables of a milestone in the name of its tasker.
create or replace function khidma.submit_milestone(p_id uuid, p_contract uuid, p_milestone uuid, p_note text, p_media uuid[]) returns void language plpgsql as $$
declare
  m milestones;
begin
  update milestones set status = 'submitted' where id = p_milestone and contract_id = p_contract returning * into m;
  if m.id is null then
    perform khidma.refuse(404, 'not_found');
  end if;
  -- One that was overdue before it was begun.
  perform khidma.start_by_contract(c.booking_id) from contracts c where c.id = m.contract_id;
  insert into milestone_submissions (id, milestone_id, round, note, submitted_by)
  values (p_id, m.id, m.rounds + 1, p_note, khidma.actor_id());
  insert into milestone_deliverables (id, submission_id, media_id)
  select khidma.uuid_v7(), p_id, media.id from unnest(p_media) with ordinality media (id, position) order by media.position;
  perform khidma.note_contract_activity(m.contract_id);
end $$;

-- Asks the client for the release of a submitted milestone, once a submission.
create or replace function khidma.request_release(p_contract uuid, p_milestone uuid) returns void language plpgsql as $$
declare
  c contracts := khidma.own_contract(p_contract);
  m milestones;
begin
  select * into m from milestones x where x.id = p_milestone and x.contract_id = c.id for update;
  if m.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif khidma.party_in_contract(c) <> 'tasker' then
    perform khidma.refuse(403, 'forbidden');
  end if;
  perform khidma.assert_contract_active(c);
  if m.status <> 'submitted' or m.release_requested_at is not null then
    perform khidma.refuse(409, 'release_not_requestable', jsonb_build_object('status', m.status));
  end if;
  update milestones set release_requested_at = now() where id = m.id returning * into m;
  perform khidma.tell_of_milestone('milestone.release_requested', c, m);
end $$;

-- Emits an event of a milestone beside its machine.
create or replace function khidma.tell_of_milestone(p_type text, c contracts, m milestones) returns void language plpgsql as $$
begin
  perform khidma.emit(p_type, 'milestone', m.id, m.version,
    jsonb_strip_nulls(jsonb_build_object('contractId', c.id, 'milestoneId', m.id, 'bookingId', c.booking_id, 'clientId', c.client_id,
      'taskerId', c.tasker_id, 'title', m.title,
      'at', to_char(coalesce(m.releases_at, m.deadline_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))),
    array[c.client_id, c.tasker_id]);
end $$;
