-- Promises that every contract keeps at the commit, whoever wrote what: `contract_holds` fires for its rows and for entries of its money.

-- Checks that a contract is what both have signed, that its milestones add up to its total, that escrow holds what its entries say and what
-- its open milestones need, and that an ended contract leaves nothing open.
create or replace function khidma.check_contract() returns trigger language plpgsql as $$
declare
  row_now jsonb := to_jsonb(coalesce(new, old));
  c contracts;
  e escrows;
  held bigint;
  posted record;
  summed record;
begin
  select * into c from contracts x
   where case tg_table_name when 'contracts' then x.id = (row_now ->> 'id')::uuid
                            when 'ledger_entries' then x.booking_id = (row_now ->> 'booking_id')::uuid and x.signed_sha256 is not null
                            else x.id = (row_now ->> 'contract_id')::uuid end;
  if c.id is null then
    return null;
  end if;
  select coalesce(sum(m.amount) filter (where m.outcome is distinct from 'removed'), 0) as total,
         coalesce(sum(m.amount) filter (where m.funded_at is not null and m.ended_at is null), 0) as needed,
         count(*) filter (where m.ended_at is null) as open
    into summed from milestones m where m.contract_id = c.id;
  if summed.total <> c.total_amount then
    raise exception 'the milestones of contract % are %, its total is %', c.id, summed.total, c.total_amount
      using errcode = 'check_violation', constraint = 'contracts_total';
  end if;
  if c.status = 'active' and khidma.text_sha256(khidma.contract_text(c)) <> c.signed_sha256 then
    raise exception 'contract % does not say what was signed', c.id using errcode = 'check_violation', constraint = 'contracts_signed_text';
  end if;
  select * into e from escrows x where x.contract_id = c.id;
  held := coalesce(e.funded_amount - e.released_amount - e.refunded_amount - e.arbitration_amount, 0);
  select coalesce(sum(l.amount), 0) as held,
         coalesce(sum(l.amount) filter (where n.posting in ('escrow_funded', 'escrow_funded_from_wallet')), 0) as funded,
         coalesce(-sum(l.amount) filter (where n.posting = 'escrow_release'), 0) as released,
         coalesce(-sum(l.amount) filter (where n.posting = 'escrow_arbitration'), 0) as arbitration
    into posted
    from ledger_entries n join ledger_lines l on l.entry_id = n.id join ledger_accounts a on a.id = l.account_id
   where n.booking_id = c.booking_id and n.posting like 'escrow\_%' and a.kind = 'escrow';
  if (posted.held, posted.funded, posted.released, posted.arbitration)
     <> (held, coalesce(e.funded_amount, 0), coalesce(e.released_amount, 0), coalesce(e.arbitration_amount, 0))
     or held <> summed.needed then
    raise exception 'escrow of contract % holds %, its entries say %, its milestones need %', c.id, held, posted.held, summed.needed
      using errcode = 'check_violation', constraint = 'escrow_matches';
  end if;
  if (c.status in ('completed', 'canceled') and (summed.open > 0 or held > 0
        or exists (select from contract_amendments x where x.contract_id = c.id and x.status = 'pending')))
     or (c.status = 'active' and summed.open = 0) then
    raise exception 'contract % is % with % open milestones and % held', c.id, c.status, summed.open, held
      using errcode = 'check_violation', constraint = 'contract_ends_whole';
  end if;
  return null;
end $$;
