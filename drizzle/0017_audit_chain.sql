-- Who did what, as what, from where, and how it ended; chained by day, so that nobody can rewrite it unseen.
--
-- A row is written unchained, in the transaction of its change: no writer waits for another. `khidma.seal_audit` (each
-- minute, and before every verification) then chains the committed rows one after another under one advisory lock.
-- hash = sha256(hash of the row before || sha256(the row, with the digest of its payload)); a day's first row follows the
-- last row of the day before. `audit_days` keeps each day's count and head.
--
-- Payload (meta, address, user agent) enters by its digest alone, salted and computed when the row is written. Erasure may
-- therefore blank the payload: the chain still holds, the row says so, and without the salt the digest tells nothing.
alter table audit_log
  add column actor_type text,
  add column actor_id text,
  add column source_id text,
  add column subject_user_id uuid,
  add column module text,
  add column correlation_id text,
  add column status text not null default 'succeeded',
  add column salt uuid,
  add column changes_digest bytea,
  add column redacted_at timestamp with time zone,
  add column redacted_by uuid,
  add column day date,
  add column chain_position bigint,
  add column previous_hash bytea,
  add column hash bytea,
  add column sealed_at timestamp with time zone,
  add constraint audit_log_actor_type check (actor_type in ('user', 'employee', 'system', 'cron', 'key', 'provider', 'anonymous', 'database')),
  add constraint audit_log_status check (status in ('succeeded', 'refused', 'failed'));
--> statement-breakpoint
create table audit_days (
  day date primary key,
  row_count bigint not null,
  previous_hash bytea not null,
  head_hash bytea not null,
  sealed_at timestamp with time zone not null,
  purged_at timestamp with time zone
);
--> statement-breakpoint
create unique index audit_log_chain_key on audit_log (day, chain_position);
--> statement-breakpoint
create index idx_audit_log_unsealed on audit_log (id) where hash is null;
--> statement-breakpoint
create index idx_audit_log_actor_id on audit_log (actor_id, id desc);
--> statement-breakpoint
create index idx_audit_log_subject on audit_log (subject_user_id, id desc);
--> statement-breakpoint
create index idx_audit_log_module on audit_log (module, id desc);
--> statement-breakpoint
create index idx_audit_log_action on audit_log (action, id desc);
--> statement-breakpoint
create index idx_audit_log_request on audit_log (request_id);
--> statement-breakpoint
create index idx_audit_log_correlation on audit_log (correlation_id);
--> statement-breakpoint
create index idx_audit_log_not_succeeded on audit_log (id desc) where status <> 'succeeded';
--> statement-breakpoint
-- The area that a table belongs to. A test holds that every audited table has one.
create function khidma.audit_module(p_target_type text) returns text language sql immutable parallel safe as $$
  select case
    when p_target_type in ('roles', 'permissions', 'role_permissions', 'user_roles') then 'access'
    when p_target_type in ('departments', 'designations', 'employees') then 'organisation'
    when p_target_type in ('client_profiles', 'company_profiles', 'candidate_profiles', 'favourite_taskers', 'user_settings',
                           'user_verifications', 'user_languages', 'languages', 'addresses', 'user_addresses') then 'profiles'
    when p_target_type in ('api_keys') then 'api-keys'
    when p_target_type like 'user%' or p_target_type like 'session%' or p_target_type like 'mfa%'
      or p_target_type like 'password%' or p_target_type like 'credential%' or p_target_type like '%\_otp%'
      or p_target_type like 'otp%' or p_target_type like 'email%' or p_target_type like 'backup%' then 'identity'
    when p_target_type like 'erasure%' or p_target_type like 'export%' or p_target_type like 'data\_%' or p_target_type like 'consent%'
      or p_target_type like 'legal\_hold%' or p_target_type like 'privacy%' then 'privacy'
    when p_target_type like 'tasker%' then 'taskers'
    when p_target_type like 'task\_categor%' or p_target_type = 'pricing_bands' then 'catalog'
    when p_target_type = 'task_candidates' or p_target_type = 'offers' then 'matching'
    when p_target_type like 'task%' then 'tasks'
    when p_target_type like 'booking%' then 'bookings'
    when p_target_type like 'payment%' or p_target_type = 'payouts' then 'payments'
    when p_target_type like 'ledger%' then 'ledger'
    when p_target_type = 'reviews' then 'reviews'
    when p_target_type like 'dispute%' or p_target_type = 'reports' then 'trust'
    when p_target_type like 'notification%' then 'notifications'
    when p_target_type like 'webhook%' then 'webhooks'
    when p_target_type like 'media%' then 'media'
    when p_target_type like 'conversation%' or p_target_type like 'message%' then 'chat'
    when p_target_type like 'audit%' then 'audit'
    else 'platform'
  end
$$;
--> statement-breakpoint
create function khidma.audit_payload_digest(p_salt uuid, p_meta jsonb, p_ip text, p_user_agent text) returns bytea
language sql stable parallel safe as $$
  select sha256(convert_to(jsonb_build_array(p_salt, p_meta, p_ip, p_user_agent)::text, 'UTF8'))
$$;
--> statement-breakpoint
-- Times as microseconds: what a digest covers must not depend on a connection's time zone. Day and position are not
-- covered, they follow from the chain itself.
create function khidma.audit_hash(p_previous bytea, p_row audit_log) returns bytea language sql stable parallel safe as $$
  select sha256(p_previous || sha256(convert_to(jsonb_build_array(
    p_row.id, p_row.actor_type, p_row.actor_id, p_row.actor_user_id, p_row.actor_role, p_row.source_id, p_row.subject_user_id,
    p_row.module, p_row.action, p_row.target_type, p_row.target_id, p_row.request_id, p_row.correlation_id, p_row.status,
    (extract(epoch from p_row.created_at) * 1000000)::bigint, (extract(epoch from p_row.sealed_at) * 1000000)::bigint,
    encode(p_row.changes_digest, 'hex'))::text, 'UTF8')))
$$;
--> statement-breakpoint
-- Every row says who, whichever function inserts it. What proves it is never the writer's to choose.
create function khidma.stamp_audit() returns trigger language plpgsql as $$
declare
  call jsonb := coalesce(nullif(current_setting('khidma.call', true), ''), '{}');
  told_name text := call ->> 'actorName';
begin
  if new.actor_type is null then
    new.actor_type := case
      when new.actor_user_id is not null and call ? 'keyId' then 'key'
      when new.actor_user_id is not null then
        case when new.actor_role in ('ops', 'admin', 'support') then 'employee' else 'user' end
      when new.actor_role = 'system' and told_name like 'cron.%' then 'cron'
      when new.actor_role in ('system', 'provider', 'anonymous') then new.actor_role
      else 'database'
    end;
    new.actor_id := coalesce(new.actor_id, case new.actor_type
      when 'user' then new.actor_user_id::text when 'employee' then new.actor_user_id::text when 'key' then call ->> 'keyId' else told_name end);
    new.source_id := coalesce(new.source_id, call ->> 'sourceId');
  end if;
  new.module := coalesce(new.module, khidma.audit_module(new.target_type));
  new.correlation_id := coalesce(new.correlation_id, call ->> 'correlationId', new.request_id);
  new.salt := gen_random_uuid();
  new.changes_digest := khidma.audit_payload_digest(new.salt, new.meta, new.ip_address, new.user_agent);
  new.redacted_at := null;
  new.redacted_by := null;
  new.day := null;
  new.chain_position := null;
  new.previous_hash := null;
  new.hash := null;
  new.sealed_at := null;
  return new;
end $$;
--> statement-breakpoint
-- What was written before there was a chain enters it as it stands.
alter table audit_log disable trigger append_only;
--> statement-breakpoint
update audit_log a
   set actor_type = case a.actor_role when 'system' then 'system' when 'provider' then 'provider' when 'database' then 'database'
                      when 'anonymous' then 'anonymous' when 'ops' then 'employee' when 'admin' then 'employee' else 'user' end,
       actor_id = a.actor_user_id::text, module = khidma.audit_module(a.target_type), correlation_id = a.request_id,
       salt = s.salt, changes_digest = khidma.audit_payload_digest(s.salt, a.meta, a.ip_address, a.user_agent)
  from (select id, gen_random_uuid() as salt from audit_log) s where s.id = a.id;
--> statement-breakpoint
alter table audit_log enable trigger append_only;
--> statement-breakpoint
alter table audit_log alter column actor_type set not null, alter column module set not null, alter column changes_digest set not null;
--> statement-breakpoint
create trigger a_stamp before insert on audit_log for each row execute function khidma.stamp_audit();
--> statement-breakpoint
-- As before, and whom the row is about: what erasure must find without reading two years of payloads.
create or replace function khidma.audit() returns trigger language plpgsql as $$
declare
  before jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  after jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  stands jsonb := case when tg_op = 'DELETE' then before else after end;
  reason text := nullif(current_setting('khidma.reason', true), '');
  subject text := case when tg_table_name = 'users' then stands ->> 'id'
    else coalesce(stands ->> 'user_id', stands ->> 'client_id', stands ->> 'reviewer_id', stands ->> 'reporter_id',
                  stands ->> 'opened_by', stands ->> 'tasker_id', stands ->> 'owner_id') end;
  changes jsonb;
begin
  select jsonb_object_agg(k, jsonb_build_array(before -> k, after -> k)) into changes
    from (select jsonb_object_keys(before || after) as k) keys
    where before -> k is distinct from after -> k
      and k not in ('created_at', 'updated_at', 'version') and k <> all (coalesce(tg_argv, '{}'));
  if changes is null then
    return null;
  end if;
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, subject_user_id, request_id, ip_address, user_agent, meta)
  values (khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), tg_table_name || '.' || lower(tg_op),
          tg_table_name, coalesce(stands ->> 'id', stands ->> 'user_id', stands ->> 'tasker_id'),
          subject::uuid,
          khidma.request_id(), nullif(current_setting('khidma.ip', true), ''), nullif(current_setting('khidma.user_agent', true), ''),
          jsonb_build_object('changes', changes) || case when reason is null then '{}' else jsonb_build_object('reason', reason) end);
  return null;
end $$;
--> statement-breakpoint
-- Columns whose values are codes, amounts, times or switches, and so name nobody. Everything else is taken for personal.
create function khidma.audit_names_nobody(p_column text, p_value jsonb) returns boolean language sql immutable parallel safe as $$
  select jsonb_typeof(p_value) in ('null', 'boolean')
      or p_value = '"[redacted]"'
      or (jsonb_typeof(p_value) = 'string' and p_value #>> '{}' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')
      or p_column ~ '(^|_)(status|state|role|kind|type|currency|method|outcome|wave|audience|sourcing|urgency|priority|locale|channel|channels|platform|scopes|count|rows|rating|code|operation)$'
      or p_column ~ '(^|_)amount(_minor)?$' or p_column ~ '_(at|until|minutes|seconds)$'
$$;
--> statement-breakpoint
-- The same payload without what may be somebody's: field names, codes and times stay, so that it is still seen what was done.
create function khidma.redacted_meta(p_meta jsonb) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(top.key, case
      when top.key = 'changes' and jsonb_typeof(top.value) = 'object' then (
        select coalesce(jsonb_object_agg(c.key, (
          select coalesce(jsonb_agg(case when khidma.audit_names_nobody(c.key, v.value) then v.value else '"[redacted]"' end order by v.ordinality), '[]')
            from jsonb_array_elements(case when jsonb_typeof(c.value) = 'array' then c.value else jsonb_build_array(c.value) end)
              with ordinality v)), '{}')
        from jsonb_each(top.value) c)
      when khidma.audit_names_nobody(top.key, top.value) then top.value
      else '"[redacted]"' end), '{}')
    from jsonb_each(p_meta) top
$$;
--> statement-breakpoint
-- The three changes that a row may undergo: sealed once, redacted once, and gone with its whole day after two years. What
-- is allowed is told by the values alone, so that no switch opens it, for the owner neither.
create function khidma.guard_audit() returns trigger language plpgsql as $$
declare
  allowed audit_log;
begin
  if tg_op = 'DELETE' then
    if exists (select 1 from audit_days d where d.day = old.day and d.purged_at is not null) then
      return old;
    end if;
  elsif old.hash is null and old.chain_position is null and new.hash is not null then
    allowed := old;
    allowed.day := new.day;
    allowed.chain_position := new.chain_position;
    allowed.previous_hash := new.previous_hash;
    allowed.hash := new.hash;
    allowed.sealed_at := new.sealed_at;
    if new is not distinct from allowed and new.hash = khidma.audit_hash(new.previous_hash, new) then
      return new;
    end if;
  elsif old.redacted_at is null and new.redacted_at is not null then
    allowed := old;
    allowed.meta := khidma.redacted_meta(old.meta);
    allowed.ip_address := null;
    allowed.user_agent := null;
    allowed.salt := null;
    allowed.redacted_at := now();
    allowed.redacted_by := new.redacted_by;
    if new is not distinct from allowed
      and exists (select 1 from audit_log a where a.id = new.redacted_by and a.action = 'audit_log.redact' and a.created_at = now()) then
      return new;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
drop trigger append_only on audit_log;
--> statement-breakpoint
create trigger append_only before update or delete on audit_log for each row execute function khidma.guard_audit();
--> statement-breakpoint
-- A day only grows, and only the last one; it ends by being marked as purged, two years later.
create function khidma.guard_audit_days() returns trigger language plpgsql as $$
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
--> statement-breakpoint
create function khidma.audit_kept_since() returns date language sql stable as $$
  select ((now() at time zone 'UTC') - interval '2 years')::date
$$;
--> statement-breakpoint
create trigger append_only before update or delete on audit_days for each row execute function khidma.guard_audit_days();
--> statement-breakpoint
create trigger no_truncate before truncate on audit_days for each statement execute function khidma.append_only();
--> statement-breakpoint
revoke update, delete on audit_log from khidma_app;
--> statement-breakpoint
revoke insert, update, delete on audit_days from khidma_app;
--> statement-breakpoint
-- Chains what is committed, in the order of ids, at most `p_limit` rows. A row that became visible after a later day was
-- opened (its transaction ran over midnight) joins the day that is open: no day waits for anybody. Without `p_wait` a
-- second sealer leaves at once. `overdue` counts rows that have waited for longer than the sealer should ever need;
-- `closed` are the days of the last week that will grow no more.
create function khidma.seal_audit(p_limit int, p_wait boolean, out sealed int, out overdue int, out closed json)
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
--> statement-breakpoint
create function khidma.keep_audit_day(p_day audit_days) returns void language sql
security definer set search_path = public, pg_temp as $$
  insert into audit_days (day, row_count, previous_hash, head_hash, sealed_at)
  values (p_day.day, p_day.row_count, p_day.previous_hash, p_day.head_hash, p_day.sealed_at)
  on conflict (day) do update set row_count = excluded.row_count, head_hash = excluded.head_hash, sealed_at = excluded.sealed_at
    where audit_days.row_count < excluded.row_count
$$;
--> statement-breakpoint
revoke execute on function khidma.keep_audit_day(audit_days) from public;
--> statement-breakpoint
-- Blanks what a person's erasure must not leave: rows about them, and rows of their own doing (what staff did to others
-- stays). At most `p_limit` rows a call; says how many, 0 when done. Call it after the person's own rows were wiped, as
-- wiping writes the old values here once more.
create function khidma.redact_audit(p_user_id uuid, p_limit int default 5000) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids uuid[];
  entry uuid := khidma.uuid_v7();
begin
  select array_agg(found.id) into ids from (
    (select a.id from audit_log a where a.subject_user_id = p_user_id and a.redacted_at is null and a.action <> 'audit_log.redact' limit p_limit)
    union
    (select a.id from audit_log a where a.actor_user_id = p_user_id and a.actor_role not in ('support', 'ops', 'admin') and a.redacted_at is null limit p_limit)
    union
    (select a.id from audit_log a where a.target_type = 'users' and a.target_id = p_user_id::text and a.redacted_at is null
        and a.action <> 'audit_log.redact' limit p_limit)
    limit p_limit) found;
  if ids is null then
    return 0;
  end if;
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, module, request_id, meta)
  values (entry, khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'audit_log.redact', 'users', p_user_id::text, 'audit',
          khidma.request_id(), jsonb_build_object('rows', cardinality(ids)));
  update audit_log a set meta = khidma.redacted_meta(a.meta), ip_address = null, user_agent = null, salt = null,
                         redacted_at = now(), redacted_by = entry
    where a.id = any (ids);
  return cardinality(ids);
end $$;
--> statement-breakpoint
-- Retention: whole days older than two years, at most `p_limit` rows a run; their counts and heads stay.
create function khidma.purge_audit(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  purged int;
begin
  -- Not under the feet of a verification, which would miss the rows.
  if not pg_try_advisory_xact_lock(hashtextextended('audit_chain', 17)) then
    return 0;
  end if;
  update audit_days d set purged_at = now() where d.day < khidma.audit_kept_since() and d.purged_at is null;
  delete from audit_log where id in (
    select a.id from audit_log a where a.day < khidma.audit_kept_since() order by a.day, a.chain_position limit p_limit);
  get diagnostics purged = row_count;
  if purged > 0 then
    insert into audit_log (id, actor_user_id, actor_role, action, target_type, module, request_id, meta)
    values (khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'audit_log.purge', 'audit_log', 'audit',
            khidma.request_id(), jsonb_build_object('rows', purged));
  end if;
  return purged;
end $$;
--> statement-breakpoint
-- Walks the chain from `p_from` to `p_to`, at most `p_limit` rows after (`p_after_day`, `p_after_position`), and stops at the
-- first row that is not as it was sealed:
--   changed    it is not what its hash was made of, or its payload is not what its digest was made of;
--   missing    the row that it was sealed after is gone (position tells which), or the end of its day is;
--   reordered  all is there, but in another order;
--   unsealed   it has no hash, or waited for one for longer than five minutes when the verification began.
create function khidma.verify_audit(
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
      -- The head of the day before, as it stands in the books now: a day that was taken out whole is missed here.
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
      -- All that is there fits together, and does not end where the day ended: it was made anew.
      broken := khidma.broken_row(a, 'changed');
      return;
    elsif at_position <> of_day.row_count then
      broken := json_build_object('id', null, 'day', of_day.day, 'position', at_position + 1, 'reason', 'missing');
      return;
    end if;
  end loop;
  -- Rows of a day that is in no book, such as one written by hand with its place in it.
  select * into a from audit_log l where l.day between p_from and p_to and not exists (select 1 from audit_days d where d.day = l.day)
    order by l.day, l.chain_position limit 1;
  if found then
    broken := khidma.broken_row(a, 'missing');
  elsif waiting.id is not null then
    broken := json_build_object('id', waiting.id, 'day', (waiting.created_at at time zone 'UTC')::date, 'position', null, 'reason', 'unsealed');
  end if;
end $$;
--> statement-breakpoint
create function khidma.broken_row(p_row audit_log, p_reason text) returns json language sql stable as $$
  select json_build_object('id', p_row.id, 'day', p_row.day, 'position', p_row.chain_position, 'reason', p_reason)
$$;
--> statement-breakpoint
-- A row follows another than it was sealed after: that one stands elsewhere, or is gone.
create function khidma.broken_link(p_day date, p_position bigint, p_previous bytea, p_id uuid) returns json language sql stable as $$
  select case when exists (select 1 from audit_log l where l.day between p_day - 31 and p_day + 31 and l.hash = p_previous)
    then json_build_object('id', p_id, 'day', p_day, 'position', p_position, 'reason', 'reordered')
    else json_build_object('id', null, 'day', p_day, 'position', p_position, 'reason', 'missing') end
$$;
--> statement-breakpoint
-- A redacted row has no salt left to prove its payload by: it must be blank, and an entry must say who blanked it.
create function khidma.audit_payload_holds(p_row audit_log) returns boolean language sql stable as $$
  select case when p_row.redacted_at is null then
      p_row.changes_digest = khidma.audit_payload_digest(p_row.salt, p_row.meta, p_row.ip_address, p_row.user_agent)
    else p_row.salt is null and p_row.ip_address is null and p_row.user_agent is null and p_row.meta = khidma.redacted_meta(p_row.meta)
      and exists (select 1 from audit_log e where e.id = p_row.redacted_by and e.action = 'audit_log.redact' and e.created_at = p_row.redacted_at)
    end
$$;
--> statement-breakpoint
-- Attempts that were refused, written after their answers. A flood of them fills a minute and no more: what goes past the
-- limits, of one caller (`perCaller`) or of all (`anonymous`, `known`: a crowd without names must not push out those who
-- have one), is not written. Says how many were.
create function khidma.log_attempts(p_attempts jsonb, p_limits jsonb) returns int language plpgsql as $$
declare
  attempt record;
  since uuid := (lpad(to_hex((extract(epoch from clock_timestamp() - interval '1 minute') * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
  anonymous int;
  known int;
  written int := 0;
begin
  select count(*) filter (where a.actor_type = 'anonymous'), count(*) filter (where a.actor_type <> 'anonymous') into anonymous, known
    from audit_log a where a.status <> 'succeeded' and a.id > since;
  for attempt in select * from jsonb_to_recordset(p_attempts) as t (
    "actorType" text, "actorId" text, "actorUserId" uuid, "actorRole" text, "sourceId" text, module text, action text,
    "targetType" text, "targetId" text, "requestId" text, "correlationId" text, ip text, "userAgent" text, status text, meta jsonb
  ) loop
    continue when case when attempt."actorType" = 'anonymous' then anonymous >= (p_limits ->> 'anonymous')::int
                       else known >= (p_limits ->> 'known')::int end;
    continue when (select count(*) from audit_log a where a.status <> 'succeeded' and a.id > since
                     and coalesce(a.actor_id, a.ip_address) is not distinct from coalesce(attempt."actorId", attempt.ip))
                  >= (p_limits ->> 'perCaller')::int;
    insert into audit_log (id, actor_type, actor_id, actor_user_id, actor_role, source_id, module, action, target_type, target_id,
                           request_id, correlation_id, ip_address, user_agent, status, meta)
    values (khidma.uuid_v7(), attempt."actorType", attempt."actorId", attempt."actorUserId", attempt."actorRole", attempt."sourceId",
            attempt.module, attempt.action, attempt."targetType", attempt."targetId", attempt."requestId", attempt."correlationId",
            attempt.ip, attempt."userAgent", attempt.status, attempt.meta);
    written := written + 1;
    anonymous := anonymous + (attempt."actorType" = 'anonymous')::int;
    known := known + (attempt."actorType" <> 'anonymous')::int;
  end loop;
  return written;
end $$;
