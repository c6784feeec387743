-- Pays for a posting, or for its extension (`p_kind`), and returns the payment, which is reserved. `p_with` chooses an entitlement or credits;
-- without it an entitlement is used where one is left, else credits are held. A price of 0 costs nothing, unless an entitlement is chosen.
-- The caller holds the lock of the posting; entitlements are locked before credits.
create or replace function khidma.pay_for_job_posting(p_posting uuid, p_kind text, p_with text) returns job_posting_payments language plpgsql as $$
declare
  j job_postings;
  price jsonb;
  x job_posting_payments;
  spendable bigint;
begin
  select * into strict j from job_postings o where o.id = p_posting;
  price := khidma.config_value('job_postings.price', j.country, null, null);
  x.id := khidma.uuid_v7();
  perform khidma.lock_entitlements(j.company_id, 'job_posting');
  x.method := case
    when p_with is distinct from 'entitlement' and (price ->> 'credits')::bigint = 0 then 'free'
    when p_with is not null then p_with
    when khidma.next_entitlement(j.company_id, 'job_posting') is not null then 'entitlement'
    else 'credits' end;
  x.credits := case when x.method = 'credits' then (price ->> 'credits')::bigint else 0 end;
  if x.method = 'entitlement' then
    x.entitlement_id := khidma.use_entitlement(j.company_id, 'job_posting', x.id, 'reserved');
    x.days := (select e.posting_days from entitlements e where e.id = x.entitlement_id);
  elsif x.method = 'credits' then
    perform khidma.lock_credits(array[j.company_id]);
    select coalesce(sum(s.remaining), 0) into spendable from khidma.spendable_credits(j.company_id, 'job_postings') s;
    if p_with is null and spendable < x.credits then
      perform khidma.refuse(409, 'job_posting_unpaid', jsonb_build_object('needed', x.credits, 'available', spendable));
    end if;
    perform khidma.hold_credits(j.company_id, x.credits, 'job_postings', 'job_posting_payment', x.id, null);
  end if;
  insert into job_posting_payments (id, posting_id, company_id, kind, method, credits, days, entitlement_id)
  values (x.id, j.id, j.company_id, p_kind, x.method, x.credits, coalesce(x.days, (price ->> 'days')::int), x.entitlement_id)
  returning * into x;
  return x;
end $$;

-- Ends the payment of a posting that is reserved, where there is one: used for good, or returned.
create or replace function khidma.settle_job_payment(p_posting uuid, p_status text) returns void language plpgsql as $$
declare
  x job_posting_payments;
begin
  select * into x from job_posting_payments o where o.posting_id = p_posting and o.status = 'reserved' for no key update;
  if not found then
    return;
  end if;
  if x.method = 'entitlement' and p_status = 'used' then
    perform khidma.settle_claims('entitlements.job_posting', array[x.id], 'used');
  elsif x.method = 'entitlement' then
    perform khidma.return_entitlement('job_posting', x.id);
  elsif x.method = 'credits' and p_status = 'used' then
    perform khidma.capture_credits('job_posting_payment', x.id);
  elsif x.method = 'credits' then
    perform khidma.release_credits('job_posting_payment', x.id);
  end if;
  update job_posting_payments set status = p_status, ended_at = now() where id = x.id;
end $$;

-- Reserves what a submitted posting costs.
create or replace function khidma.after_job_posting_pending(p job_postings) returns void language plpgsql as $$
begin
  perform khidma.pay_for_job_posting(p.id, 'posting', p.pay_with);
end $$;

-- Uses what was reserved: the posting is public.
create or replace function khidma.after_job_posting_live(p job_postings) returns void language plpgsql as $$
begin
  perform khidma.settle_job_payment(p.id, 'used');
end $$;

-- Gives back what was reserved for a posting that was withdrawn or rejected: nobody pays for what was not public.
create or replace function khidma.after_job_posting_draft(p job_postings) returns void language plpgsql as $$
begin
  perform khidma.settle_job_payment(p.id, 'returned');
end $$;

-- Pays again for a live posting: it is paid for so many days longer, and closes then, or as late as is allowed. Refuses where that is less than
-- a day more, so that nobody pays for nothing. The caller holds the lock of the posting.
create or replace function khidma.extend_job_posting(p_posting uuid, p_with text) returns void language plpgsql as $$
declare
  j job_postings;
  x job_posting_payments;
  latest timestamptz := now() + make_interval(days => khidma.config_value('job_postings.most_days', null, null, null)::int);
  paid timestamptz;
begin
  select * into strict j from job_postings o where o.id = p_posting;
  if j.status <> 'live' or j.closes_at <= now() then
    perform khidma.refuse(409, 'job_closed');
  elsif not khidma.is_company_open(j.company_id) then
    perform khidma.refuse(409, 'company_not_open');
  end if;
  -- Days that are paid already cost nothing more: `closesAt` moves there without a payment.
  paid := coalesce(j.paid_until, j.closes_at);
  if paid > latest - interval '1 day' then
    perform khidma.refuse(409, 'job_posting_paid', jsonb_build_object('paidUntil', khidma.iso(paid)));
  end if;
  x := khidma.pay_for_job_posting(j.id, 'extension', p_with);
  perform khidma.settle_job_payment(j.id, 'used');
  paid := paid + make_interval(days => x.days);
  update job_postings set paid_until = paid, closes_at = least(paid, latest) where id = j.id;
end $$;

-- Drafts the text of a closed posting anew: it is submitted, approved and paid as any other.
create or replace function khidma.repost_job(p_id uuid, p_posting uuid, p_user uuid, p_closes_at timestamptz) returns void language plpgsql as $$
declare
  j job_postings;
begin
  select * into strict j from job_postings o where o.id = p_posting;
  if j.status <> 'closed' then
    perform khidma.refuse(409, 'job_posting_not_closed');
  elsif not khidma.is_company_open(j.company_id) then
    perform khidma.refuse(409, 'company_not_open');
  end if;
  insert into job_postings (id, company_id, posted_by, title, description, employment_type, work_mode, place_name, city, country, lat, lng,
                            salary_min, salary_max, salary_currency, salary_period, questions, closes_at)
  values (p_id, j.company_id, p_user, j.title, j.description, j.employment_type, j.work_mode, j.place_name, j.city, j.country, j.lat, j.lng,
          j.salary_min, j.salary_max, j.salary_currency, j.salary_period, j.questions, p_closes_at);
end $$;

-- Holds, at the commit, that a payment is what its claim or its hold is: reserved, used or neither.
create or replace function khidma.check_job_payment() returns trigger language plpgsql as $$
declare
  x job_posting_payments;
  is_so boolean;
begin
  select * into x from job_posting_payments o where o.id = new.id;
  if x.id is null or x.method = 'free' then
    return null;
  end if;
  if x.method = 'credits' then
    is_so := coalesce((select h.status::text = case x.status when 'reserved' then 'held' when 'used' then 'captured' else 'released' end
                          and h.amount = x.credits
                         from ledger_holds h where h.document_type = 'job_posting_payment' and h.document_id = x.id), false);
  else
    is_so := coalesce((select c.status::text = x.status and c.subject = x.entitlement_id
                         from claims c where c.limit_id = 'entitlements.job_posting' and c.document_id = x.id), false);
  end if;
  if not is_so then
    raise exception 'the payment % is not as its claim or hold', x.id using errcode = 'check_violation', constraint = 'job_posting_payments_match';
  end if;
  return null;
end $$;

-- Holds, at the commit, that a posting has a payment reserved exactly while it waits for approval.
create or replace function khidma.check_job_paid() returns trigger language plpgsql as $$
declare
  j job_postings;
begin
  select * into j from job_postings o where o.id = new.id;
  if j.id is not null and (j.status = 'pending') <> exists (select from job_posting_payments x where x.posting_id = j.id and x.status = 'reserved') then
    raise exception 'the payment of job posting % is not as its status', j.id using errcode = 'check_violation', constraint = 'job_postings_paid';
  end if;
  return null;
end $$;
