-- Rounds an amount in minor units divided by `p_parts`, half up. It is the one rounding boundary of prices: every price below is
-- computed in integers up to here, and is rounded once.
create or replace function khidma.rounded(p_amount bigint, p_parts bigint) returns bigint language sql immutable parallel safe as $$
  select (p_amount + p_parts / 2) / p_parts
$$;

-- Returns the amount for a number of minutes at an amount an hour.
create or replace function khidma.amount_for(p_minutes bigint, p_an_hour bigint) returns bigint language sql immutable parallel safe as $$
  select khidma.rounded(p_an_hour * p_minutes, 60)
$$;

-- Returns the platform's part of a fare under the terms of a booking: basis points of it (in two parts, which no fare overflows), within its minimum and maximum (null: none), and
-- never more than the fare.
create or replace function khidma.commission_of(p_fare bigint, p_basis_points int, p_minimum bigint, p_maximum bigint)
returns bigint language sql immutable parallel safe as $$
  select least(p_fare, greatest(p_minimum, least(p_fare / 10000 * p_basis_points + khidma.rounded(p_fare % 10000 * p_basis_points, 10000), p_maximum)))
$$;

-- Returns the terms of commission for a booking that is agreed now: `pricing.commission` for the task's market, city and category, the
-- tier's own basis points where it names them, and the limits in the task's currency.
create or replace function khidma.commission_terms(p_task uuid, p_tasker uuid)
returns table (basis_points int, minimum bigint, maximum bigint) language sql stable rows 1 as $$
  select coalesce(policy.value -> 'tiers' ->> p.tier, policy.value ->> 'basisPoints')::int,
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
returns bigint language sql immutable parallel safe as $$
  select case when r.own is not null or r.least is not null then greatest(1, least(greatest(r.own, r.least), r.most)) end
    from (select case when p_pricing_model = 'fixed' then khidma.amount_for(p_minutes, p_own) else p_own end as own,
                 case when p_pricing_model = 'fixed' then p_least else khidma.rounded(p_least * 60, p_minutes) end as least,
                 case when p_pricing_model = 'fixed' then p_most else khidma.rounded(p_most * 60, p_minutes) end as most) r
$$;

-- Returns the fare of a completed booking: the fixed price, or the time that it took (the agreed minimum at least, minutes begun
-- count) at the agreed rate, and never more than the estimate. `least` passes over null: without an agreed rate the fare would be
-- the whole estimate.
create or replace function khidma.fare_of(p_booking uuid) returns bigint language sql stable as $$
  select case
    when b.agreed_rate_amount is null then null
    when t.pricing_model = 'fixed' then b.agreed_rate_amount
    else least(
      khidma.amount_for(greatest(b.agreed_minimum_minutes, ceil(extract(epoch from b.completed_at - b.started_at) / 60)::int),
                        b.agreed_rate_amount),
      coalesce(t.est_max_amount, 9223372036854775807)) end
  from bookings b join tasks t on t.id = b.task_id where b.id = p_booking
$$;
