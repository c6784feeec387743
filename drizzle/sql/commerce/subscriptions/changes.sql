-- Cancels a subscription: with its period where that is paid, else now. One whose next period is being charged has nothing left to use.
create or replace function khidma.cancel_subscription(p_id uuid, p_when text) returns void language plpgsql as $$
declare
  s subscriptions := khidma.lock_subscription(p_id);
begin
  if s.status = 'ended' then
    perform khidma.refuse(409, 'subscription_ended');
  elsif p_when = 'period_end' and s.status in ('trialing', 'active')
    and not exists (select from subscription_charges c where c.subscription_id = s.id and c.status = 'open' and c.kind = 'period') then
    update subscriptions set cancels_at_period_end = true, next_plan_id = null, next_cycle = null where id = s.id;
  else
    perform khidma.end_subscription(s.id, 'canceled');
  end if;
end $$;

-- Goes on with a subscription that was paused: what was left of its period is left of it still, and later periods begin on the day on which
-- this one ends now.
create or replace function khidma.resume_subscription(s subscriptions) returns void language plpgsql as $$
begin
  update subscriptions x
     set status = 'active', period_start = x.period_start + d.pause, period_end = x.period_end + d.pause, credits_at = x.credits_at + d.pause,
         anchor_day = khidma.day_of(x.period_end + d.pause)
    from (select least(khidma.clock_of(s), coalesce(s.paused_until, 'infinity')) - s.paused_at as pause) d
   where x.id = s.id;
end $$;

-- Pauses a subscription for its owner.
create or replace function khidma.pause_subscription(p_id uuid, p_until timestamptz) returns void language plpgsql as $$
declare
  s subscriptions := khidma.lock_subscription(p_id);
begin
  if exists (select from subscription_charges c where c.subscription_id = s.id and c.status = 'open') then
    perform khidma.refuse(409, 'subscription_not_changeable');
  elsif p_until <= khidma.clock_of(s) then
    perform khidma.refuse(422, 'time_in_the_past', '{"field": "until"}');
  end if;
  update subscriptions set status = 'paused', paused_until = p_until where id = s.id;
  perform khidma.set_next_step(s.id);
end $$;

-- Ends the pause of a subscription for its owner.
create or replace function khidma.resume_own_subscription(p_id uuid) returns void language plpgsql as $$
declare
  s subscriptions := khidma.lock_subscription(p_id);
begin
  if s.status <> 'paused' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', s.status, 'to', 'active'));
  end if;
  perform khidma.resume_subscription(s);
  perform khidma.set_next_step(s.id);
end $$;

-- Tries the open charge of a subscription again, with the method of now, for its owner.
create or replace function khidma.pay_subscription(p_id uuid) returns void language plpgsql as $$
declare
  s subscriptions := khidma.lock_subscription(p_id);
  charge uuid := (select c.id from subscription_charges c where c.subscription_id = s.id and c.status = 'open');
begin
  if charge is null then
    perform khidma.refuse(409, 'nothing_to_pay');
  end if;
  perform khidma.try_charge(charge);
  perform khidma.set_next_step(s.id);
end $$;

-- Returns what a change of plan costs now, and until when that reaches: the rest of the period in the new plan, or a new period of the
-- other cycle, less what of the price is not used yet. Rounded half up, each once.
create or replace function khidma.change_costs(s subscriptions, p plans, p_cycle text)
returns table (due bigint, unused bigint, period_start timestamptz, period_end timestamptz) language sql stable rows 1 as $$
  select case when s.status = 'trialing' then 0 when p_cycle = s.cycle then khidma.rounded(n.price * r.seconds, r.whole) else n.price end,
         case when s.status = 'trialing' then 0 else khidma.rounded(s.price * r.seconds, r.whole) end,
         case when s.status = 'trialing' or p_cycle = s.cycle then s.period_start else khidma.clock_of(s) end,
         case when s.status = 'trialing' or p_cycle = s.cycle then s.period_end
              else khidma.period_after(khidma.clock_of(s), p_cycle, khidma.day_of(khidma.clock_of(s))) end
    from (select khidma.price_of_plan(p, p_cycle) as price) n
   cross join lateral (select greatest(extract(epoch from s.period_end - khidma.clock_of(s)), 0)::bigint as seconds,
                              extract(epoch from s.period_end - s.period_start)::bigint as whole) r
$$;

-- Changes plan or cycle: now, where that costs more, or with the next period. In a trial it costs nothing.
create or replace function khidma.change_subscription(p_id uuid, p_plan uuid, p_cycle text, p_when text) returns void language plpgsql as $$
declare
  s subscriptions := khidma.lock_subscription(p_id);
  p plans := khidma.sold_plan(p_plan, p_cycle, s.user_id);
  costs record;
begin
  if s.status not in ('trialing', 'active') or exists (select from subscription_charges c where c.subscription_id = s.id and c.status = 'open') then
    perform khidma.refuse(409, 'subscription_not_changeable');
  elsif p_when = 'period_end' then
    update subscriptions set next_plan_id = p.id, next_cycle = p_cycle where id = s.id;
    return;
  end if;
  select * into costs from khidma.change_costs(s, p, p_cycle);
  if s.status = 'trialing' then
    update subscriptions set plan_id = p.id, cycle = p_cycle, price = khidma.price_of_plan(p, p_cycle), features = khidma.features_of(p),
           next_plan_id = null, next_cycle = null where id = s.id;
  elsif costs.due < costs.unused then
    perform khidma.refuse(409, 'change_costs_less');
  else
    perform khidma.try_charge(khidma.open_charge(s, 'change', p, p_cycle, costs.period_start, costs.period_end,
      khidma.price_of_plan(p, p_cycle), costs.due - costs.unused, costs.unused));
  end if;
  perform khidma.set_next_step(s.id);
end $$;
