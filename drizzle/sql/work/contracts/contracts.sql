-- Returns a period of `contracts.deadlines` or `contracts.dormancy` for the task of a booking.
create or replace function khidma.contract_days(p_key text, p_what text, p_booking uuid) returns interval language plpgsql stable as $$
begin
  return (
    select make_interval(days => (khidma.config_of_task(p_key, b.task_id) ->> p_what)::int) from bookings b where b.id = p_booking);
end $$;

-- Returns a contract, locked, to one of its sides; refuses strangers (404) and staff (403).
create or replace function khidma.own_contract(p_contract uuid) returns contracts language plpgsql as $$
declare
  c contracts;
begin
  select * into c from contracts x where x.id = p_contract for update;
  if c.id is null or khidma.party_in_contract(c) is null then
    perform khidma.refuse(404, 'not_found');
  elsif khidma.party_in_contract(c) not in ('client', 'tasker') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return c;
end $$;

-- Refuses a caller who is not the named side of a contract: strangers 404, the other side and staff 403.
create or replace function khidma.assert_contract_side(p_contract uuid, p_party text) returns void language plpgsql as $$
begin
  if khidma.party_in_contract(khidma.own_contract(p_contract)) <> p_party then
    perform khidma.refuse(403, 'forbidden');
  end if;
end $$;

-- Refuses what only an active contract allows.
create or replace function khidma.assert_contract_active(c contracts) returns void language plpgsql as $$
begin
  if c.status <> 'active' then
    perform khidma.refuse(409, 'contract_not_active', jsonb_build_object('status', c.status));
  end if;
end $$;

-- Notes an economic act: the time until the contract counts as dormant begins anew, and notices of its end are void.
create or replace function khidma.note_contract_activity(p_contract uuid) returns void language plpgsql as $$
begin
  update contracts c
     set last_activity_at = now(), dormant_notices = 0,
         dormant_due_at = case when c.status = 'active' then now() + khidma.contract_days('contracts.dormancy', 'days', c.booking_id) end,
         expires_at = case when c.status = 'draft' then now() + khidma.contract_days('contracts.deadlines', 'signDays', c.booking_id) end
   where c.id = p_contract;
end $$;

-- Drafts the contract of a booking in the name of one of its sides. The rules of the day are kept with it.
create or replace function khidma.draft_contract(p_id uuid, p_booking uuid, p_terms jsonb, p_milestones jsonb) returns void language plpgsql as $$
declare
  b bookings;
begin
  select * into b from bookings x where x.id = p_booking;
  if b.id is null or khidma.party_in_booking(b) is null then
    perform khidma.refuse(404, 'not_found');
  elsif khidma.party_in_booking(b) not in ('client', 'tasker') then
    perform khidma.refuse(403, 'forbidden');
  elsif b.status not in ('accepted', 'confirmed', 'in_progress') then
    perform khidma.refuse(409, 'contract_not_possible', jsonb_build_object('status', b.status));
  end if;
  insert into contracts (id, booking_id, client_id, tasker_id, proposed_by, currency, total_amount, terms, release_days, max_rounds, max_paused_days,
                         arbitration_basis_points)
  select p_id, b.id, b.client_id, b.tasker_id, khidma.actor_id(), b.agreed_rate_currency,
         (select sum((m ->> 'amount')::bigint) from jsonb_array_elements(p_milestones) m), p_terms,
         (release.value ->> 'days')::int, (changes.value ->> 'rounds')::int, (changes.value ->> 'pausedDays')::int,
         (arbitration.value ->> 'basisPoints')::int
    from khidma.config_of_task('contracts.release', b.task_id) release (value),
         khidma.config_of_task('contracts.changes', b.task_id) changes (value),
         khidma.config_of_task('contracts.arbitration', b.task_id) arbitration (value);
  perform khidma.add_milestones(p_id, p_milestones);
  perform khidma.note_contract_activity(p_id);
end $$;

-- Adds milestones to a contract, in their order.
create or replace function khidma.add_milestones(p_contract uuid, p_milestones jsonb) returns void language plpgsql as $$
begin
  insert into milestones (id, contract_id, position, title, description, amount, due_at, deadline_at)
  select coalesce((m.value ->> 'id')::uuid, khidma.uuid_v7()), p_contract, m.position, m.value ->> 'title', m.value ->> 'description', (m.value ->> 'amount')::bigint,
         (m.value ->> 'dueAt')::timestamptz, (m.value ->> 'dueAt')::timestamptz
    from jsonb_array_elements(p_milestones) with ordinality m (value, position);
end $$;

-- Replaces what a draft says, in the name of either side. A signature is of another text from then on: it is cleared.
create or replace function khidma.revise_contract(p_contract uuid, p_version int, p_terms jsonb, p_milestones jsonb) returns void language plpgsql as $$
declare
  c contracts := khidma.own_contract(p_contract);
begin
  perform khidma.assert_version(c.version, p_version);
  if c.status <> 'draft' then
    perform khidma.refuse(409, 'contract_not_draft', jsonb_build_object('status', c.status));
  end if;
  delete from milestones where contract_id = c.id;
  perform khidma.add_milestones(c.id, p_milestones);
  update contracts
     set terms = p_terms, total_amount = (select sum((m ->> 'amount')::bigint) from jsonb_array_elements(p_milestones) m)
   where id = c.id;
  update contract_signatures set cleared_at = now() where contract_id = c.id and amendment_id is null and cleared_at is null;
  perform khidma.note_contract_activity(c.id);
  select * into c from contracts where id = c.id;
  perform khidma.emit('contract.revised', 'contract', c.id, c.version,
    jsonb_build_object('contractId', c.id, 'bookingId', c.booking_id, 'clientId', c.client_id, 'taskerId', c.tasker_id,
                       'party', khidma.party_in_contract(c)), array[c.client_id, c.tasker_id]);
end $$;

-- Signs a draft for one of its sides; with the second signature the contract is active. The client's signature confirms the booking: they
-- have chosen their tasker.
create or replace function khidma.sign_contract(p_contract uuid, p_hash text) returns void language plpgsql as $$
declare
  c contracts := khidma.own_contract(p_contract);
  mine text := khidma.party_in_contract(c);
begin
  if c.status <> 'draft' then
    perform khidma.refuse(409, 'contract_not_draft', jsonb_build_object('status', c.status));
  elsif c.expires_at <= now() then
    perform khidma.refuse(409, 'contract_expired');
  elsif exists (select from contract_signatures s where s.contract_id = c.id and s.amendment_id is null and s.cleared_at is null and s.party = mine) then
    perform khidma.refuse(409, 'contract_signed');
  end if;
  perform khidma.sign_text(c, null, khidma.contract_text(c), p_hash);
  if mine = 'client' then
    perform khidma.confirm_by_contract(c.booking_id);
  end if;
  if (select count(*) = 2 from contract_signatures s where s.contract_id = c.id and s.amendment_id is null and s.cleared_at is null
         and s.text_sha256 = p_hash) then
  update contracts set status = 'active', signed_sha256 = p_hash where id = c.id;
    perform khidma.note_contract_activity(c.id);
  else
    perform khidma.note_contract_activity(c.id);
    select * into c from contracts where id = c.id;
    perform khidma.emit('contract.signed', 'contract', c.id, c.version,
      jsonb_build_object('contractId', c.id, 'bookingId', c.booking_id, 'clientId', c.client_id, 'taskerId', c.tasker_id, 'party', mine),
      array[c.client_id, c.tasker_id]);
  end if;
end $$;

-- Stamps a contract that begins or ends (before update of status). Refuses to activate one for a booking that cannot be worked on any
-- more, and, to the client, to cancel while a milestone is under way: the tasker is at work on it, or waits for an answer.
create or replace function khidma.guard_contract() returns trigger language plpgsql as $$
declare
  b bookings;
begin
  if new.status = 'active' then
    select * into strict b from bookings where id = new.booking_id;
    if b.status not in ('accepted', 'confirmed', 'in_progress') then
      perform khidma.refuse(409, 'contract_not_possible', jsonb_build_object('status', b.status));
    end if;
    new.activated_at := now();
    new.expires_at := null;
    new.signed_sha256 := coalesce(new.signed_sha256, khidma.text_sha256(khidma.contract_text(new)));
  elsif new.status in ('completed', 'canceled') then
    if new.status = 'canceled' and old.status = 'active' and khidma.party_in_contract(new) = 'client' and pg_trigger_depth() = 1
      and exists (select from milestones m where m.contract_id = new.id and m.status in ('in_progress', 'submitted')) then
      perform khidma.refuse(409, 'milestone_under_way');
    end if;
    new.ended_at := now();
    new.expires_at := null;
    new.dormant_due_at := null;
  else
    new.dormant_due_at := null;
  end if;
  return new;
end $$;

-- Replaces the payment of the booking: what was authorised is released, and the total is the price from now on.
create or replace function khidma.after_contract_active(c contracts) returns void language plpgsql as $$
begin
  perform khidma.cancel_payment(c.booking_id);
  perform khidma.price_by_contract(c.booking_id, c.total_amount);
end $$;

-- Empties escrow, ends what is open of the contract, and completes the booking at the price of what was released.
create or replace function khidma.after_contract_completed(c contracts) returns void language plpgsql as $$
begin
  perform khidma.end_contract(c, 0, 0);
  perform khidma.complete_by_contract(c.booking_id);
end $$;

-- Ends the booking of a contract that is over before its end: completed where a milestone was paid, else canceled, with the fee of its
-- terms, which comes out of escrow first. What is held goes back. The end of
-- a draft ends its milestones alone.
create or replace function khidma.after_contract_canceled(c contracts) returns void language plpgsql as $$
declare
  b bookings;
  released bigint := coalesce((select e.released_amount from escrows e where e.contract_id = c.id), 0);
begin
  if c.activated_at is null then
    perform khidma.close_escrow(c, 0, 0);
    return;
  end if;
  select * into strict b from bookings where id = c.booking_id for update;
  b := khidma.cancel_by_contract(b.id, c.end_reason);
  perform khidma.end_contract(c, khidma.fee_of_escrow(b), 0);
  if b.status <> 'in_progress' then
    return;
  elsif released > 0 then
    perform khidma.complete_by_contract(b.id);
  else
    perform khidma.move_task(b.task_id, 'failed');
  end if;
end $$;

-- Freezes escrow, and ends the payments and amendments that wait: the decision is about what was agreed.
create or replace function khidma.after_contract_disputed(c contracts) returns void language plpgsql as $$
begin
  perform khidma.end_contract_waits(c);
  update escrows set status = 'disputed', disputed_amount = khidma.held_in_escrow(c.id) where contract_id = c.id;
end $$;

-- Ends what waits for somebody: payments into escrow that are not made, and an amendment without an answer.
create or replace function khidma.end_contract_waits(c contracts) returns void language plpgsql as $$
begin
  perform khidma.give_up_contract_payments(c.booking_id);
  update contract_amendments set status = 'expired' where contract_id = c.id and status = 'pending';
end $$;

-- Ends all that is open of a contract: what waits, milestones, and escrow, split between both sides and arbitration.
create or replace function khidma.end_contract(c contracts, p_to_tasker bigint, p_arbitration bigint) returns void language plpgsql as $$
begin
  perform khidma.end_contract_waits(c);
  perform khidma.close_escrow(c, p_to_tasker, p_arbitration);
  perform khidma.price_by_contract(c.booking_id, coalesce((select e.released_amount from escrows e where e.contract_id = c.id), 0));
end $$;

-- Cancels the contract of a booking that has ended; the signatures of a draft are worth nothing then.
create or replace function khidma.cancel_contract_of(b bookings) returns void language plpgsql as $$
begin
  update contracts set status = 'canceled', end_reason = b.cancel_reason where booking_id = b.id and status in ('draft', 'active');
end $$;

-- Ends the draft of a contract whose booking is over, or in dispute.
create or replace function khidma.end_draft_of(p_booking uuid) returns void language plpgsql as $$
begin
  update contracts set status = 'canceled' where booking_id = p_booking and status = 'draft';
end $$;

-- Freezes the contract of a booking in dispute; one that nobody has signed ends.
create or replace function khidma.freeze_contract_of(b bookings) returns void language plpgsql as $$
begin
  update contracts set status = 'disputed' where booking_id = b.id and status = 'active';
  perform khidma.end_draft_of(b.id);
end $$;

-- Ends a frozen contract by the decision on its dispute, and returns how its booking ends; null where no contract is frozen. What is held
-- needs a split. The booking is completed where the tasker has got anything of the contract, else canceled.
create or replace function khidma.decide_contract(d disputes) returns text language plpgsql as $$
declare
  c contracts;
  held bigint;
  to_tasker bigint := 0;
  outcome text;
begin
  select * into c from contracts x where x.booking_id = d.booking_id and x.status = 'disputed' for update;
  if c.id is null then
    return null;
  end if;
  held := khidma.held_in_escrow(c.id);
  if held > 0 and not d.resolution ? 'taskerAmount' then
    perform khidma.refuse(409, 'contract_needs_split', jsonb_build_object('held', held));
  elsif held > 0 then
    to_tasker := (d.resolution ->> 'taskerAmount')::bigint;
  end if;
  outcome := case when coalesce((select e.released_amount from escrows e where e.contract_id = c.id), 0) + to_tasker > 0
                  then 'completed' else 'canceled' end;
  perform khidma.end_contract(c, to_tasker, coalesce((d.resolution ->> 'arbitrationAmount')::bigint, 0));
  update contracts set status = outcome::contract_status, end_reason = d.resolution ->> 'note' where id = c.id;
  return outcome;
end $$;

-- Refuses to start or complete a booking by itself while its contract decides: milestones start and complete it (before update of
-- status).
create or replace function khidma.guard_contract_of_booking() returns trigger language plpgsql as $$
begin
  if exists (select from contracts c where c.booking_id = new.id and c.status = 'active'
                and (new.status = 'completed' or not exists (select from milestones m where m.contract_id = c.id and m.status <> 'pending'))) then
    perform khidma.refuse(409, 'contract_decides');
  end if;
  return new;
end $$;

-- Refuses to pay a booking, or to agree on another price of it, while its contract decides.
create or replace function khidma.refuse_beside_contract(p_booking uuid) returns void language plpgsql as $$
begin
  if exists (select from contracts c where c.booking_id = p_booking and c.status in ('active', 'disputed', 'completed')) then
    perform khidma.refuse(409, 'contract_decides');
  end if;
end $$;
