-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'lead_refund';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('lead_refund', 'created', null, 'pending', 'tasker', null, 'lead_refund.created'),
  ('lead_refund', 'approve', 'pending', 'approved', 'ops', null, 'lead_refund.approved'),
  ('lead_refund', 'approve', 'pending', 'approved', 'system', null, 'lead_refund.approved'),
  ('lead_refund', 'reject', 'pending', 'rejected', 'ops', null, 'lead_refund.rejected');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_lead_refund(p_lead_refund lead_refunds) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_lead_refund.tasker_id = me then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_lead_refund_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('lead_refund', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_lead_refund(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_lead_refund_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('lead_refund', was, new.status::text, khidma.party_in_lead_refund(new));
  the_tasker uuid := new.tasker_id;
begin
  perform khidma.emit(
    made.event, 'lead_refund', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'taskerId', the_tasker)),
    array[the_tasker]);
  return null;
end $$;
