-- Returns whether lines of a correction can be posted: two at least, whole amounts other than zero that add up to zero, known kinds of
-- account, and for each the kind of owner that it has: a user, a gateway, or nobody.
create or replace function khidma.are_lines_sound(p_lines jsonb) returns boolean language plpgsql stable as $$
begin
  return (
    select count(*) >= 2 and sum(l.amount) = 0 and bool_and(coalesce(l.amount, 0) <> 0)
           and bool_and(coalesce(case khidma.owner_of_account(l.account)
             when 'user' then l.name is null and exists (select from users u where u.id = l.owner)
             when 'gateway' then l.owner is null and l.name <> ''
             when 'platform' then l.owner is null and l.name is null end, false))
      from jsonb_to_recordset(p_lines) as l (account text, owner uuid, name text, amount bigint));
end $$;

-- Guards an adjustment: its lines are sound, its content stays what was proposed, nobody decides on their own proposal, and nobody
-- withdraws another's. The decision is of whoever makes it, whatever the statement says. With the approval it notes which differences
-- of a document it explains: those of this moment, as far as its own amount goes.
create or replace function khidma.guard_adjustment() returns trigger language plpgsql as $$
declare
  decision text[] := array['status', 'decided_by', 'decision_note', 'decided_at', 'updated_at', 'version', 'document_media_id'];
begin
  if tg_op = 'INSERT' then
    if new.kind <> 'write_off' and not coalesce(khidma.are_lines_sound(new.lines), false) then
      perform khidma.refuse(422, 'lines_not_sound');
    end if;
    return new;
  elsif to_jsonb(new) - decision <> to_jsonb(old) - decision then
    raise exception 'an adjustment stays as it was proposed' using errcode = 'restrict_violation';
  elsif old.status = 'proposed' and new.status <> 'proposed' then
    if new.status in ('posted', 'rejected') then
      new.decided_by := khidma.actor_id();
    end if;
    new.decided_at := now();
    if new.decided_by = old.proposed_by then
      perform khidma.refuse(403, 'own_adjustment');
    elsif new.status = 'withdrawn' and old.proposed_by is distinct from khidma.actor_id() then
      perform khidma.refuse(403, 'not_own_adjustment');
    elsif new.status = 'posted' and new.explains_document_id is not null then
      new.explained := khidma.explained_by(new.explains_document_id,
        (select -sum(l.amount) from jsonb_to_recordset(new.lines) as l (amount bigint) where l.amount < 0)::bigint);
    end if;
  end if;
  return new;
end $$;

-- Posts what two people have agreed on: the lines of a correction, a payout that has arrived beside the books, or a debt that will not be
-- paid. Refuses more than is owed by now.
create or replace function khidma.after_adjustment_posted(a adjustments) returns void language plpgsql as $$
declare
  owed record;
  debtor uuid;
begin
  if a.kind <> 'write_off' then
    if a.kind = 'second_payout' then
      perform khidma.settle_second_payout(a.payout_attempt_id);
    end if;
    perform khidma.post_entry(khidma.uuid_v7(), 'adjustment', null, 'adjustment:' || a.id, a.currency, a.lines, 'adjustment', 'adjustment', a.id);
    for debtor in select distinct l.owner from jsonb_to_recordset(a.lines) as l (account text, owner uuid) where l.account like '%\_receivable' loop
      perform khidma.note_debt(debtor, a.currency);
    end loop;
    return;
  end if;
  perform khidma.lock_debts(a.user_id);
  select * into owed from khidma.debts_of(a.user_id, a.currency);
  if a.commission_amount > owed.commission or a.refund_amount > owed.refund or a.fee_amount > owed.fee then
    perform khidma.refuse(409, 'more_than_owed', jsonb_build_object('commission', owed.commission, 'refund', owed.refund, 'fee', owed.fee));
  end if;
  perform khidma.post('write_off', 'adjustment', a.id, null, null, a.currency, jsonb_build_object('user', a.user_id),
    jsonb_build_object('amount', a.commission_amount + a.refund_amount + a.fee_amount, 'commissionDebt', a.commission_amount,
      'refundDebt', a.refund_amount, 'feeDebt', a.fee_amount));
  perform khidma.tell_user('debt.written_off', a.user_id, jsonb_build_object('currency', a.currency,
    'amount', a.commission_amount + a.refund_amount + a.fee_amount));
end $$;

-- Proposes that a success beside the books is a debt of whoever has the money: its lines, for a second person to approve.
create or replace function khidma.propose_second_payout(p_id uuid, p_payout uuid, p_reason text, p_media uuid, p_proposer uuid) returns void
language plpgsql as $$
declare
  p payouts;
  second payout_attempts;
begin
  select * into p from payouts where id = p_payout for update;
  if p.id is null then
    perform khidma.refuse(422, 'unknown_reference', '{"field": "payoutId"}');
  end if;
  second := khidma.second_success(p);
  if second.id is null then
    perform khidma.refuse(409, 'no_second_payout');
  end if;
  insert into adjustments (id, kind, currency, lines, user_id, payout_attempt_id, reason, document_media_id, proposed_by)
  values (p_id, 'second_payout', p.currency, jsonb_build_array(
            jsonb_build_object('account', 'refund_receivable', 'owner', p.user_id, 'name', null, 'amount', -p.amount),
            jsonb_build_object('account', 'platform_clearing', 'owner', null, 'name', second.provider, 'amount', p.amount)),
          p.user_id, second.id, p_reason, p_media, p_proposer);
end $$;
