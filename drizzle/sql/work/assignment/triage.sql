-- Refuses to triage a task that is a draft still, or has ended.
create or replace function khidma.refuse_over(t tasks) returns void language plpgsql as $$
begin
  if t.state not in ('posted', 'matching', 'accepted', 'confirmed', 'in_progress', 'on_hold') then
    perform khidma.refuse(409, 'task_over', jsonb_build_object('state', t.state));
  end if;
end $$;

-- Returns the most that the client has agreed to pay for a booking: no final cost is above it.
create or replace function khidma.agreed_limit(b bookings, t tasks) returns bigint language sql stable as $$
  select coalesce(case when t.pricing_model = 'fixed' then b.agreed_rate_amount else b.agreed_maximum_amount end, t.est_max_amount,
                  t.budget_max_amount, 0)
$$;

-- Tells client and tasker that staff have set the estimate or the final cost of a task.
create or replace function khidma.tell_price(t tasks, p_tasker uuid, p_kind text) returns void language plpgsql as $$
begin
  perform khidma.emit('task.priced', 'task', t.id, v.version, jsonb_strip_nulls(jsonb_build_object(
           'taskId', t.id, 'clientId', t.client_id, 'taskerId', p_tasker, 'kind', p_kind)), array[t.client_id, p_tasker])
    from tasks v where v.id = t.id;
end $$;

-- Changes what staff decide about a task: `priority`, `internalNotes`, `estimate` (`least`, `most`, both null: as it is) and `finalCost`, as far as
-- `p_changes` names them. The estimate is that of the booking to come, so that it needs a task without one; the final cost is the price of the
-- booking that there is, up to what its client has agreed to.
create or replace function khidma.triage_task(p_task uuid, p_changes jsonb, p_version int) returns void language plpgsql as $$
declare
  b bookings := khidma.lock_dispatched(p_task);
  t tasks;
  was tasks;
  cost bigint := (p_changes ->> 'finalCost')::bigint;
begin
  select * into strict was from tasks where id = p_task;
  t := was;
  perform khidma.refuse_over(t);
  perform khidma.assert_version(t.version, p_version);
  t.priority := coalesce(p_changes ->> 'priority', t.priority);
  if p_changes ? 'internalNotes' then
    t.internal_notes := p_changes ->> 'internalNotes';
  end if;
  if p_changes ? 'estimate' then
    if b.id is not null then
      perform khidma.refuse(409, 'estimate_agreed', jsonb_build_object('status', b.status));
    end if;
    t.est_min_amount := (p_changes #>> '{estimate,least}')::bigint;
    t.est_max_amount := (p_changes #>> '{estimate,most}')::bigint;
    insert into task_estimates (id, task_id, set_by, was_min_amount, was_max_amount, min_amount, max_amount)
    values (khidma.uuid_v7(), t.id, khidma.actor_id(), was.est_min_amount, was.est_max_amount, t.est_min_amount, t.est_max_amount);
  end if;
  if p_changes ? 'finalCost' then
    if b.id is null or b.status not in ('accepted', 'confirmed', 'in_progress') then
      perform khidma.refuse(409, 'no_price_to_set', jsonb_build_object('state', t.state));
    elsif cost > khidma.agreed_limit(b, t) then
      perform khidma.refuse(409, 'final_cost_above_limit', jsonb_build_object('limit', khidma.agreed_limit(b, t), 'currency', b.agreed_rate_currency));
    end if;
    t.final_cost_amount := cost;
  end if;
  perform khidma.set_triage(t);
  if (t.est_min_amount, t.est_max_amount) is distinct from (was.est_min_amount, was.est_max_amount) then
    perform khidma.tell_price(t, null, 'estimate');
  end if;
  if t.final_cost_amount is distinct from was.final_cost_amount then
    perform khidma.tell_price(t, b.tasker_id, 'final_cost');
  end if;
end $$;

-- Does the same thing to many tasks; `p_items`: an array of {taskId, taskerId} or {taskId, priority}. Each is a transaction of its own in the
-- one: what is refused undoes nothing of the others. Returns the outcome of each by its place: the refusal's code and values, or the
-- constraint that was broken; both null where it is done. Tasks are locked in the order of their ids, so that two such calls do not wait
-- for each other in a circle.
create or replace function khidma.dispatch_many(p_items jsonb, p_reason text)
returns table (place int, task_id uuid, code text, details jsonb, broken text) language plpgsql as $$
declare
  item record;
  sqlstate_was text;
  detail text;
begin
  for item in
    select i.place, (i.value ->> 'taskId')::uuid as task, i.value from jsonb_array_elements(p_items) with ordinality as i (value, place)
     order by task, i.place
  loop
    place := item.place;
    task_id := item.task;
    code := null;
    details := null;
    broken := null;
    begin
      if item.value ? 'priority' then
        perform khidma.triage_task(item.task, item.value, null);
      else
        perform khidma.assign_task(item.task, (item.value ->> 'taskerId')::uuid, p_reason);
      end if;
    exception when others then
      get stacked diagnostics sqlstate_was = returned_sqlstate, code = message_text, detail = pg_exception_detail, broken = constraint_name;
      if sqlstate_was like 'KH%' then
        details := detail::jsonb;
        broken := null;
      elsif broken is null or broken = '' then
        raise;
      else
        code := null;
      end if;
    end;
    return next;
  end loop;
end $$;
