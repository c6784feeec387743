-- Collects a charge by an order of its plan: priced, taxed and invoiced as any other. The wallet pays at once; a stored method is charged by
-- its gateway after the commit. What cannot be charged fails at once, but that its owner who is short of money may pay the order otherwise.
create or replace function khidma.order_charge(s subscriptions, c subscription_charges, p_attempt uuid) returns void language plpgsql as $$
declare
  new_order uuid := khidma.uuid_v7();
  ends timestamptz := now() + interval '24 hours';
  p plans;
  d price_documents;
  why text;
begin
  select * into strict p from plans x where x.id = c.plan_id;
  -- An order that costs nothing is completed with its row.
  update subscription_attempts set document_id = new_order where id = p_attempt;
  d := khidma.order_lines(new_order, s.user_id, p.country, c.currency, ends, jsonb_build_array(jsonb_build_object('line', 1, 'kind', 'plan',
         'itemId', p.id, 'name', coalesce(p.names ->> (select split_part(u.locale, '-', 1) from users u where u.id = s.user_id), p.names ->> 'en'),
         'quantity', 1, 'unitPrice', c.amount)));
  if d.total = 0 then
    return;
  end if;
  why := khidma.why_not_charged(s, d);
  if why is null then
    perform khidma.charge_order(new_order, s.stored_method_id, d, ends);
  elsif why <> 'insufficient_funds' or s.user_id is distinct from khidma.actor_id() then
    update subscription_attempts set failure_code = why where id = p_attempt;
    perform khidma.cancel_order(new_order);
  end if;
end $$;

-- Returns why a subscription cannot be charged an amount by the way in which it is paid; null: it can.
create or replace function khidma.why_not_charged(s subscriptions, d price_documents) returns text language plpgsql as $$
declare
  m payment_methods;
begin
  if s.stored_method_id is null then
    return case when khidma.available('client_wallet', s.user_id, d.currency) < d.total then 'insufficient_funds' end;
  end if;
  select * into m from payment_methods x where x.id = s.stored_method_id;
  return case when not m.is_active then 'stored_method_unusable'
              when khidma.is_expired(m.card_exp_year, m.card_exp_month) then 'stored_method_expired'
              when not exists (select from payment_gateway_configs g where g.gateway = m.provider and g.status = 'active' and d.currency = any (g.currencies)
                                  and khidma.method_of_stored(m.type)::text = any (g.methods)) then 'payment_method_unavailable' end;
end $$;

-- Ends the attempt that an order was to pay (after update of status on orders).
create or replace function khidma.follow_charge_order() returns trigger language plpgsql as $$
begin
  perform khidma.end_attempt(a.id, case new.status when 'completed' then 'paid' else 'failed' end,
            case when new.status <> 'completed' then coalesce(a.failure_code,
              (select i.failure_code from payment_intents i where i.order_id = new.id and i.failure_code is not null order by i.id desc limit 1), new.status::text) end)
    from subscription_attempts a where a.document_id = new.id and a.outcome is null;
  return null;
end $$;

-- Gives up the order of a subscription whose charge its gateway refused (after update of status on payment_intents): the next attempt is another
-- order.
create or replace function khidma.follow_failed_charge() returns trigger language plpgsql as $$
begin
  perform khidma.cancel_order(a.document_id) from subscription_attempts a where a.document_id = new.order_id and a.outcome is null;
  return null;
end $$;
