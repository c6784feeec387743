-- Returns the configuration that takes a payment: active, for the currency, the method and the currency's country, not paused by its
-- breaker; chosen at random by weight. Null where there is none.
create or replace function khidma.route_payment(p_currency text, p_method text) returns uuid language plpgsql volatile as $$
begin
  return (
    select c.id from payment_gateway_configs c
     where c.status = 'active' and p_currency = any (c.currencies) and p_method = any (c.methods)
       and (c.countries = '{}' or khidma.country_of(p_currency) = any (c.countries))
       and (c.paused_until is null or c.paused_until <= now())
     order by -ln(1 - random()) / c.weight limit 1);
end $$;

-- Counts how a call of a gateway went: five failures in a row pause its configuration for a minute, a success clears them. Only
-- new payments heed the pause: what has begun is finished where it began.
create or replace function khidma.count_gateway_call(p_config uuid, p_worked boolean) returns void language plpgsql as $$
begin
  update payment_gateway_configs
     set failures = case when p_worked then 0 else failures + 1 end,
         paused_until = case when p_worked then null when failures + 1 >= 5 then now() + interval '1 minute' else paused_until end
   where id = p_config and (not p_worked or failures > 0 or paused_until is not null);
end $$;
