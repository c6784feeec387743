-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'adjustment';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('adjustment', 'propose', null, 'proposed', 'ops', null, 'adjustment.proposed'),
  ('adjustment', 'approve', 'proposed', 'posted', 'ops', null, 'adjustment.posted'),
  ('adjustment', 'reject', 'proposed', 'rejected', 'ops', null, 'adjustment.rejected'),
  ('adjustment', 'withdraw', 'proposed', 'withdrawn', 'ops', null, 'adjustment.withdrawn');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_adjustment(p_adjustment adjustments) returns text language plpgsql stable as $$
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
create or replace function khidma.guard_adjustment_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('adjustment', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_adjustment(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_adjustment_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('adjustment', was, new.status::text, khidma.party_in_adjustment(new));

begin
  perform khidma.emit(
    made.event, 'adjustment', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'kind', new.kind)),
    array[]::uuid[]);
  return null;
end $$;

create or replace function khidma.adjustment_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'posted' and was in ('proposed') then
    perform khidma.after_adjustment_posted(new);
  end if;
  return null;
end $$;
