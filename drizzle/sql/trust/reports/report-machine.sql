-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'report';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('report', 'created', null, 'open', 'reporter', null, 'report.created'),
  ('report', 'created', null, 'open', 'ops', null, 'report.created'),
  ('report', 'created', null, 'open', 'system', null, 'report.created'),
  ('report', 'investigate', 'open', 'investigating', 'ops', null, 'report.investigating'),
  ('report', 'resolve', 'open', 'resolved', 'ops', null, 'report.resolved'),
  ('report', 'resolve', 'investigating', 'resolved', 'ops', null, 'report.resolved'),
  ('report', 'dismiss', 'open', 'dismissed', 'ops', null, 'report.dismissed'),
  ('report', 'dismiss', 'investigating', 'dismissed', 'ops', null, 'report.dismissed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_report(p_report reports) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_report.reporter_id = me then
    return 'reporter';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_report_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('report', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_report(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_report_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('report', was, new.status::text, khidma.party_in_report(new));
  the_reporter uuid := new.reporter_id;
begin
  perform khidma.emit(
    made.event, 'report', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', new.booking_id,
      'clientId', the_reporter)),
    array[the_reporter]);
  return null;
end $$;
