-- Opens a booking: the birth of every one, whatever sourced it (src/areas/work/bookings/openings.ts). The parties, the price and the time are
-- the task's: the agreed rate is worked out by `khidma.agreed_rate` unless `p_price` was agreed already, the estimate's upper end is the
-- most that the work costs (an agreed price has its own), the tasker is taken from the task's start for `p_minutes` (null: as long as the
-- task was estimated to take, else an hour), and the billed minimum and the terms of commission and of fees
-- are those of now, and so are the company of the tasker and who earns the work. The add-ons of the task come on top of price and minutes, at the price at which they were chosen.
create or replace function khidma.open_booking(
  p_id uuid, p_task uuid, p_tasker uuid, p_rate bigint, p_currency text, p_status text, p_price bigint, p_minutes int
) returns void language plpgsql as $$
begin
  insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, agreed_rate_currency,
                        policy_minimum_minutes, agreed_minimum_minutes, agreed_maximum_amount, addons_amount, addons_minutes, scheduled_during,
                        commission_basis_points, commission_minimum, commission_maximum, fee_terms, confirmed_at, bid_id,
                        company_id, payout_to)
  select p_id, t.id, t.client_id, p_tasker, p_status::booking_status,
         coalesce(p_price, khidma.agreed_rate(p_rate, t.pricing_model, size.minutes, t.est_min_amount - t.addons_amount,
                                              t.est_max_amount - t.addons_amount)),
         coalesce(p_currency, t.currency), size.least, least(size.least, size.minutes),
         case when p_price is null then t.est_max_amount - t.addons_amount
              when t.pricing_model = 'fixed' then p_price else khidma.amount_for(size.minutes, p_price) end,
         t.addons_amount, t.addons_minutes,
         tstzrange(t.starts_at, t.starts_at + make_interval(mins => size.minutes + t.addons_minutes)),
         terms.basis_points, terms.minimum, terms.maximum, khidma.fee_terms(t.id), case when p_status = 'confirmed' then now() end,
         -- The tasker's bid that was accepted in this transaction, where that is how the task was won.
         (select w.id from bids w where w.task_id = t.id and w.tasker_id = p_tasker and w.accepted_at = now()),
         company.company_id, company.payout_to
    from tasks t
   cross join lateral (select coalesce(p_minutes, t.est_minutes, 60) as minutes,
                              khidma.config_of_task('bookings.minimum_minutes', t.id)::int as least) size
   cross join lateral khidma.commission_terms(t.id, p_tasker) terms
    left join lateral khidma.company_terms_of(p_tasker) company on company.company_id <> t.client_id
   where t.id = p_task;
end $$;

-- Refuses to change for which company a booking was made, and who earns it (before update of company_id, payout_to): a refund reaches the
-- account that was paid.
create or replace function khidma.guard_booking_company() returns trigger language plpgsql as $$
begin
  raise exception 'the company of booking % is what it was made with', new.id using errcode = 'check_violation', constraint = 'bookings_company_fixed';
end $$;

-- Returns whose accounts in the books the work of a booking is for: the company that earns it, else its tasker.
create or replace function khidma.earner_of(b bookings) returns uuid language sql immutable as $$
  select case when b.payout_to = 'company' then b.company_id else b.tasker_id end
$$;

-- Takes a booking whose work has not begun from its tasker, for staff or its company: one that was accepted is released first, by which its task returns to
-- the queue, and then withdrawn like one that was only offered. No fee is due.
create or replace function khidma.take_back_booking(p_id uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'offered' where id = p_id and status in ('accepted', 'confirmed');
  update bookings set status = 'canceled' where id = p_id and status = 'offered';
end $$;

-- Closes the booking of a task that its tasker has not answered.
create or replace function khidma.withdraw_offered_booking(p_task uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'canceled' where task_id = p_task and status = 'offered';
end $$;

-- Ends an offered booking whose tasker was silent, in the system's name, or between two people who are parted.
create or replace function khidma.lapse_booking(p_id uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'canceled' where id = p_id and status = 'offered';
end $$;

-- Returns until when a tasker can take a booking that a client, or a series, has offered to them directly: as long as the market lets them
-- think, and until an hour before the start at the latest; until the start, where that would leave them less than a quarter of an hour. Null
-- for bookings that staff have assigned: those have a clock of their own.
create or replace function khidma.direct_answer_by(b bookings) returns timestamptz language plpgsql stable as $$
begin
  return (
    select least(b.created_at + make_interval(hours => khidma.config_of_task('bookings.answer_hours', t.id)::int),
                 case when lower(b.scheduled_during) - interval '1 hour' >= b.created_at + interval '15 minutes'
                      then lower(b.scheduled_during) - interval '1 hour' else lower(b.scheduled_during) end)
      from tasks t where t.id = b.task_id and t.sourcing = 'match');
end $$;

-- Refuses to take a directly offered booking too late: the instant decides, not the sweep (before update of status).
create or replace function khidma.guard_direct_answer() returns trigger language plpgsql as $$
declare
  due timestamptz := khidma.direct_answer_by(old);
begin
  if due <= now() then
    perform khidma.refuse(409, 'booking_lapsed', jsonb_build_object('lapsedAt', khidma.iso(due)));
  end if;
  return new;
end $$;

-- Ends directly offered bookings whose tasker was silent, at most `p_limit` a run; matching looks for another tasker then.
create or replace function khidma.lapse_silent_offers(p_limit int) returns int language plpgsql as $$
declare
  due uuid;
  ended int := 0;
begin
  for due in
    select b.id from tasks t join bookings b on b.task_id = t.id and b.status = 'offered'
     where t.state in ('posted', 'matching') and khidma.direct_answer_by(b) <= now()
     order by b.created_at limit p_limit for update of b skip locked
  loop
    perform khidma.lapse_booking(due);
    ended := ended + 1;
  end loop;
  return ended;
end $$;

-- Refuses to report a missing side while the work is on hold: nobody was to appear (before update of no_show_by).
create or replace function khidma.guard_held_booking() returns trigger language plpgsql as $$
begin
  if exists (select from tasks t where t.id = new.task_id and t.state = 'on_hold') then
    perform khidma.refuse(409, 'task_on_hold');
  end if;
  return new;
end $$;
