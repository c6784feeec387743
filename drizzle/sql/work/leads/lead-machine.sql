-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'lead';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('lead', 'created', null, 'pending', 'system', null, 'lead.created'),
  ('lead', 'approve', 'pending', 'open', 'ops', null, 'lead.opened'),
  ('lead', 'approve', 'pending', 'open', 'system', null, 'lead.opened'),
  ('lead', 'reject', 'pending', 'rejected', 'ops', null, 'lead.rejected'),
  ('lead', 'close', 'pending', 'closed', 'system', null, 'lead.closed'),
  ('lead', 'close', 'open', 'closed', 'system', null, 'lead.closed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_lead(p_lead leads) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif exists (select from tasks o where o.id = p_lead.task_id and o.client_id = me) then
    return 'client';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_lead_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('lead', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_lead(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_lead_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('lead', was, new.status::text, khidma.party_in_lead(new));
  the_client uuid := (select o.client_id from tasks o where o.id = new.task_id);
begin
  perform khidma.emit(
    made.event, 'lead', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'taskId', new.task_id,
      'clientId', the_client)),
    array[the_client]);
  return null;
end $$;

create or replace function khidma.lead_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'open' and was in ('pending') then
    perform khidma.after_lead_open(new);
  end if;
  if new.status = 'rejected' and was in ('pending') then
    perform khidma.after_lead_rejected(new);
  end if;
  return null;
end $$;
