-- Rounds an amount in minor units divided by `p_parts`, half up. It is the one rounding boundary of prices: every price below is
-- computed in integers up to here, and is rounded once.
create or replace function khidma.rounded(p_amount bigint, p_parts bigint) returns bigint language sql immutable parallel safe as $$
  select (p_amount + p_parts / 2) / p_parts
$$;

-- Returns the amount for a number of minutes at an amount an hour.
create or replace function khidma.amount_for(p_minutes bigint, p_an_hour bigint) returns bigint language sql immutable parallel safe as $$
  select khidma.rounded(p_an_hour * p_minutes, 60)
$$;

-- Returns basis points of an amount (in two parts, which no amount overflows), within a minimum and a maximum (null: none), and never
-- more than the amount. Commissions and fees are such shares.
create or replace function khidma.share_of(p_amount bigint, p_basis_points int, p_minimum bigint, p_maximum bigint)
returns bigint language plpgsql immutable parallel safe as $$
begin
  return least(p_amount, greatest(p_minimum, least(p_amount / 10000 * p_basis_points + khidma.rounded(p_amount % 10000 * p_basis_points, 10000), p_maximum)));
end $$;

-- Returns the terms of commission for a booking that is agreed now: `pricing.commission` for the task's market, city and category, the
-- tier's own basis points where it names them, and the limits in the task's currency.
create or replace function khidma.commission_terms(p_task uuid, p_tasker uuid)
returns table (basis_points int, minimum bigint, maximum bigint) language sql stable rows 1 as $$
  select greatest(coalesce(policy.value -> 'tiers' ->> p.tier, policy.value ->> 'basisPoints')::int
                  - coalesce((khidma.features_now(p.user_id, t.client_id) ->> 'commissionDiscount')::int, 0), 0),
         coalesce((policy.value -> 'minimum' ->> t.currency)::bigint, 0),
         (policy.value -> 'maximum' ->> t.currency)::bigint
    from tasks t left join tasker_profiles p on p.user_id = p_tasker
   cross join lateral khidma.config_of_task('pricing.commission', t.id) policy (value)
   where t.id = p_task
$$;

-- Returns the rate that is agreed on when a task becomes a booking: for an hour, or for the whole where the price is fixed. It is
-- the tasker's own rate an hour, kept within the estimate that the client saw (from `p_least` to `p_most` for the whole), or the
-- least of that where the tasker names none. Null where neither is known.
create or replace function khidma.agreed_rate(p_own bigint, p_pricing_model text, p_minutes int, p_least bigint, p_most bigint)
returns bigint language plpgsql immutable parallel safe as $$
begin
  return (
    select case when r.own is not null or r.least is not null then greatest(1, least(greatest(r.own, r.least), r.most)) end
      from (select case when p_pricing_model = 'fixed' then khidma.amount_for(p_minutes, p_own) else p_own end as own,
                   case when p_pricing_model = 'fixed' then p_least else khidma.rounded(p_least * 60, p_minutes) end as least,
                   case when p_pricing_model = 'fixed' then p_most else khidma.rounded(p_most * 60, p_minutes) end as most) r);
end $$;

-- Returns the fare of work that took so many minutes, without add-ons, and how it comes about: the only such arithmetic, for what a booking
-- is estimated to cost as for what it did. A fixed price is the fare, whatever the time. By the hour, the minutes (`p_minimum` at least)
-- at the rate are the base, and the fare is never more than `p_maximum` (null: no such limit). `rule` names what decided: `fixed`,
-- `time`, `minimum` or `maximum`. Without an agreed rate there is no fare.
create or replace function khidma.fare_for(p_pricing_model text, p_rate bigint, p_minutes int, p_minimum int, p_maximum bigint)
returns table (amount bigint, billed_minutes int, base bigint, rule text) language sql immutable parallel safe rows 1 as $$
  select case when p_pricing_model <> 'fixed' and f.base > p_maximum then p_maximum else f.base end,
         f.billed, f.base,
         case when p_rate is null then null
              when p_pricing_model = 'fixed' then 'fixed'
              when f.base > p_maximum then 'maximum'
              when coalesce(p_minutes, 0) < p_minimum then 'minimum'
              else 'time' end
    from (select t.billed, case when p_pricing_model = 'fixed' then p_rate else khidma.amount_for(t.billed, p_rate) end as base
            from (select case when p_pricing_model <> 'fixed' then greatest(p_minimum, p_minutes) end as billed) t) f
$$;

-- Returns the minutes that the work of a booking took: those begun count. Null before its end.
create or replace function khidma.worked_minutes(b bookings) returns int language sql immutable as $$
  select ceil(extract(epoch from b.completed_at - b.started_at) / 60)::int
$$;

-- Returns the minutes that a booking is agreed to take.
create or replace function khidma.agreed_minutes(b bookings) returns int language sql immutable as $$
  select round(extract(epoch from upper(b.scheduled_during) - lower(b.scheduled_during)) / 60)::int
$$;

-- Returns the final cost that staff have set for the work of a booking; null: none, and the terms of the booking decide.
create or replace function khidma.final_cost_of(b bookings) returns bigint language plpgsql stable as $$
begin
  return (
    select t.final_cost_amount from tasks t where t.id = b.task_id);
end $$;

-- Returns the minutes of a booking that the work itself takes: those of its add-ons are paid with their price.
create or replace function khidma.labour_minutes(b bookings, p_minutes int) returns int language sql immutable as $$
  select greatest(1, p_minutes - b.addons_minutes)
$$;

-- Returns the fare of a booking whose work and add-ons took so many minutes: the fare of the work by its terms, which its limit bounds, and
-- the price of the add-ons as it was agreed; or the final cost that staff have set for all of it; or, where it has a contract, the total of
-- that, and what was released of it once it has ended.
create or replace function khidma.fare_of_minutes(b bookings, p_pricing_model text, p_minutes int)
returns table (amount bigint, billed_minutes int, base bigint, rule text) language sql stable rows 1 as $$
  select coalesce(c.cost, f.amount + b.addons_amount), case when c.cost is null then f.billed_minutes end, coalesce(c.cost, f.base),
         case when b.contract_amount is not null then 'fixed' when c.cost is null then f.rule else 'final_cost' end
    from khidma.fare_for(p_pricing_model, b.agreed_rate_amount, khidma.labour_minutes(b, p_minutes), b.agreed_minimum_minutes,
                         b.agreed_maximum_amount) f,
         (select coalesce(b.contract_amount, khidma.final_cost_of(b))) c (cost)
$$;

-- Returns the fare of a completed booking.
create or replace function khidma.fare_of(p_booking uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select f.amount
      from bookings b join tasks t on t.id = b.task_id
     cross join lateral khidma.fare_of_minutes(b, t.pricing_model, khidma.worked_minutes(b)) f
     where b.id = p_booking);
end $$;

-- Returns what a booking is estimated to cost: the least (its minimum), what the agreed time costs, and the most (null: no limit). A
-- contract is a fixed price.
create or replace function khidma.estimate_of(b bookings, p_pricing_model text)
returns table (lowest bigint, expected bigint, highest bigint) language sql stable rows 1 as $$
  select l.amount, e.amount,
         case when e.rule in ('fixed', 'final_cost') then e.amount else b.agreed_maximum_amount + b.addons_amount end
    from khidma.fare_of_minutes(b, p_pricing_model, b.addons_minutes) l,
         khidma.fare_of_minutes(b, p_pricing_model, khidma.agreed_minutes(b)) e
$$;

-- Returns the price of a booking as the API explains it: the estimate until the work is completed, then the fare and what decided it.
-- Null for a canceled booking, which has none.
create or replace function khidma.explained_fare(b bookings, p_pricing_model text) returns json language plpgsql stable as $$
declare
  model text := case when b.contract_amount is not null then 'fixed' else p_pricing_model end;
  e record;
  f record;
  estimate json;
  final json;
  commission bigint;
begin
  if b.status = 'canceled' then
    return null;
  elsif b.completed_at is null then
    select * into e from khidma.estimate_of(b, model);
    if e.expected is not null then
      estimate := json_build_object('leastAmount', e.lowest, 'expectedAmount', e.expected, 'mostAmount', e.highest);
    end if;
  else
    select * into f from khidma.fare_of_minutes(b, model, khidma.worked_minutes(b));
    commission := khidma.share_of(f.amount, b.commission_basis_points, b.commission_minimum, b.commission_maximum);
    if f.amount is not null then
      final := json_build_object('workedMinutes', khidma.worked_minutes(b), 'billedMinutes', f.billed_minutes,
                                 'baseAmount', f.base, 'amount', f.amount, 'rule', f.rule);
    end if;
  end if;
  return json_build_object(
    'pricingModel', model, 'currency', b.agreed_rate_currency, 'rateAmount', coalesce(b.contract_amount, b.agreed_rate_amount),
    'agreedMinutes', khidma.agreed_minutes(b), 'minimumMinutes', b.agreed_minimum_minutes,
    'maximumAmount', case when model <> 'fixed' then b.agreed_maximum_amount end,
    'addonsAmount', b.addons_amount, 'addonsMinutes', b.addons_minutes, 'estimate', estimate, 'final', final,
    'commission', json_build_object('basisPoints', b.commission_basis_points, 'minimumAmount', b.commission_minimum,
                                    'maximumAmount', b.commission_maximum, 'amount', commission));
end $$;
