-- Returns how much of a payment banks have taken back: chargebacks that are open or lost.
create or replace function khidma.charged_back(p_intent uuid) returns bigint language plpgsql stable as $$
begin
  return (
    select coalesce(sum(c.amount), 0)::bigint from chargebacks c where c.intent_id = p_intent and c.status <> 'won');
end $$;

-- Returns the policy of chargebacks for a booking's task; the general one without a booking.
create or replace function khidma.chargeback_policy(p_booking uuid) returns jsonb language plpgsql stable as $$
begin
  return (
    select coalesce((select khidma.config_of_task('chargebacks.policy', b.task_id) from bookings b where b.id = p_booking),
      khidma.config_value('chargebacks.policy', null, null, null)));
end $$;

-- Writes down what is true of a chargeback at its gateway, forward only, and returns its id: whoever learnt it, however often and in
-- whatever order. Null where its payment is not known, or not in the books yet. `f` is a `GatewayChargeback` of
-- src/providers/payments/gateway.ts. The gateway keeps the money from the beginning, and gives it back if we win.
create or replace function khidma.apply_chargeback(p_gateway text, f jsonb) returns uuid language plpgsql as $$
declare
  t payment_transactions;
  p payment_intents;
  c chargebacks;
begin
  select x.* into t from payment_transactions x
   where x.gateway = p_gateway and x.gateway_reference = f ->> 'paymentGatewayReference' and x.is_booked
   order by x.id desc limit 1;
  if t.id is null or t.currency <> f ->> 'currency' then
    return null;
  end if;
  select * into strict p from payment_intents where id = t.intent_id for update;
  select * into c from chargebacks b where b.gateway = p_gateway and b.gateway_reference = f ->> 'gatewayReference' for update;
  if c.id is null then
    insert into chargebacks (id, intent_id, transaction_id, gateway, config_id, gateway_reference, amount, currency, reason, responsible)
    values (khidma.uuid_v7(), p.id, t.id, p_gateway, t.config_id, f ->> 'gatewayReference', (f ->> 'amountMinor')::bigint, t.currency, f ->> 'reason',
            -- While a contract holds the money, its tasker has nothing of it.
            case when p.payee_id is null or khidma.held_of_payment(p) > 0 then 'platform' else khidma.chargeback_policy(p.booking_id) ->> 'responsible' end)
    returning * into c;
    perform khidma.post_chargeback('chargeback_opened', c, p);
  end if;
  update chargebacks
     set reason = f ->> 'reason', raw_status = f ->> 'rawStatus', evidence_due_at = coalesce((f ->> 'evidenceDueAt')::timestamptz, evidence_due_at),
         -- Evidence that the gateway may not have is sent again sooner.
         next_check_at = case when c.status = 'open' and f ->> 'status' = 'open' then now()
           + case when evidence_statement is not null and evidence_submitted_at is null and evidence_failure is null
               then interval '5 minutes' else interval '6 hours' end end
   where id = c.id;
  if c.status = 'open' and f ->> 'status' <> 'open' then
    update chargebacks set status = (f ->> 'status')::chargeback_status, ended_at = now() where id = c.id;
    if p.booking_id is not null then
      perform khidma.lock_withholding(p.booking_id);
    end if;
    if f ->> 'status' = 'won' then
      perform khidma.post_chargeback('chargeback_won', c, p);
      perform khidma.return_made_good(p);
    elsif c.responsible = 'tasker' then
      perform khidma.post_chargeback('chargeback_lost', c, p);
    end if;
    if f ->> 'status' = 'lost' and p.purpose in ('booking', 'contract') then
      perform khidma.settle_withholding(p.booking_id, 'chargeback', c.id);
    end if;
  end if;
  return c.id;
end $$;

-- Posts an entry of a chargeback.
create or replace function khidma.post_chargeback(p_posting text, c chargebacks, p payment_intents) returns void language plpgsql as $$
begin
  perform khidma.post(p_posting, 'chargeback', c.id, null, p.booking_id, c.currency,
    jsonb_build_object('payee', khidma.credited_by(p), 'gateway', c.gateway), jsonb_build_object('amount', c.amount));
end $$;

-- Takes open chargebacks that are due, those with evidence that their gateway may not have or all, and puts them off by five minutes, so
-- that nobody else sends or asks meanwhile. At most `p_limit`.
create or replace function khidma.take_chargebacks(p_limit int, p_unsent boolean) returns setof chargebacks language sql as $$
  update chargebacks c set next_check_at = now() + interval '5 minutes'
   where c.id = any (array(
     select d.id from chargebacks d
      where d.next_check_at <= now()
        and (not p_unsent or (d.status = 'open' and d.evidence_statement is not null and d.evidence_submitted_at is null and d.evidence_failure is null))
      order by d.next_check_at limit p_limit for update skip locked))
  returning c.*
$$;

-- Keeps evidence until the gateway has it. Refuses it once the chargeback is decided, or its deadline has passed.
create or replace function khidma.keep_evidence(p_id uuid, p_statement text, p_documents text[]) returns void language plpgsql as $$
declare
  c chargebacks;
begin
  select * into c from chargebacks where id = p_id for update;
  if c.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif c.status <> 'open' or c.evidence_due_at <= now() then
    perform khidma.refuse(409, 'evidence_closed');
  end if;
  update chargebacks
     set evidence_statement = p_statement, evidence_documents = p_documents, evidence_by = khidma.actor_id(), evidence_submitted_at = null,
         evidence_failure = null, next_check_at = now() + interval '5 minutes'
   where id = c.id;
end $$;

-- Reminds once of evidence that is due soon and has not been sent; returns the chargebacks.
create or replace function khidma.remind_of_evidence(p_limit int) returns setof chargebacks language plpgsql as $$
declare
  c chargebacks;
  p payment_intents;
begin
  for c in
    select b.* from chargebacks b join payment_intents i on i.id = b.intent_id
     where b.status = 'open' and b.reminded_at is null and b.evidence_submitted_at is null and b.evidence_due_at > now()
       and b.evidence_due_at <= now() + make_interval(hours => (khidma.chargeback_policy(i.booking_id) ->> 'reminderHours')::int)
     order by b.evidence_due_at limit p_limit for update of b skip locked
  loop
    update chargebacks set reminded_at = now() where id = c.id returning * into c;
    select * into strict p from payment_intents where id = c.intent_id;
    perform khidma.emit('chargeback.reminder', 'chargeback', c.id, c.version,
      jsonb_strip_nulls(jsonb_build_object('paymentId', p.id, 'taskerId', p.payee_id, 'evidenceDueAt', khidma.iso(c.evidence_due_at))), array[p.payee_id]);
    return next c;
  end loop;
end $$;
