-- Offers of mediation: how what a dispute is about could be split. Staff or a side proposes, each side answers, and what both have accepted
-- is done at once. Whoever calls has locked the booking.

-- Proposes a split of the whole amount of an open dispute. Whoever proposes for their own side has accepted it. One waits at a time.
create or replace function khidma.propose_dispute_offer(p_id uuid, p_dispute uuid, p_client bigint, p_tasker bigint, p_note text) returns void
language plpgsql as $$
declare
  d disputes := khidma.take_dispute(p_dispute, array['client', 'tasker', 'ops']);
  party text := khidma.party_in_dispute(d);
  whole bigint := coalesce(khidma.splittable_amount(d), 0);
begin
  if whole = 0 then
    perform khidma.refuse(409, 'nothing_to_split');
  elsif p_client + p_tasker <> whole then
    perform khidma.refuse(422, 'split_not_whole', jsonb_build_object('amount', whole));
  end if;
  update dispute_offers set status = 'expired' where dispute_id = d.id and status = 'pending' and expires_at <= now();
  insert into dispute_offers (id, dispute_id, client_id, tasker_id, proposed_by, side, amount, client_amount, tasker_amount, currency, note,
                              client_accepted_at, tasker_accepted_at, expires_at)
  select p_id, d.id, b.client_id, b.tasker_id, khidma.actor_id(), party, whole, p_client, p_tasker, d.currency, p_note,
         case party when 'client' then now() end, case party when 'tasker' then now() end,
         now() + make_interval(hours => khidma.dispute_policy('disputes.deadlines', 'offerHours', b.id))
    from bookings b where b.id = d.booking_id;
end $$;

-- Returns an offer that waits for answers, locked behind its dispute; refuses strangers, a decided dispute, an offer that has ended, and
-- one whose time is over: the instant decides.
create or replace function khidma.take_dispute_offer(p_dispute uuid, p_offer uuid, p_to text) returns dispute_offers language plpgsql as $$
declare
  d disputes := khidma.take_dispute(p_dispute, array['client', 'tasker', 'ops']);
  o dispute_offers;
begin
  select * into o from dispute_offers x where x.id = p_offer and x.dispute_id = d.id for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  perform khidma.transition_of('dispute_offer', o.status::text, p_to, khidma.party_in_dispute_offer(o));
  if o.expires_at <= now() then
    perform khidma.refuse(409, 'dispute_offer_expired', jsonb_build_object('expiredAt', khidma.iso(o.expires_at)));
  end if;
  return o;
end $$;

-- Accepts an offer for one side; with the other side's it is done. Accepting again changes nothing.
create or replace function khidma.accept_dispute_offer(p_dispute uuid, p_offer uuid) returns void language plpgsql as $$
declare
  o dispute_offers := khidma.take_dispute_offer(p_dispute, p_offer, 'accepted');
  party text := khidma.party_in_dispute_offer(o);
begin
  if (party = 'client' and o.client_accepted_at is not null) or (party = 'tasker' and o.tasker_accepted_at is not null) then
    return;
  end if;
  update dispute_offers
     set client_accepted_at = case party when 'client' then now() else client_accepted_at end,
         tasker_accepted_at = case party when 'tasker' then now() else tasker_accepted_at end
   where id = o.id returning * into o;
  if o.client_accepted_at is not null and o.tasker_accepted_at is not null then
    update dispute_offers set status = 'accepted' where id = o.id;
  else
    perform khidma.emit('dispute.offer_answered', 'dispute_offer', o.id, o.version,
      jsonb_build_object('disputeId', o.dispute_id, 'disputeOfferId', o.id, 'party', party, 'clientId', o.client_id, 'taskerId', o.tasker_id,
                         'bookingId', (select d.booking_id from disputes d where d.id = o.dispute_id)),
      array[o.client_id, o.tasker_id]);
  end if;
end $$;

-- Declines an offer for one side; also what that side had accepted, until the other has answered. Who made it withdraws it instead.
create or replace function khidma.decline_dispute_offer(p_dispute uuid, p_offer uuid) returns void language plpgsql as $$
declare
  o dispute_offers := khidma.take_dispute_offer(p_dispute, p_offer, 'declined');
begin
  if o.proposed_by = khidma.actor_id() then
    perform khidma.refuse(403, 'forbidden');
  end if;
  update dispute_offers set status = 'declined' where id = o.id;
end $$;

-- Takes an offer back: the side that made it, or staff, who mediate.
create or replace function khidma.withdraw_dispute_offer(p_dispute uuid, p_offer uuid) returns void language plpgsql as $$
declare
  o dispute_offers := khidma.take_dispute_offer(p_dispute, p_offer, 'withdrawn');
begin
  if khidma.party_in_dispute_offer(o) not in (o.side, 'ops') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  update dispute_offers set status = 'withdrawn' where id = o.id;
end $$;

-- Notes when an offer ended (before update of status).
create or replace function khidma.stamp_dispute_offer() returns trigger language plpgsql as $$
begin
  new.ended_at := now();
  return new;
end $$;

-- Does what both sides have accepted, where it is still the whole of what the dispute is about: a chargeback, or a refund beside it, may have taken from it.
create or replace function khidma.after_dispute_offer_accepted(o dispute_offers) returns void language plpgsql as $$
declare
  d disputes;
  whole bigint;
begin
  select * into strict d from disputes where id = o.dispute_id for update;
  whole := coalesce(khidma.splittable_amount(d), 0);
  if whole <> o.amount then
    perform khidma.refuse(409, 'dispute_offer_outdated', jsonb_build_object('amount', whole));
  end if;
  perform khidma.split_dispute(d, o.tasker_amount, 0, o.note, o.id);
end $$;

-- Ends the offer that waits when its dispute is decided otherwise.
create or replace function khidma.end_dispute_offers(p_dispute uuid) returns void language plpgsql as $$
begin
  update dispute_offers set status = 'expired' where dispute_id = p_dispute and status = 'pending';
end $$;
