-- Completes a disputed booking again; its task is settled where it was paid, else the wait for its payment begins anew. Work that was broken off by the dispute ended when
-- the dispute was opened: its fare is computed up to then.
create or replace function khidma.complete_disputed_booking(p_id uuid, p_disputed_at timestamptz) returns void language plpgsql as $$
begin
  update bookings b set status = 'completed', completed_at = coalesce(b.completed_at, p_disputed_at)
   where b.id = p_id and b.status = 'disputed';
  if found and not khidma.is_paid(p_id) then
    perform khidma.await_payment(p_id);
  end if;
end $$;

-- Cancels a disputed booking without payment; refuses where it was paid.
create or replace function khidma.cancel_disputed_booking(p_id uuid, p_reason text) returns void language plpgsql as $$
begin
  if khidma.is_paid(p_id) then
    perform khidma.refuse(409, 'already_paid');
  end if;
  update bookings b set status = 'canceled', cancel_reason = p_reason where b.id = p_id and b.status = 'disputed';
end $$;

-- Refuses to move a booking out of `disputed` while its dispute is open (before update of status): a cancellation would leave the
-- dispute without an end. Runs after `b_guard_state`, which refuses strangers.
create or replace function khidma.guard_disputed_booking() returns trigger language plpgsql as $$
declare
  dispute uuid;
begin
  select d.id into dispute from disputes d
   where d.booking_id = new.id and d.status in ('open', 'investigating', 'escalated');
  if found then
    perform khidma.refuse(409, 'booking_in_dispute', jsonb_build_object('disputeId', dispute));
  end if;
  return new;
end $$;

-- Checks at the commit that a booking is in dispute exactly while a dispute of it is open.
create or replace function khidma.check_booking_and_dispute() returns trigger language plpgsql as $$
declare
  the_booking uuid := coalesce(to_jsonb(new) ->> 'booking_id', to_jsonb(new) ->> 'id');
  is_open boolean := exists (select from disputes d where d.booking_id = the_booking and d.status in ('open', 'investigating', 'escalated'));
  is_disputed boolean := exists (select from bookings b where b.id = the_booking and b.status = 'disputed');
begin
  if is_open <> is_disputed then
    raise exception 'booking % is % while its dispute is %', the_booking,
        case when is_disputed then 'in dispute' else 'not in dispute' end, case when is_open then 'open' else 'not open' end
      using errcode = 'check_violation', constraint = 'booking_follows_dispute';
  end if;
  return null;
end $$;

-- Puts a booking in dispute, with its task.
create or replace function khidma.dispute_booking(p_id uuid) returns void language plpgsql as $$
begin
  update bookings set status = 'disputed' where id = p_id;
end $$;
