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
    when 'payments.tips' then '{"days":30,"maximum":{"EGP":200000,"NGN":5000000,"KGS":500000,"INR":500000,"GHS":50000}}'::jsonb
    when 'payments.unfinished' then '{"hours":24}'::jsonb
    when 'payouts.schedule' then '{"weekdays":["monday"],"fromHour":6,"minimum":{"EGP":10000,"NGN":200000,"KGS":50000,"INR":20000,"GHS":2000},"holdDays":2}'::jsonb
    when 'pricing.commission' then '{"basisPoints":1500,"minimum":{},"maximum":{},"tiers":{}}'::jsonb
    when 'reconciliation.schedule' then '{"afterHours":3,"days":3}'::jsonb
    when 'wallet.top_up' then '{"EGP":{"minimum":5000,"maximum":2000000},"NGN":{"minimum":100000,"maximum":50000000},"KGS":{"minimum":10000,"maximum":5000000},"INR":{"minimum":10000,"maximum":5000000},"GHS":{"minimum":1000,"maximum":500000}}'::jsonb
  end
$$;
