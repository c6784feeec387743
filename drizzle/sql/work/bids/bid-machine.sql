-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'bid';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('bid', 'created', null, 'pending', 'tasker', null, 'bid.created'),
  ('bid', 'award', 'pending', 'awarded', 'client', null, 'bid.awarded'),
  ('bid', 'win', 'pending', 'accepted', 'client', null, 'bid.accepted'),
  ('bid', 'accept', 'awarded', 'accepted', 'tasker', null, 'bid.accepted'),
  ('bid', 'revoke', 'awarded', 'pending', 'client', null, 'bid.revoked'),
  ('bid', 'decline', 'pending', 'rejected', 'client', null, 'bid.rejected'),
  ('bid', 'decline', 'pending', 'rejected', 'system', null, 'bid.rejected'),
  ('bid', 'decline', 'awarded', 'rejected', 'client', null, 'bid.rejected'),
  ('bid', 'decline', 'awarded', 'rejected', 'system', null, 'bid.rejected'),
  ('bid', 'withdraw', 'pending', 'withdrawn', 'tasker', null, 'bid.withdrawn'),
  ('bid', 'withdraw', 'pending', 'withdrawn', 'system', null, 'bid.withdrawn'),
  ('bid', 'withdraw', 'awarded', 'withdrawn', 'tasker', null, 'bid.withdrawn'),
  ('bid', 'withdraw', 'awarded', 'withdrawn', 'system', null, 'bid.withdrawn'),
  ('bid', 'expire', 'pending', 'expired', 'system', null, 'bid.expired'),
  ('bid', 'expire', 'awarded', 'expired', 'system', null, 'bid.expired');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_bid(p_bid bids) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_bid.tasker_id = me then
    return 'tasker';
  elsif exists (select from tasks o where o.id = p_bid.task_id and o.client_id = me) then
    return 'client';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_bid_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('bid', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_bid(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_bid_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('bid', was, new.status::text, khidma.party_in_bid(new));
  the_tasker uuid := new.tasker_id;
  the_client uuid := (select o.client_id from tasks o where o.id = new.task_id);
begin
  perform khidma.emit(
    made.event, 'bid', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'taskId', new.task_id,
      'because', case when new.status = 'rejected' then case when new.declined_at is null then 'lost' else 'declined' end end,
      'taskerId', the_tasker,
      'clientId', the_client)),
    array[the_tasker, the_client]);
  return null;
end $$;

create or replace function khidma.bid_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and was in ('pending', 'awarded') then
    perform khidma.after_bid_accepted(new);
  end if;
  if new.status = 'rejected' and was in ('pending', 'awarded') then
    perform khidma.after_bid_rejected(new);
  end if;
  if new.status = 'withdrawn' and was in ('pending', 'awarded') then
    perform khidma.after_bid_withdrawn(new);
  end if;
  if new.status = 'expired' and was in ('pending', 'awarded') then
    perform khidma.after_bid_expired(new);
  end if;
  return null;
end $$;
