-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'order';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('order', 'created', null, 'pending', 'owner', null, 'order.created'),
  ('order', 'created', null, 'pending', 'system', null, 'order.created'),
  ('order', 'complete', 'pending', 'completed', 'system', null, 'order.completed'),
  ('order', 'cancel', 'pending', 'canceled', 'owner', null, 'order.canceled'),
  ('order', 'cancel', 'pending', 'canceled', 'ops', null, 'order.canceled'),
  ('order', 'cancel', 'pending', 'canceled', 'system', null, 'order.canceled'),
  ('order', 'cancel', 'pending', 'canceled', 'provider', null, 'order.canceled'),
  ('order', 'expire', 'pending', 'expired', 'system', null, 'order.expired'),
  ('order', 'refund', 'completed', 'refunded', 'ops', null, 'order.refunded');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_order(p_order orders) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_order.user_id = me or khidma.buys_for(p_order.user_id) then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_order_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('order', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_order(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_order_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('order', was, new.status::text, khidma.party_in_order(new));
  the_owner uuid := new.user_id;
begin
  perform khidma.emit(
    made.event, 'order', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'userId', the_owner)),
    array[the_owner]);
  return null;
end $$;

create or replace function khidma.order_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'completed' and was in ('pending') then
    perform khidma.after_order_completed(new);
  end if;
  if new.status = 'canceled' and was in ('pending') then
    perform khidma.after_order_canceled(new);
  end if;
  if new.status = 'expired' and was in ('pending') then
    perform khidma.after_order_expired(new);
  end if;
  if new.status = 'refunded' and was in ('completed') then
    perform khidma.after_order_refunded(new);
  end if;
  return null;
end $$;
