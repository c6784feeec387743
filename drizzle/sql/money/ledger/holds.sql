-- Holds an amount of a guarded account for a document: it is nobody's to spend until the hold ends. One open hold a document.
-- Refuses more than is available (`ledger_balances_guard`). A repeat finds the first and returns its id.
create or replace function khidma.hold(
  p_kind text, p_owner uuid, p_currency text, p_amount bigint, p_reason text, p_document_type text, p_document uuid
) returns uuid language plpgsql as $$
declare
  held uuid;
begin
  insert into ledger_holds (id, account_id, amount, currency, reason, document_type, document_id)
  values (khidma.uuid_v7(), khidma.account_of(p_kind, p_owner, null, p_currency), p_amount, p_currency, p_reason, p_document_type, p_document)
  on conflict (document_type, document_id) where status = 'held' do nothing
  returning id into held;
  if held is null then
    select h.id into strict held from ledger_holds h
     where h.document_type = p_document_type and h.document_id = p_document and h.status = 'held';
  end if;
  return held;
end $$;

-- Ends the open hold of a document, if any, and returns its amount: `captured` right before the posting that spends it.
create or replace function khidma.end_hold(p_document_type text, p_document uuid, p_status hold_status) returns bigint language plpgsql as $$
declare
  ended bigint;
begin
  update ledger_holds set status = p_status, ended_at = now()
   where document_type = p_document_type and document_id = p_document and status = 'held' returning amount into ended;
  return ended;
end $$;

-- Moves what is held of an account with the hold itself: available is balance less held, and the check keeps it from below zero.
create or replace function khidma.move_held() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update public.ledger_balances set held = held + case when tg_op = 'INSERT' then new.amount else -new.amount end, updated_at = now()
   where account_id = new.account_id;
  return null;
end $$;

-- Refuses a hold that begins ended or goes back, and every other change of what it holds.
create or replace function khidma.guard_ledger_hold() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and new.status = 'held' then
    return new;
  elsif tg_op = 'UPDATE' and old.status = 'held' and new.status <> 'held'
    and to_jsonb(new) - array['status', 'ended_at'] = to_jsonb(old) - array['status', 'ended_at'] then
    return new;
  end if;
  raise exception 'a hold is open once, and ends once' using errcode = 'restrict_violation';
end $$;
