-- Decides for a payout whose outcome no gateway tells: finance has looked at the bank. Refuses one that a gateway is still asked about.
create or replace function khidma.decide_payout(p_id uuid, p_outcome text, p_reference text, p_failure text) returns void language plpgsql as $$
declare
  p payouts := khidma.lock_payout(p_id);
begin
  if p.review = 'late_success' and p_outcome <> 'returned' then
    perform khidma.decide_late_success(p, p_outcome);
    return;
  elsif p.kind = 'cash' or p.status <> (case p_outcome when 'returned' then 'paid' else 'processing' end)::payout_status then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', p_outcome));
  elsif p.batch_id is not null and p_outcome <> 'returned' then
    perform khidma.refuse(409, 'payout_in_batch');
  elsif p.review is null and p_outcome <> 'returned' then
    perform khidma.refuse(409, 'payout_in_progress');
  end if;
  perform khidma.end_payout(khidma.current_attempt(p), p_outcome, p_reference, null, p_failure);
end $$;

-- Decides for a payout that succeeded after it had failed. `paid`: the money has arrived, so that it is taken from its owner's account
-- a second time; refused while another attempt waits, and where the account has not got it: `propose_second_payout` is for that, and for
-- one that has arrived twice. `failed`: it has not arrived.
create or replace function khidma.decide_late_success(p payouts, p_outcome text) returns void language plpgsql as $$
declare
  late payout_attempts;
begin
  if p_outcome = 'failed' then
    update payouts o
       set review = case when o.status = 'processing' and o.batch_id is null and exists (
             select from payout_attempts t where t.id = khidma.current_attempt(p) and t.next_check_at is null) then 'unknown_outcome' end
     where o.id = p.id;
    return;
  elsif p.status <> 'failed' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', p_outcome));
  end if;
  select * into strict late from payout_attempts t where t.payout_id = p.id and t.status = 'completed' order by t.number desc limit 1;
  update payouts set status = 'paid', attempt = late.number, provider = late.provider, provider_reference = late.gateway_reference,
         failure_code = null, paid_at = now(), review = null, account_id = late.account_id where id = p.id returning * into p;
  perform khidma.post_payout(p, 'sent', '-late');
  perform khidma.post_payout(p, 'paid');
end $$;

-- Returns the attempt of a payout that has succeeded beside the books: it had failed, or another has paid. The latest, where there are
-- several; none, where none is in review.
create or replace function khidma.second_success(p payouts) returns payout_attempts language plpgsql stable as $$
declare
  success payout_attempts;
begin
  select t.* into success from payout_attempts t
   where p.review = 'late_success' and p.status in ('failed', 'paid', 'returned') and t.payout_id = p.id and t.status = 'completed'
     and not t.is_settled and (t.number <> p.attempt or p.status = 'failed')
   order by t.number desc limit 1;
  return success;
end $$;

-- Settles a success beside the books, whose lines are posted by the caller: it is in review no more. Refuses one that has been decided
-- otherwise, or has come back, since it was proposed.
create or replace function khidma.settle_second_payout(p_attempt uuid) returns void language plpgsql as $$
declare
  p payouts;
begin
  select o.* into strict p from payouts o where o.id = (select t.payout_id from payout_attempts t where t.id = p_attempt) for update;
  if (khidma.second_success(p)).id is distinct from p_attempt then
    perform khidma.refuse(409, 'no_second_payout');
  end if;
  update payout_attempts set is_settled = true where id = p_attempt;
  if (khidma.second_success(p)).id is null then
    update payouts set review = null where id = p.id;
  end if;
end $$;

-- Gives back what a settled success has cost its owner, once its money has come back: they owe it no more, what they have paid of it
-- since is in their wallet, and the rest was written off.
create or replace function khidma.give_back_second(p payouts, t payout_attempts) returns void language plpgsql as $$
declare
  settled uuid;
  owed bigint;
  paid bigint;
begin
  select a.id into strict settled from adjustments a where a.payout_attempt_id = t.id and a.status = 'posted' order by a.decided_at desc limit 1;
  perform khidma.lock_debts(p.user_id);
  owed := least(p.amount, (khidma.debts_of(p.user_id, p.currency)).refund);
  paid := least(khidma.paid_since(p.user_id, p.currency, 'refund_receivable', settled, 'adjustment'), p.amount - owed);
  perform khidma.post('second_payout_returned', 'payout', p.id, t.number || '-' || settled, null, p.currency,
    jsonb_build_object('user', p.user_id, 'gateway', t.provider),
    jsonb_build_object('amount', p.amount, 'refundDebt', owed, 'paid', paid, 'writtenOff', p.amount - owed - paid));
end $$;
