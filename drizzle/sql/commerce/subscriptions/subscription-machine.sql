-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'subscription';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('subscription', 'subscribe', null, 'pending', 'owner', null, 'subscription.created'),
  ('subscription', 'try', null, 'trialing', 'owner', null, 'subscription.trial_began'),
  ('subscription', 'activate', 'pending', 'active', 'owner', null, 'subscription.active'),
  ('subscription', 'activate', 'pending', 'active', 'system', null, 'subscription.active'),
  ('subscription', 'activate', 'pending', 'active', 'provider', null, 'subscription.active'),
  ('subscription', 'activate', 'trialing', 'active', 'owner', null, 'subscription.active'),
  ('subscription', 'activate', 'trialing', 'active', 'system', null, 'subscription.active'),
  ('subscription', 'activate', 'trialing', 'active', 'provider', null, 'subscription.active'),
  ('subscription', 'fall-behind', 'trialing', 'past_due', 'owner', null, 'subscription.past_due'),
  ('subscription', 'fall-behind', 'trialing', 'past_due', 'system', null, 'subscription.past_due'),
  ('subscription', 'fall-behind', 'trialing', 'past_due', 'provider', null, 'subscription.past_due'),
  ('subscription', 'fall-behind', 'active', 'past_due', 'owner', null, 'subscription.past_due'),
  ('subscription', 'fall-behind', 'active', 'past_due', 'system', null, 'subscription.past_due'),
  ('subscription', 'fall-behind', 'active', 'past_due', 'provider', null, 'subscription.past_due'),
  ('subscription', 'recover', 'past_due', 'active', 'owner', null, 'subscription.active'),
  ('subscription', 'recover', 'past_due', 'active', 'system', null, 'subscription.active'),
  ('subscription', 'recover', 'past_due', 'active', 'provider', null, 'subscription.active'),
  ('subscription', 'pause', 'active', 'paused', 'owner', null, 'subscription.paused'),
  ('subscription', 'resume', 'paused', 'active', 'owner', null, 'subscription.active'),
  ('subscription', 'resume', 'paused', 'active', 'system', null, 'subscription.active'),
  ('subscription', 'end', 'pending', 'ended', 'owner', null, 'subscription.ended'),
  ('subscription', 'end', 'pending', 'ended', 'ops', null, 'subscription.ended'),
  ('subscription', 'end', 'pending', 'ended', 'system', null, 'subscription.ended'),
  ('subscription', 'end', 'trialing', 'ended', 'owner', null, 'subscription.ended'),
  ('subscription', 'end', 'trialing', 'ended', 'ops', null, 'subscription.ended'),
  ('subscription', 'end', 'trialing', 'ended', 'system', null, 'subscription.ended'),
  ('subscription', 'end', 'active', 'ended', 'owner', null, 'subscription.ended'),
  ('subscription', 'end', 'active', 'ended', 'ops', null, 'subscription.ended'),
  ('subscription', 'end', 'active', 'ended', 'system', null, 'subscription.ended'),
  ('subscription', 'end', 'past_due', 'ended', 'owner', null, 'subscription.ended'),
  ('subscription', 'end', 'past_due', 'ended', 'ops', null, 'subscription.ended'),
  ('subscription', 'end', 'past_due', 'ended', 'system', null, 'subscription.ended'),
  ('subscription', 'end', 'paused', 'ended', 'owner', null, 'subscription.ended'),
  ('subscription', 'end', 'paused', 'ended', 'ops', null, 'subscription.ended'),
  ('subscription', 'end', 'paused', 'ended', 'system', null, 'subscription.ended');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_subscription(p_subscription subscriptions) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_subscription.user_id = me then
    return 'owner';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_subscription_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('subscription', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_subscription(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_subscription_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('subscription', was, new.status::text, khidma.party_in_subscription(new));
  the_owner uuid := new.user_id;
begin
  perform khidma.emit(
    made.event, 'subscription', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'planId', new.plan_id,
      'endReason', new.end_reason,
      'userId', the_owner)),
    array[the_owner]);
  return null;
end $$;
