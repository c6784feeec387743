-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'lead_request';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('lead_request', 'created', null, 'pending', 'tasker', null, 'lead_request.created'),
  ('lead_request', 'reply', 'pending', 'replied', 'client', null, 'lead_request.replied'),
  ('lead_request', 'accept', 'pending', 'accepted', 'client', null, 'lead_request.accepted'),
  ('lead_request', 'accept', 'replied', 'accepted', 'client', null, 'lead_request.accepted'),
  ('lead_request', 'decline', 'pending', 'rejected', 'client', null, 'lead_request.rejected'),
  ('lead_request', 'decline', 'pending', 'rejected', 'system', null, 'lead_request.rejected'),
  ('lead_request', 'decline', 'replied', 'rejected', 'client', null, 'lead_request.rejected'),
  ('lead_request', 'decline', 'replied', 'rejected', 'system', null, 'lead_request.rejected'),
  ('lead_request', 'withdraw', 'pending', 'withdrawn', 'tasker', null, 'lead_request.withdrawn'),
  ('lead_request', 'withdraw', 'pending', 'withdrawn', 'system', null, 'lead_request.withdrawn'),
  ('lead_request', 'withdraw', 'replied', 'withdrawn', 'tasker', null, 'lead_request.withdrawn'),
  ('lead_request', 'withdraw', 'replied', 'withdrawn', 'system', null, 'lead_request.withdrawn'),
  ('lead_request', 'expire', 'pending', 'expired', 'system', null, 'lead_request.expired'),
  ('lead_request', 'expire', 'replied', 'expired', 'system', null, 'lead_request.expired');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_lead_request(p_lead_request lead_requests) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_lead_request.tasker_id = me then
    return 'tasker';
  elsif exists (select from tasks o where o.id = p_lead_request.task_id and o.client_id = me) then
    return 'client';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_lead_request_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('lead_request', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_lead_request(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_lead_request_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('lead_request', was, new.status::text, khidma.party_in_lead_request(new));
  the_tasker uuid := new.tasker_id;
  the_client uuid := (select o.client_id from tasks o where o.id = new.task_id);
begin
  perform khidma.emit(
    made.event, 'lead_request', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'taskId', new.task_id,
      'conversationId', (select c.id from conversations c where c.lead_request_id = new.id),
      'because', case when new.status = 'rejected' then case when new.declined_at is null then 'lost' else 'declined' end end,
      'taskerId', the_tasker,
      'clientId', the_client)),
    array[the_tasker, the_client]);
  return null;
end $$;

create or replace function khidma.lead_request_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'replied' and was in ('pending') then
    perform khidma.after_lead_request_replied(new);
  end if;
  if new.status = 'accepted' and was in ('pending', 'replied') then
    perform khidma.after_lead_request_accepted(new);
  end if;
  if new.status = 'rejected' and was in ('pending', 'replied') then
    perform khidma.after_lead_request_rejected(new);
  end if;
  if new.status = 'withdrawn' and was in ('pending', 'replied') then
    perform khidma.after_lead_request_withdrawn(new);
  end if;
  if new.status = 'expired' and was in ('pending', 'replied') then
    perform khidma.after_lead_request_expired(new);
  end if;
  return null;
end $$;
