-- Opens an attempt to pay a booking through a gateway, and returns it: the row is written before the gateway is called, so that a
-- crash leaves a reference to ask by. An attempt with the same method that is open, or waits for its payer, is gone on with: asking
-- twice is one payment. p_saves: the payer agrees that the method is kept; p_stored: the stored method that pays.
create or replace function khidma.open_attempt(p_booking uuid, p_method payment_method, p_saves boolean, p_stored uuid) returns uuid
language plpgsql as $$
declare
  p payment_intents;
  cap bigint := khidma.amount_to_authorize(p_booking);
begin
  select * into p from payment_intents i where i.booking_id = p_booking and i.purpose = 'booking' for update;
  if p.status = 'requires_action' and p.method = p_method and p.transaction_id is not null and (p.expires_at is null or p.expires_at > now())
    and exists (select from payment_transactions t where t.id = p.transaction_id and t.status <> 'failed' and t.release_due_at is null and t.amount = cap
                   and t.saves_method = p_saves and t.method_id is not distinct from p_stored) then
    perform khidma.assert_payer(p);
    return p.transaction_id;
  end if;
  p := khidma.choose_method(p_booking, p_method);
  if coalesce(cap, 0) <= 0 then
    perform khidma.refuse(409, 'fare_unavailable');
  end if;
  return khidma.begin_attempt(p, cap, p_saves, p_stored);
end $$;

-- Begins an attempt of a payment with the configuration that routing chooses, or the stored method: to authorise what a booking can
-- cost, or to charge what is known.
create or replace function khidma.begin_attempt(p payment_intents, p_amount bigint, p_saves boolean, p_stored uuid) returns uuid
language plpgsql as $$
declare
  route uuid := case when p_stored is null then khidma.route_payment(p.currency, p.method::text) else khidma.route_stored(p, p_stored) end;
  attempt uuid := khidma.uuid_v7();
begin
  if route is null then
    perform khidma.refuse(422, 'payment_method_unavailable', '{"field": "method"}');
  end if;
  insert into payment_transactions (id, intent_id, kind, gateway, config_id, reference, amount, currency, saves_method, method_id, next_check_at)
  select attempt, p.id, case p.purpose when 'booking' then 'authorize' else 'charge' end, c.gateway, c.id, attempt::text, p_amount, p.currency, p_saves, p_stored, now() + interval '1 minute'
    from payment_gateway_configs c where c.id = route;
  update payment_intents i
     set transaction_id = attempt, amount = p_amount, provider = (select c.gateway from payment_gateway_configs c where c.id = route),
         provider_reference = null, failure_code = null
   where i.id = p.id;
  return attempt;
end $$;

-- Returns when a call, or a payment that waits, is asked about again: after 1 minute, 5 minutes, an hour, then daily; and never
-- again once a person must look. p_waits: the payer has not finished, and is asked about more often.
create or replace function khidma.next_check(p_checks int, p_waits boolean) returns timestamptz language sql stable as $$
  select case when p_waits then now() + (array['30 seconds', '1 minute', '3 minutes', '10 minutes'])[least(p_checks + 1, 4)]::interval
              when p_checks >= 6 then null
              else now() + (array['1 minute', '5 minutes', '1 hour', '1 day', '1 day', '1 day'])[p_checks + 1]::interval end
$$;

-- Writes down that a call ended without an answer: it may have happened. It is asked about later; after the last time a person must.
create or replace function khidma.leave_unknown(p_transaction uuid) returns void language plpgsql as $$
declare
  t payment_transactions;
begin
  update payment_transactions x
     set status = case when x.status = 'initiated' then 'unknown' else x.status end, checks = x.checks + 1,
         next_check_at = khidma.next_check(x.checks, x.status = 'completed')
   where x.id = p_transaction and x.completed_at is null returning * into t;
  if t.id is not null and t.next_check_at is null then
    update payment_intents set review = coalesce(review, 'unknown') where id = t.intent_id;
  end if;
end $$;
