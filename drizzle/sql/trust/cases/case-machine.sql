-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'case';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('case', 'take', 'open', 'assigned', 'ops', null, 'case.assigned'),
  ('case', 'release', 'assigned', 'open', 'ops', null, 'case.released'),
  ('case', 'close', 'open', 'closed', 'ops', null, 'case.closed'),
  ('case', 'close', 'open', 'closed', 'system', null, 'case.closed'),
  ('case', 'close', 'assigned', 'closed', 'ops', null, 'case.closed'),
  ('case', 'close', 'assigned', 'closed', 'system', null, 'case.closed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_case(p_case cases) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';

  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_case_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('case', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_case(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_case_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('case', was, new.status::text, khidma.party_in_case(new));

begin
  perform khidma.emit(
    made.event, 'case', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'caseId', new.id,
      'kind', new.kind,
      'subjectId', new.subject_id,
      'userId', new.assignee_id)),
    array[]::uuid[]);
  return null;
end $$;
