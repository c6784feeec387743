-- Refuses a booking in another currency than its task's, which is that of the market: a tasker with a rate in another is refused.
create or replace function khidma.guard_booking_currency() returns trigger language plpgsql as $$
begin
  if new.agreed_rate_currency is distinct from (select t.currency from tasks t where t.id = new.task_id) then
    raise exception 'the rate of booking % is in %, its task is not', new.id, new.agreed_rate_currency
      using errcode = 'check_violation', constraint = 'bookings_rate_currency';
  end if;
  return new;
end $$;
