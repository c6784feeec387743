-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'offer';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('offer', 'created', null, 'pending', 'system', null, 'offer.created'),
  ('offer', 'accept', 'pending', 'accepted', 'tasker', null, 'offer.accepted'),
  ('offer', 'decline', 'pending', 'declined', 'tasker', null, 'offer.declined'),
  ('offer', 'expire', 'pending', 'expired', 'system', null, 'offer.expired'),
  ('offer', 'withdraw', 'pending', 'withdrawn', 'system', null, 'offer.withdrawn');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_offer(p_offer offers) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_offer.tasker_id = me then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_offer_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('offer', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_offer(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_offer_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('offer', was, new.status::text, khidma.party_in_offer(new));
  the_tasker uuid := new.tasker_id;
begin
  perform khidma.emit(
    made.event, 'offer', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'taskId', new.task_id,
      'taskerId', the_tasker)),
    array[the_tasker]);
  return null;
end $$;

create or replace function khidma.offer_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and was in ('pending') then
    perform khidma.after_offer_accepted(new);
  end if;
  if new.status = 'declined' and was in ('pending') then
    perform khidma.after_offer_declined(new);
  end if;
  if new.status = 'expired' and was in ('pending') then
    perform khidma.after_offer_expired(new);
  end if;
  return null;
end $$;
