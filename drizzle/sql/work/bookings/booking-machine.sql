-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'booking';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('booking', 'offered', null, 'offered', 'ops', null, 'booking.offered'),
  ('booking', 'offered', null, 'offered', 'client', null, 'booking.offered'),
  ('booking', 'accepted', null, 'accepted', 'tasker', 'accepted', 'booking.accepted'),
  ('booking', 'accept', 'offered', 'accepted', 'tasker', 'accepted', 'booking.accepted'),
  ('booking', 'confirm', 'accepted', 'confirmed', 'client', 'confirmed', 'booking.confirmed'),
  ('booking', 'start', 'confirmed', 'in_progress', 'tasker', 'in_progress', 'booking.in_progress'),
  ('booking', 'complete', 'in_progress', 'completed', 'tasker', 'completed', 'booking.completed'),
  ('booking', 'cancel', 'accepted', 'canceled', 'client', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'cancel', 'accepted', 'canceled', 'tasker', 'canceled_by_tasker', 'booking.canceled'),
  ('booking', 'cancel', 'accepted', 'canceled', 'ops', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'cancel', 'confirmed', 'canceled', 'client', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'cancel', 'confirmed', 'canceled', 'tasker', 'canceled_by_tasker', 'booking.canceled'),
  ('booking', 'cancel', 'confirmed', 'canceled', 'ops', 'canceled_by_client', 'booking.canceled'),
  ('booking', 'withdraw', 'offered', 'canceled', 'client', null, 'booking.canceled'),
  ('booking', 'withdraw', 'offered', 'canceled', 'tasker', null, 'booking.canceled'),
  ('booking', 'withdraw', 'offered', 'canceled', 'ops', null, 'booking.canceled'),
  ('booking', 'fail', 'in_progress', 'canceled', 'system', null, 'booking.canceled'),
  ('booking', 'dispute', 'in_progress', 'disputed', 'client', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'in_progress', 'disputed', 'tasker', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'in_progress', 'disputed', 'ops', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'completed', 'disputed', 'client', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'completed', 'disputed', 'tasker', 'disputed', 'booking.disputed'),
  ('booking', 'dispute', 'completed', 'disputed', 'ops', 'disputed', 'booking.disputed'),
  ('booking', 'resolve', 'disputed', 'completed', 'ops', 'completed', 'booking.completed'),
  ('booking', 'cancel_after_dispute', 'disputed', 'canceled', 'ops', 'canceled_by_client', 'booking.canceled');

create or replace function khidma.booking_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'accepted' and (was is null or was in ('offered')) then
    perform khidma.after_booking_accepted(new);
  end if;
  if new.status = 'completed' and was in ('in_progress') then
    perform khidma.after_booking_completed(new);
  end if;
  if new.status = 'canceled' and was in ('accepted', 'confirmed', 'offered', 'in_progress', 'disputed') then
    perform khidma.after_booking_canceled(new);
  end if;
  return null;
end $$;
