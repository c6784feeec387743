-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'tasker';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('tasker', 'applied', null, 'applied', 'tasker', null, 'tasker.applied'),
  ('tasker', 'applied', null, 'applied', 'ops', null, 'tasker.applied'),
  ('tasker', 'verify', 'applied', 'verified', 'ops', null, 'tasker.verified'),
  ('tasker', 'activate', 'verified', 'active', 'ops', null, 'tasker.active'),
  ('tasker', 'activate', 'suspended', 'active', 'ops', null, 'tasker.active'),
  ('tasker', 'flag', 'active', 'at_risk', 'ops', null, 'tasker.at_risk'),
  ('tasker', 'flag', 'active', 'at_risk', 'system', null, 'tasker.at_risk'),
  ('tasker', 'clear', 'at_risk', 'active', 'ops', null, 'tasker.active'),
  ('tasker', 'clear', 'at_risk', 'active', 'system', null, 'tasker.active'),
  ('tasker', 'suspend', 'active', 'suspended', 'ops', null, 'tasker.suspended'),
  ('tasker', 'suspend', 'at_risk', 'suspended', 'ops', null, 'tasker.suspended'),
  ('tasker', 'offboard', 'applied', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'applied', 'offboarded', 'tasker', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'verified', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'verified', 'offboarded', 'tasker', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'active', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'active', 'offboarded', 'tasker', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'at_risk', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'at_risk', 'offboarded', 'tasker', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'suspended', 'offboarded', 'ops', null, 'tasker.offboarded'),
  ('tasker', 'offboard', 'suspended', 'offboarded', 'tasker', null, 'tasker.offboarded');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_tasker(p_tasker tasker_profiles) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_tasker.user_id = me then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_tasker_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('tasker', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_tasker(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_tasker_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('tasker', was, new.status::text, khidma.party_in_tasker(new));
  the_tasker uuid := new.user_id;
begin
  perform khidma.emit(
    made.event, 'tasker', new.user_id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'taskerId', the_tasker)),
    array[the_tasker]);
  return null;
end $$;

create or replace function khidma.tasker_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'suspended' and was in ('active', 'at_risk') then
    perform khidma.after_tasker_suspended(new);
  end if;
  if new.status = 'offboarded' and was in ('applied', 'verified', 'active', 'at_risk', 'suspended') then
    perform khidma.after_tasker_offboarded(new);
  end if;
  return null;
end $$;
