-- Returns every document whose entries do not add up to its amounts, and the entries whose document does not exist. What approved
-- corrections have explained of a difference (`adjustments.explained`) counts as posted: only the rest of it is one. Only documents and
-- entries that changed since p_since are looked at, and the documents of p_again; without both, all of them.
-- `what`: `captured` and `refunded` of a payment, `returned` of a refund, `charged_back` of a chargeback, `paid` of a payout, `released` of a contract, `posted` of an adjustment,
-- `withheld` of tax collected at source,
-- `granted` and `taken_back` of a grant of credits, `spent` of a hold of credits, and `no_document` of entries.
create or replace function khidma.document_differences(p_since timestamptz default '-infinity', p_again uuid[] default '{}')
returns table (document_type text, document_id uuid, what text, expected bigint, posted bigint) language sql stable as $$
  with documents as (
    select 'payment_intent' as type, p.id, 'captured' as what, p.amount_captured as expected, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.document_type = 'payment_intent' and e.document_id = p.id and e.entry_type = 'capture' and l.amount < 0) as posted
      from payment_intents p where p.updated_at >= p_since or p.id = any (p_again)
    union all
    select 'payment_intent', p.id, 'refunded', p.amount_refunded,
           (select coalesce(sum(r.amount), 0) from refunds r
             where r.intent_id = p.id and r.kind = 'refund'
               and not exists (select from ledger_entries e where e.document_id = r.id and e.posting = 'refund_reversed'))
      from payment_intents p where p.updated_at >= p_since or p.id = any (p_again)
    union all
    -- A refund that its gateway could not make was posted twice: on its way, and back into the wallet.
    select 'refund', r.id, 'returned', r.amount * case r.status when 'failed' then 2 else 1 end, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.document_type = 'refund' and e.document_id = r.id and e.entry_type = 'refund' and l.amount < 0)
      from refunds r where r.updated_at >= p_since or r.id = any (p_again)
    union all
    -- A chargeback is posted when it is opened, and again where it is won or falls on the tasker.
    select 'chargeback', c.id, 'charged_back',
           c.amount * case when c.status = 'won' or (c.status = 'lost' and c.responsible = 'tasker') then 2 else 1 end, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.document_type = 'chargeback' and e.document_id = c.id and e.entry_type = 'refund' and l.amount < 0)
      from chargebacks c where c.updated_at >= p_since or c.id = any (p_again)
    union all
    -- Cash is paid out by the capture of its payment. Of other payouts, what left the accounts of their user: all of it, or, where it
    -- came back, nothing; netted debts are beside it.
    select 'payout', o.id, 'paid', case when o.status = 'paid' then o.amount else 0 end, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e
               join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
              where e.document_id = case o.provider when 'cash' then o.provider_reference::uuid else o.id end
                and case o.provider when 'cash' then e.document_type = 'payment_intent' and e.posting = 'cash_kept'
                                    else e.document_type = 'payout' and e.entry_type = 'payout' and e.posting <> 'debt_netted' end
                and a.kind in ('tasker_payable', 'client_wallet'))
      from payouts o where (o.updated_at >= p_since or o.id = any (p_again)) and o.status::text not in ('scheduled', 'processing')
    union all
    -- The fee for an early end is earned like a milestone.
    select 'contract', c.id, 'released', x.released_amount + x.arbitration_amount, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.booking_id = c.booking_id and e.posting in ('escrow_release', 'escrow_arbitration') and l.amount < 0)
      from contracts c join escrows x on x.contract_id = c.id where x.updated_at >= p_since or c.id = any (p_again)
    union all
    select 'adjustment', a.id, 'posted',
           case when a.status <> 'posted' then 0 when a.kind = 'write_off' then a.commission_amount + a.refund_amount + a.fee_amount
                else (select -sum(l.amount) from jsonb_to_recordset(a.lines) as l (amount bigint) where l.amount < 0) end, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.document_type = 'adjustment' and e.document_id = a.id and l.amount < 0)
      from adjustments a where a.updated_at >= p_since or a.id = any (p_again)
    union all
    select 'tax_withholding', w.id, 'withheld', w.amount, (
             select coalesce(abs(sum(l.amount)), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
              where e.document_type = 'tax_withholding' and e.document_id = w.id and a.kind = 'tcs_payable' and (w.kind = 'returned') = (l.amount < 0))
      from tax_withholdings w where w.created_at >= p_since or w.id = any (p_again)
    union all
    -- Credits that a hold gave back after their grant had expired were never posted away.
    select 'credit_grant', g.id, 'granted', case g.origin when 'moved' then 0 else g.amount end, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.document_type = 'credit_grant' and e.document_id = g.id and e.posting in ('credits_granted', 'credits_returned')
                and l.amount < 0)
      from credit_grants g where g.created_at >= p_since or g.id = any (p_again)
    union all
    select 'credit_grant', g.id, 'taken_back', (
             select coalesce(sum(s.amount), 0) from credit_grant_spends s where s.grant_id = g.id and s.status in ('expired', 'revoked')), (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.document_type = 'credit_grant' and e.document_id = g.id and e.posting in ('credits_expired', 'credits_revoked')
                and l.amount < 0)
      from credit_grants g
     where g.id = any (p_again) or g.id in (select s.grant_id from credit_grant_spends s where s.ended_at >= p_since)
    union all
    select h.document_type, h.document_id, 'spent', sum(h.amount)::bigint, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.document_type = h.document_type and e.document_id = h.document_id and e.posting = 'credits_spent' and l.amount < 0)
      from ledger_holds h
     where h.currency = 'XKC' and h.status = 'captured' and (h.ended_at >= p_since or h.document_id = any (p_again))
     group by h.document_type, h.document_id
  ), missing as (
    select distinct e.document_type as type, coalesce(e.document_id, e.id) as id
      from ledger_entries e
     where (e.created_at >= p_since and (p_since = '-infinity' or e.id >= khidma.first_uuid_v7(p_since - interval '1 day'))
            or e.id = any (p_again) or e.document_id = any (p_again))
       and not coalesce(case e.document_type
         when 'payment_intent' then exists (select from payment_intents x where x.id = e.document_id)
         when 'payment_transaction' then exists (select from payment_transactions x where x.id = e.document_id)
         when 'refund' then exists (select from refunds x where x.id = e.document_id)
         when 'payout' then exists (select from payouts x where x.id = e.document_id)
         when 'chargeback' then exists (select from chargebacks x where x.id = e.document_id)
         when 'reconciliation' then exists (select from reconciliations x where x.id = e.document_id)
         when 'adjustment' then exists (select from adjustments x where x.id = e.document_id)
         when 'booking' then exists (select from bookings x where x.id = e.document_id)
         when 'milestone' then exists (select from milestones x where x.id = e.document_id)
         when 'contract' then exists (select from contracts x where x.id = e.document_id)
         when 'debt_netting' then exists (select from debt_nettings x where x.id = e.document_id)
         when 'erasure_request' then exists (select from erasure_requests x where x.id = e.document_id)
         when 'order' then exists (select from orders x where x.id = e.document_id)
         when 'tax_withholding' then exists (select from tax_withholdings x where x.id = e.document_id)
         when 'invoice' then exists (select from invoices x where x.id = e.document_id)
         when 'credit_grant' then exists (select from credit_grants x where x.id = e.document_id)
         else e.currency = 'XKC' and exists (select from ledger_holds x where x.document_type = e.document_type and x.document_id = e.document_id)
       end, false)
  ), explained as (
    select x.explains_document_id as id, e.what, sum(e.amount::bigint) as amount
      from adjustments x cross join jsonb_each_text(x.explained) e (what, amount)
     where x.status = 'posted' and x.explains_document_id is not null group by 1, 2
  ), compared as (
    select d.type, d.id, d.what, d.expected, d.posted from documents d
    union all
    select m.type, m.id, 'no_document', 0, (
             select coalesce(-sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
              where e.document_type is not distinct from m.type
                and (e.document_id = m.id or (e.document_id is null and e.id = m.id)) and l.amount < 0)
      from missing m
  )
  select c.type, c.id, c.what, c.expected::bigint, (c.posted + coalesce(x.amount, 0))::bigint
    from compared c left join explained x on x.id = c.id and x.what = c.what
   where c.posted + coalesce(x.amount, 0) <> c.expected
$$;

-- Returns what a correction of an amount explains of the differences that a document has now: by kind, signed as what is missing of it.
-- An amount that is less than they are explains a part, in the order of their names. Corrections of one document come one after the
-- other, so that none explains what another has explained.
create or replace function khidma.explained_by(p_document uuid, p_amount bigint) returns jsonb language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('khidma.explained_by:' || p_document, 7));
  return (
    select coalesce(jsonb_object_agg(p.what, case when p.missing < 0 then -p.part else p.part end) filter (where p.part > 0), '{}')
      from (select d.what, d.missing,
                   least(abs(d.missing), greatest(0, p_amount - coalesce(sum(abs(d.missing)) over before, 0)))::bigint as part
              from (select x.what, x.expected - x.posted as missing
                      from khidma.document_differences(now() + interval '1 day', array[p_document]) x where x.document_id = p_document) d
            window before as (order by d.what rows between unbounded preceding and 1 preceding)) p);
end $$;

-- Compares documents with entries once a day, UTC, and keeps the result: what changed since the last check (and a day before it, for
-- transactions that were long), and what differed then. Returns how many checks were made, and what differs.
create or replace function khidma.check_documents() returns json language plpgsql as $$
declare
  before ledger_checks;
  found_differences jsonb;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('khidma.check_documents', 7))
    or exists (select from ledger_checks where created_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC')
    or khidma.has_failed('checkDocuments', interval '1 hour')
  then
    return json_build_object('checks', 0, 'differences', 0);
  end if;
  select * into before from ledger_checks order by id desc limit 1;
  select coalesce(jsonb_agg(jsonb_build_object('documentType', d.document_type, 'documentId', d.document_id, 'what', d.what,
           'expected', d.expected, 'posted', d.posted) order by d.document_id, d.what), '[]') into found_differences
    from khidma.document_differences(coalesce(before.created_at - interval '1 day', '-infinity'),
           array(select (d ->> 'documentId')::uuid from jsonb_array_elements(before.details) d)) d;
  insert into ledger_checks (id, differences, details)
  values (khidma.uuid_v7(), jsonb_array_length(found_differences), found_differences);
  return json_build_object('checks', 1, 'differences', jsonb_array_length(found_differences));
end $$;
