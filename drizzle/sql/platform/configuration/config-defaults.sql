-- Generated from config.ts of each area by `npm run machines`.

-- Returns the default of a key of configuration: its value where no entry decides. Null for a key that does not exist.
create or replace function khidma.config_default(p_key text) returns jsonb language sql immutable parallel safe as $$
  select case p_key
    when 'bookings.cancellation_fee' then '{"client":{"basisPoints":2000,"minimum":{},"maximum":{},"freeMinutesBefore":120,"freeMinutesAfter":10},"tasker":{"basisPoints":0,"minimum":{},"maximum":{},"freeMinutesBefore":120,"freeMinutesAfter":10}}'::jsonb
    when 'bookings.change_answer_minutes' then '1440'::jsonb
    when 'bookings.minimum_minutes' then '60'::jsonb
    when 'bookings.no_show_fee' then '{"client":{"basisPoints":5000,"minimum":{},"maximum":{}},"tasker":{"basisPoints":0,"minimum":{},"maximum":{}},"graceMinutes":15}'::jsonb
    when 'chargebacks.policy' then '{"responsible":"platform","reminderHours":48}'::jsonb
    when 'debts.cap' then '{"EGP":100000,"NGN":3000000,"KGS":200000,"INR":200000,"GHS":30000}'::jsonb
    when 'matching.candidates' then '30'::jsonb
    when 'matching.offers_per_wave' then '3'::jsonb
    when 'matching.wave_seconds' then '45'::jsonb
    when 'matching.waves' then '3'::jsonb
    when 'payments.cash' then '{"silenceHours":72,"objectionHours":24,"reminderHours":24}'::jsonb
    when 'payouts.schedule' then '{"weekdays":["monday"],"fromHour":6,"minimum":{"EGP":10000,"NGN":200000,"KGS":50000,"INR":20000,"GHS":2000},"holdDays":2}'::jsonb
    when 'pricing.commission' then '{"basisPoints":1500,"minimum":{},"maximum":{},"tiers":{}}'::jsonb
    when 'reconciliation.schedule' then '{"afterHours":3,"days":3}'::jsonb
  end
$$;
