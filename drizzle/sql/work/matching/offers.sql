-- Answers count in the tasker's acceptance rate. An offer that never reached the tasker's device, or that was withdrawn, does
-- not.

-- Counts an accepted offer.
create or replace function khidma.after_offer_accepted(o offers) returns void language plpgsql as $$
begin
  perform khidma.count_answer(o.tasker_id, true);
end $$;

-- Counts a declined offer.
create or replace function khidma.after_offer_declined(o offers) returns void language plpgsql as $$
begin
  perform khidma.count_answer(o.tasker_id, false);
end $$;

-- Counts an expired offer as not accepted, where it reached the tasker's device.
create or replace function khidma.after_offer_expired(o offers) returns void language plpgsql as $$
begin
  if o.delivered_at is not null then
    perform khidma.count_answer(o.tasker_id, false);
  end if;
end $$;

-- Withdraws the pending offers of a task.
create or replace function khidma.withdraw_offers_of_task(p_task_id uuid) returns void language plpgsql as $$
begin
  update offers set status = 'withdrawn', answered_at = now() where task_id = p_task_id and status = 'pending';
end $$;

-- Withdraws the pending offers to a tasker.
create or replace function khidma.withdraw_offers_of_tasker(p_tasker_id uuid) returns void language plpgsql as $$
begin
  update offers set status = 'withdrawn', answered_at = now() where tasker_id = p_tasker_id and status = 'pending';
end $$;

-- Withdraws the pending offers of a client's tasks to a tasker.
create or replace function khidma.withdraw_offers_between(p_client uuid, p_tasker uuid) returns void language plpgsql as $$
begin
  update offers o set status = 'withdrawn', answered_at = now() from tasks t
   where t.id = o.task_id and o.status = 'pending' and o.tasker_id = p_tasker and t.client_id = p_client;
end $$;
