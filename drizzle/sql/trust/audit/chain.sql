-- Returns the digest of an entry's payload: salt, meta, IP address and user agent.
create or replace function khidma.audit_payload_digest(p_salt uuid, p_meta jsonb, p_ip text, p_user_agent text) returns bytea
language sql stable parallel safe as $$
  select sha256(convert_to(jsonb_build_array(p_salt, p_meta, p_ip, p_user_agent)::text, 'UTF8'))
$$;

-- Returns the hash of an entry after the previous hash. Times are microseconds: a digest must not depend on a connection's time
-- zone. Day and position are not covered: they follow from the chain itself.
create or replace function khidma.audit_hash(p_previous bytea, p_row audit_log) returns bytea language sql stable parallel safe as $$
  select sha256(p_previous || sha256(convert_to(jsonb_build_array(
    p_row.id, p_row.actor_type, p_row.actor_id, p_row.actor_user_id, p_row.actor_role, p_row.source_id, p_row.subject_user_id,
    p_row.module, p_row.action, p_row.target_type, p_row.target_id, p_row.request_id, p_row.correlation_id, p_row.status,
    (extract(epoch from p_row.created_at) * 1000000)::bigint, (extract(epoch from p_row.sealed_at) * 1000000)::bigint,
    encode(p_row.changes_digest, 'hex'))::text, 'UTF8')))
$$;

-- Returns whether an entry's payload fits its digest. A redacted row has no salt left to prove its payload by: it must be blank,
-- and an entry must say who blanked it.
create or replace function khidma.audit_payload_holds(p_row audit_log) returns boolean language plpgsql stable as $$
begin
  return (
    select case when p_row.redacted_at is null then
        p_row.changes_digest = khidma.audit_payload_digest(p_row.salt, p_row.meta, p_row.ip_address, p_row.user_agent)
      else p_row.salt is null and p_row.ip_address is null and p_row.user_agent is null and p_row.meta = khidma.redacted_meta(p_row.meta)
        and exists (select 1 from audit_log e where e.id = p_row.redacted_by and e.action = 'audit_log.redact' and e.created_at = p_row.redacted_at)
      end);
end $$;

-- Reports a row that follows another one than it was sealed after: that one is elsewhere in the chain (reordered) or gone
-- (missing).
create or replace function khidma.broken_link(p_day date, p_position bigint, p_previous bytea, p_id uuid) returns json language plpgsql stable as $$
begin
  return (
    select case when exists (select 1 from audit_log l where l.day between p_day - 31 and p_day + 31 and l.hash = p_previous)
      then json_build_object('id', p_id, 'day', p_day, 'position', p_position, 'reason', 'reordered')
      else json_build_object('id', null, 'day', p_day, 'position', p_position, 'reason', 'missing') end);
end $$;

-- Reports a broken row, with the reason.
create or replace function khidma.broken_row(p_row audit_log, p_reason text) returns json language sql stable as $$
  select json_build_object('id', p_row.id, 'day', p_row.day, 'position', p_row.chain_position, 'reason', p_reason)
$$;

-- Stores a day of the chain: inserts it, or lets it grow. Runs with the owner's rights; only `seal_audit` calls it.
create or replace function khidma.keep_audit_day(p_day audit_days) returns void language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  insert into audit_days (day, row_count, previous_hash, head_hash, sealed_at)
  values (p_day.day, p_day.row_count, p_day.previous_hash, p_day.head_hash, p_day.sealed_at)
  on conflict (day) do update set row_count = excluded.row_count, head_hash = excluded.head_hash, sealed_at = excluded.sealed_at
    where audit_days.row_count < excluded.row_count;
end $$;

-- Refuses changes of a day but two: the last day grows, and a day is marked as purged once its period of retention is over.
create or replace function khidma.guard_audit_days() returns trigger language plpgsql as $$
declare
  allowed audit_days;
begin
  if tg_op = 'UPDATE' then
    allowed := old;
    if new.purged_at is not null and old.purged_at is null then
      allowed.purged_at := now();
      if new is not distinct from allowed and old.day < khidma.audit_kept_since() then
        return new;
      end if;
    else
      allowed.row_count := new.row_count;
      allowed.head_hash := new.head_hash;
      allowed.sealed_at := new.sealed_at;
      if new is not distinct from allowed and new.row_count > old.row_count
        and not exists (select 1 from audit_days d where d.day > old.day) then
        return new;
      end if;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Seals committed rows into the chain, in the order of ids, at most `p_limit` rows. A row that became visible after a later day
-- was opened (its transaction ran over midnight) joins the day that is open: no day waits for a transaction. Without `p_wait` a
-- second sealer leaves at once. `overdue` counts rows that have waited for longer than the sealer should ever need; `closed` are
-- the days of the last week that will grow no more.
create or replace function khidma.seal_audit(p_limit int, p_wait boolean, out sealed int, out overdue int, out closed json)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  open_day audit_days;
  row_day date;
  a audit_log;
begin
  sealed := 0;
  closed := '[]';
  select count(*) into overdue from audit_log l where l.hash is null and l.created_at < now() - interval '5 minutes';
  if p_wait then
    perform pg_advisory_xact_lock(hashtextextended('audit_chain', 17));
  elsif not pg_try_advisory_xact_lock(hashtextextended('audit_chain', 17)) then
    return;
  end if;
  select * into open_day from audit_days d order by d.day desc limit 1;
  for a in select * from audit_log l where l.hash is null and l.chain_position is null order by l.id limit p_limit loop
    row_day := least((a.created_at at time zone 'UTC')::date, (now() at time zone 'UTC')::date);
    if open_day.day is null or row_day > open_day.day then
      if open_day.day is not null then
        perform khidma.keep_audit_day(open_day);
      end if;
      open_day := row(row_day, 0, coalesce(open_day.head_hash, decode(repeat('00', 32), 'hex')),
                      coalesce(open_day.head_hash, decode(repeat('00', 32), 'hex')), now(), null);
    end if;
    a.day := open_day.day;
    a.chain_position := open_day.row_count + 1;
    a.previous_hash := open_day.head_hash;
    a.sealed_at := now();
    a.hash := khidma.audit_hash(a.previous_hash, a);
    update audit_log l set day = a.day, chain_position = a.chain_position, previous_hash = a.previous_hash, hash = a.hash, sealed_at = a.sealed_at
      where l.id = a.id;
    open_day.row_count := a.chain_position;
    open_day.head_hash := a.hash;
    open_day.sealed_at := a.sealed_at;
    sealed := sealed + 1;
  end loop;
  if sealed > 0 then
    perform khidma.keep_audit_day(open_day);
  end if;
  select coalesce(json_agg(json_build_object('day', d.day, 'rows', d.row_count, 'head', encode(d.head_hash, 'hex')) order by d.day), '[]')
    into closed from audit_days d where d.day < open_day.day and d.day > open_day.day - 8;
end $$;

-- Verifies the chain from `p_from` to `p_to`, at most `p_limit` rows after (`p_after_day`, `p_after_position`), and stops at the
-- first row that is not as it was sealed:
--   changed    its hash does not fit the row, or its digest does not fit the payload;
--   missing    the row that it was sealed after is gone (position tells which), or the end of its day is;
--   reordered  all rows are there, but in another order;
--   unsealed   it has no hash, or waited for one for longer than five minutes when the verification began.
create or replace function khidma.verify_audit(
  p_from date, p_to date, p_after_day date, p_after_position bigint, p_limit int,
  out verified int, out redacted int, out sealed_late int, out through_day date, out through_position bigint,
  out complete boolean, out broken json, out days json
) language plpgsql as $$
declare
  waiting audit_log;
  a audit_log;
  of_day audit_days;
  last_hash bytea;
  at_day date := p_after_day;
  at_position bigint := coalesce(p_after_position, 0);
begin
  verified := 0; redacted := 0; sealed_late := 0; complete := true;
  through_day := p_after_day; through_position := p_after_position;
  select * into waiting from audit_log l
    where l.hash is null and l.chain_position is null and l.created_at < now() - interval '5 minutes'
      and (l.created_at at time zone 'UTC')::date between p_from and p_to
    order by l.id limit 1;
  begin
    perform khidma.seal_audit(p_limit, true);
  exception when unique_violation then
    null; -- Somebody put a row where the next one belongs: the walk will name it.
  end;
  select coalesce(json_agg(json_build_object('day', d.day, 'rows', d.row_count, 'head', encode(d.head_hash, 'hex'),
           'purged', d.purged_at is not null) order by d.day), '[]') into days
    from audit_days d where d.day between p_from and p_to;

  for of_day in select * from audit_days d where d.day between greatest(p_from, p_after_day) and p_to and d.purged_at is null order by d.day loop
    if of_day.day is distinct from p_after_day then
      at_position := 0;
      -- The head of the day before, as `audit_days` holds it now: a day that was removed whole is missed here.
      select d.head_hash into last_hash from audit_days d where d.day < of_day.day order by d.day desc limit 1;
      last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
      if last_hash <> of_day.previous_hash then
        broken := khidma.broken_link(of_day.day, 1, of_day.previous_hash, null);
        return;
      end if;
    else
      select l.hash into last_hash from audit_log l where l.day = p_after_day and l.chain_position = p_after_position;
    end if;
    for a in select * from audit_log l where l.day = of_day.day and l.chain_position > at_position order by l.chain_position loop
      if verified = p_limit then
        complete := false;
        return;
      end if;
      if a.hash is null or a.previous_hash is null or a.sealed_at is null then
        broken := khidma.broken_row(a, 'unsealed');
      elsif a.hash <> khidma.audit_hash(a.previous_hash, a) or not khidma.audit_payload_holds(a)
        or a.chain_position > of_day.row_count then
        broken := khidma.broken_row(a, 'changed');
      elsif a.previous_hash is distinct from last_hash then
        broken := khidma.broken_link(a.day, at_position + 1, a.previous_hash, a.id);
      elsif a.chain_position <> at_position + 1 then
        broken := khidma.broken_row(a, 'reordered');
      end if;
      if broken is not null then
        return;
      end if;
      verified := verified + 1;
      redacted := redacted + (a.redacted_at is not null)::int;
      sealed_late := sealed_late + (a.sealed_at > a.created_at + interval '5 minutes')::int;
      last_hash := a.hash; at_position := a.chain_position; through_day := a.day; through_position := a.chain_position;
    end loop;
    if at_position = of_day.row_count and last_hash <> of_day.head_hash then
      -- All rows fit together, but do not end where the day ended: the day was made anew.
      broken := khidma.broken_row(a, 'changed');
      return;
    elsif at_position <> of_day.row_count then
      broken := json_build_object('id', null, 'day', of_day.day, 'position', at_position + 1, 'reason', 'missing');
      return;
    end if;
  end loop;
  -- Rows of a day that is not in `audit_days`, such as one written by hand with its place in it.
  select * into a from audit_log l where l.day between p_from and p_to and not exists (select 1 from audit_days d where d.day = l.day)
    order by l.day, l.chain_position limit 1;
  if found then
    broken := khidma.broken_row(a, 'missing');
  elsif waiting.id is not null then
    broken := json_build_object('id', waiting.id, 'day', (waiting.created_at at time zone 'UTC')::date, 'position', null, 'reason', 'unsealed');
  end if;
end $$;

revoke execute on function khidma.keep_audit_day(audit_days) from public;
