-- Tries a draft of a discount rule on the orders that were paid within some days, at most `p_most` of them, the newest: each is priced again from
-- its own inputs with the draft among its rules, by the one pricing function, and nothing is written. Returns, for each currency, how many
-- orders the draft would have discounted, what it would have cost, and which rules it would have taken from. Its own limits hold in the
-- order in which the orders were paid. An order that had a coupon does not take another one.
create or replace function khidma.backtest_discount(p_rule jsonb, p_days int, p_most int) returns jsonb language plpgsql stable as $$
begin
  return (
    with paid as (
      select o.id, o.user_id, o.completed_at, d.currency, d.price
        from orders o join price_documents d on d.id = o.document_id
       where o.completed_at >= now() - make_interval(days => p_days)
         and coalesce(p_rule ->> 'country', d.country) = d.country and coalesce(p_rule ->> 'currency', d.currency) = d.currency
       order by o.completed_at desc limit p_most
    ), tried as materialized (
      select p.*, case when p_rule ->> 'code' is not null and p.price -> 'coupon' <> 'null' then p.price
                       else khidma.price_with(jsonb_set(p.price -> 'inputs', '{discounts}', (p.price -> 'inputs' -> 'discounts') || jsonb_build_array(p_rule)))
                  end as new_price
        from paid p
    ), measured as (
      select t.*, (select (x ->> 'amount')::bigint from jsonb_array_elements(t.new_price -> 'discounts') x where x ->> 'ruleId' = p_rule ->> 'ruleId') as amount,
             exists (select from jsonb_array_elements(t.new_price -> 'breakdown') s where s ->> 'step' = 'almost' and s ->> 'ruleId' = p_rule ->> 'ruleId') as is_near
        from tried t
    ), ranked as (
      select m.*, row_number() over (partition by m.amount is null order by m.completed_at, m.id) as place,
             row_number() over (partition by m.amount is null, m.user_id order by m.completed_at, m.id) as place_of_person,
             sum(m.amount) over (partition by m.currency order by m.completed_at, m.id) as spent
        from measured m
    ), counted as (
      select r.*, r.amount is not null and r.place <= coalesce((p_rule ->> 'usageLimit')::int, r.place)
             and r.place_of_person <= coalesce((p_rule ->> 'perPersonLimit')::int, r.place_of_person)
             and r.spent <= coalesce((p_rule ->> 'budget')::bigint, r.spent) as is_taken
        from ranked r
    ), conflicts as (
      select c.currency, b ->> 'ruleId' as rule_id, max(b ->> 'name') as name, count(*)::int as orders,
             sum((b ->> 'amount')::bigint - coalesce((a.x ->> 'amount')::bigint, 0))::bigint as taken
        from counted c cross join jsonb_array_elements(c.price -> 'discounts') b
        left join lateral (select x from jsonb_array_elements(c.new_price -> 'discounts') x where x ->> 'ruleId' = b ->> 'ruleId') a on true
       where c.is_taken and coalesce((a.x ->> 'amount')::bigint, 0) < (b ->> 'amount')::bigint
       group by 1, 2
    )
    select coalesce(jsonb_agg(s order by s ->> 'currency'), '[]') from (
      select jsonb_build_object('currency', c.currency, 'orders', count(*), 'uptake', count(*) filter (where c.is_taken),
               'buyers', count(distinct c.user_id) filter (where c.is_taken), 'almost', count(*) filter (where c.is_near),
               'costMinor', coalesce(sum(c.amount) filter (where c.is_taken), 0),
               'totalBeforeMinor', coalesce(sum((c.price ->> 'total')::bigint), 0),
               'totalAfterMinor', coalesce(sum(((case when c.is_taken then c.new_price else c.price end) ->> 'total')::bigint), 0),
               'conflicts', coalesce((select jsonb_agg(jsonb_build_object('ruleId', k.rule_id, 'name', k.name, 'orders', k.orders, 'takenMinor', k.taken)
                                             order by k.taken desc, k.rule_id) from conflicts k where k.currency = c.currency), '[]')) as s
        from counted c group by c.currency) x);
end $$;
