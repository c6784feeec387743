-- `least` passes over null: without an agreed rate the fare would be the whole estimate.
create or replace function khidma.fare_of(p_booking uuid) returns bigint language sql stable as $$
  select case
    when b.agreed_rate_amount is null then null
    when t.pricing_model = 'fixed' then b.agreed_rate_amount
    else least(
      (b.agreed_rate_amount * greatest(b.agreed_minimum_minutes,
         ceil(extract(epoch from b.completed_at - b.started_at) / 60)::int) + 30) / 60,
      coalesce(t.est_max_amount, 9223372036854775807)) end
  from bookings b join tasks t on t.id = b.task_id where b.id = p_booking
$$;
