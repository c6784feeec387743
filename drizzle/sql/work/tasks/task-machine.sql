-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'task';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('task', 'created', null, 'draft', 'client', null, 'task.created'),
  ('task', 'created', null, 'draft', 'ops', null, 'task.created'),
  ('task', 'created', null, 'draft', 'system', null, 'task.created'),
  ('task', 'post', 'draft', 'posted', 'client', null, 'task.posted'),
  ('task', 'post', 'draft', 'posted', 'system', null, 'task.posted'),
  ('task', 'repost', 'expired', 'posted', 'client', null, 'task.posted'),
  ('task', 'rematch', 'canceled_by_tasker', 'posted', 'client', null, 'task.posted'),
  ('task', 'rematch', 'canceled_by_tasker', 'posted', 'system', null, 'task.posted'),
  ('task', 'match', 'posted', 'matching', 'system', null, 'task.matching'),
  ('task', 'accept', 'posted', 'accepted', 'tasker', null, 'task.accepted'),
  ('task', 'accept', 'posted', 'accepted', 'client', null, 'task.accepted'),
  ('task', 'accept', 'posted', 'accepted', 'ops', null, 'task.accepted'),
  ('task', 'accept', 'posted', 'accepted', 'system', null, 'task.accepted'),
  ('task', 'accept', 'matching', 'accepted', 'tasker', null, 'task.accepted'),
  ('task', 'accept', 'matching', 'accepted', 'client', null, 'task.accepted'),
  ('task', 'accept', 'matching', 'accepted', 'ops', null, 'task.accepted'),
  ('task', 'accept', 'matching', 'accepted', 'system', null, 'task.accepted'),
  ('task', 'confirm', 'accepted', 'confirmed', 'client', null, 'task.confirmed'),
  ('task', 'assign', 'posted', 'confirmed', 'ops', null, 'task.confirmed'),
  ('task', 'assign', 'posted', 'confirmed', 'system', null, 'task.confirmed'),
  ('task', 'climb', 'matching', 'posted', 'system', null, 'task.climbed'),
  ('task', 'take_over', 'matching', 'posted', 'ops', null, 'task.queued'),
  ('task', 'release', 'accepted', 'posted', 'ops', null, 'task.queued'),
  ('task', 'release', 'accepted', 'posted', 'system', null, 'task.queued'),
  ('task', 'release', 'confirmed', 'posted', 'ops', null, 'task.queued'),
  ('task', 'release', 'confirmed', 'posted', 'system', null, 'task.queued'),
  ('task', 'start', 'confirmed', 'in_progress', 'tasker', null, 'task.in_progress'),
  ('task', 'complete', 'in_progress', 'completed', 'tasker', null, 'task.completed'),
  ('task', 'complete', 'in_progress', 'completed', 'system', null, 'task.completed'),
  ('task', 'settle', 'completed', 'settled', 'tasker', null, 'task.settled'),
  ('task', 'settle', 'completed', 'settled', 'ops', null, 'task.settled'),
  ('task', 'settle', 'completed', 'settled', 'system', null, 'task.settled'),
  ('task', 'settle', 'completed', 'settled', 'provider', null, 'task.settled'),
  ('task', 'review', 'settled', 'reviewed', 'client', null, 'task.reviewed'),
  ('task', 'review', 'settled', 'reviewed', 'tasker', null, 'task.reviewed'),
  ('task', 'review', 'settled', 'reviewed', 'system', null, 'task.reviewed'),
  ('task', 'expire', 'posted', 'expired', 'system', null, 'task.expired'),
  ('task', 'expire', 'matching', 'expired', 'system', null, 'task.expired'),
  ('task', 'lapse', 'accepted', 'expired', 'system', null, 'task.expired'),
  ('task', 'lapse', 'confirmed', 'expired', 'system', null, 'task.expired'),
  ('task', 'cancel', 'draft', 'canceled_by_client', 'client', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'draft', 'canceled_by_client', 'ops', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'accepted', 'canceled_by_client', 'client', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'accepted', 'canceled_by_client', 'ops', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'confirmed', 'canceled_by_client', 'client', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'confirmed', 'canceled_by_client', 'ops', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'posted', 'canceled_by_client', 'client', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'posted', 'canceled_by_client', 'ops', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'matching', 'canceled_by_client', 'client', null, 'task.canceled_by_client'),
  ('task', 'cancel', 'matching', 'canceled_by_client', 'ops', null, 'task.canceled_by_client'),
  ('task', 'cancel_after_dispute', 'disputed', 'canceled_by_client', 'ops', null, 'task.canceled_by_client'),
  ('task', 'cancel_after_dispute', 'disputed', 'canceled_by_client', 'system', null, 'task.canceled_by_client'),
  ('task', 'cancel_by_tasker', 'accepted', 'canceled_by_tasker', 'tasker', null, 'task.canceled_by_tasker'),
  ('task', 'cancel_by_tasker', 'confirmed', 'canceled_by_tasker', 'tasker', null, 'task.canceled_by_tasker'),
  ('task', 'dispute', 'in_progress', 'disputed', 'client', null, 'task.disputed'),
  ('task', 'dispute', 'in_progress', 'disputed', 'tasker', null, 'task.disputed'),
  ('task', 'dispute', 'in_progress', 'disputed', 'ops', null, 'task.disputed'),
  ('task', 'dispute', 'on_hold', 'disputed', 'client', null, 'task.disputed'),
  ('task', 'dispute', 'on_hold', 'disputed', 'tasker', null, 'task.disputed'),
  ('task', 'dispute', 'on_hold', 'disputed', 'ops', null, 'task.disputed'),
  ('task', 'dispute', 'completed', 'disputed', 'client', null, 'task.disputed'),
  ('task', 'dispute', 'completed', 'disputed', 'tasker', null, 'task.disputed'),
  ('task', 'dispute', 'completed', 'disputed', 'ops', null, 'task.disputed'),
  ('task', 'dispute', 'settled', 'disputed', 'client', null, 'task.disputed'),
  ('task', 'dispute', 'settled', 'disputed', 'tasker', null, 'task.disputed'),
  ('task', 'dispute', 'settled', 'disputed', 'ops', null, 'task.disputed'),
  ('task', 'dispute', 'reviewed', 'disputed', 'client', null, 'task.disputed'),
  ('task', 'dispute', 'reviewed', 'disputed', 'tasker', null, 'task.disputed'),
  ('task', 'dispute', 'reviewed', 'disputed', 'ops', null, 'task.disputed'),
  ('task', 'resolve', 'disputed', 'completed', 'ops', null, 'task.completed'),
  ('task', 'resolve', 'disputed', 'completed', 'system', null, 'task.completed'),
  ('task', 'hold', 'confirmed', 'on_hold', 'ops', null, 'task.on_hold'),
  ('task', 'hold', 'in_progress', 'on_hold', 'ops', null, 'task.on_hold'),
  ('task', 'resume', 'on_hold', 'in_progress', 'ops', null, 'task.resumed'),
  ('task', 'resume', 'on_hold', 'confirmed', 'ops', null, 'task.resumed'),
  ('task', 'cancel_on_hold', 'on_hold', 'canceled_by_client', 'client', null, 'task.canceled_by_client'),
  ('task', 'cancel_on_hold', 'on_hold', 'canceled_by_client', 'ops', null, 'task.canceled_by_client'),
  ('task', 'cancel_on_hold', 'on_hold', 'canceled_by_tasker', 'tasker', null, 'task.canceled_by_tasker'),
  ('task', 'fail', 'in_progress', 'failed', 'ops', null, 'task.failed'),
  ('task', 'fail', 'in_progress', 'failed', 'system', null, 'task.failed'),
  ('task', 'fail', 'on_hold', 'failed', 'ops', null, 'task.failed'),
  ('task', 'fail', 'on_hold', 'failed', 'system', null, 'task.failed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_task(p_task tasks) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_task.client_id = me then
    return 'client';
  elsif me = (select o.tasker_id from bookings o where o.task_id = p_task.id and o.task_round = (select k.round from tasks k where k.id = o.task_id) order by o.id desc limit 1) then
    return 'tasker';
  elsif exists (select from offers o where o.task_id = p_task.id and o.tasker_id = me and o.status = 'pending') then
    return 'invited';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_task_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('task', case when tg_op = 'UPDATE' then old.state::text end, new.state::text, khidma.party_in_task(new));
  return new;
end $$;

-- Writes the event of a transition and its history. Other consequences are below.
create or replace function khidma.record_task_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.state::text end;
  made state_transitions := khidma.transition_of('task', was, new.state::text, khidma.party_in_task(new));
  the_client uuid := new.client_id;
  the_tasker uuid := (select o.tasker_id from bookings o where o.task_id = new.id and o.task_round = (select k.round from tasks k where k.id = o.task_id) order by o.id desc limit 1);
begin
  insert into task_state_events (id, task_id, from_state, to_state, actor_user_id, reason, meta)
  values (khidma.uuid_v7(), new.id, was::task_state, new.state, khidma.actor_id(),
          nullif(current_setting('khidma.reason', true), ''), jsonb_build_object('action', made.name, 'party', made.party, 'sourcing', new.sourcing));
  perform khidma.emit(
    made.event, 'task', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.state,
      'action', made.name,
      'party', made.party,
      'taskId', new.id,
      'sourcing', new.sourcing,
      'round', new.round,
      'offerId', case when new.state = 'accepted' then (select o.id from offers o where o.task_id = new.id and o.round = new.round and o.status = 'accepted') end,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  return null;
end $$;

create or replace function khidma.task_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.state::text end;
begin
  if (new.state = 'accepted' and was in ('posted')) or (new.state = 'confirmed' and was in ('posted')) or (new.state = 'expired' and was in ('posted')) or (new.state = 'canceled_by_client' and was in ('posted')) then
    perform khidma.after_task_posted(new);
  end if;
  if (new.state = 'accepted' and was in ('matching')) or (new.state = 'posted' and was in ('matching')) or (new.state = 'expired' and was in ('matching')) or (new.state = 'canceled_by_client' and was in ('matching')) then
    perform khidma.after_task_matching(new);
  end if;
  if new.state = 'completed' and was in ('in_progress', 'disputed') then
    perform khidma.after_task_completed(new);
  end if;
  if new.state = 'settled' and was in ('completed') then
    perform khidma.after_task_settled(new);
  end if;
  if new.state = 'failed' and was in ('in_progress', 'on_hold') then
    perform khidma.after_task_failed(new);
  end if;
  if new.state = 'canceled_by_tasker' and was in ('accepted', 'confirmed') then
    perform khidma.after_task_canceled_by_tasker(new);
  end if;
  return null;
end $$;
