-- Returns what units p_first to p_last of a line carry of an amount: each has as much, and the minor units left over are of those that come
-- first (largest remainder). All units together carry all of it, however often they are divided.
create or replace function khidma.share_of_units(p_amount bigint, p_units bigint, p_first bigint, p_last bigint) returns bigint
language sql immutable parallel safe as $$
  select (p_last - p_first + 1) * (p_amount / p_units) + least(p_last, p_amount % p_units) - least(p_first - 1, p_amount % p_units)
$$;

-- Returns the price of some units of an order, of its own price: lines, taxes and their sums as `khidma.price_with` has them, and who funded
-- what of the discounts. `p_units` says of each line how many units went before (`done`) and how many are meant (`take`): all parts together are
-- the whole to the minor unit, of each line, discount, tax and government.
create or replace function khidma.part_of_price(p_price jsonb, p_units jsonb) returns jsonb language plpgsql immutable parallel safe as $$
begin
  return (
    with funded as (
      select d ->> 'ruleId' as rule, d ->> 'fundedBy' = 'platform' as is_platform from jsonb_array_elements(p_price -> 'discounts') d
    ), rules as (
      select t ->> 'ruleId' as rule, bool_or((t ->> 'inclusive')::boolean) as is_inclusive from jsonb_array_elements(p_price -> 'taxes') t group by 1
    ), lines as (
      select l.x, l.position, (l.x ->> 'quantity')::bigint as units, (l.x ->> 'unitPrice')::bigint as unit_price, (l.x ->> 'discount')::bigint as discount,
             (u ->> 'done')::bigint as done, (u ->> 'done')::bigint + (u ->> 'take')::bigint as last,
             coalesce((select sum((y ->> 'amount')::bigint) from jsonb_array_elements(l.x -> 'discounts') y join funded f on f.rule = y ->> 'ruleId'
                        where f.is_platform), 0)::bigint as platform
        from jsonb_array_elements(p_price -> 'lines') with ordinality l (x, position)
        join jsonb_array_elements(p_units) u on u -> 'line' = l.x -> 'line'
    ), taxed as (
      select l.position, r.rule, r.is_inclusive, l.done, l.last, khidma.share_of_units((y ->> 'amount')::bigint, l.units, 1, l.done) as before,
             khidma.share_of_units((y ->> 'amount')::bigint, l.units, 1, l.last) as after
        from lines l cross join jsonb_array_elements(l.x -> 'taxes') y join rules r on r.rule = y ->> 'ruleId'
    ), shares as (
      select l.*, khidma.share_of_units(l.units * l.unit_price - l.discount, l.units, l.done + 1, l.last) as rest,
             l.done * l.unit_price - khidma.share_of_units(l.units * l.unit_price - l.discount, l.units, 1, l.done) as discounted_before,
             l.last * l.unit_price - khidma.share_of_units(l.units * l.unit_price - l.discount, l.units, 1, l.last) as discounted_after,
             coalesce((select sum(t.after - t.before) from taxed t where t.position = l.position and t.is_inclusive), 0)::bigint as contained,
             coalesce((select sum(t.after - t.before) from taxed t where t.position = l.position and not t.is_inclusive), 0)::bigint as added
        from lines l
    ), parts as (
      select s.*, s.discounted_after - s.discounted_before as discount_part,
             case when s.discount = 0 then 0 else div(s.discounted_after::numeric * s.platform, s.discount) - div(s.discounted_before::numeric * s.platform, s.discount)
             end::bigint as platform_part
        from shares s
    ), rule_sums as (
      select t.rule, sum(t.before) as before, sum(t.after) as after, sum(p.rest - p.contained) filter (where t.last > t.done) as base
        from taxed t join parts p on p.position = t.position group by 1
    ), taxes as (
      select x.t, x.position, coalesce(r.base, 0)::bigint as base,
             (case x.t ->> 'component' when 'CGST' then div(r.after, 2) - div(r.before, 2)
                when 'SGST' then r.after - div(r.after, 2) - r.before + div(r.before, 2) else r.after - r.before end)::bigint as amount
        from jsonb_array_elements(p_price -> 'taxes') with ordinality x (t, position) join rule_sums r on r.rule = x.t ->> 'ruleId'
    )
    select jsonb_build_object(
      'lines', coalesce(jsonb_agg(p.x - array['discounts', 'taxes', 'base'] || jsonb_build_object('quantity', p.last - p.done, 'discount', p.discount_part,
                  'tax', p.contained + p.added, 'total', p.rest + p.added) order by p.position) filter (where p.last > p.done), '[]'),
      'taxes', (select coalesce(jsonb_agg(t.t || jsonb_build_object('base', t.base, 'amount', t.amount) order by t.position), '[]') from taxes t),
      'discount', coalesce(sum(p.discount_part), 0), 'platform', coalesce(sum(p.platform_part), 0),
      'partner', coalesce(sum(p.discount_part - p.platform_part), 0), 'tax', coalesce(sum(p.contained + p.added), 0),
      'total', coalesce(sum(p.rest + p.added), 0))
      from parts p);
end $$;

-- Returns of each line of an order how many units were refunded (`done`) and how many are to be now (`take`): those that are asked for, else all
-- that are left. Refuses more than are left.
create or replace function khidma.units_to_refund(o orders, p_lines jsonb) returns jsonb language plpgsql stable as $$
declare
  units jsonb;
  wrong jsonb;
begin
  select jsonb_agg(jsonb_build_object('line', i.line, 'item', i.id, 'of', i.quantity, 'done', r.done,
           'take', case when p_lines is null then i.quantity - r.done else coalesce(a.quantity, 0) end) order by i.line) into units
    from order_items i
   cross join lateral (select coalesce(max(x.last_unit), 0) as done from order_refunds x where x.item_id = i.id) r
    left join (select (x ->> 'line')::int as line, sum((x ->> 'quantity')::int)::int as quantity from jsonb_array_elements(p_lines) x group by 1) a
      on a.line = i.line
   where i.document_id = o.document_id;
  select jsonb_build_object('line', x -> 'line', 'maximum', coalesce((u ->> 'of')::int - (u ->> 'done')::int, 0)) into wrong
    from jsonb_array_elements(p_lines) x left join jsonb_array_elements(units) u on u -> 'line' = x -> 'line'
   where u is null or (u ->> 'done')::int + (u ->> 'take')::int > (u ->> 'of')::int
   order by (x ->> 'line')::int limit 1;
  if wrong is not null then
    perform khidma.refuse(422, 'refund_above_order', wrong || '{"field": "lines"}');
  end if;
  return units;
end $$;

-- Returns the part of an order's price that a refund gave back; null where it is the refund of no order.
create or replace function khidma.part_of_refund(p_refund uuid) returns jsonb language plpgsql stable as $$
begin
  return (
    select khidma.part_of_price(d.price, (
             select jsonb_agg(jsonb_build_object('line', i.line, 'item', i.id, 'of', i.quantity, 'done', coalesce(r.first_unit - 1, 0),
                                'take', coalesce(r.last_unit - r.first_unit + 1, 0)) order by i.line)
               from order_items i left join order_refunds r on r.item_id = i.id and r.refund_id = p_refund where i.document_id = d.id))
      from orders o join price_documents d on d.id = o.document_id
     where o.id = (select x.order_id from order_refunds x where x.refund_id = p_refund limit 1));
end $$;

-- Takes back what units of an order gave, as far as it is unspent; refuses where some of it is spent, unless `p_even_if_used`.
create or replace function khidma.take_back_units(o orders, p_price jsonb, p_units jsonb, p_even_if_used boolean) returns void language plpgsql as $$
declare
  u jsonb;
  credits bigint;
begin
  perform khidma.lock_entitlements(o.user_id);
  for u in select x from jsonb_array_elements(p_units) x where (x ->> 'take')::int > 0 loop
    perform khidma.take_back_entitlements('order', o.id, (u ->> 'line')::int, (u ->> 'take')::int, (u ->> 'of')::int, p_even_if_used);
    credits := (u ->> 'take')::int * (select (l -> 'gives' ->> 'credits')::bigint from jsonb_array_elements(p_price -> 'lines') l where l -> 'line' = u -> 'line');
    if credits > 0 then
      perform khidma.take_back_credits('order_item', (u ->> 'item')::uuid, credits, p_even_if_used);
    end if;
    if credits > 0 and (u ->> 'done')::int + (u ->> 'take')::int = (u ->> 'of')::int then
      -- With the last unit, held credits are taken back as they are released.
      perform khidma.revoke_credits('order_item', (u ->> 'item')::uuid);
    end if;
  end loop;
end $$;

-- Ends the subscription that an order has paid a charge of, and takes back the credits of its plan that are unspent.
create or replace function khidma.end_refunded_subscription(p_order uuid) returns void language plpgsql as $$
declare
  s subscriptions;
begin
  select x.* into s from subscription_attempts a join subscription_charges c on c.id = a.charge_id join subscriptions x on x.id = c.subscription_id
   where a.document_id = p_order;
  if s.id is null then
    perform khidma.refuse(422, 'order_without_subscription', '{"field": "subscription"}');
  end if;
  perform khidma.lock_behind_order(s.id);
  perform khidma.end_subscription(s.id, 'refunded');
  perform khidma.revoke_credits('subscription', g.document_id) from (
    select distinct x.document_id from credit_grants x
     where x.user_id = s.user_id and x.document_type = 'subscription' and x.revoked_at is null and x.taken < x.amount order by 1) g;
end $$;

-- Refunds units of a paid order (`[{line, quantity}]`), or all that is left of it: their part of the payment goes back with its taxes, what they
-- gave is taken back, nobody has paid for their discounts any more, and a credit note says so. With the last unit the order is refunded, and
-- its coupon is free for whoever comes next.
create or replace function khidma.refund_order(
  p_id uuid, p_order uuid, p_lines jsonb, p_reason text, p_even_if_used boolean, p_ends_subscription boolean
) returns void language plpgsql as $$
declare
  o orders;
  d price_documents;
  units jsonb;
  part jsonb;
begin
  select * into o from orders x where x.id = p_order for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif o.status <> 'completed' then
    -- The machine refuses it.
    update orders set status = 'refunded' where id = o.id;
  end if;
  select * into strict d from price_documents x where x.id = o.document_id;
  units := khidma.units_to_refund(o, p_lines);
  part := khidma.part_of_price(d.price, units);
  if p_ends_subscription then
    perform khidma.end_refunded_subscription(o.id);
  end if;
  insert into order_refunds (id, order_id, refund_id, item_id, first_unit, last_unit, refunded_by)
  select khidma.uuid_v7(), o.id, p_id, (u ->> 'item')::uuid, (u ->> 'done')::int + 1, (u ->> 'done')::int + (u ->> 'take')::int, khidma.actor_id()
    from jsonb_array_elements(units) u where (u ->> 'take')::int > 0;
  perform khidma.take_back_units(o, d.price, units, p_even_if_used);
  perform khidma.post_discounts('discount_reversed', o.id, p_id::text, d.currency, (part ->> 'platform')::bigint, (part ->> 'partner')::bigint);
  perform khidma.refund_order_payment(p_id, o.id, (part ->> 'total')::bigint, (part ->> 'tax')::bigint, p_reason);
  perform khidma.credit_part(i.id, part, r.amount, p_reason, 'refund', r.id)
    from invoices i join refunds r on r.id = p_id
   where i.document_id = o.id and i.document_type = 'order' and i.kind = 'invoice' and i.status <> 'void';
  if exists (select from jsonb_array_elements(units) u where (u ->> 'done')::int + (u ->> 'take')::int < (u ->> 'of')::int) then
    update orders set updated_at = now() where id = o.id returning * into o;
    perform khidma.emit('order.partially_refunded', 'order', o.id, o.version, jsonb_build_object('userId', o.user_id, 'amount', part -> 'total'), array[o.user_id]);
  else
    update orders set status = 'refunded', reason = p_reason where id = o.id;
  end if;
end $$;

-- Refuses units that a line has not (before insert). That none is refunded twice is `order_refunds_once`.
create or replace function khidma.guard_order_refund() returns trigger language plpgsql as $$
begin
  if not exists (select from order_items i join orders o on o.document_id = i.document_id
                  where i.id = new.item_id and o.id = new.order_id and new.last_unit <= i.quantity) then
    raise exception 'order % has no such units', new.order_id using errcode = 'check_violation', constraint = 'order_refunds_bought';
  end if;
  return new;
end $$;
