-- Returns a share of a fee policy with its limits in one currency: that is what a booking keeps.
create or replace function khidma.fee_share(p_policy jsonb, p_currency text) returns jsonb language plpgsql immutable parallel safe as $$
begin
  return p_policy || jsonb_build_object('minimum', coalesce((p_policy -> 'minimum' ->> p_currency)::bigint, 0),
                                        'maximum', (p_policy -> 'maximum' ->> p_currency)::bigint);
end $$;

-- Returns the terms under which a booking that is agreed now may end early: `bookings.cancellation_fee` and `bookings.no_show_fee` for
-- the task's market, city and category. The booking keeps them, so that a later policy changes no booking.
create or replace function khidma.fee_terms(p_task uuid) returns jsonb language plpgsql stable as $$
begin
  return (
    select jsonb_build_object(
             'cancellation', jsonb_build_object('client', khidma.fee_share(c.value -> 'client', t.currency),
                                                'tasker', khidma.fee_share(c.value -> 'tasker', t.currency)),
             'noShow', jsonb_build_object('client', khidma.fee_share(n.value -> 'client', t.currency),
                                          'tasker', khidma.fee_share(n.value -> 'tasker', t.currency),
                                          'graceMinutes', n.value -> 'graceMinutes'))
      from tasks t
     cross join lateral khidma.config_of_task('bookings.cancellation_fee', t.id) c (value)
     cross join lateral khidma.config_of_task('bookings.no_show_fee', t.id) n (value)
     where t.id = p_task);
end $$;

-- Returns the instant from which either side may report that the other has not appeared.
create or replace function khidma.no_show_from(b bookings) returns timestamptz language sql stable as $$
  select lower(b.scheduled_during) + make_interval(mins => coalesce((b.fee_terms -> 'noShow' ->> 'graceMinutes')::int, 15))
$$;

-- Returns what it costs a party to end a booking at an instant, or not to have appeared (`p_is_no_show`), and why: one function for
-- what is shown and what is charged. The share is one of the expected fare. `rule`:
--   staff          the party is neither side
--   not_confirmed  the client has not confirmed, so that nobody counts on the booking
--   no_fee         the terms of the booking ask for none
--   early_notice   long enough before the start
--   just_confirmed soon enough after the confirmation
--   late_notice    neither: the share is due
--   no_show        the share for not appearing is due
-- `free_until` is the last instant of the two free ones; null where no time matters.
create or replace function khidma.cancellation_fee(p_booking uuid, p_party text, p_at timestamptz, p_is_no_show boolean default false)
returns table (amount bigint, payer text, rule text, free_until timestamptz, estimate bigint, terms jsonb)
language sql stable rows 1 as $$
  select case when d.rule in ('late_notice', 'no_show') then d.share else 0 end,
         case when d.rule in ('late_notice', 'no_show') then p_party end,
         d.rule,
         case when d.rule in ('early_notice', 'just_confirmed', 'late_notice') then greatest(d.noticed, d.reconsidered) end,
         d.estimate, d.terms
    from (select w.*,
                 case when p_party is null or p_party not in ('client', 'tasker') then 'staff'
                      when w.status <> 'confirmed' then 'not_confirmed'
                      when w.share = 0 then 'no_fee'
                      when p_is_no_show then 'no_show'
                      when p_at <= w.noticed then 'early_notice'
                      when p_at <= w.reconsidered then 'just_confirmed'
                      else 'late_notice' end as rule
            from (select b.status, e.expected as estimate, t.terms,
                         -- Without terms or an expected fare there is no share: share_of passes over what is missing.
                         case when t.terms is null or e.expected is null then 0
                              else khidma.share_of(e.expected, (t.terms ->> 'basisPoints')::int, (t.terms ->> 'minimum')::bigint,
                                                   (t.terms ->> 'maximum')::bigint) end as share,
                         lower(b.scheduled_during) - make_interval(mins => (t.terms ->> 'freeMinutesBefore')::int) as noticed,
                         b.confirmed_at + make_interval(mins => (t.terms ->> 'freeMinutesAfter')::int) as reconsidered
                    from bookings b join tasks k on k.id = b.task_id
                   cross join lateral khidma.estimate_of(b, k.pricing_model) e
                   cross join lateral (select b.fee_terms -> case when p_is_no_show then 'noShow' else 'cancellation' end -> p_party) t (terms)
                   where b.id = p_booking) w) d
$$;

-- Writes on a booking that ends before the work what that costs, and whom (before update of status). However it comes about, by the
-- booking or by its task, the amount is the one that `khidma.cancellation_fee` tells at this instant. Refuses to report a missing side
-- before its time.
create or replace function khidma.set_booking_fee() returns trigger language plpgsql as $$
declare
  fee record;
begin
  if new.no_show_by is not null then
    if old.status <> 'confirmed' then
      perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', old.status, 'to', new.status));
    elsif now() < khidma.no_show_from(old) then
      perform khidma.refuse(409, 'no_show_too_early', jsonb_build_object('possibleAt', khidma.iso(khidma.no_show_from(old))));
    end if;
  end if;
  select f.amount, f.payer into fee
    from khidma.cancellation_fee(old.id, coalesce(new.no_show_by, khidma.party_in_booking(old)), now(), new.no_show_by is not null) f;
  new.cancellation_fee_amount := fee.amount;
  new.cancellation_fee_payer := fee.payer;
  return new;
end $$;
