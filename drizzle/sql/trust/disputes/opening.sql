-- Returns a value of `disputes.deadlines` or `disputes.limits`, as configured for the task of a booking.
create or replace function khidma.dispute_policy(p_key text, p_name text, p_booking uuid) returns int language plpgsql stable as $$
begin
  return (
    select (khidma.config_of_task(p_key, b.task_id) ->> p_name)::int from bookings b where b.id = p_booking);
end $$;

-- Returns whether a dispute waits for its decision.
create or replace function khidma.is_dispute_open(d disputes) returns boolean language sql immutable as $$
  select d.status in ('open', 'investigating', 'escalated')
$$;

-- Refuses a dispute about more than the client has paid and not got back, and, of a party, one that comes too late or after too many;
-- a second appeal is refused by its key. Sets who answers it, until when, and the end of its first step (before insert).
create or replace function khidma.guard_new_dispute() returns trigger language plpgsql as $$
declare
  b bookings;
  paid bigint;
  days int;
  most int;
begin
  select * into strict b from bookings where id = new.booking_id;
  if new.amount_in_question is not null then
    paid := khidma.refundable_for_booking(b.id);
    if new.amount_in_question > paid then
      perform khidma.refuse(422, 'amount_above_paid', jsonb_build_object('maximum', paid));
    end if;
  end if;
  if new.appeal_of is null and new.opened_by in (b.client_id, b.tasker_id) then
    days := khidma.dispute_policy('disputes.limits', 'openDays', b.id);
    most := khidma.dispute_policy('disputes.limits', 'perBooking', b.id);
    if b.completed_at < now() - make_interval(days => days) then
      perform khidma.refuse(409, 'dispute_too_late', jsonb_build_object('days', days));
    elsif (select count(*) from disputes d where d.booking_id = b.id and d.appeal_of is null) >= most then
      perform khidma.refuse(409, 'too_many_disputes', jsonb_build_object('maximum', most));
    end if;
  end if;
  new.respondent_id := case new.opened_by when b.client_id then b.tasker_id when b.tasker_id then b.client_id end;
  if new.respondent_id is not null then
    new.respond_by := now() + make_interval(hours => khidma.dispute_policy('disputes.deadlines', 'respondHours', b.id));
  end if;
  if khidma.is_dispute_open(new) then
    new.due_at := coalesce(new.respond_by, now()) + make_interval(hours => khidma.dispute_policy('disputes.deadlines', 'reviewHours', b.id));
  end if;
  return new;
end $$;

-- Locks a dispute that is open and returns it; refuses strangers (404), other parties (403) and one that is decided (409).
create or replace function khidma.take_dispute(p_dispute uuid, p_parties text[]) returns disputes language plpgsql as $$
declare
  d disputes;
  party text;
begin
  select * into d from disputes where id = p_dispute for update;
  party := case when found then khidma.party_in_dispute(d) end;
  if party is null then
    perform khidma.refuse(404, 'not_found');
  elsif party <> all (p_parties) then
    perform khidma.refuse(403, 'forbidden');
  elsif not khidma.is_dispute_open(d) then
    perform khidma.refuse(409, 'dispute_decided', jsonb_build_object('status', d.status));
  end if;
  return d;
end $$;

-- Opens a dispute again that staff have decided, once, within its time: another dispute about the same, which somebody else decides. What
-- was decided stays as it was done. Whoever calls has locked the booking; a canceled one has nothing left to decide about.
create or replace function khidma.appeal_dispute(p_id uuid, p_dispute uuid, p_reason text, p_description text) returns void language plpgsql as $$
declare
  d disputes;
  b bookings;
  party text;
begin
  select * into d from disputes where id = p_dispute for update;
  party := case when found then khidma.party_in_dispute(d) end;
  if party is null then
    perform khidma.refuse(404, 'not_found');
  elsif party not in ('client', 'tasker') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  select * into strict b from bookings where id = d.booking_id;
  if d.appeal_until is null or b.status = 'canceled' then
    perform khidma.refuse(409, 'dispute_not_appealable');
  elsif d.appeal_until <= now() then
    perform khidma.refuse(409, 'appeal_too_late', jsonb_build_object('appealUntil', khidma.iso(d.appeal_until)));
  elsif exists (select from disputes a where a.appeal_of = d.id) then
    perform khidma.refuse(409, 'already_appealed');
  end if;
  perform khidma.give_reason(p_reason);
  -- Before the booking: its guard lets an appeal pass where the client had accepted the work.
  insert into disputes (id, booking_id, opened_by, type, reason, description, amount_in_question, currency, appeal_of)
  select p_id, d.booking_id, khidma.actor_id(), d.type, p_reason, p_description,
         nullif(least(d.amount_in_question, khidma.refundable_for_booking(d.booking_id)), 0), d.currency, d.id;
  perform khidma.dispute_booking(d.booking_id);
end $$;
