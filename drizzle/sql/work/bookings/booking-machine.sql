-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'booking';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('booking', 'offered', null, 'offered', 'ops', null, 'booking.offered'),
  ('booking', 'offered', null, 'offered', 'client', null, 'booking.offered'),
  ('booking', 'offered', null, 'offered', 'system', null, 'booking.offered'),
  ('booking', 'accepted', null, 'accepted', 'tasker', 'accepted', 'booking.accepted'),
  ('booking', 'accepted', null, 'accepted', 'client', 'accepted', 'booking.accepted'),
  ('booking', 'accepted', null, 'accepted', 'ops', 'accepted', 'booking.accepted'),
  ('booking', 'accepted', null, 'accepted', 'system', 'accepted', 'booking.accepted'),
  ('booking', 'accept', 'offered', 'accepted', 'tasker', 'accepted', 'booking.accepted'),
  ('booking', 'assigned', null, 'confirmed', 'ops', 'confirmed', 'booking.confirmed'),
  ('booking', 'assigned', null, 'confirmed', 'system', 'confirmed', 'booking.confirmed'),
  ('booking', 'confirm', 'accepted', 'confirmed', 'client', 'confirmed', 'booking.confirmed'),
  ('booking', 'start', 'confirmed', 'in_progress', 'tasker', 'in_progress', 'booking.in_progress'),
  ('booking', 'complete', 'in_progress', 'completed', 'tasker', 'completed', 'booking.completed'),
  ('booking', 'complete', 'in_progress', 'completed', 'system', 'completed', 'booking.completed'),
  ('booking', 'lapse', 'accepted', 'canceled', 'system', 'expired', 'booking.canceled'),
  ('booking', 'lapse', 'confirmed', 'canceled', 'system', 'expired', 'booking.canceled'),
  ('booking', 'cancel', 'accepted', 'canceled', 'client', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'cancel', 'accepted', 'canceled', 'tasker', 'canceled_by_tasker', 'booking.canceled'),
  ('booking', 'cancel', 'accepted', 'canceled', 'ops', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'cancel', 'confirmed', 'canceled', 'client', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'cancel', 'confirmed', 'canceled', 'tasker', 'canceled_by_tasker', 'booking.canceled'),
  ('booking', 'cancel', 'confirmed', 'canceled', 'ops', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'decline', 'offered', 'canceled', 'tasker', null, 'booking.offer_ended'),
  ('booking', 'withdraw', 'offered', 'canceled', 'client', null, 'booking.offer_ended'),
  ('booking', 'withdraw', 'offered', 'canceled', 'ops', null, 'booking.offer_ended'),
  ('booking', 'lapse', 'offered', 'canceled', 'system', null, 'booking.offer_ended'),
  ('booking', 'release', 'accepted', 'offered', 'ops', 'posted', 'booking.released'),
  ('booking', 'release', 'accepted', 'offered', 'system', 'posted', 'booking.released'),
  ('booking', 'release', 'confirmed', 'offered', 'ops', 'posted', 'booking.released'),
  ('booking', 'release', 'confirmed', 'offered', 'system', 'posted', 'booking.released'),
  ('booking', 'fail', 'in_progress', 'canceled', 'system', null, 'booking.canceled'),
  ('booking', 'dispute', 'in_progress', 'disputed', 'client', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'in_progress', 'disputed', 'tasker', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'in_progress', 'disputed', 'ops', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'completed', 'disputed', 'client', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'completed', 'disputed', 'tasker', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'completed', 'disputed', 'ops', 'disputed', 'booking.disputed'),
  ('booking', 'resolve', 'disputed', 'completed', 'ops', 'completed', 'booking.completed'),
  ('booking', 'resolve', 'disputed', 'completed', 'system', 'completed', 'booking.completed'),
  ('booking', 'cancel_after_dispute', 'disputed', 'canceled', 'ops', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'cancel_after_dispute', 'disputed', 'canceled', 'system', 'canceled_by_client', 'booking.canceled');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_booking(p_booking bookings) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_booking.client_id = me then
    return 'client';
  elsif p_booking.tasker_id = me then
    return 'tasker';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_booking_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('booking', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_booking(new));
  return new;
end $$;

-- Writes the event of a transition and its history, and moves the task along. Other consequences are below.
create or replace function khidma.record_booking_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('booking', was, new.status::text, khidma.party_in_booking(new));
  the_client uuid := new.client_id;
  the_tasker uuid := new.tasker_id;
begin
  insert into booking_events (id, booking_id, from_status, to_status, actor_user_id, meta)
  values (khidma.uuid_v7(), new.id, was::booking_status, new.status, khidma.actor_id(),
          jsonb_strip_nulls(jsonb_build_object('action', made.name, 'party', made.party, 'reason', nullif(current_setting('khidma.reason', true), ''))));
  perform khidma.emit(
    made.event, 'booking', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'taskId', new.task_id,
      'bookingId', new.id,
      'noShowBy', new.no_show_by,
      'lapsed', new.lapsed,
      'clientId', the_client,
      'taskerId', the_tasker)),
    array[the_client, the_tasker]);
  if made.drives_to is not null then
    perform khidma.move_task(new.task_id, made.drives_to);
  end if;
  return null;
end $$;

create or replace function khidma.booking_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and (was is null or was in ('offered')) then
    perform khidma.after_booking_accepted(new);
  end if;
  if new.status = 'confirmed' and was is null then
    perform khidma.after_booking_confirmed(new);
  end if;
  if new.status = 'canceled' and was in ('offered') then
    perform khidma.after_booking_offered(new);
  end if;
  if new.status = 'completed' and was in ('in_progress') then
    perform khidma.after_booking_completed(new);
  end if;
  if new.status = 'canceled' and was in ('accepted', 'confirmed', 'in_progress', 'disputed') then
    perform khidma.after_booking_canceled(new);
  end if;
  if new.status = 'disputed' and was in ('in_progress', 'completed') then
    perform khidma.after_booking_disputed(new);
  end if;
  return null;
end $$;
