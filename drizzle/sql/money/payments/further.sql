-- Payments other than of a booking: tips, top-ups, debts. Their payer makes each with a request of its own, whose key finds it again.

-- Returns whether the caller's request has made its payment already: a repeat after a crash goes on with it. Refuses another payment
-- under the same key.
create or replace function khidma.is_repeated(p_key text, p_purpose text, p_booking uuid, p_method payment_method, p_amount bigint) returns boolean
language plpgsql as $$
declare
  p payment_intents;
begin
  select * into p from payment_intents i where i.payer_id = khidma.actor_id() and i.request_key = p_key for update;
  if p.id is null then
    return false;
  elsif p.purpose <> p_purpose or p.booking_id is distinct from p_booking or p.method <> p_method
    or (p.status <> 'captured' and p.amount <> p_amount) then
    perform khidma.refuse(422, 'idempotency_mismatch');
  end if;
  return true;
end $$;

-- Makes a payment of the caller's: the wallet pays at once, a gateway has its first attempt. Without an end it is given up in time.
create or replace function khidma.open_further(
  p_key text, p_purpose text, p_booking uuid, p_payee uuid, p_method payment_method, p_amount bigint, p_currency text, p_saves boolean, p_stored uuid
) returns void language plpgsql as $$
declare
  p payment_intents;
  hours int := (khidma.config_value('payments.unfinished', khidma.country_of(p_currency), null, null) ->> 'hours')::int;
begin
  insert into payment_intents (id, purpose, booking_id, payer_id, payee_id, method, provider, amount, currency, request_key, expires_at)
  values (khidma.uuid_v7(), p_purpose, p_booking, khidma.actor_id(), p_payee, p_method, case p_method when 'wallet' then 'wallet' end, p_amount,
          p_currency, p_key, case when p_method <> 'wallet' then now() + make_interval(hours => hours) end)
  returning * into p;
  if p_method = 'wallet' then
    perform khidma.capture_payment(p.id, p_amount);
  else
    perform khidma.begin_attempt(p, p_amount, p_saves, p_stored);
  end if;
end $$;

-- Opens a top-up of the caller's wallet, within the limits of its currency.
create or replace function khidma.open_top_up(
  p_key text, p_method payment_method, p_amount bigint, p_currency text, p_saves boolean, p_stored uuid
) returns void language plpgsql as $$
declare
  limits jsonb := khidma.config_value('wallet.top_up', khidma.country_of(p_currency), null, null) -> p_currency;
begin
  if khidma.is_repeated(p_key, 'top_up', null, p_method, p_amount) then
    return;
  elsif limits is null then
    perform khidma.refuse(422, 'payment_method_unavailable', '{"field": "currency"}');
  elsif p_amount not between (limits ->> 'minimum')::bigint and (limits ->> 'maximum')::bigint then
    perform khidma.refuse(422, 'top_up_limit', limits);
  end if;
  perform khidma.open_further(p_key, 'top_up', null, null, p_method, p_amount, p_currency, p_saves, p_stored);
end $$;

-- Opens a tip of the client of a booking: after the work, while it is recent, and all tips together below the cap. The caller of this
-- function holds the lock of the booking, so that two tips at once see each other.
create or replace function khidma.open_tip(
  p_key text, p_booking uuid, p_method payment_method, p_amount bigint, p_saves boolean, p_stored uuid
) returns void language plpgsql as $$
declare
  b bookings;
  terms jsonb;
  room bigint;
begin
  select * into b from bookings x where x.id = p_booking;
  if b.id is null or khidma.party_in_booking(b) is null then
    perform khidma.refuse(404, 'not_found');
  elsif khidma.party_in_booking(b) <> 'client' then
    perform khidma.refuse(403, 'forbidden');
  elsif khidma.is_repeated(p_key, 'tip', p_booking, p_method, p_amount) then
    return;
  end if;
  terms := khidma.config_of_task('payments.tips', b.task_id);
  if b.status <> 'completed' or b.completed_at < now() - make_interval(days => (terms ->> 'days')::int) then
    perform khidma.refuse(409, 'tip_unavailable', jsonb_build_object('days', terms -> 'days'));
  end if;
  select (terms -> 'maximum' ->> b.agreed_rate_currency)::bigint - coalesce(sum(p.amount), 0) into room
    from payment_intents p where p.booking_id = b.id and p.purpose = 'tip' and p.status in ('requires_action', 'authorized', 'captured');
  if p_amount > room then
    perform khidma.refuse(422, 'tip_above_cap', jsonb_build_object('maximum', greatest(room, 0)));
  end if;
  perform khidma.open_further(p_key, 'tip', p_booking, b.tasker_id, p_method, p_amount, b.agreed_rate_currency, p_saves, p_stored);
end $$;

-- Opens a payment of the caller's debts. Refuses more than they owe; more than the wallet has is refused by the account itself. What they
-- pay otherwise while a gateway takes it leaves a surplus, which goes into their wallet.
create or replace function khidma.open_debt_payment(
  p_key text, p_method payment_method, p_amount bigint, p_currency text, p_saves boolean, p_stored uuid
) returns void language plpgsql as $$
declare
  owed bigint;
begin
  perform khidma.lock_debts(khidma.actor_id());
  if khidma.is_repeated(p_key, 'debt', null, p_method, p_amount) then
    return;
  end if;
  select d.commission + d.refund + d.fee into owed from khidma.debts_of(khidma.actor_id(), p_currency) d;
  if p_amount > owed then
    perform khidma.refuse(422, 'amount_above_debt', jsonb_build_object('maximum', owed));
  end if;
  perform khidma.open_further(p_key, 'debt', null, null, p_method, p_amount, p_currency, p_saves, p_stored);
end $$;

-- Gives up payments that their payers have not finished in time; returns how many. What comes late goes back.
create or replace function khidma.give_up_payments(p_limit int) returns int language plpgsql as $$
declare
  p payment_intents;
  given_up int := 0;
begin
  for p in
    select * from payment_intents i where i.purpose <> 'booking' and i.status = 'requires_action' and i.expires_at <= now()
     order by i.expires_at limit p_limit for update skip locked
  loop
    update payment_intents set status = 'canceled', next_action = null, expires_at = null where id = p.id;
    perform khidma.release_attempt(p);
    given_up := given_up + 1;
  end loop;
  return given_up;
end $$;
