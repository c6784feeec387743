-- Divides an amount among lines in proportion to their weights, to the last minor unit: each has its part rounded down, and the units that
-- are left go one each to the largest remainders; of equal ones to the line that comes first. No part is above its weight where the amount
-- is not above their sum.
create or replace function khidma.spread(p_amount bigint, p_weights bigint[]) returns bigint[] language plpgsql immutable parallel safe as $$
begin
  return (
    with weighed as (
      select u.i, u.w::numeric as w, greatest(sum(u.w) over (), 1)::numeric as all_w from unnest(p_weights) with ordinality u (w, i)
    ), parts as (
      select i, div(p_amount * w, all_w) as part, mod(p_amount * w, all_w) as remainder from weighed
    ), placed as (
      select i, part, row_number() over (order by remainder desc, i) as place, p_amount - sum(part) over () as units from parts
    )
    select coalesce(array_agg((part + case when place <= units then 1 else 0 end)::bigint order by i), '{}') from placed);
end $$;

-- Rounds `p_amount * p_parts / p_whole`, half up, once.
create or replace function khidma.half_up(p_amount bigint, p_parts bigint, p_whole bigint) returns bigint language sql immutable parallel safe as $$
  select div(2 * p_amount::numeric * p_parts + p_whole, 2 * p_whole)::bigint
$$;

-- Returns whether a discount rule is about a line, before amounts are asked for. What the platform charges for itself (fees, commission)
-- is never discounted, and a discount that taskers fund is for what they sell.
create or replace function khidma.is_rule_about(p_rule jsonb, p_line jsonb) returns boolean language sql immutable parallel safe as $$
  select p_line ->> 'kind' not in ('fee', 'commission')
     and (p_rule ->> 'fundedBy' <> 'tasker' or p_line ->> 'kind' = 'service')
     and case p_rule ->> 'scope' when 'global' then true
           when 'category' then coalesce(p_line -> 'categories', '[]') ? (p_rule ->> 'scopeId')
           else p_line ->> 'kind' = p_rule ->> 'scope' and p_line ->> 'itemId' = p_rule ->> 'scopeId' end
$$;

-- Prices lines from snapshots of rules alone: the same inputs give the same price for ever, so that a document proves itself
-- (docs/commerce.md). `p_inputs` is what `khidma.price_inputs` gathers.
--
-- First pass: automatic rules by priority, then the coupon, each on what the earlier ones left of its lines. An exclusive one takes only
-- lines that nothing has discounted, and closes them to those after it. Its amount is rounded half up once, over all its lines together,
-- is capped, never more than what is left, and is spread over them by largest remainder.
-- Second pass: taxes on the discounted base, of each line the rule of the nearest category in each class (sales tax; tax collected at
-- source, on the base without sales tax). Rounded half up once for a rule, over all its lines together, and spread likewise.
-- Lines are taken by item, not by their place in the request.
create or replace function khidma.price_with(p_inputs jsonb) returns jsonb language plpgsql immutable parallel safe as $$
declare
  lines jsonb[] := array(select l from jsonb_array_elements(p_inputs -> 'lines') l
                          order by l ->> 'itemId', (l ->> 'unitPrice')::bigint, (l ->> 'quantity')::bigint, (l ->> 'line')::int);
  n int := coalesce(array_length(lines, 1), 0);
  tax_rules jsonb[] := array(select x from jsonb_array_elements(p_inputs -> 'taxes') with ordinality t (x, i) order by i);
  base bigint[] := '{}';
  rest bigint[];
  weights bigint[];
  shares bigint[];
  net bigint[];
  is_touched boolean[] := '{}';
  is_closed boolean[] := '{}';
  of_line_discounts jsonb[] := '{}';
  of_line_taxes jsonb[] := '{}';
  line_tax bigint[] := '{}';
  line_added bigint[] := '{}';
  winners int[];
  nearness int;
  best int;
  discounts jsonb := '[]';
  taxes jsonb := '[]';
  steps jsonb := '[]';
  near jsonb;
  coupon jsonb := p_inputs -> 'coupon';
  coupon_state text := p_inputs -> 'coupon' ->> 'state';
  r jsonb;
  component jsonb;
  named jsonb;
  matched bigint;
  whole bigint;
  amount bigint;
  exact bigint;
  is_percent boolean;
  is_inclusive boolean;
  part bigint;
  out_lines jsonb;
begin
  for k in 1 .. n loop
    base[k] := (lines[k] ->> 'quantity')::bigint * (lines[k] ->> 'unitPrice')::bigint;
    is_touched[k] := false;
    is_closed[k] := false;
    of_line_discounts[k] := '[]';
    of_line_taxes[k] := '[]';
    line_tax[k] := 0;
    line_added[k] := 0;
  end loop;
  rest := base;

  for r in select d from jsonb_array_elements(p_inputs -> 'discounts') d
            order by d ->> 'code' is not null, (d ->> 'priority')::int, d ->> 'ruleId' loop
    named := jsonb_build_object('ruleId', r -> 'ruleId', 'version', r -> 'version', 'name', r -> 'name', 'code', r -> 'code');
    weights := '{}';
    matched := 0;
    whole := 0;
    for k in 1 .. n loop
      weights[k] := 0;
      if khidma.is_rule_about(r, lines[k]) then
        matched := matched + base[k];
        if not is_closed[k] and not ((r ->> 'exclusive')::boolean and is_touched[k]) then
          weights[k] := rest[k];
          whole := whole + rest[k];
        end if;
      end if;
    end loop;
    if matched = 0 then
      coupon_state := case when r ->> 'code' is not null then 'not_applicable' else coupon_state end;
      continue;
    elsif matched < coalesce((r ->> 'minimum')::bigint, 0) then
      if r ->> 'code' is not null then
        coupon_state := 'below_minimum';
        coupon := coupon || jsonb_build_object('missing', (r ->> 'minimum')::bigint - matched);
      end if;
      if near is null or (near ->> 'missing')::bigint > (r ->> 'minimum')::bigint - matched then
        near := named || jsonb_build_object('step', 'almost', 'base', matched, 'missing', (r ->> 'minimum')::bigint - matched);
      end if;
      continue;
    end if;
    is_percent := r ->> 'type' = 'percent';
    exact := case when is_percent then khidma.half_up(whole, (r ->> 'value')::bigint, 10000) else (r ->> 'value')::bigint end;
    amount := least(exact, (r ->> 'maximum')::bigint, whole);
    if amount = 0 then
      coupon_state := case when r ->> 'code' is not null then 'not_applicable' else coupon_state end;
      steps := steps || jsonb_build_array(named || jsonb_build_object('step', 'left_out', 'base', whole));
      continue;
    end if;
    shares := khidma.spread(amount, weights);
    for k in 1 .. n loop
      if weights[k] > 0 then
        is_touched[k] := true;
        is_closed[k] := is_closed[k] or (r ->> 'exclusive')::boolean;
        rest[k] := rest[k] - shares[k];
        if shares[k] > 0 then
          of_line_discounts[k] := of_line_discounts[k] || jsonb_build_array(
            jsonb_build_object('ruleId', r -> 'ruleId', 'version', r -> 'version', 'amount', shares[k]));
        end if;
      end if;
    end loop;
    discounts := discounts || jsonb_build_array(named || jsonb_build_object('fundedBy', r -> 'fundedBy', 'partner', r -> 'partner',
      'base', whole, 'amount', amount));
    steps := steps || jsonb_build_array(named || jsonb_build_object('step', case when r ->> 'code' is null then 'discount' else 'coupon' end,
      'base', whole, 'amount', amount, 'capped', amount < exact,
      'remainder', case when is_percent and amount = exact then whole::numeric * (r ->> 'value')::int - amount::numeric * 10000 else 0 end));
    coupon_state := case when r ->> 'code' is not null then 'applied' else coupon_state end;
  end loop;
  if near is not null then
    steps := steps || jsonb_build_array(near);
  end if;

  net := rest;
  for class in 1 .. 2 loop
    winners := '{}';
    for k in 1 .. n loop
      winners[k] := 0;
      best := null;
      for t in 1 .. coalesce(array_length(tax_rules, 1), 0) loop
        r := tax_rules[t];
        continue when (r ->> 'kind' = 'tcs') <> (class = 2) or not r -> 'appliesTo' ? (lines[k] ->> 'kind');
        nearness := case when r ->> 'categoryId' is null then 1000
                         else (select min(c.i)::int from jsonb_array_elements_text(coalesce(lines[k] -> 'categories', '[]')) with ordinality c (id, i)
                                where c.id = r ->> 'categoryId') end;
        if nearness < coalesce(best, 1001) then
          best := nearness;
          winners[k] := t;
        end if;
      end loop;
    end loop;
    for t in 1 .. coalesce(array_length(tax_rules, 1), 0) loop
      r := tax_rules[t];
      weights := '{}';
      whole := 0;
      for k in 1 .. n loop
        weights[k] := case when winners[k] = t then net[k] else 0 end;
        whole := whole + weights[k];
      end loop;
      continue when whole = 0;
      named := jsonb_build_object('ruleId', r -> 'ruleId', 'version', r -> 'version', 'name', r -> 'name');
      if r -> 'exempts' ? (p_inputs ->> 'taxStatus') then
        steps := steps || jsonb_build_array(named || jsonb_build_object('step', 'exempt', 'base', whole));
        continue;
      end if;
      is_inclusive := (r ->> 'inclusive')::boolean;
      part := (r ->> 'rateBasisPoints')::bigint;
      amount := khidma.half_up(whole, part, 10000 + case when is_inclusive then part else 0 end);
      shares := khidma.spread(amount, weights);
      for k in 1 .. n loop
        continue when winners[k] <> t;
        line_tax[k] := line_tax[k] + shares[k];
        if is_inclusive then
          net[k] := net[k] - shares[k];
        else
          line_added[k] := line_added[k] + shares[k];
        end if;
        of_line_taxes[k] := of_line_taxes[k] || jsonb_build_array(
          jsonb_build_object('ruleId', r -> 'ruleId', 'version', r -> 'version', 'amount', shares[k]));
      end loop;
      -- Two governments share the tax of a sale within a state; the unit that cannot be halved is the state's.
      for component in select c from jsonb_array_elements(case
          when r ->> 'kind' <> 'gst' or r ->> 'region' is null then jsonb_build_array(jsonb_build_object('component', upper(r ->> 'kind'), 'amount', amount))
          when r ->> 'region' = p_inputs ->> 'region' then jsonb_build_array(jsonb_build_object('component', 'CGST', 'amount', amount / 2),
                                                                           jsonb_build_object('component', 'SGST', 'amount', amount - amount / 2))
          else jsonb_build_array(jsonb_build_object('component', 'IGST', 'amount', amount)) end) c loop
        taxes := taxes || jsonb_build_array(named || component || jsonb_build_object('kind', r -> 'kind', 'rateBasisPoints', r -> 'rateBasisPoints',
          'inclusive', is_inclusive, 'base', whole - case when is_inclusive then amount else 0 end));
      end loop;
      steps := steps || jsonb_build_array(named || jsonb_build_object('step', 'tax', 'base', whole, 'amount', amount, 'remainder',
        whole::numeric * part - amount::numeric * (10000 + case when is_inclusive then part else 0 end)));
    end loop;
  end loop;

  select coalesce(jsonb_agg(lines[k] - 'categories' || jsonb_build_object('base', base[k], 'discount', base[k] - rest[k], 'tax', line_tax[k],
           'total', rest[k] + line_added[k], 'discounts', of_line_discounts[k], 'taxes', of_line_taxes[k]) order by (lines[k] ->> 'line')::int), '[]')
    into out_lines from generate_series(1, n) k;
  return jsonb_build_object('lines', out_lines, 'discounts', discounts, 'taxes', taxes,
    'subtotal', (select coalesce(sum(b), 0) from unnest(base) b),
    'discount', (select coalesce(sum((d ->> 'amount')::bigint), 0) from jsonb_array_elements(discounts) d),
    'tax', (select coalesce(sum(x), 0) from unnest(line_tax) x),
    'total', (select coalesce(sum(b), 0) from unnest(rest) b) + (select coalesce(sum(a), 0) from unnest(line_added) a),
    'coupon', case when coupon is not null and coupon <> 'null' then coupon || jsonb_build_object('state', coupon_state) end,
    'breakdown', steps, 'inputs', p_inputs);
end $$;
