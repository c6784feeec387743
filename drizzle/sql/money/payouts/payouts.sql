-- Writes down that a tasker keeps the notes of a payment: earned and paid out at once.
create or replace function khidma.record_cash_payout(p payment_intents, p_amount bigint) returns void language sql as $$
  insert into payouts (id, user_id, kind, booking_id, amount, currency, status, provider, provider_reference, paid_at)
  values (khidma.uuid_v7(), p.payee_id, 'cash', p.booking_id, p_amount, p.currency, 'paid', 'cash', p.id::text, now())
$$;

-- Returns the kind of account in the books that a payout takes its money from.
create or replace function khidma.payout_source(p_kind text) returns text language sql immutable parallel safe as $$
  select case p_kind when 'withdrawal' then 'client_wallet' else 'tasker_payable' end
$$;

-- Posts a step of a payout's current attempt: sent, paid, failed or returned.
create or replace function khidma.post_payout(p payouts, p_step text) returns void language plpgsql as $$
begin
  perform khidma.post(case when p.kind = 'withdrawal' and p_step <> 'paid' then 'withdrawal_' else 'payout_' end || p_step,
    'payout', p.id, p.attempt::text, null, p.currency, jsonb_build_object('user', p.user_id, 'gateway', p.provider),
    jsonb_build_object('amount', p.amount));
end $$;

-- Refuses, at the commit, a payout that the books do not tell of: one that waits has its amount held, each later step is posted.
create or replace function khidma.check_payout_posted() returns trigger language plpgsql as $$
declare
  p payouts;
  wanted text[];
begin
  select * into p from payouts where id = new.id;
  if p.kind = 'cash' then
    if not exists (select from ledger_entries e where e.posting = 'cash_kept' and e.document_id::text = p.provider_reference) then
      raise exception 'payout % is not posted', p.id using errcode = 'check_violation', constraint = 'payout_posted';
    end if;
  elsif p.status = 'scheduled' then
    if not exists (select from ledger_holds h where h.document_type = 'payout' and h.document_id = p.id and h.status = 'held'
                      and h.amount = p.amount) then
      raise exception 'payout % holds nothing', p.id using errcode = 'check_violation', constraint = 'payout_posted';
    end if;
  else
    wanted := case p.status when 'processing' then '{sent}' when 'paid' then '{sent,paid}' when 'failed' then '{sent,failed}'
                            else '{sent,paid,returned}' end;
    if exists (select from unnest(wanted) w (step) where not exists (
         select from ledger_entries e where e.document_id = p.id and e.reference_id = 'payout:' || p.id || ':' || p.attempt
            and e.posting in ('payout_' || w.step, 'withdrawal_' || w.step))) then
      raise exception 'payout % is % and not posted', p.id, p.status using errcode = 'check_violation', constraint = 'payout_posted';
    end if;
  end if;
  return null;
end $$;

-- Makes a payout of an amount to an account, and holds the amount: neither a refund nor another payout can take it. Refuses more
-- than is available.
create or replace function khidma.open_payout(
  p_id uuid, p_kind text, p_user uuid, p_account uuid, p_currency text, p_amount bigint
) returns void language plpgsql as $$
declare
  source text := khidma.payout_source(p_kind);
begin
  perform khidma.hold(source, p_user, p_currency, p_amount, p_kind, 'payout', p_id, null);
  insert into payouts (id, user_id, kind, account_id, amount, balance, currency, scheduled_for)
  select p_id, p_user, p_kind, p_account, p_amount, b.balance, p_currency, now()
    from ledger_accounts a join ledger_balances b on b.account_id = a.id
   where a.kind = source and a.owner_user_id = p_user and a.owner_name is null and a.currency = p_currency;
end $$;

-- Makes a withdrawal from the caller's wallet, to the account that they name or to their default one.
create or replace function khidma.withdraw(p_id uuid, p_user uuid, p_account uuid, p_currency text, p_amount bigint) returns void
language plpgsql as $$
declare
  target payout_accounts;
begin
  select * into target from payout_accounts a
   where a.user_id = p_user and a.currency = p_currency and a.status = 'active'
     and case when p_account is null then a.is_default else a.id = p_account end
     for update;
  if target.id is null then
    perform khidma.refuse(409, 'payout_account_required', jsonb_build_object('currency', p_currency));
  elsif target.refused_at is not null then
    perform khidma.refuse(409, 'payout_account_refused');
  end if;
  perform khidma.open_payout(p_id, 'withdrawal', p_user, target.id, p_currency, p_amount);
end $$;

-- Begins an attempt to send a payout: its hold becomes money under way. The reference is written before anybody is asked, so that
-- a crash leaves one to ask by. Refuses a payout that is held, or not scheduled.
create or replace function khidma.start_payout(p_id uuid, p_provider text, p_batch uuid) returns payout_attempts language plpgsql as $$
declare
  p payouts;
  begun payout_attempts;
begin
  select * into p from payouts where id = p_id for update;
  if p.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif p.status <> 'scheduled' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', 'processing'));
  elsif p.held_at is not null then
    perform khidma.refuse(409, 'payout_held');
  elsif khidma.end_hold('payout', p.id, 'captured') is distinct from p.amount then
    raise exception 'the hold of payout % is not its amount', p.id;
  end if;
  update payouts set status = 'processing', attempt = attempt + 1, provider = p_provider, batch_id = p_batch, sent_at = now()
   where id = p.id returning * into p;
  insert into payout_attempts (id, payout_id, number, provider, reference, next_check_at)
  values (khidma.uuid_v7(), p.id, p.attempt, p_provider, 'po-' || replace(p.id::text, '-', '') || '-' || p.attempt,
          case when p_provider <> 'manual' then now() + khidma.payout_check_delay(0, false) end)
  returning * into begun;
  perform khidma.post_payout(p, 'sent');
  return begun;
end $$;

-- Returns when a gateway is asked again what became of a payout; null: a person decides. An outcome that nobody knows is asked for four
-- times within a day or so, one that the gateway is working on daily for two weeks.
create or replace function khidma.payout_check_delay(p_checks int, p_is_known boolean) returns interval language sql immutable parallel safe as $$
  select case when p_checks < 4 then (array[interval '1 minute', '5 minutes', '1 hour', '1 day'])[p_checks + 1]
              when p_is_known and p_checks < 18 then interval '1 day' end
$$;

-- Writes down what is true of the current attempt at its gateway (paid, failed, returned), and moves its payout and the books; what is
-- known already changes nothing. A success after a failure is not posted by itself: the money has been owed again since, and staff decide.
create or replace function khidma.end_payout(
  p_id uuid, p_status text, p_reference text default null, p_raw text default null, p_failure text default null, p_fee bigint default null
) returns void language plpgsql as $$
declare
  p payouts;
begin
  select * into strict p from payouts where id = p_id for update;
  if p.status = 'processing' and p_status in ('paid', 'returned') then
    update payouts set status = 'paid', paid_at = now(), review = null where id = p.id returning * into p;
    perform khidma.post_payout(p, 'paid');
    if p_fee > 0 then
      perform khidma.post('gateway_fee', 'payout', p.id, p.attempt::text, null, p.currency,
        jsonb_build_object('gateway', p.provider), jsonb_build_object('fee', p_fee));
    end if;
  end if;
  if p.status = 'processing' and p_status = 'failed' then
    update payouts set status = 'failed', failure_code = coalesce(p_failure, 'other'), review = null where id = p.id returning * into p;
    perform khidma.post_payout(p, 'failed');
  elsif p.status = 'paid' and p_status = 'returned' then
    update payouts set status = 'returned', returned_at = now(), failure_code = coalesce(p_failure, 'other') where id = p.id returning * into p;
    perform khidma.post_payout(p, 'returned');
  elsif p.status = 'failed' and p_status = 'paid' then
    update payouts set review = 'late_success' where id = p.id and review is distinct from 'late_success';
  end if;
  update payouts set provider_reference = p_reference where id = p.id and p_reference is not null and provider_reference is distinct from p_reference;
  update payout_attempts
     set status = case when p.status = 'failed' then 'failed' else 'completed' end::transaction_status, next_check_at = null,
         gateway_reference = coalesce(p_reference, gateway_reference), raw_status = coalesce(p_raw, raw_status),
         failure_code = coalesce(p_failure, failure_code), completed_at = coalesce(completed_at, now())
   where payout_id = p.id and number = p.attempt;
  if p.status = 'returned' or (p.status = 'failed' and p.failure_code = 'invalid_account') then
    perform khidma.refuse_payout_account(p.account_id);
  end if;
end $$;

-- Writes down that an attempt is neither paid nor failed: the gateway works on it (`p_is_known`), or nobody knows. After the last
-- check a person decides.
create or replace function khidma.await_payout(p_id uuid, p_is_known boolean, p_reference text, p_raw text, p_is_check boolean) returns void
language plpgsql as $$
declare
  a payout_attempts;
begin
  update payout_attempts t
     set status = case when p_is_known then 'initiated' else 'unknown' end::transaction_status,
         gateway_reference = coalesce(p_reference, gateway_reference), raw_status = coalesce(p_raw, raw_status),
         checks = checks + p_is_check::int, next_check_at = now() + khidma.payout_check_delay(checks + p_is_check::int, p_is_known)
    from payouts p where p.id = p_id and p.status = 'processing' and t.payout_id = p.id and t.number = p.attempt
  returning t.* into a;
  update payouts set provider_reference = coalesce(p_reference, provider_reference),
         review = case when a.next_check_at is null then 'unknown_outcome' else review end
   where id = p_id and a.id is not null
     and (provider_reference is distinct from coalesce(p_reference, provider_reference) or a.next_check_at is null);
end $$;

-- Marks an account that a bank refused, so that nothing more is scheduled to it, and tells its owner once.
create or replace function khidma.refuse_payout_account(p_account uuid) returns void language plpgsql as $$
declare
  refused payout_accounts;
begin
  update payout_accounts set refused_at = now() where id = p_account and refused_at is null and status = 'active' returning * into refused;
  if found then
    perform khidma.tell_of_payout_account('payout_account.refused', refused);
  end if;
end $$;

-- Emits an event about a payout account to its owner.
create or replace function khidma.tell_of_payout_account(p_type text, p_account payout_accounts) returns void language sql as $$
  select khidma.emit(p_type, 'payout_account', p_account.id, p_account.version,
    jsonb_build_object('payoutAccountId', p_account.id, 'userId', p_account.user_id), array[p_account.user_id])
$$;

-- Schedules a failed payout again, to the account that is the default now, if its money has not been taken meanwhile.
create or replace function khidma.retry_payout(p_id uuid) returns void language plpgsql as $$
declare
  p payouts;
  target uuid;
begin
  select * into p from payouts where id = p_id for update;
  if p.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif p.status <> 'failed' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', 'scheduled'));
  elsif p.review = 'late_success' then
    perform khidma.refuse(409, 'payout_in_review');
  end if;
  select a.id into target from payout_accounts a
   where a.user_id = p.user_id and a.currency = p.currency and a.status = 'active' and a.refused_at is null
   order by a.is_default desc, a.id desc limit 1 for update;
  if target is null then
    perform khidma.refuse(409, 'payout_account_required', jsonb_build_object('currency', p.currency));
  end if;
  perform khidma.hold(khidma.payout_source(p.kind), p.user_id, p.currency, p.amount, p.kind, 'payout', p.id, null);
  update payouts set status = 'scheduled', account_id = target, failure_code = null, provider = null, provider_reference = null,
         batch_id = null, scheduled_for = now(), sent_at = null where id = p.id;
end $$;

-- Stops a scheduled payout, or lets it go on: what is stopped keeps its amount held.
create or replace function khidma.set_payout_held(p_id uuid, p_reason text) returns void language plpgsql as $$
declare
  p payouts;
begin
  select * into p from payouts where id = p_id for update;
  if p.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif p.status <> 'scheduled' or (p.held_at is null) = (p_reason is null) then
    perform khidma.refuse(409, case when p.held_at is null then 'payout_not_stoppable' else 'payout_held' end);
  end if;
  update payouts set held_at = case when p_reason is not null then now() end, held_reason = p_reason,
         held_by = case when p_reason is not null then khidma.actor_id() end
   where id = p.id returning * into p;
  perform khidma.emit(case when p_reason is null then 'payout.released' else 'payout.held' end, 'payout', p.id, p.version,
    jsonb_build_object('userId', p.user_id, 'kind', p.kind), array[p.user_id]);
end $$;

-- Decides for a payout whose outcome no gateway tells: finance has looked at the bank. Refuses one that a gateway is still asked about.
create or replace function khidma.decide_payout(p_id uuid, p_outcome text, p_reference text, p_failure text) returns void language plpgsql as $$
declare
  p payouts;
begin
  select * into p from payouts where id = p_id for update;
  if p.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif p.kind = 'cash' or p.status <> (case p_outcome when 'returned' then 'paid' else 'processing' end)::payout_status then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', p_outcome));
  elsif p.batch_id is not null and p_outcome <> 'returned' then
    perform khidma.refuse(409, 'payout_in_batch');
  elsif p.review is null and p_outcome <> 'returned' then
    perform khidma.refuse(409, 'payout_in_progress');
  end if;
  perform khidma.end_payout(p.id, p_outcome, p_reference, null, p_failure);
end $$;
