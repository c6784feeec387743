-- Amounts that a dispute can split, and their split. Whoever calls has locked the booking first.

-- Returns what is left to be given back of all that was captured for a booking.
create or replace function khidma.refundable_for_booking(p_booking uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(khidma.left_to_refund(p)), 0)::bigint
      from payment_intents p where p.booking_id = p_booking and p.purpose in ('booking', 'contract') and p.status = 'captured');
end $$;

-- Returns what the work of an unpaid booking costs if the dispute completes it: work that it broke off ended as it was opened. A contract
-- that was agreed on has no such fare: what its escrow has not got, nobody can pay.
create or replace function khidma.fare_in_dispute(d disputes) returns bigint language plpgsql stable as $$
declare
  b bookings;
  model text;
begin
  select * into strict b from bookings where id = d.booking_id;
  if khidma.is_paid(b.id) or exists (select from contracts c where c.booking_id = b.id and c.activated_at is not null) then
    return 0;
  end if;
  select t.pricing_model into strict model from tasks t where t.id = b.task_id;
  b.completed_at := coalesce(b.completed_at, d.created_at);
  return coalesce((select f.amount from khidma.fare_of_minutes(b, model, khidma.worked_minutes(b)) f), 0);
end $$;

-- Returns what an open dispute is about, in money, and where it is: what the contract holds (`escrow`), what was paid, as far as it is in question (`payment`), or the
-- fare that is not paid yet (`fare`); nothing, where there is none.
create or replace function khidma.subject_of_dispute(d disputes, out source text, out amount bigint) language plpgsql stable as $$
begin
  source := 'escrow';
  amount := khidma.held_for_booking(d.booking_id);
  if amount = 0 then
    source := 'payment';
    amount := least(coalesce(d.amount_in_question, khidma.refundable_for_booking(d.booking_id)), khidma.refundable_for_booking(d.booking_id));
  end if;
  if amount = 0 then
    source := 'fare';
    amount := khidma.fare_in_dispute(d);
  end if;
  if amount = 0 then
    source := null;
  end if;
end $$;

-- Returns the amount that an open dispute can split; null once it is decided.
create or replace function khidma.splittable_amount(d disputes) returns bigint language sql stable as $$
  select case when khidma.is_dispute_open(d) then (khidma.subject_of_dispute(d)).amount end
$$;

-- Ends an open dispute by a split of what it is about: p_tasker for the tasker, p_arbitration for the decision on a contract, the rest for
-- the client. Escrow is divided, a payment is refunded in part, a fare that is not paid becomes the tasker's part. p_offer: what both sides have accepted.
create or replace function khidma.split_dispute(d disputes, p_tasker bigint, p_arbitration bigint, p_note text, p_offer uuid) returns void
language plpgsql as $$
declare
  subject record;
  to_client bigint;
  outcome text;
begin
  select * into subject from khidma.subject_of_dispute(d);
  to_client := subject.amount - p_tasker - p_arbitration;
  if subject.source is null then
    perform khidma.refuse(409, 'nothing_to_split');
  elsif to_client < 0 then
    perform khidma.refuse(422, 'amount_above_held', jsonb_build_object('maximum', greatest(subject.amount - p_arbitration, 0)));
  elsif subject.source <> 'escrow' and p_arbitration > 0 then
    perform khidma.refuse(422, 'arbitration_too_dear', jsonb_build_object('maximum', 0));
  end if;
  outcome := case when p_tasker > 0 or subject.source = 'payment' then 'completed'
                  when subject.source = 'escrow' and exists (select from contracts c join escrows e on e.contract_id = c.id
                                                              where c.booking_id = d.booking_id and c.status = 'disputed' and e.released_amount > 0) then 'completed'
                  else 'canceled' end;
  if subject.source = 'fare' and outcome = 'completed' then
    perform khidma.price_by_contract(d.booking_id, p_tasker);
  end if;
  update disputes
     set status = 'resolved',
         resolution = jsonb_strip_nulls(jsonb_build_object('outcome', outcome, 'note', p_note, 'source', subject.source, 'amount', subject.amount,
           'taskerAmount', p_tasker, 'arbitrationAmount', p_arbitration, 'clientAmount', to_client, 'offerId', p_offer))
   where id = d.id;
  if subject.source = 'payment' and to_client > 0 then
    perform khidma.refund_booking(d.booking_id, to_client, 'dispute', 'original', p_note, d.id);
  end if;
end $$;

-- Splits an open dispute as staff decide: an amount for the tasker, or a share of what is left once the decision is paid, rounded half up.
create or replace function khidma.decide_split(p_dispute uuid, p_basis_points int, p_tasker bigint, p_arbitration bigint, p_note text) returns void
language plpgsql as $$
declare
  d disputes;
  subject record;
begin
  select * into d from disputes where id = p_dispute for update;
  if not found then
    return;
  end if;
  perform khidma.transition_of('dispute', d.status::text, 'resolved', khidma.party_in_dispute(d));
  select * into subject from khidma.subject_of_dispute(d);
  perform khidma.give_reason(p_note);
  perform khidma.split_dispute(d, coalesce(p_tasker, khidma.share_of(greatest(subject.amount - p_arbitration, 0), p_basis_points, 0, null)),
                               p_arbitration, p_note, null);
end $$;
