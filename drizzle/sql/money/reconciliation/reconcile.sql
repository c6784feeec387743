-- Compares a day of a gateway with the books, writes what it finds, and books fees that are not booked. p_rows is the gateway's list,
-- `GatewayTransaction`s of src/providers/payments/gateway.ts. A thing that moves money on several days (a refund that comes back) is
-- right if the days add up to what the books say. Run again, it replaces everything but what people have explained and what has not
-- changed since.
create or replace function khidma.reconcile(p_id uuid, p_rows jsonb) returns void language plpgsql as $$
declare
  r reconciliations;
  began timestamptz;
  ended timestamptz;
  posted int;
begin
  perform khidma.lock_reconciliations(p_id);
  select * into strict r from reconciliations where id = p_id for update;
  began := r.day::timestamp at time zone 'UTC';
  ended := (r.day + 1)::timestamp at time zone 'UTC';
  delete from reconciliation_items where reconciliation_id = r.id and resolved_by is null;

  with there as (
    select x.kind, x."gatewayReference" as ref, min(x.reference) as reference, x.currency, sum(x."amountMinor")::bigint as amount,
           sum(x."feeMinor")::bigint as fee, min(x.at) as at
      from jsonb_to_recordset(p_rows) as x (kind text, "gatewayReference" text, reference text, currency text, "amountMinor" bigint,
             "feeMinor" bigint, at timestamptz)
     group by x.kind, x."gatewayReference", x.currency
  ), found as (
    select t.*, coalesce(named.document_type, ours.document_type, sent.document_type) as document_type,
           coalesce(named.document_id, ours.document_id, sent.document_id) as document_id, coalesce(named.booking_id, ours.booking_id) as booking_id,
           coalesce(named.amount, ours.amount, sent.amount) - other.amount as here,
           t.fee + other.fee as fee_so_far, other.is_fee_booked
      from there t
      left join lateral (
        select d.* from gateway_documents d
         where d.kind = t.kind and d.gateway = r.gateway and d.gateway_reference = t.ref and d.currency = t.currency limit 1) named on true
      left join lateral (
        select d.* from gateway_documents d
         where named.document_id is null and t.reference ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and d.document_id = t.reference::uuid
           and d.kind = t.kind and d.gateway = r.gateway and d.currency = t.currency limit 1) ours on true
      left join lateral (
        select d.* from gateway_documents d
         where named.document_id is null and d.reference = t.reference
           and d.kind = t.kind and d.gateway = r.gateway and d.currency = t.currency limit 1) sent on true
     cross join lateral (
        select coalesce(sum(i.amount_there) filter (where o.config_id = r.config_id), 0)::bigint as amount,
               coalesce(sum(i.fee) filter (where o.config_id = r.config_id), 0)::bigint as fee, coalesce(bool_or(i.kind = 'fee'), false) as is_fee_booked
          from reconciliation_items i join reconciliations o on o.id = i.reconciliation_id
         where i.gateway_reference = t.ref and i.kind = t.kind and i.currency = t.currency and o.gateway = r.gateway and o.id <> r.id) other
  ), priced as (
    select f.kind, f.ref, f.reference, f.currency, f.at, f.amount, f.booking_id,
           case when f.kind = 'fee' then f.amount else f.here end as here,
           case when f.kind = 'fee' then 'reconciliation' else f.document_type end as document_type,
           case when f.kind = 'fee' then r.id else f.document_id end as document_id,
           f.fee, case when f.kind = 'fee' then 'fee-' || f.ref else 'reconciled-' || r.day || '-' || f.fee_so_far end as part,
           case when f.kind = 'fee' then case when f.is_fee_booked then 0 else f.fee - f.amount end
                when f.document_id is not null and f.fee <> 0 then f.fee_so_far - khidma.fees_booked_for(f.document_id)
                else 0 end as unbooked
      from found f
  ), listed as (
    select case when p.here is null then 'missing_here' when p.here <> p.amount then 'amount_differs'
                when p.unbooked <> 0 or exists (
                  select from ledger_entries e
                   where e.document_id = p.document_id and e.posting = 'gateway_fee'
                     and e.reference_id = p.document_type || ':' || p.document_id || ':' || p.part) then 'fee_booked'
                else 'matched' end as outcome, p.*
      from priced p
  ), missing as (
    select d.* from gateway_documents d
     where d.config_id = r.config_id and d.at >= began and d.at < ended and d.amount <> 0
       and d.document_id >= khidma.first_uuid_v7(began - interval '45 days') and d.document_id < khidma.first_uuid_v7(ended + interval '1 hour')
       and not exists (select from listed l where l.document_id = d.document_id)
       and not exists (select from reconciliation_items i where i.document_id = d.document_id and i.amount_there is not null and i.reconciliation_id <> r.id)
  ), written as (
    insert into reconciliation_items as w (id, reconciliation_id, outcome, kind, gateway_reference, reference, currency, amount_there, amount_here, fee,
                                           document_type, document_id, occurred_at)
    select khidma.uuid_v7(), r.id, l.outcome, l.kind, l.ref, l.reference, l.currency, l.amount, l.here, l.fee, l.document_type, l.document_id, l.at from listed l
    union all
    select khidma.uuid_v7(), r.id, 'missing_there', m.kind, coalesce(m.gateway_reference, m.document_id::text), m.document_id::text, m.currency, null,
           m.amount, 0, m.document_type, m.document_id, m.at from missing m
    on conflict on constraint reconciliation_items_key do update
      set outcome = excluded.outcome, amount_there = excluded.amount_there, amount_here = excluded.amount_here, fee = excluded.fee,
          document_type = excluded.document_type, document_id = excluded.document_id, resolved_at = null, resolved_by = null, note = null
      where (w.outcome, w.amount_there, w.amount_here) is distinct from (excluded.outcome, excluded.amount_there, excluded.amount_here)
  )
  select count(khidma.post('gateway_fee', l.document_type, l.document_id, l.part, l.booking_id, l.currency, jsonb_build_object('gateway', r.gateway),
           jsonb_build_object('fee', l.unbooked))) into posted
    from listed l where l.unbooked <> 0;

  update reconciliations set status = 'balanced', finished_at = now(), failure = null where id = r.id;
  perform khidma.count_reconciliation(earlier.id) from (select distinct e.id from khidma.explain_earlier(r) as e (id)) earlier;
  perform khidma.count_reconciliation(r.id);
end $$;

-- Takes the lock under which days of one gateway are compared and explained: a run explains items of other days too.
create or replace function khidma.lock_reconciliations(p_id uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('reconciliations:' || r.gateway, 7)) from reconciliations r where r.id = p_id;
end $$;

-- Explains what other days missed, or had otherwise, by what this one has found; returns those days.
create or replace function khidma.explain_earlier(r reconciliations) returns setof uuid language sql as $$
  update reconciliation_items i set resolved_at = now(), note = 'Explained by ' || r.day
    from reconciliations o, reconciliation_items n
   where o.id = i.reconciliation_id and o.gateway = r.gateway and o.id <> r.id and i.resolved_at is null and i.outcome in ('missing_there', 'amount_differs')
     and n.reconciliation_id = r.id and n.document_id = i.document_id and n.outcome in ('matched', 'fee_booked')
  returning o.id
$$;

-- Counts the items of a reconciliation that has run, and says whether anything of it is unexplained.
create or replace function khidma.count_reconciliation(p_id uuid) returns void language plpgsql as $$
begin
  update reconciliations r
     set matched = n.matched, fees_booked = n.fees_booked, missing_here = n.missing_here, missing_there = n.missing_there,
         amount_differs = n.amount_differs, unexplained = n.unexplained, sums = s.sums,
         status = case when r.status not in ('balanced', 'unexplained') then r.status when n.unexplained > 0 then 'unexplained' else 'balanced' end
    from (select count(*) filter (where i.outcome = 'matched') as matched, count(*) filter (where i.outcome = 'fee_booked') as fees_booked,
                 count(*) filter (where i.outcome = 'missing_here') as missing_here, count(*) filter (where i.outcome = 'missing_there') as missing_there,
                 count(*) filter (where i.outcome = 'amount_differs') as amount_differs,
                 count(*) filter (where i.resolved_at is null and i.outcome in ('missing_here', 'missing_there', 'amount_differs')) as unexplained
            from reconciliation_items i where i.reconciliation_id = p_id) n,
         (select coalesce(jsonb_agg(jsonb_build_object('currency', c.currency, 'there', c.there, 'here', c.here, 'fees', c.fees) order by c.currency), '[]') as sums
            from (select i.currency, coalesce(sum(i.amount_there) filter (where i.kind <> 'fee'), 0) as there,
                         coalesce(sum(i.amount_here) filter (where i.kind <> 'fee'), 0) as here,
                         sum(i.fee) - coalesce(sum(i.amount_there) filter (where i.kind = 'fee'), 0) as fees
                    from reconciliation_items i where i.reconciliation_id = p_id group by i.currency) c) s
   where r.id = p_id;
end $$;

-- Explains an item with a note. Refuses one that needs no explanation, or has one.
create or replace function khidma.resolve_item(p_id uuid, p_note text) returns void language plpgsql as $$
declare
  i reconciliation_items;
begin
  perform khidma.lock_reconciliations(x.reconciliation_id) from reconciliation_items x where x.id = p_id;
  select * into i from reconciliation_items where id = p_id for update;
  if i.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif i.resolved_at is not null or i.outcome in ('matched', 'fee_booked') then
    perform khidma.refuse(409, 'nothing_to_resolve');
  end if;
  update reconciliation_items set resolved_at = now(), resolved_by = khidma.actor_id(), note = p_note where id = i.id;
  perform khidma.count_reconciliation(i.reconciliation_id);
end $$;
