-- Makes cash the method of a payment of completed work, and sets the time when silence settles it. Where no fare is known silence
-- cannot: staff are asked.
create or replace function khidma.await_cash(p_intent uuid) returns void language plpgsql as $$
begin
  perform khidma.release_attempt(i) from payment_intents i where i.id = p_intent;
  update payment_intents p
     set method = 'cash', provider = 'cash', next_action = null, expires_at = null, reminded_at = null,
         transaction_id = null,
         settles_at = now() + make_interval(hours => khidma.payment_hours('silence', p.booking_id)),
         review = case when coalesce(khidma.fare_of(p.booking_id), 0) <= 0 then 'no_fare' else p.review end
   where p.id = p_intent;
end $$;

-- Returns a period of `payments.cash` in hours, as configured for the booking's task: silence, objection or reminder.
create or replace function khidma.payment_hours(p_what text, p_booking uuid) returns int language plpgsql stable as $$
begin
  return (
    select (khidma.config_of_task('payments.cash', b.task_id) ->> (p_what || 'Hours'))::int from bookings b where b.id = p_booking);
end $$;

-- Refuses to go on with the cash of a booking that is not paid in cash, not completed, or without a fare; says nothing where the
-- payment is ended already: its machine does.
create or replace function khidma.assert_cash_due(p_booking uuid) returns void language plpgsql as $$
declare
  p payment_intents;
begin
  select * into p from payment_intents i where i.booking_id = p_booking and i.purpose = 'booking' for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif p.status in ('captured', 'canceled') then
    return;
  elsif not exists (select from bookings b where b.id = p_booking and b.status = 'completed') then
    perform khidma.refuse(409, 'payment_not_due');
  elsif p.method <> 'cash' then
    perform khidma.refuse(409, 'payment_not_cash');
  elsif coalesce(khidma.fare_of(p_booking), 0) <= 0 and khidma.actor_role() not in ('ops', 'admin') then
    perform khidma.refuse(409, 'fare_unavailable');
  end if;
end $$;

-- Says whether silence may settle cash: an objection, a fare that nobody knows and a card that may have been charged are for staff.
-- Money that came late, or in another amount, for an attempt that was given up goes back by itself.
create or replace function khidma.may_settle_by_silence(p payment_intents) returns boolean language sql immutable as $$
  select p.status = 'requires_action' and p.method = 'cash' and coalesce(p.review, '') not in ('cash_objection', 'no_fare', 'unknown')
$$;

-- Settles cash that nobody has objected to in time; returns how many. A booking in dispute waits for its decision.
create or replace function khidma.settle_silent_cash(p_limit int) returns int language plpgsql as $$
declare
  due record;
  settled int := 0;
begin
  for due in
    select p.id, khidma.fare_of(b.id) as fare
      from payment_intents p join bookings b on b.id = p.booking_id
     where p.settles_at <= now() and khidma.may_settle_by_silence(p) and b.status = 'completed' and not khidma.is_put_off('payment_intent.settle', p.id)
     order by p.settles_at limit p_limit for update of p skip locked
  loop
    begin
      perform khidma.capture_payment(due.id, due.fare);
      settled := settled + 1;
    exception when others then
      perform khidma.put_off_failed('payment_intent.settle', due.id, sqlstate, sqlerrm);
    end;
  end loop;
  return settled;
end $$;

-- Reminds both sides, once, that silence will settle their cash soon; returns how many payments that were.
create or replace function khidma.remind_of_cash(p_limit int) returns int language plpgsql as $$
declare
  widest int := khidma.largest_setting('payments.cash', 'reminderHours');
  p payment_intents;
  reminded int := 0;
begin
  for p in
    select i.* from payment_intents i join bookings b on b.id = i.booking_id
     where i.settles_at > now() and i.settles_at <= now() + make_interval(hours => widest)
       and i.reminded_at is null and khidma.may_settle_by_silence(i) and b.status = 'completed'
       and i.settles_at <= now() + make_interval(hours => khidma.payment_hours('reminder', b.id))
     order by i.settles_at limit p_limit for update of i skip locked
  loop
    update payment_intents set reminded_at = now() where id = p.id returning * into p;
    perform khidma.emit('payment_intent.reminder', 'payment_intent', p.id, p.version,
      jsonb_build_object('bookingId', p.booking_id, 'clientId', p.payer_id, 'taskerId', p.payee_id, 'settlesAt', khidma.iso(p.settles_at)),
      array[p.payer_id, p.payee_id]);
    reminded := reminded + 1;
  end loop;
  return reminded;
end $$;
