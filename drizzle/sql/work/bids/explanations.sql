-- Returns the class of a price: each is a quarter wider than the one below. Bidders are compared by classes only, so that no sequence
-- of changed bids finds the exact price of another.
create or replace function khidma.price_class(p_amount bigint) returns int language sql immutable parallel safe as $$
  select floor(ln(p_amount::numeric) / ln(1.25))::int
$$;

-- Returns how a bid compares with the others of its task, as bands: `rank` (top, middle or lower third by price, rating and completion)
-- and `price` (low, usual or high among the others). Null with fewer than three others, of whom a band would tell too much. Withdrawn
-- bids do not count.
create or replace function khidma.compare_bid(p_bid uuid) returns table (rank text, price text) language sql stable rows 1 as $$
  with own as (select * from bids where id = p_bid),
  compared as (
    select b.id, khidma.price_class(b.amount) as class,
           ((p.rating_avg * p.rating_count + 4.0 * 5) / (p.rating_count + 5) - 1) / 4 as rating,
           (p.completion_rate * p.bookings_ended + 0.9 * 10) / (p.bookings_ended + 10) as completion
      from own o join bids b on b.task_id = o.task_id and b.deleted_at is null
      join tasker_profiles p on p.user_id = b.tasker_id
     where b.id = o.id or b.status <> 'withdrawn' and b.tasker_id <> o.tasker_id
  ), scored as (
    select c.*, 0.5 * (1 - (c.class - min(c.class) over ())::numeric / greatest(max(c.class) over () - min(c.class) over (), 1))
                  + 0.35 * c.rating + 0.15 * c.completion as score
      from compared c
  ), placed as (
    select s.*, row_number() over (order by s.score desc, s.id) as place, count(*) over () as bids from scored s
  ), usual as (
    select percentile_disc(0.25) within group (order by c.class) as least, percentile_disc(0.75) within group (order by c.class) as most
      from compared c where c.id <> p_bid
  )
  select case when p.place <= ceil(p.bids / 3.0) then 'top' when p.place <= ceil(p.bids * 2 / 3.0) then 'middle' else 'lower' end,
         case when p.class < u.least then 'low' when p.class > u.most then 'high' else 'usual' end
    from placed p cross join usual u where p.id = p_bid and p.bids >= 4
$$;
