-- Outcomes of the deadlines of contracts. Each takes what is due, at most `p_limit` a run, the booking first and then the contract, as
-- everybody does; what somebody else is at work on waits for the next run.

-- Locks the booking and the contract of a milestone or amendment, and returns whether it has got both.
create or replace function khidma.lock_due_contract(p_contract uuid) returns boolean language plpgsql as $$
begin
  perform from bookings b join contracts c on c.booking_id = b.id where c.id = p_contract for update of b skip locked;
  if not found then
    return false;
  end if;
  perform from contracts c where c.id = p_contract for update skip locked;
  return found;
end $$;

-- Releases submitted milestones that nobody has answered in time.
create or replace function khidma.release_silent_milestones(p_limit int) returns int language plpgsql as $$
declare
  due record;
  released int := 0;
begin
  for due in
    select m.id, m.contract_id from milestones m join contracts c on c.id = m.contract_id
     where m.status = 'submitted' and m.releases_at <= now() and c.status = 'active'
       and not khidma.is_put_off('milestone.release', m.id)
     order by m.releases_at limit p_limit
  loop
    begin
      continue when not khidma.lock_due_contract(due.contract_id);
      update milestones m set status = 'completed' from contracts c
       where m.id = due.id and m.status = 'submitted' and m.releases_at <= now() and c.id = m.contract_id and c.status = 'active';
      released := released + case when found then 1 else 0 end;
    exception when others then
      perform khidma.put_off_failed('milestone.release', due.id, sqlstate, sqlerrm);
    end;
  end loop;
  return released;
end $$;

-- Reminds the client, twice, that silence will release a milestone.
create or replace function khidma.remind_of_releases(p_limit int) returns int language plpgsql as $$
declare
  due record;
  m milestones;
  reminded int := 0;
begin
  for due in
    select x.id, c as contract, policy.value ->> 'lastReminderDays' as last_days
      from milestones x join contracts c on c.id = x.contract_id join bookings b on b.id = c.booking_id
     cross join lateral khidma.config_of_task('contracts.release', b.task_id) policy (value)
     where x.status = 'submitted' and c.status = 'active' and x.releases_at > now() and x.release_reminders < 2
       and x.releases_at <= now() + make_interval(days => (policy.value ->> case x.release_reminders when 0 then 'firstReminderDays' else 'lastReminderDays' end)::int)
       and not khidma.is_put_off('milestone.remind_of_release', x.id)
     order by x.releases_at limit p_limit for update of x skip locked
  loop
    begin
      -- Where the last reminder is due already, it is the only one.
      update milestones
         set release_reminders = case when releases_at <= now() + make_interval(days => due.last_days::int) then 2 else release_reminders + 1 end
       where id = due.id returning * into m;
      perform khidma.tell_of_milestone('milestone.release_reminder', due.contract, m);
      reminded := reminded + 1;
    exception when others then
      perform khidma.put_off_failed('milestone.remind_of_release', due.id, sqlstate, sqlerrm);
    end;
  end loop;
  return reminded;
end $$;

-- Marks funded milestones as overdue whose deadline has passed without a submission.
create or replace function khidma.expire_milestones(p_limit int) returns int language plpgsql as $$
declare
  due record;
  expired int := 0;
begin
  for due in
    select m.id, m.contract_id from milestones m join contracts c on c.id = m.contract_id
     where m.status in ('pending', 'in_progress') and m.funded_at is not null and m.deadline_at <= now() and c.status = 'active'
       and not khidma.is_put_off('milestone.expire', m.id)
     order by m.deadline_at limit p_limit
  loop
    begin
      continue when not khidma.lock_due_contract(due.contract_id);
      update milestones m set status = 'overdue' from contracts c
       where m.id = due.id and m.status in ('pending', 'in_progress') and m.deadline_at <= now() and c.id = m.contract_id and c.status = 'active';
      expired := expired + case when found then 1 else 0 end;
    exception when others then
      perform khidma.put_off_failed('milestone.expire', due.id, sqlstate, sqlerrm);
    end;
  end loop;
  return expired;
end $$;

-- Reminds both sides, once, of the deadline of a funded milestone.
create or replace function khidma.remind_of_milestones(p_limit int) returns int language plpgsql as $$
declare
  widest int := khidma.largest_setting('contracts.deadlines', 'dueReminderDays');
  due record;
  m milestones;
  reminded int := 0;
begin
  for due in
    select x.id, c as contract from milestones x join contracts c on c.id = x.contract_id
     where x.status in ('pending', 'in_progress') and x.funded_at is not null and c.status = 'active' and x.due_reminded_at is null
       and x.deadline_at > now() and x.deadline_at <= now() + make_interval(days => widest)
       and x.deadline_at <= now() + khidma.contract_days('contracts.deadlines', 'dueReminderDays', c.booking_id)
       and not khidma.is_put_off('milestone.remind', x.id)
     order by x.deadline_at limit p_limit for update of x skip locked
  loop
    begin
      update milestones set due_reminded_at = now() where id = due.id returning * into m;
      perform khidma.tell_of_milestone('milestone.due_soon', due.contract, m);
      reminded := reminded + 1;
    exception when others then
      perform khidma.put_off_failed('milestone.remind', due.id, sqlstate, sqlerrm);
    end;
  end loop;
  return reminded;
end $$;

-- Ends drafts that were not signed in time, and amendments that were not answered in time.
create or replace function khidma.expire_contract_papers(p_limit int) returns int language plpgsql as $$
declare
  due uuid;
  ended int := 0;
begin
  for due in select c.id from contracts c where c.status = 'draft' and c.expires_at <= now() and not khidma.is_put_off('contract.expire', c.id)
              order by c.expires_at limit p_limit loop
    begin
      continue when not khidma.lock_due_contract(due);
      update contracts set status = 'canceled' where id = due and status = 'draft' and expires_at <= now();
      ended := ended + case when found then 1 else 0 end;
    exception when others then
      perform khidma.put_off_failed('contract.expire', due, sqlstate, sqlerrm);
    end;
  end loop;
  for due in select a.id from contract_amendments a where a.status = 'pending' and a.expires_at <= now() and not khidma.is_put_off('contract_amendment.expire', a.id)
              order by a.expires_at limit p_limit loop
    begin
      continue when not khidma.lock_due_contract((select a.contract_id from contract_amendments a where a.id = due));
      update contract_amendments set status = 'expired' where id = due and status = 'pending' and expires_at <= now();
      ended := ended + case when found then 1 else 0 end;
    exception when others then
      perform khidma.put_off_failed('contract_amendment.expire', due, sqlstate, sqlerrm);
    end;
  end loop;
  return ended;
end $$;

-- Does the next step of a contract in which nothing has happened for long: two notices to both sides, then the end, unless one of them wants
-- to keep it. Returns whether there was one.
create or replace function khidma.step_dormant_contract(p_id uuid) returns boolean language plpgsql as $$
declare
  c contracts;
begin
  if not khidma.lock_due_contract(p_id) then
    return false;
  end if;
  select * into c from contracts x where x.id = p_id and x.status = 'active' and x.dormant_due_at <= now();
  if c.id is null then
    return false;
  -- A submission that waits for an answer has a deadline of its own.
  elsif exists (select from milestones m where m.contract_id = c.id and m.status = 'submitted') then
    perform khidma.note_contract_activity(c.id);
    return false;
  elsif c.dormant_notices = 2 then
    update contracts set status = 'canceled', end_reason = 'dormant' where id = c.id;
    return true;
  end if;
  update contracts
     set dormant_notices = dormant_notices + 1,
         dormant_due_at = now() + khidma.contract_days('contracts.dormancy', case dormant_notices when 0 then 'noticeDays' else 'objectionDays' end, booking_id)
   where id = c.id returning * into c;
  perform khidma.emit('contract.dormant', 'contract', c.id, c.version,
    jsonb_build_object('contractId', c.id, 'bookingId', c.booking_id, 'clientId', c.client_id, 'taskerId', c.tasker_id,
                       'notice', c.dormant_notices, 'closesAt', to_char((c.dormant_due_at
                         + case c.dormant_notices when 1 then khidma.contract_days('contracts.dormancy', 'objectionDays', c.booking_id) else interval '0' end)
                         at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), array[c.client_id, c.tasker_id]);
  return true;
end $$;

-- Does the next step of contracts in which nothing has happened for long; returns how many there were.
create or replace function khidma.close_dormant_contracts(p_limit int) returns int language plpgsql as $$
declare
  due uuid;
  steps int := 0;
begin
  for due in select x.id from contracts x where x.status = 'active' and x.dormant_due_at <= now() and not khidma.is_put_off('contract.dormant', x.id)
              order by x.dormant_due_at limit p_limit loop
    begin
      steps := steps + khidma.step_dormant_contract(due)::int;
    exception when others then
      perform khidma.put_off_failed('contract.dormant', due, sqlstate, sqlerrm);
    end;
  end loop;
  return steps;
end $$;

-- Keeps a contract that would be closed as dormant, for one of its sides.
create or replace function khidma.keep_contract(p_contract uuid) returns void language plpgsql as $$
declare
  c contracts := khidma.own_contract(p_contract);
begin
  perform khidma.assert_contract_active(c);
  if c.dormant_notices = 0 then
    perform khidma.refuse(409, 'contract_not_dormant');
  end if;
  perform khidma.note_contract_activity(c.id);
end $$;
