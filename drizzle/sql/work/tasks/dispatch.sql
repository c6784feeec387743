-- Notes to which tasker staff have given a task; null: to nobody, it waits in their queue.
create or replace function khidma.note_assignment(p_task uuid, p_tasker uuid) returns void language plpgsql as $$
begin
  update tasks set assigned_to = p_tasker, assigned_at = case when p_tasker is not null then now() end
   where id = p_task and assigned_to is distinct from p_tasker;
end $$;

-- Takes an open task into the hands of staff, whatever was to find its tasker until now: nobody else can win it any more, and no search
-- lets it expire.
create or replace function khidma.take_over_task(t tasks) returns void language plpgsql as $$
begin
  if t.state = 'matching' then
    update tasks set state = 'posted', sourcing = 'assign' where id = t.id;
  elsif t.sourcing <> 'assign' then
    update tasks set sourcing = 'assign' where id = t.id;
  end if;
end $$;

-- Closes what taskers have proposed for a posted task that is sourced otherwise from now on (after update of sourcing). As the
-- consequence of an act, in a trigger, it is the system's, and not of whoever acts.
create or replace function khidma.close_former_proposals() returns trigger language plpgsql as $$
begin
  perform khidma.close_proposals_of_task(new.id);
  return null;
end $$;

-- Makes a task that is released by its tasker one that staff assign, and forgets the final cost, which was that of the booking (before
-- update of state).
create or replace function khidma.queue_released_task() returns trigger language plpgsql as $$
begin
  new.sourcing := 'assign';
  new.final_cost_amount := null;
  return new;
end $$;

-- Writes what staff have decided about a task: the row with their values.
create or replace function khidma.set_triage(t tasks) returns void language plpgsql as $$
begin
  update tasks set priority = t.priority, internal_notes = t.internal_notes, est_min_amount = t.est_min_amount,
         est_max_amount = t.est_max_amount, final_cost_amount = t.final_cost_amount where id = t.id;
end $$;

-- Forgets the final cost of a task: both sides have agreed on another price since, which decides (after update of the price of its booking).
create or replace function khidma.forget_final_cost() returns trigger language plpgsql as $$
begin
  update tasks set final_cost_amount = null where id = new.task_id and final_cost_amount is not null;
  return null;
end $$;

-- Lets tasks expire that staff have not assigned long after their start, at most `p_limit`; their bookings are locked first, as by all.
create or replace function khidma.expire_unassigned_tasks(p_limit int) returns int language plpgsql as $$
declare
  late uuid;
  expired int := 0;
begin
  perform khidma.give_reason('not_assigned');
  for late in
    select t.id from tasks t
     where t.state = 'posted' and t.sourcing = 'assign' and t.starts_at < now()
       and t.starts_at < now() - make_interval(mins => khidma.config_of_task('assignment.expire_minutes', t.id)::int)
     order by t.starts_at limit p_limit
  loop
    perform from bookings b where b.task_id = late order by b.id for update;
    update tasks set state = 'expired' where id = late and state = 'posted';
    expired := expired + found::int;
  end loop;
  return expired;
end $$;
