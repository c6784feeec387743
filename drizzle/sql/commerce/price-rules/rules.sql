-- Returns a discount rule as pricing takes it, for a user and an instant: what is left of its budget is its cap.
create or replace function khidma.discount_snapshot(r discount_rules) returns jsonb language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('ruleId', r.id, 'version', r.version, 'name', r.name, 'code', r.code, 'scope', r.scope, 'scopeId', r.scope_id,
      'type', r.discount_type, 'value', r.discount_value, 'minimum', r.min_order,
      'maximum', least(r.max_discount, (select b.budget - b.spent from discount_budgets b where b.rule_id = r.id)),
      'priority', r.priority, 'exclusive', r.is_exclusive, 'fundedBy', r.funded_by, 'partner', r.partner));
end $$;

-- Returns why a discount rule is not for a user at an instant; null where it is. Whether lines and amounts fit is asked in pricing.
create or replace function khidma.discount_obstacle(r discount_rules, p_user uuid, p_at timestamptz) returns text language plpgsql stable as $$
begin
  return (
    select case
      when not r.active or r.retired_at is not null then 'ended'
      when r.starts_at > p_at then 'not_started'
      when r.ends_at <= p_at then 'ended'
      when khidma.seats_taken('discount_rules.uses', r.id) >= r.usage_limit
        or (select b.spent >= b.budget from discount_budgets b where b.rule_id = r.id) then 'used_up'
      when khidma.seats_taken('discount_rules.uses_of.' || r.id, p_user) >= r.per_person_limit then 'used_by_you'
    end);
end $$;

-- Gathers what a price is computed from: lines with their categories, nearest first, and snapshots of the rules that are for the user at
-- an instant. Rules in another currency than the document's, or of another country, are not among them.
create or replace function khidma.price_inputs(
  p_lines jsonb, p_user uuid, p_country text, p_currency text, p_coupon text, p_at timestamptz
) returns jsonb language plpgsql stable as $$
declare
  c discount_rules;
  obstacle text;
begin
  if p_coupon is not null then
    select * into c from discount_rules r
     where lower(r.code) = lower(btrim(p_coupon)) and coalesce(r.country, p_country) = p_country and coalesce(r.currency, p_currency) = p_currency;
    obstacle := case when c.id is null then 'unknown' else khidma.discount_obstacle(c, p_user, p_at) end;
  end if;
  return jsonb_build_object(
    'lines', (select jsonb_agg(l || jsonb_build_object('categories', coalesce((
        with recursive above as (
          select k.id, k.parent_id, 1 as depth from task_categories k where k.id = (l ->> 'categoryId')::uuid
          union all
          select k.id, k.parent_id, a.depth + 1 from task_categories k join above a on k.id = a.parent_id
        ) select jsonb_agg(a.id order by a.depth) from above a), '[]')) order by (l ->> 'line')::int)
      from jsonb_array_elements(p_lines) l),
    'discounts', (select coalesce(jsonb_agg(khidma.discount_snapshot(r) order by r.id), '[]') from discount_rules r
      where (r.code is null or r.id = c.id and obstacle is null) and coalesce(r.country, p_country) = p_country
        and coalesce(r.currency, p_currency) = p_currency and khidma.discount_obstacle(r, p_user, p_at) is null),
    'coupon', case when p_coupon is not null then jsonb_build_object('code', coalesce(c.code, btrim(p_coupon)), 'state', coalesce(obstacle, 'not_applicable'),
      'minimum', c.min_order, 'startsAt', c.starts_at) end,
    'taxes', (select coalesce(jsonb_agg(jsonb_build_object('ruleId', t.id, 'version', t.version, 'name', t.name, 'kind', t.kind,
        'rateBasisPoints', t.rate_basis_points, 'categoryId', t.category_id, 'appliesTo', to_jsonb(t.applies_to), 'inclusive', t.is_inclusive,
        'region', t.region, 'exempts', to_jsonb(t.exempts)) order by t.created_at desc, t.id), '[]') from tax_rules t
      where t.country = p_country and t.active and t.retired_at is null and t.starts_at <= p_at and (t.ends_at is null or t.ends_at > p_at)),
    'taxStatus', coalesce((select x.status from tax_details x where x.user_id = p_user), 'ordinary'),
    'region', (select x.region from tax_details x where x.user_id = p_user),
    'country', p_country, 'currency', p_currency, 'at', p_at);
end $$;

-- Prices lines for a user at an instant: the one pricing function (`khidma.price_with`), on the rules of that instant. The answer has its
-- inputs, from which it can be computed again.
create or replace function khidma.price_of(
  p_lines jsonb, p_user uuid, p_country text, p_currency text, p_coupon text, p_at timestamptz
) returns jsonb language sql stable as $$
  select khidma.price_with(khidma.price_inputs(p_lines, p_user, p_country, p_currency, p_coupon, p_at))
$$;

-- Reserves the uses and the spending of every discount of a price until an instant, for an order; refuses where one of them is used up by
-- now. Rules are taken in the order of their ids, so that two orders never wait for each other.
create or replace function khidma.reserve_discounts(p_order uuid, p_user uuid, p_price jsonb, p_until timestamptz) returns void
language plpgsql as $$
declare
  d jsonb;
  r discount_rules;
begin
  for d in select x from jsonb_array_elements(p_price -> 'discounts') x order by x ->> 'ruleId' loop
    select * into strict r from discount_rules x where x.id = (d ->> 'ruleId')::uuid;
    begin
      if r.usage_limit is not null then
        perform khidma.claim('discount_rules.uses', r.id, p_order, r.usage_limit, p_until);
      end if;
      if r.per_person_limit is not null then
        perform khidma.claim('discount_rules.uses_of.' || r.id, p_user, p_order, r.per_person_limit, p_until);
      end if;
      update discount_budgets set spent = spent + (d ->> 'amount')::bigint where rule_id = r.id;
    exception
      when check_violation or sqlstate 'KH409' then
        perform khidma.refuse(409, 'discount_used_up', jsonb_strip_nulls(jsonb_build_object('name', r.name, 'code', r.code)));
    end;
    insert into discount_uses (id, rule_id, rule_version, user_id, order_id, amount, currency)
    values (khidma.uuid_v7(), r.id, (d ->> 'version')::int, p_user, p_order, (d ->> 'amount')::bigint, p_price -> 'inputs' ->> 'currency');
  end loop;
end $$;

-- Settles what an order has reserved: `used` for good, or `returned` to whoever comes next, used ones as well. A second call changes nothing.
create or replace function khidma.settle_discounts(p_order uuid, p_status claim_status) returns void language plpgsql as $$
declare
  u discount_uses;
begin
  for u in update discount_uses set status = p_status, settled_at = now() where order_id = p_order and (status = 'reserved' or status = 'used' and p_status = 'returned')
           returning * loop
    if p_status = 'used' then
      perform khidma.keep_claims('discount_rules.uses', u.order_id);
      perform khidma.keep_claims('discount_rules.uses_of.' || u.rule_id, u.order_id);
    else
      perform khidma.return_claims('discount_rules.uses', u.order_id);
      perform khidma.return_claims('discount_rules.uses_of.' || u.rule_id, u.order_id);
      update discount_budgets set spent = spent - u.amount where rule_id = u.rule_id;
    end if;
  end loop;
end $$;

-- Keeps each version of a rule as it was, for the documents that name it (after insert or update).
create or replace function khidma.keep_price_rule_version() returns trigger language plpgsql as $$
begin
  insert into price_rule_versions (rule_id, version, kind, terms, changed_by)
  values (new.id, new.version, case tg_table_name when 'tax_rules' then 'tax' else 'discount' end, to_jsonb(new), khidma.actor_id());
  return null;
end $$;
