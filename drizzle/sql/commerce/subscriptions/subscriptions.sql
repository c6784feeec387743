-- Returns the order that is to pay the open charge of a subscription.
create or replace function khidma.charge_order_of(p_id uuid) returns uuid language plpgsql stable as $$
begin
  return (
    select a.document_id from subscription_charges c join subscription_attempts a on a.charge_id = c.id and a.outcome is null
     where c.subscription_id = p_id and c.status = 'open');
end $$;

-- Locks a subscription behind the order that is to pay it, as whatever comes of an order locks that first. Where another order takes its place
-- meanwhile, both are let go, and it begins anew.
create or replace function khidma.lock_behind_order(p_id uuid) returns subscriptions language plpgsql as $$
declare
  s subscriptions;
  locked uuid;
begin
  loop
    begin
      locked := khidma.charge_order_of(p_id);
      perform from orders o where o.id = locked for update;
      select * into s from subscriptions x where x.id = p_id for update;
      exit when locked is not distinct from khidma.charge_order_of(p_id);
      raise serialization_failure;
    exception when serialization_failure then
      null;
    end;
  end loop;
  return s;
end $$;

-- Locks a subscription for its owner or the system; strangers find none.
create or replace function khidma.lock_subscription(p_id uuid) returns subscriptions language plpgsql as $$
declare
  s subscriptions;
begin
  if khidma.acts_alone() or exists (select from subscriptions x where x.id = p_id and x.user_id = khidma.actor_id()) then
    s := khidma.lock_behind_order(p_id);
  end if;
  if s.id is null then
    perform khidma.refuse(404, 'not_found');
  end if;
  return s;
end $$;

-- Refuses a stored method that is not the user's, or not usable.
create or replace function khidma.refuse_method(p_user uuid, p_stored uuid) returns void language plpgsql stable as $$
begin
  if p_stored is not null and not exists (select from payment_methods m where m.id = p_stored and m.user_id = p_user and m.is_active) then
    perform khidma.refuse(422, 'stored_method_unusable', '{"field": "storedMethodId"}');
  end if;
end $$;

-- Keeps the times of a subscription (before update of status): the end of its grace is set as it falls behind.
create or replace function khidma.stamp_subscription() returns trigger language plpgsql as $$
begin
  new.grace_until := case when new.status = 'past_due' then coalesce(new.grace_until, khidma.clock_of(new)
    + make_interval(days => (khidma.config_value('subscriptions.dunning', khidma.country_of(new.currency), null, null) ->> 'graceDays')::int)) end;
  new.paused_at := case when new.status = 'paused' then coalesce(new.paused_at, khidma.clock_of(new)) end;
  new.paused_until := case when new.status = 'paused' then new.paused_until end;
  new.ended_at := case when new.status = 'ended' then coalesce(new.ended_at, khidma.clock_of(new)) end;
  new.end_reason := case when new.status = 'ended' then coalesce(new.end_reason, 'canceled') end;
  return new;
end $$;

-- Subscribes the caller: with a trial where the plan has one and it is their first subscription, else with a charge for the first period.
create or replace function khidma.open_subscription(p_id uuid, p_plan uuid, p_cycle text, p_stored uuid) returns void language plpgsql as $$
declare
  p plans := khidma.sold_plan(p_plan, p_cycle, khidma.actor_id());
  price bigint := khidma.price_of_plan(p, p_cycle);
  tries boolean := p.trial_days > 0 and price > 0
    and not exists (select from subscriptions s where s.user_id = khidma.actor_id() and s.end_reason is distinct from 'abandoned');
  s subscriptions;
begin
  perform khidma.refuse_method(khidma.actor_id(), p_stored);
  insert into subscriptions (id, user_id, plan_id, cycle, status, price, currency, features, stored_method_id, period_start, period_end, anchor_day)
  select p_id, khidma.actor_id(), p.id, p_cycle, case when tries then 'trialing' else 'pending' end::subscription_status, price, p.currency,
         khidma.features_of(p), p_stored, now(),
         case when tries then now() + make_interval(days => p.trial_days) else khidma.period_after(now(), p_cycle, d.day) end, d.day
    from (select khidma.day_of(now() + case when tries then make_interval(days => p.trial_days) else '0' end) as day) d
  returning * into s;
  if tries then
    update subscriptions set credits_at = period_start where id = p_id;
    perform khidma.give_plan_credits(p_id);
  else
    perform khidma.try_charge(khidma.open_charge(s, 'period', p, p_cycle, s.period_start, s.period_end, price, price, 0));
  end if;
  perform khidma.set_next_step(p_id);
end $$;

-- Opens a charge of a subscription. `p_price` is that of a whole period, which the subscription has once it is paid.
create or replace function khidma.open_charge(
  s subscriptions, p_kind text, p plans, p_cycle text, p_from timestamptz, p_until timestamptz, p_price bigint, p_amount bigint, p_unused bigint
) returns uuid language plpgsql as $$
declare
  charge uuid;
begin
  insert into subscription_charges (id, subscription_id, kind, plan_id, cycle, period_start, period_end, price, amount, unused, currency)
  values (khidma.uuid_v7(), s.id, p_kind, p.id, p_cycle, p_from, p_until, p_price, p_amount, p_unused, p.currency) returning id into charge;
  return charge;
end $$;

-- Begins to collect a charge: what costs nothing is paid, else an order is placed for it. One attempt is under way at a time.
create or replace function khidma.try_charge(p_charge uuid) returns void language plpgsql as $$
declare
  c subscription_charges;
  s subscriptions;
  attempt uuid := khidma.uuid_v7();
begin
  select x.* into strict s from subscriptions x join subscription_charges y on y.subscription_id = x.id where y.id = p_charge for update of x;
  select * into strict c from subscription_charges x where x.id = p_charge for update;
  if c.status <> 'open' or exists (select from subscription_attempts a where a.charge_id = c.id and a.outcome is null) then
    return;
  end if;
  update subscription_charges set attempts = attempts + 1, next_attempt_at = null where id = c.id;
  insert into subscription_attempts (id, charge_id, at) values (attempt, c.id, khidma.clock_of(s));
  if c.amount = 0 then
    perform khidma.end_attempt(attempt, 'paid', null);
  else
    perform khidma.order_charge(s, c, attempt);
  end if;
end $$;

-- Writes down what became of an attempt, once, and what follows of it for the charge and its subscription.
create or replace function khidma.end_attempt(p_attempt uuid, p_outcome text, p_code text) returns void language plpgsql as $$
declare
  s subscriptions;
  charge uuid;
begin
  select x.* into s from subscriptions x join subscription_charges c on c.subscription_id = x.id
    join subscription_attempts a on a.charge_id = c.id where a.id = p_attempt for update of x;
  update subscription_attempts set outcome = p_outcome, failure_code = p_code, ended_at = khidma.clock_of(s)
   where id = p_attempt and outcome is null returning charge_id into charge;
  if charge is null then
    return;
  elsif p_outcome = 'paid' then
    perform khidma.charge_paid(charge);
  elsif p_outcome = 'failed' then
    perform khidma.charge_failed(charge, p_code);
  end if;
  perform khidma.set_next_step(s.id);
end $$;

-- Marks a charge as paid: its period begins, or the better plan.
create or replace function khidma.charge_paid(p_charge uuid) returns void language plpgsql as $$
declare
  c subscription_charges;
  s subscriptions;
begin
  update subscription_charges set status = 'paid', settled_at = now(), next_attempt_at = null where id = p_charge and status = 'open' returning * into c;
  if c.id is null then
    return;
  end if;
  select * into s from subscriptions x where x.id = c.subscription_id for update;
  if s.status = 'pending' then
    -- The first period begins when it is paid.
    c.period_start := khidma.clock_of(s);
    c.period_end := khidma.period_after(c.period_start, c.cycle, khidma.day_of(c.period_start));
    update subscription_charges set period_start = c.period_start, period_end = c.period_end where id = c.id;
  end if;
  perform khidma.begin_period(c);
end $$;

-- Begins what a charge has paid for: plan, price, features and period. One that does not follow on the last counts its months from its own day.
create or replace function khidma.begin_period(c subscription_charges) returns void language plpgsql as $$
declare
  p plans;
  s subscriptions;
  begins boolean;
begin
  select * into p from plans x where x.id = c.plan_id;
  select * into s from subscriptions x where x.id = c.subscription_id;
  begins := c.kind = 'period' or c.cycle <> s.cycle;
  update subscriptions set status = 'active', plan_id = p.id where id = s.id and status not in ('active', 'ended');
  update subscriptions x
     set plan_id = p.id, cycle = c.cycle, price = c.price, features = khidma.features_of(p), next_plan_id = null, next_cycle = null,
         period_start = case when begins then c.period_start else x.period_start end, period_end = c.period_end,
         anchor_day = case when begins and c.period_start <> x.period_end then khidma.day_of(c.period_start) else x.anchor_day end,
         credits_at = case when begins then c.period_start else x.credits_at end
   where x.id = s.id;
  perform khidma.give_plan_credits(s.id);
  if s.status = 'active' then
    perform khidma.tell_of_subscription(s.id, case c.kind when 'period' then 'subscription.renewed' else 'subscription.changed' end);
  end if;
end $$;

-- Goes on after an attempt that failed: a change is off; a first payment waits for its payer; a renewal is tried again by
-- `subscriptions.dunning`, and until the grace is over the plan gives what it gives.
create or replace function khidma.charge_failed(p_charge uuid, p_code text) returns void language plpgsql as $$
declare
  c subscription_charges;
  s subscriptions;
  dunning jsonb;
  days int;
begin
  select x.* into s from subscriptions x join subscription_charges y on y.subscription_id = x.id where y.id = p_charge for update of x;
  select * into c from subscription_charges x where x.id = p_charge;
  dunning := khidma.config_value('subscriptions.dunning', (select p.country from plans p where p.id = c.plan_id), null, null);
  if c.status <> 'open' or s.status = 'pending' then
    return;
  elsif c.kind = 'change' then
    update subscription_charges set status = 'void', settled_at = now() where id = c.id;
    perform khidma.tell_of_subscription(s.id, 'subscription.change_failed');
    return;
  end if;
  days := (dunning -> 'retryDays' ->> (c.attempts - 1))::int;
  update subscription_charges set next_attempt_at = khidma.clock_of(s) + make_interval(days => days) where id = c.id;
  update subscriptions set status = 'past_due' where id = s.id and status <> 'past_due';
end $$;

-- Voids the open charge of a subscription, with the order that was to pay it.
create or replace function khidma.void_charge(p_subscription uuid) returns void language plpgsql as $$
declare
  charge uuid;
  attempt subscription_attempts;
begin
  update subscription_charges set status = 'void', settled_at = now(), next_attempt_at = null
   where subscription_id = p_subscription and status = 'open' returning id into charge;
  select * into attempt from subscription_attempts a where a.charge_id = charge and a.outcome is null;
  if attempt.id is not null then
    perform khidma.end_attempt(attempt.id, 'canceled', null);
    perform khidma.cancel_order(attempt.document_id);
  end if;
end $$;

-- Ends a subscription: nothing is tried any more, and what was open is void.
create or replace function khidma.end_subscription(p_id uuid, p_reason text) returns void language plpgsql as $$
begin
  perform khidma.void_charge(p_id);
  update subscriptions
     set status = 'ended', end_reason = p_reason, next_at = null, credits_at = null
   where id = p_id and status <> 'ended';
end $$;

-- Ends the subscription of an account that is closed.
create or replace function khidma.end_subscriptions_of(p_user uuid) returns void language plpgsql as $$
begin
  perform khidma.lock_behind_order(s.id) from subscriptions s where s.user_id = p_user and s.status <> 'ended';
  perform khidma.end_subscription(s.id, 'closed') from subscriptions s where s.user_id = p_user and s.status <> 'ended';
end $$;

-- Gives the credits of the month, once each; those of a month that is over are not given any more, and none outlive their period.
create or replace function khidma.give_plan_credits(p_id uuid) returns void language plpgsql as $$
declare
  s subscriptions;
  month_end timestamptz;
begin
  select * into s from subscriptions x where x.id = p_id for update;
  while s.credits_at <= khidma.clock_of(s) and s.credits_at < s.period_end loop
    month_end := least(khidma.month_after(s.credits_at, s.anchor_day), s.period_end);
    if (s.features ->> 'creditsAMonth')::bigint > 0 and month_end > khidma.clock_of(s) then
      perform khidma.grant_credits(s.user_id, (s.features ->> 'creditsAMonth')::bigint, 'plan', 'subscription',
        md5(s.id || ':' || extract(epoch from s.credits_at))::uuid, month_end - make_interval(secs => s.clock_ahead));
    end if;
    s.credits_at := month_end;
  end loop;
  update subscriptions set credits_at = s.credits_at where id = p_id and credits_at is distinct from s.credits_at;
end $$;

-- Sets when something is due next, by the real clock.
create or replace function khidma.set_next_step(p_id uuid) returns void language plpgsql as $$
begin
  update subscriptions s
     set next_at = n.at
    from (select x.id, case x.status
              when 'pending' then x.created_at + interval '24 hours'
              when 'paused' then x.paused_until
              when 'past_due' then least(x.grace_until, c.next_attempt_at, a.at + interval '24 hours')
              when 'ended' then null
              else least(case when c.id is null or c.kind = 'change' then x.period_end else c.next_attempt_at end, a.at + interval '24 hours',
                         case when (x.features ->> 'creditsAMonth')::bigint > 0 and x.credits_at < x.period_end then x.credits_at end)
            end - make_interval(secs => x.clock_ahead) as at
            from subscriptions x left join subscription_charges c on c.subscription_id = x.id and c.status = 'open'
            left join subscription_attempts a on a.charge_id = c.id and a.outcome is null
           where x.id = p_id) n
   where s.id = n.id and s.next_at is distinct from n.at;
end $$;

-- Does what is due of a subscription, one thing after the other as far as its clock has come.
create or replace function khidma.step_subscription(p_id uuid) returns int language plpgsql as $$
declare
  s subscriptions;
  steps int := 0;
begin
  perform khidma.lock_behind_order(p_id);
  loop
    select * into s from subscriptions x where x.id = p_id;
    exit when s.next_at is null or s.next_at > now() or steps >= 200;
    steps := steps + 1;
    perform khidma.do_next_step(s);
    perform khidma.set_next_step(p_id);
  end loop;
  return steps;
end $$;

-- Does the one thing that is due first.
create or replace function khidma.do_next_step(s subscriptions) returns void language plpgsql as $$
declare
  t timestamptz := khidma.clock_of(s);
  c subscription_charges;
  a subscription_attempts;
begin
  select * into c from subscription_charges x where x.subscription_id = s.id and x.status = 'open';
  select * into a from subscription_attempts x where x.charge_id = c.id and x.outcome is null;
  if s.status = 'pending' then
    perform khidma.end_subscription(s.id, 'abandoned');
  elsif s.status = 'paused' then
    perform khidma.resume_subscription(s);
  elsif s.status = 'past_due' and s.grace_until <= t then
    perform khidma.fall_behind(s);
  elsif a.at + interval '24 hours' <= t then
    -- As its order, but by the clock of the subscription.
    update subscription_attempts set failure_code = 'expired' where id = a.id;
    perform khidma.cancel_order(a.document_id);
  elsif c.next_attempt_at <= t then
    perform khidma.try_charge(c.id);
  elsif s.credits_at <= t and s.credits_at < s.period_end then
    perform khidma.give_plan_credits(s.id);
  elsif s.period_end <= t and s.cancels_at_period_end then
    perform khidma.end_subscription(s.id, 'canceled');
  elsif s.period_end <= t and (c.id is null or c.kind = 'change') then
    perform khidma.renew(s);
  end if;
end $$;

-- Charges the next period, of the plan that was chosen for it, or of the one that is had where that is not sold so any more. A plan that is
-- no longer sold goes on for those who have it, at the price that they pay.
create or replace function khidma.renew(s subscriptions) returns void language plpgsql as $$
declare
  p plans;
  next_cycle text := coalesce(s.next_cycle, s.cycle);
  price bigint;
begin
  perform khidma.void_charge(s.id);
  select * into p from plans x where x.id = coalesce(s.next_plan_id, s.plan_id);
  if khidma.price_of_plan(p, next_cycle) is null then
    next_cycle := s.cycle;
    select * into p from plans x where x.id = s.plan_id;
  end if;
  price := coalesce(khidma.price_of_plan(p, next_cycle), s.price);
  perform khidma.try_charge(khidma.open_charge(s, 'period', p, next_cycle, s.period_end,
    khidma.period_after(s.period_end, next_cycle, s.anchor_day), price, price, 0));
end $$;

-- The grace is over: the subscription falls to the free plan that its own names, or ends.
create or replace function khidma.fall_behind(s subscriptions) returns void language plpgsql as $$
declare
  p plans;
begin
  select f.* into p from plans x join plans f on f.id = x.falls_to where x.id = s.plan_id;
  if p.id is null then
    perform khidma.end_subscription(s.id, 'unpaid');
  else
    perform khidma.void_charge(s.id);
    perform khidma.try_charge(khidma.open_charge(s, 'period', p, 'month', s.grace_until,
      khidma.period_after(s.grace_until, 'month', khidma.day_of(s.grace_until)), 0, 0, 0));
  end if;
end $$;

-- Emits an event about a subscription to its owner that no transition tells of.
create or replace function khidma.tell_of_subscription(p_id uuid, p_type text) returns void language plpgsql as $$
begin
  update subscriptions set updated_at = now() where id = p_id;
  perform khidma.emit(p_type, 'subscription', s.id, s.version, jsonb_build_object('userId', s.user_id, 'planId', s.plan_id),
                      array[s.user_id])
     from subscriptions s where s.id = p_id;
end $$;

-- Moves the clock of a subscription ahead, and does what is due by it: for tests, and developers.
create or replace function khidma.pass_subscription_time(p_id uuid, p_seconds int) returns void language plpgsql as $$
begin
  update subscriptions set clock_ahead = clock_ahead + p_seconds, next_at = next_at - make_interval(secs => p_seconds) where id = p_id;
  perform khidma.step_subscription(p_id);
end $$;
