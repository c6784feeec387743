-- Returns what a plan gives, as a subscription keeps it.
create or replace function khidma.features_of(p plans) returns jsonb language sql stable as $$
  select jsonb_build_object('commissionDiscount', p.commission_discount, 'creditsAMonth', p.credits_a_month, 'bidsADay', p.bids_a_day,
                            'badge', p.badge)
$$;

-- Returns the price of a plan for a cycle; null: it is not sold so.
create or replace function khidma.price_of_plan(p plans, p_cycle text) returns bigint language sql stable as $$
  select case p_cycle when 'month' then p.price_month else p.price_year end
$$;

-- Returns the time by the clock of a subscription.
create or replace function khidma.clock_of(s subscriptions) returns timestamptz language sql stable as $$
  select now() + make_interval(secs => s.clock_ahead)
$$;

-- Returns what a plan gives a user now, `{}` where they have none: the one reader of it, for commission, bids and badge. It is the plan of
-- whoever earns their work: of their company where both have agreed so, else their own. Work for the company itself (`p_client`) it does not
-- earn. A plan that could not be charged gives what it gives until its grace is over.
create or replace function khidma.features_now(p_user uuid, p_client uuid default null) returns jsonb language plpgsql stable as $$
begin
  return (
    select coalesce((select s.features from subscriptions s
                      where s.user_id = coalesce((select c.company_id from khidma.company_terms_of(p_user) c
                                                   where c.payout_to = 'company' and c.company_id is distinct from p_client), p_user)
                        and s.status <> 'ended'
                        and (s.status in ('trialing', 'active') or s.status = 'past_due' and s.grace_until > khidma.clock_of(s))), '{}'::jsonb));
end $$;

-- Returns the day of the month of an instant, in UTC.
create or replace function khidma.day_of(p_at timestamptz) returns int language sql immutable parallel safe as $$
  select extract(day from p_at at time zone 'UTC')::int
$$;

-- Returns when the period after one ends that begins at p_start: a month or a year on, on the anchor day where that month has it, in UTC.
create or replace function khidma.period_after(p_start timestamptz, p_cycle text, p_anchor int) returns timestamptz
language plpgsql immutable parallel safe as $$
begin
  return (
    select (m.first + make_interval(days => least(p_anchor, extract(day from m.first + interval '1 month' - interval '1 day')::int) - 1)
             + (s.at - date_trunc('day', s.at))) at time zone 'UTC'
      from (select p_start at time zone 'UTC' as at) s
     cross join lateral (select date_trunc('month', s.at) + case p_cycle when 'year' then interval '1 year' else interval '1 month' end as first) m);
end $$;

-- Returns when a month of credits ends that begins at p_start: on the next anchor day that is more than 15 days on, so that one that a pause
-- has moved off the anchor is neither two months nor a day.
create or replace function khidma.month_after(p_start timestamptz, p_anchor int) returns timestamptz language plpgsql immutable parallel safe as $$
begin
  return (
    select min(m.ends) from (
      select khidma.period_after((p_start at time zone 'UTC' + make_interval(months => n - 1)) at time zone 'UTC', 'month', p_anchor) as ends
        from generate_series(0, 2) n) m
     where m.ends > p_start + interval '15 days');
end $$;

-- Returns the plan if it can be subscribed to in a cycle; refuses it otherwise.
create or replace function khidma.sold_plan(p_plan uuid, p_cycle text, p_user uuid) returns plans language plpgsql stable as $$
declare
  p plans;
begin
  select x.* into p from plans x join users u on u.id = p_user and coalesce(u.country, x.country) = x.country
   where x.id = p_plan and x.active and x.retired_at is null;
  if p.id is null then
    perform khidma.refuse(422, 'plan_unavailable', '{"field": "planId"}');
  elsif khidma.price_of_plan(p, p_cycle) is null then
    perform khidma.refuse(422, 'plan_unavailable', '{"field": "cycle"}');
  end if;
  return p;
end $$;

-- Keeps the plan that others fall to free, and one that falls nowhere further (before insert or update).
create or replace function khidma.guard_plan() returns trigger language plpgsql as $$
begin
  if new.falls_to is not null and not exists (
      select from plans p where p.id = new.falls_to and p.country = new.country and p.price_month = 0 and p.falls_to is null
         for share) then
    perform khidma.refuse(422, 'plan_falls_badly', '{"field": "fallsTo"}');
  elsif (new.falls_to is not null or new.price_month is distinct from 0) and exists (select from plans p where p.falls_to = new.id) then
    perform khidma.refuse(409, 'plan_is_fallen_to');
  end if;
  return new;
end $$;
