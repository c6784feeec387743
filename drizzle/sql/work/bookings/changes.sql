-- Returns the most that work by the hour costs once a change is agreed: the limit grows and shrinks with the agreed minutes, and covers
-- them at the agreed rate. Without a limit (null) there is none afterwards. A fixed price has no such limit.
create or replace function khidma.changed_maximum(p_pricing_model text, p_maximum bigint, p_was_minutes int, p_minutes int, p_rate bigint)
returns bigint language sql immutable parallel safe as $$
  select case when p_pricing_model = 'fixed' or p_maximum is null then p_maximum
              else greatest(khidma.rounded(p_maximum * p_minutes, p_was_minutes), khidma.amount_for(p_minutes, p_rate)) end
$$;

-- Refuses another start for a booking whose work has begun, or one that has passed or is too far away.
create or replace function khidma.refuse_change_of_start(b bookings, c booking_changes) returns void language plpgsql as $$
begin
  if c.starts_at is not distinct from c.was_starts_at then
    return;
  elsif b.status = 'in_progress' then
    perform khidma.refuse(409, 'booking_started');
  elsif not (c.starts_at between now() and now() + interval '1 year') then
    perform khidma.refuse(422, 'starts_at_refused');
  end if;
end $$;

-- Refuses a proposal for a booking that has ended, and every answer after the deadline; where it is proposed and again where it is
-- accepted, a start that cannot be; another price beside a contract (before insert or update of status). Notes when one ended. A pending proposal whose time is over
-- makes room for the new one. Whoever writes has locked the booking. The calendar decides as the change is carried over to the booking
-- (`calendar_items_no_overlap`).
create or replace function khidma.guard_booking_change() returns trigger language plpgsql as $$
declare
  b bookings;
begin
  if tg_op = 'UPDATE' then
    if new.status <> 'expired' and old.expires_at <= now() then
      perform khidma.refuse(409, 'booking_change_expired');
    end if;
    if new.status = 'accepted' then
      select * into strict b from bookings where id = new.booking_id;
      perform khidma.refuse_change_of_start(b, new);
    end if;
    new.ended_at := now();
    return new;
  end if;
  select * into strict b from bookings where id = new.booking_id;
  if b.status not in ('accepted', 'confirmed', 'in_progress') then
    perform khidma.refuse(409, 'booking_not_changeable', jsonb_build_object('status', b.status));
  end if;
  perform khidma.refuse_change_of_start(b, new);
  if new.rate_amount is distinct from new.was_rate_amount then
    perform khidma.refuse_beside_contract(b.id);
  end if;
  update booking_changes set status = 'expired'
   where booking_id = new.booking_id and status = 'pending' and expires_at <= now();
  return new;
end $$;

-- Moves the price, the maximum and the time of the booking (no two active bookings of its tasker overlap, still), and writes the change
-- into its history. The billed minimum is the policy's under which the booking was agreed, and never more than the agreed time without
-- add-ons. A price above what the client has authorised asks them again.
create or replace function khidma.after_booking_change_accepted(c booking_changes) returns void language plpgsql as $$
begin
  update bookings b
     set agreed_rate_amount = c.rate_amount,
         agreed_maximum_amount = c.maximum_amount,
         agreed_minimum_minutes = least(b.policy_minimum_minutes, khidma.labour_minutes(b, c.minutes)),
         scheduled_during = tstzrange(c.starts_at, c.starts_at + make_interval(mins => c.minutes))
   where b.id = c.booking_id;
  perform khidma.reopen_payment(c.booking_id);
  insert into booking_events (id, booking_id, from_status, to_status, actor_user_id, meta)
  select khidma.uuid_v7(), b.id, b.status, b.status, khidma.actor_id(),
         jsonb_build_object('action', 'accept_change', 'party', khidma.party_in_booking(b), 'changeId', c.id)
    from bookings b where b.id = c.booking_id;
end $$;

-- Ends the proposal that nobody has answered when its booking ends.
create or replace function khidma.end_booking_change(p_booking uuid) returns void language plpgsql as $$
begin
  update booking_changes set status = 'expired' where booking_id = p_booking and status = 'pending';
end $$;

-- Ends proposals whose deadline has passed, at most `p_limit` a run. Nobody can accept them already; here their proposers are notified.
create or replace function khidma.expire_booking_changes(p_limit int) returns int language plpgsql as $$
declare
  ended int;
begin
  update booking_changes set status = 'expired' where id in (
    select c.id from booking_changes c where c.status = 'pending' and c.expires_at <= now()
     order by c.expires_at limit p_limit for update skip locked);
  get diagnostics ended = row_count;
  return ended;
end $$;
