-- Takes a seat under a limit for a document, in the transaction that writes it; refuses where all `p_most` are taken. Until `p_until`
-- (null: for good) the seat is nobody else's, unless it is given back. The lock lets one at a time look for a seat; the index
-- `claims_one_a_seat` holds it.
create or replace function khidma.claim(p_limit text, p_subject uuid, p_document uuid, p_most int, p_until timestamptz default null)
returns void language plpgsql as $$
declare
  free int;
begin
  perform pg_advisory_xact_lock(hashtextextended('claims:' || p_limit || ':' || p_subject, 11));
  -- A seat whose time is over is taken over: its row stays for the record until it is purged.
  update claims set status = 'returned', settled_at = coalesce(settled_at, now())
   where limit_id = p_limit and subject = p_subject and status <> 'returned' and until <= now();
  select s into free from generate_series(1, p_most) s
   where not exists (select from claims c where c.limit_id = p_limit and c.subject = p_subject and c.seat = s and c.status <> 'returned')
   order by s limit 1;
  if free is null then
    perform khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', p_most));
  end if;
  insert into claims (id, limit_id, subject, document_id, seat, until)
  values (khidma.uuid_v7(), p_limit, p_subject, p_document, free, p_until);
end $$;

-- Settles the reserved seats of documents under a limit: `used`, or `returned` to whoever comes next.
create or replace function khidma.settle_claims(p_limit text, p_documents uuid[], p_status claim_status) returns void language plpgsql as $$
begin
  update claims set status = p_status, settled_at = now()
   where document_id = any (p_documents) and limit_id = p_limit and status = 'reserved';
end $$;

-- Gives back the seats of a document under a limit, used ones as well, and returns how many those were.
create or replace function khidma.return_claims(p_limit text, p_document uuid) returns int language plpgsql as $$
declare
  given_back int;
begin
  update claims set status = 'returned', settled_at = now()
   where document_id = p_document and limit_id = p_limit and status <> 'returned';
  get diagnostics given_back = row_count;
  return given_back;
end $$;

-- Uses the reserved seats of a document under a limit for good: they are nobody else's any more, however late it is.
create or replace function khidma.keep_claims(p_limit text, p_document uuid) returns void language plpgsql as $$
begin
  update claims set status = 'used', settled_at = now(), until = null
   where document_id = p_document and limit_id = p_limit and status = 'reserved';
end $$;

-- Returns how many seats of a subject under a limit are taken now.
create or replace function khidma.seats_taken(p_limit text, p_subject uuid) returns int language plpgsql stable as $$
begin
  return (
    select count(*)::int from claims c
     where c.limit_id = p_limit and c.subject = p_subject and c.status <> 'returned' and (c.until is null or c.until > now()));
end $$;

-- Deletes claims whose time has been over for their period, at most `p_limit`.
create or replace function khidma.purge_claims(p_limit int) returns json language plpgsql as $$
declare
  gone int;
begin
  delete from claims where ctid = any (array(
    select c.ctid from claims c where c.until < now() - khidma.retention_period('claims')
     order by c.until limit p_limit for update skip locked));
  get diagnostics gone = row_count;
  return json_build_object('claims', gone);
end $$;
