-- Returns how many uses are left of an entitlement: none once it is over or taken back.
create or replace function khidma.entitlement_left(e entitlements) returns int language plpgsql stable as $$
begin
  return (
    select case when e.revoked_at is not null or e.valid_until <= now() then 0
                else greatest(e.quantity - e.taken_back - (select count(*)::int from claims c where c.limit_id = 'entitlements.' || e.kind and c.subject = e.id
                                                                                          and c.status <> 'returned'), 0) end);
end $$;

-- Gives an owner so many uses of a kind, for a document (`order`); once for each part of it, however often it is called. Until `p_until`
-- (null: for good). `p_posting_days`: for how long a posting that uses it is public.
create or replace function khidma.grant_entitlement(
  p_owner uuid, p_kind text, p_quantity int, p_document_type text, p_document uuid, p_until timestamptz default null, p_part int default 1,
  p_posting_days int default null
) returns uuid language plpgsql as $$
declare
  given uuid;
begin
  insert into entitlements (id, owner_id, kind, quantity, document_type, document_id, part, valid_until, posting_days)
  values (khidma.uuid_v7(), p_owner, p_kind, p_quantity, p_document_type, p_document, p_part, p_until, p_posting_days)
  on conflict (document_type, document_id, kind, part) do nothing returning id into given;
  return coalesce(given, (select e.id from entitlements e where e.document_type = p_document_type and e.document_id = p_document
                                                            and e.kind = p_kind and e.part = p_part));
end $$;

-- Lets one transaction at a time look at what an owner has of a kind: before any entitlement is locked.
create or replace function khidma.lock_entitlements(p_owner uuid, p_kind text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('entitlements:' || p_kind || ':' || p_owner, 11));
end $$;

-- Returns the entitlement of an owner that is used next: of those with a use left the one that ends first; null where none is.
create or replace function khidma.next_entitlement(p_owner uuid, p_kind text) returns uuid language plpgsql stable as $$
begin
  return (
    select o.id from entitlements o
     where o.owner_id = p_owner and o.kind = p_kind and o.valid_from <= now() and khidma.entitlement_left(o) > 0
     order by o.valid_until nulls last, o.id limit 1);
end $$;

-- Takes one use of the owner's entitlement that ends first, for a document, and returns which it was; refuses where none is left. A document
-- that has one keeps it. The lock of owner and kind lets one at a time look, so that nobody is refused while another entitlement has a use
-- left. What is left decides in `khidma.claim`, whose index lets two never have the same one. `p_status`: used for good, or reserved until
-- the document uses or returns it.
create or replace function khidma.use_entitlement(p_owner uuid, p_kind text, p_document uuid, p_status claim_status default 'used')
returns uuid language plpgsql as $$
declare
  e entitlements;
  taken uuid;
begin
  perform khidma.lock_entitlements(p_owner, p_kind);
  select c.subject into taken from claims c join entitlements o on o.id = c.subject and o.owner_id = p_owner
   where c.document_id = p_document and c.limit_id = 'entitlements.' || p_kind and c.status <> 'returned';
  if taken is not null then
    return taken;
  end if;
  select o.* into e from entitlements o where o.id = khidma.next_entitlement(p_owner, p_kind) for no key update;
  if not found then
    perform khidma.refuse(409, 'entitlement_used_up', jsonb_build_object('kind', p_kind));
  end if;
  perform khidma.claim('entitlements.' || p_kind, e.id, p_document, e.quantity);
  if p_status = 'used' then
    perform khidma.settle_claims('entitlements.' || p_kind, array[p_document], 'used');
  end if;
  return e.id;
end $$;

-- Gives back the use that a document took, and returns whether it had one. It is usable again until its entitlement ends. Where that has
-- ended meanwhile, it is given again for as long as was left when it was taken, so that waiting costs nobody a use; a refund of what it was
-- bought by takes that back as well.
create or replace function khidma.return_entitlement(p_kind text, p_document uuid) returns boolean language plpgsql as $$
declare
  e entitlements;
  taken timestamptz;
begin
  select o.id, o.owner_id, c.created_at into e.id, e.owner_id, taken from claims c join entitlements o on o.id = c.subject
   where c.document_id = p_document and c.limit_id = 'entitlements.' || p_kind and c.status <> 'returned';
  if e.id is null then
    return false;
  end if;
  perform khidma.lock_entitlements(e.owner_id, p_kind);
  select * into strict e from entitlements o where o.id = e.id for no key update;
  if khidma.return_claims('entitlements.' || p_kind, p_document) = 0 then
    return false;
  end if;
  if e.revoked_at is null and e.valid_until <= now() then
    perform khidma.grant_entitlement(e.owner_id, e.kind, 1, e.document_type, e.document_id, now() + (e.valid_until - taken),
      (select max(o.part) + 1 from entitlements o where o.document_type = e.document_type and o.document_id = e.document_id and o.kind = e.kind),
      e.posting_days);
  end if;
  return true;
end $$;

-- Locks the entitlements of an owner, all kinds in one order: whoever uses one locks owner and kind before the row.
create or replace function khidma.lock_entitlements(p_owner uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('entitlements:' || k || ':' || p_owner, 11)) from unnest(array['contact_view', 'job_posting']) k;
end $$;

-- Takes back the uses that some units of a document's part gave, `p_units` of `p_of`, and returns how many of them were left. What was used
-- stays used; where fewer are left than those units gave, it is refused unless `p_even_if_used`.
create or replace function khidma.take_back_entitlements(
  p_document_type text, p_document uuid, p_part int, p_units int, p_of int, p_even_if_used boolean
) returns int language plpgsql as $$
declare
  taken int := 0;
  uses int;
  unspent int;
  e entitlements;
begin
  perform khidma.lock_entitlements(o.owner_id) from (
    select distinct x.owner_id from entitlements x where x.document_type = p_document_type and x.document_id = p_document) o;
  for e in select * from entitlements o where o.document_type = p_document_type and o.document_id = p_document and o.part = p_part
            and o.revoked_at is null order by o.id for update loop
    uses := e.quantity / p_of * p_units;
    unspent := least(khidma.entitlement_left(e), uses);
    if unspent < uses and not p_even_if_used then
      perform khidma.refuse(409, 'order_used', jsonb_build_object('kind', e.kind, 'left', unspent, 'needed', uses));
    end if;
    taken := taken + unspent;
    update entitlements
       set taken_back = e.taken_back + uses, revoked_at = case when e.taken_back + uses = e.quantity then now() end
     where id = e.id;
  end loop;
  return taken;
end $$;
