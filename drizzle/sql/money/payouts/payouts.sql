-- Writes down that a tasker keeps the notes of a payment: earned and paid out at once. It names whoever has the notes; in the books they are
-- their company's, where that earns the booking.
create or replace function khidma.record_cash_payout(p payment_intents, p_amount bigint) returns void language plpgsql as $$
begin
  insert into payouts (id, user_id, kind, booking_id, amount, currency, status, provider, provider_reference, paid_at)
  values (khidma.uuid_v7(), p.payee_id, 'cash', p.booking_id, p_amount, p.currency, 'paid', 'cash', p.id::text, now());
end $$;

-- Locks a payout and returns it. Refuses where there is none.
create or replace function khidma.lock_payout(p_id uuid) returns payouts language plpgsql as $$
declare
  p payouts;
begin
  select * into p from payouts where id = p_id for update;
  if p.id is null then
    perform khidma.refuse(404, 'not_found');
  end if;
  return p;
end $$;

-- Returns the kind of account in the books that a payout takes its money from.
create or replace function khidma.payout_source(p_kind text) returns text language sql immutable parallel safe as $$
  select case p_kind when 'withdrawal' then 'client_wallet' else 'tasker_payable' end
$$;

-- Posts a step of a payout's current attempt: sent, paid, failed or returned. `p_part` tells a second posting of a step from the first.
create or replace function khidma.post_payout(p payouts, p_step text, p_part text default '') returns void language plpgsql as $$
begin
  perform khidma.post(case when p.kind = 'withdrawal' and p_step <> 'paid' then 'withdrawal_' else 'payout_' end || p_step,
    'payout', p.id, p.attempt || p_part, null, p.currency, jsonb_build_object('user', p.user_id, 'gateway', p.provider),
    jsonb_build_object('amount', p.amount));
end $$;

-- Refuses, at the commit, a payout that the books do not tell of: one that waits has its amount held, each later step is posted, and
-- what was given up before it was sent holds nothing any more.
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
    if exists (select from ledger_holds h where h.document_type = 'payout' and h.document_id = p.id and h.status = 'held') then
      raise exception 'payout % is % and still holds its amount', p.id, p.status using errcode = 'check_violation', constraint = 'payout_posted';
    end if;
    wanted := case p.status when 'processing' then '{sent}' when 'paid' then '{sent,paid}'
                            when 'failed' then case when p.attempt = 0 then '{}' else '{sent,failed}' end
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
-- than is available. Staff look at the first one to an account whose bank names another holder.
create or replace function khidma.open_payout(
  p_id uuid, p_kind text, p_user uuid, p_account uuid, p_currency text, p_amount bigint
) returns void language plpgsql as $$
declare
  source text := khidma.payout_source(p_kind);
begin
  perform khidma.hold(source, p_user, p_currency, p_amount, p_kind, 'payout', p_id);
  insert into payouts (id, user_id, kind, account_id, amount, balance, currency, scheduled_for)
  select p_id, p_user, p_kind, p_account, p_amount, b.balance, p_currency, now()
    from ledger_accounts a join ledger_balances b on b.account_id = a.id
   where a.kind = source and a.owner_user_id = p_user and a.owner_name is null and a.currency = p_currency;
  if khidma.is_holder_doubtful(p_account) then
    perform khidma.hold_for_holder(p_id);
  end if;
end $$;

-- Makes a withdrawal from the caller's wallet, to the account that they name or to their default one.
create or replace function khidma.withdraw(p_id uuid, p_user uuid, p_account uuid, p_currency text, p_amount bigint) returns void
language plpgsql as $$
begin
  perform khidma.open_payout(p_id, 'withdrawal', p_user, khidma.payout_target(p_user, p_currency, p_account), p_currency, p_amount);
end $$;

-- Says whether a scheduled payout may be sent now: nobody stopped it, nothing about it is unclear, its account takes money and its
-- owner is not suspended.
create or replace function khidma.may_be_sent(p payouts) returns boolean language sql stable as $$
  select p.status = 'scheduled' and p.held_at is null and p.review is null and p.scheduled_for <= now() and exists (
    select from payout_accounts a join users u on u.id = a.user_id
     where a.id = p.account_id and a.status = 'active' and a.refused_at is null and u.status <> 'suspended')
$$;

-- Begins an attempt to send a payout: its hold becomes money under way. The reference is written before anybody is asked, so that
-- a crash leaves one to ask by. `p_config` is the account at a gateway that sends it; without one, finance does. Refuses a payout that
-- is held or not scheduled, and one of which an earlier attempt may have paid.
create or replace function khidma.start_payout(p_id uuid, p_config uuid, p_batch uuid) returns payout_attempts language plpgsql as $$
declare
  p payouts := khidma.lock_payout(p_id);
  begun payout_attempts;
begin
  if p.status <> 'scheduled' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', 'processing'));
  elsif p.held_at is not null then
    perform khidma.refuse(409, 'payout_held');
  elsif p.review is not null or exists (select from payout_attempts t where t.payout_id = p.id and t.status in ('initiated', 'unknown')) then
    perform khidma.refuse(409, 'payout_in_review');
  elsif khidma.end_hold('payout', p.id, 'captured') is distinct from p.amount then
    raise exception 'the hold of payout % is not its amount', p.id;
  end if;
  update payouts set status = 'processing', attempt = attempt + 1, batch_id = p_batch, sent_at = now(),
         provider = coalesce((select c.gateway from payment_gateway_configs c where c.id = p_config), 'manual')
   where id = p.id returning * into p;
  insert into payout_attempts (id, payout_id, number, account_id, provider, config_id, reference, next_check_at)
  values (khidma.uuid_v7(), p.id, p.attempt, p.account_id, p.provider, p_config, 'po-' || replace(p.id::text, '-', '') || '-' || p.attempt,
          case when p_config is not null then now() + interval '5 minutes' end)
  returning * into begun;
  perform khidma.post_payout(p, 'sent');
  return begun;
end $$;

-- Takes attempts that are to be asked about, for five minutes: each is asked about by one, and comes again where that one died.
create or replace function khidma.take_payout_checks(p_limit int) returns setof payout_attempts language sql as $$
  update payout_attempts set next_check_at = now() + interval '5 minutes'
   where id in (select t.id from payout_attempts t where t.next_check_at <= now() order by t.next_check_at limit p_limit for update skip locked)
  returning *
$$;

-- Returns the current attempt of a payout.
create or replace function khidma.current_attempt(p payouts) returns uuid language sql stable as $$
  select t.id from payout_attempts t where t.payout_id = p.id and t.number = p.attempt
$$;

-- Returns when a gateway is asked again what became of a payout; null: a person decides. An outcome that nobody knows is asked for four
-- times within a day or so, one that the gateway is working on daily for two weeks.
create or replace function khidma.payout_check_delay(p_checks int, p_is_known boolean) returns interval language sql immutable parallel safe as $$
  select case when p_checks < 4 then (array[interval '1 minute', '5 minutes', '1 hour', '1 day'])[p_checks + 1]
              when p_is_known and p_checks < 18 then interval '1 day' end
$$;

-- Writes down what is true of an attempt at its gateway or bank (paid, failed, returned), and moves its payout and the books; what is
-- known already changes nothing. A success after a failure is not posted by itself: the money has been owed again since, and may be
-- under way once more. Staff decide, and until then nothing is sent.
create or replace function khidma.end_payout(
  p_attempt uuid, p_status text, p_reference text default null, p_raw text default null, p_failure text default null, p_fee bigint default null
) returns void language plpgsql as $$
declare
  p payouts;
  t payout_attempts;
  is_current boolean;
begin
  select o.* into strict p from payouts o where o.id = (select a.payout_id from payout_attempts a where a.id = p_attempt) for update;
  select * into strict t from payout_attempts where id = p_attempt;
  is_current := t.number = p.attempt;
  if p_status <> 'paid' then
    -- Those that an account's refusal gives up are locked before any balance, as wherever a payout moves money.
    perform 1 from payouts o where o.account_id = t.account_id and o.status = 'scheduled' order by o.id for update;
  end if;
  if is_current and p.status = 'processing' and p_status in ('paid', 'returned') then
    update payouts set status = 'paid', paid_at = now(), review = case when review = 'late_success' then review end
     where id = p.id returning * into p;
    perform khidma.post_payout(p, 'paid');
    if p_fee > 0 then
      perform khidma.post('gateway_fee', 'payout', p.id, p.attempt::text, null, p.currency,
        jsonb_build_object('gateway', p.provider), jsonb_build_object('fee', p_fee));
    end if;
  end if;
  if is_current and p.status = 'processing' and p_status = 'failed' then
    update payouts set status = 'failed', failure_code = coalesce(p_failure, 'other'), review = case when review = 'late_success' then review end
     where id = p.id returning * into p;
    perform khidma.post_payout(p, 'failed');
  elsif is_current and p.status = 'paid' and p_status in ('returned', 'failed') then
    update payouts set status = 'returned', returned_at = now(), failure_code = coalesce(p_failure, 'other') where id = p.id returning * into p;
    perform khidma.post_payout(p, 'returned');
  elsif t.status = 'failed' and p_status = 'paid' then
    update payouts set review = 'late_success' where id = p.id and review is distinct from 'late_success';
  elsif t.status = 'completed' and p_status in ('returned', 'failed') and not (is_current and p.status = 'returned') then
    -- A late success that came back after all.
    if t.is_settled then
      perform khidma.give_back_second(p, t);
    end if;
    update payouts set review = null
     where id = p.id and review = 'late_success'
       and not exists (select from payout_attempts o where o.payout_id = p.id and o.status = 'completed' and not o.is_settled
                          and o.id <> t.id and o.number <> p.attempt);
  end if;
  if is_current and p_reference is not null then
    update payouts set provider_reference = p_reference where id = p.id and provider_reference is distinct from p_reference;
  end if;
  update payout_attempts
     set status = case when p_status = 'paid' or (is_current and p.status = 'returned') then 'completed' else 'failed' end::transaction_status,
         next_check_at = null, gateway_reference = coalesce(p_reference, gateway_reference), raw_status = coalesce(p_raw, raw_status),
         failure_code = coalesce(p_failure, failure_code), completed_at = coalesce(completed_at, now()),
         is_settled = is_settled and p_status = 'paid'
   where id = t.id;
  if is_current and (p.status = 'returned' or (p.status = 'failed' and p.failure_code = 'invalid_account')) then
    perform khidma.refuse_payout_account(t.account_id);
  end if;
end $$;

-- Writes down that an attempt is neither paid nor failed: the gateway works on it (`p_is_known`), or nobody knows. After the last
-- check a person decides. Of an attempt that has ended, or was followed by another, nothing is awaited.
create or replace function khidma.await_payout(p_attempt uuid, p_is_known boolean, p_reference text, p_raw text, p_is_check boolean) returns void
language plpgsql as $$
declare
  p payouts;
  a payout_attempts;
begin
  select o.* into strict p from payouts o where o.id = (select t.payout_id from payout_attempts t where t.id = p_attempt) for update;
  if p.status <> 'processing' then
    return;
  end if;
  update payout_attempts t
     set status = case when p_is_known then 'initiated' else 'unknown' end::transaction_status,
         gateway_reference = coalesce(p_reference, gateway_reference), raw_status = coalesce(p_raw, raw_status),
         checks = checks + p_is_check::int, next_check_at = now() + khidma.payout_check_delay(checks + p_is_check::int, p_is_known)
   where t.id = p_attempt and t.number = p.attempt
  returning t.* into a;
  update payouts set provider_reference = coalesce(p_reference, provider_reference),
         review = case when a.next_check_at is null and review is null then 'unknown_outcome' else review end
   where id = p.id and a.id is not null
     and (provider_reference is distinct from coalesce(p_reference, provider_reference) or (a.next_check_at is null and review is null));
end $$;

-- Gives up a payout that was not sent: what it held is its owner's to be paid out again.
create or replace function khidma.give_up_payout(p_id uuid, p_failure text) returns void language plpgsql as $$
declare
  p payouts := khidma.lock_payout(p_id);
begin
  if p.status <> 'scheduled' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', 'failed'));
  end if;
  perform khidma.end_hold('payout', p.id, 'released');
  update payouts set status = 'failed', failure_code = p_failure, held_at = null, held_reason = null, held_by = null where id = p.id;
end $$;

-- Schedules a failed payout again, to the account that is the default now. A later payout has had its turn at the same money: that
-- one is retried, not this.
create or replace function khidma.retry_payout(p_id uuid) returns void language plpgsql as $$
declare
  p payouts := khidma.lock_payout(p_id);
  target uuid;
begin
  if p.status <> 'failed' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', 'scheduled'));
  elsif p.review is not null then
    perform khidma.refuse(409, 'payout_in_review');
  elsif exists (select from payouts o where o.user_id = p.user_id and o.kind = p.kind and o.currency = p.currency
                   and (o.created_at, o.id) > (p.created_at, p.id)) then
    perform khidma.refuse(409, 'payout_superseded');
  end if;
  target := khidma.payout_target(p.user_id, p.currency, null);
  perform khidma.hold(khidma.payout_source(p.kind), p.user_id, p.currency, p.amount, p.kind, 'payout', p.id);
  update payouts set status = 'scheduled', account_id = target, failure_code = null, provider = null, provider_reference = null,
         batch_id = null, scheduled_for = now(), sent_at = null where id = p.id;
  if khidma.is_holder_doubtful(target) then
    perform khidma.hold_for_holder(p.id);
  end if;
end $$;

-- Stops a scheduled payout, or lets it go on: what is stopped keeps its amount held.
create or replace function khidma.set_payout_held(p_id uuid, p_reason text) returns void language plpgsql as $$
declare
  p payouts := khidma.lock_payout(p_id);
begin
  if p.status <> 'scheduled' or (p.held_at is null) = (p_reason is null) then
    perform khidma.refuse(409, case when p.held_at is null then 'payout_not_stoppable' else 'payout_held' end);
  end if;
  update payouts set held_at = case when p_reason is not null then now() end, held_reason = p_reason,
         held_by = case when p_reason is not null and khidma.actor_role() in ('ops', 'admin') then khidma.actor_id() end
   where id = p.id returning * into p;
  perform khidma.emit(case when p_reason is null then 'payout.released' else 'payout.held' end, 'payout', p.id, p.version,
    jsonb_build_object('userId', p.user_id, 'kind', p.kind), array[p.user_id]);
end $$;
