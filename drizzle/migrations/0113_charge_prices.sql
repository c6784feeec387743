-- The price of a whole period, as it was when its charge was opened: a plan may cost something else by the time that it is paid.
alter table subscription_charges add column price bigint;
update subscription_charges c
   set price = case c.kind when 'period' then c.amount else coalesce(case c.cycle when 'month' then p.price_month else p.price_year end, c.amount) end
  from plans p where p.id = c.plan_id;
alter table subscription_charges alter column price set not null;
alter table subscription_charges add constraint subscription_charges_price check (price >= 0);

drop function if exists khidma.run_subscriptions(int);
drop function if exists khidma.lock_charge_order(uuid);
drop function if exists khidma.open_charge(subscriptions, text, plans, text, timestamptz, timestamptz, bigint, bigint);
drop function if exists khidma.features_now(uuid);
