-- Takes the due payouts of a currency into a batch that finance transfers by hand, the longest waiting first; those that a gateway
-- could send as well, if it has not yet. The payouts are begun in the order of their accounts in the books, as wherever several balances are locked. Refuses where none is due.
create or replace function khidma.open_payout_batch(p_id uuid, p_currency text, p_limit int) returns void language plpgsql as $$
declare
  due record;
begin
  insert into payout_batches (id, currency, created_by) values (p_id, p_currency, khidma.actor_id());
  for due in
    with found as (
      select p.id, p.user_id, p.kind, p.currency from payouts p
       where p.status = 'scheduled' and p.currency = p_currency and khidma.may_be_sent(p)
       order by p.scheduled_for, p.id limit p_limit for update skip locked)
    select f.id from found f join ledger_accounts a on a.kind = khidma.payout_source(f.kind) and a.owner_user_id = f.user_id
       and a.owner_name is null and a.currency = f.currency order by a.id
  loop
    perform khidma.start_payout(due.id, null, p_id);
  end loop;
  update payout_batches b set payouts = t.payouts, amount = t.amount
    from (select count(*) as payouts, sum(p.amount) as amount from payouts p where p.batch_id = p_id) t where b.id = p_id and t.payouts > 0;
  if not found then
    perform khidma.refuse(409, 'nothing_to_pay_out');
  end if;
end $$;

-- Writes down what the bank made of the rows of a batch, and closes it with the last. p_rows: [{ payoutId, outcome, reference?,
-- failureCode? }]. Returns a result a row, by its place: done, unchanged (as it was written down already), not_found, or wrong_state. Nothing is paid
-- without a proof.
create or replace function khidma.settle_payout_batch(p_id uuid, p_rows jsonb) returns table (place int, payout_id uuid, result text) language plpgsql as $$
declare
  batch payout_batches;
  row record;
  p payouts;
begin
  select * into batch from payout_batches b where b.id = p_id for update;
  if batch.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif batch.proof_media_id is null and p_rows @> '[{"outcome": "paid"}]' then
    perform khidma.refuse(409, 'payout_proof_required');
  end if;
  for row in
    select r.* from rows from (jsonb_to_recordset(p_rows) as ("payoutId" uuid, outcome text, reference text, "failureCode" text))
        with ordinality as r ("payoutId", outcome, reference, "failureCode", place)
      left join payouts o on o.id = r."payoutId"
      left join ledger_accounts a on a.kind = khidma.payout_source(o.kind) and a.owner_user_id = o.user_id
       and a.owner_name is null and a.currency = o.currency
     order by a.id, r.place
  loop
    place := row.place;
    payout_id := row."payoutId";
    select * into p from payouts o where o.id = row."payoutId" and o.batch_id = p_id for update;
    result := case when p.id is null then 'not_found' when p.status::text = row.outcome then 'unchanged'
                   when p.status = 'processing' then 'done' else 'wrong_state' end;
    if result = 'done' then
      perform khidma.end_payout(khidma.current_attempt(p), row.outcome, row.reference, null, row."failureCode");
    end if;
    return next;
  end loop;
  update payout_batches b set status = 'closed', closed_at = now()
   where b.id = p_id and b.status = 'open' and not exists (select from payouts o where o.batch_id = p_id and o.status = 'processing');
end $$;
