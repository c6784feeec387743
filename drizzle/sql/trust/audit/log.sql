-- Returns whether a column's value is a code, amount, time or switch, and so names nobody. Everything else is taken for personal.
create or replace function khidma.audit_names_nobody(p_column text, p_value jsonb) returns boolean language sql immutable parallel safe as $$
  select jsonb_typeof(p_value) in ('null', 'boolean')
      or p_value = '"[redacted]"'
      or (jsonb_typeof(p_value) = 'string' and p_value #>> '{}' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')
      or p_column ~ '(^|_)(status|state|role|kind|type|currency|method|outcome|wave|audience|sourcing|urgency|priority|locale|channel|channels|platform|scopes|count|rows|rating|code|operation)$'
      or p_column ~ '(^|_)amount(_minor)?$' or p_column ~ '_(at|until|minutes|seconds)$'
$$;

-- Masks a phone number: its first four and last two characters remain.
create or replace function khidma.masked_phone(p_phone text) returns text language sql immutable parallel safe as $$
  select left(p_phone, 4) || '***' || right(p_phone, 2)
$$;

-- Masks an e-mail address: its first character and its domain remain.
create or replace function khidma.masked_email(p_email text) returns text language sql immutable parallel safe as $$
  select left(p_email, 1) || '***' || substring(p_email from '@[^@]*$')
$$;

-- Masks numbers and addresses in the log, in columns of these names in any table (`a_mask`). The log says that one was changed,
-- by whom and when; readers of the log need not see which it was, nor may it outlive its row.
create or replace function khidma.mask_audit() returns trigger language plpgsql as $$
begin
  new.meta := jsonb_set(new.meta, '{changes}', (
    select jsonb_object_agg(c.key, case c.key
        when 'phone' then jsonb_build_array(khidma.masked_phone(c.value ->> 0), khidma.masked_phone(c.value ->> 1))
        when 'email' then jsonb_build_array(khidma.masked_email(c.value ->> 0), khidma.masked_email(c.value ->> 1))
        when 'department_email' then jsonb_build_array(khidma.masked_email(c.value ->> 0), khidma.masked_email(c.value ->> 1))
        when 'contact_phone' then jsonb_build_array(khidma.masked_phone(c.value ->> 0), khidma.masked_phone(c.value ->> 1))
        when 'contact_email' then jsonb_build_array(khidma.masked_email(c.value ->> 0), khidma.masked_email(c.value ->> 1))
        else c.value end)
      from jsonb_each(new.meta -> 'changes') c));
  return new;
end $$;

-- Stamps every entry with its actor, whichever function inserts it, and with salt and digest; the columns that prove an entry are
-- never the writer's to choose.
create or replace function khidma.stamp_audit() returns trigger language plpgsql as $$
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
  if new.module is null then
    new.module := khidma.audit_module(new.target_type);
  end if;
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

-- Refuses changes of an entry but three: sealed once, redacted once, and deleted with its whole day after two years. A permitted
-- change is recognised by its values alone, so that no switch permits more, not even to the owner.
create or replace function khidma.guard_audit() returns trigger language plpgsql as $$
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

-- Writes an entry about a change of an audited row: actor, action, subject (the user whom the row is about, so that erasure finds it
-- without reading two years of payloads) and changed columns. The reason is kept as well, since some machines (taskers) have no
-- history table. Called by `khidma.audit_<table>`, which are generated.
create or replace function khidma.write_audit(
  p_module text, p_table text, p_operation text, p_target_id text, p_subject uuid, p_changes jsonb
) returns void language plpgsql as $$
declare
  reason text := nullif(current_setting('khidma.reason', true), '');
begin
  insert into audit_log (id, actor_user_id, actor_role, module, action, target_type, target_id, subject_user_id, request_id, ip_address,
                         user_agent, meta)
  values (khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), p_module, p_table || '.' || p_operation,
          p_table, p_target_id, p_subject, khidma.request_id(), nullif(current_setting('khidma.ip', true), ''),
          nullif(current_setting('khidma.user_agent', true), ''),
          jsonb_build_object('changes', p_changes) || case when reason is null then '{}' else jsonb_build_object('reason', reason) end);
end $$;

-- Writes refused attempts, after their answers; returns how many it wrote. A flood fills a minute and no more: attempts beyond
-- the limits, of one caller (`perCaller`) or of all (`anonymous`, `known`: a crowd without names must not displace callers who
-- have one), are not written.
create or replace function khidma.log_attempts(p_attempts jsonb, p_limits jsonb) returns int language plpgsql as $$
declare
  attempt record;
  since uuid := khidma.first_uuid_v7(clock_timestamp() - interval '1 minute');
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

-- Returns the users whose data was shown, for each object; for the log itself one row without a user.
create or replace function khidma.people_shown(p_type text, p_ids uuid[]) returns table (target text, subject uuid) language plpgsql stable as $$
begin
  case p_type
    when 'users' then
      return query select i.id::text, i.id from unnest(p_ids) i (id);
    when 'verification_requests' then
      return query select r.id::text, r.user_id from verification_requests r where r.id = any (p_ids);
    when 'company_profiles' then
      return query select c.user_id::text, c.user_id from company_profiles c where c.user_id = any (p_ids);
    when 'media_files' then
      return query select m.id::text, m.user_id from media_files m where m.id = any (p_ids);
    when 'tasks' then
      return query select t.id::text, t.client_id from tasks t where t.id = any (p_ids);
    when 'conversations' then
      return query select p.conversation_id::text, p.user_id from conversation_participants p where p.conversation_id = any (p_ids);
    when 'payouts' then
      return query select p.id::text, p.user_id from payouts p where p.id = any (p_ids);
    when 'payout_batches' then
      return query select p.id::text, p.user_id from payouts p where p.batch_id = any (p_ids);
    when 'payment_intents' then
      return query select p.id::text, x.subject from payment_intents p
                     cross join unnest(array[p.payer_id, p.payee_id]) x (subject)
                     where p.id = any (p_ids) and x.subject is not null;
    when 'refunds' then
      return query select r.id::text, x.subject from refunds r join payment_intents p on p.id = r.intent_id
                     cross join unnest(array[p.payer_id, p.payee_id]) x (subject)
                     where r.id = any (p_ids) and x.subject is not null;
    when 'bookings' then
      return query select b.id::text, x.subject from bookings b
                     cross join unnest(array[b.client_id, b.tasker_id]) x (subject)
                     where b.id = any (p_ids);
    when 'ledger_entries' then
      return query select e.id::text, a.owner_user_id from ledger_entries e
                     cross join lateral (select distinct o.owner_user_id from ledger_lines l join ledger_accounts o on o.id = l.account_id
                                          where l.entry_id = e.id and o.owner_user_id is not null) a
                     where e.id = any (p_ids);
    when 'adjustments' then
      return query select d.id::text, x.subject from adjustments d
                     cross join lateral (select d.user_id union select l.owner from jsonb_to_recordset(d.lines) as l (owner uuid)) x (subject)
                     where d.id = any (p_ids) and x.subject is not null;
    when 'invoices' then
      return query select i.id::text, x.subject from invoices i
                     cross join unnest(array[i.buyer_id, i.supplier_id]) x (subject)
                     where i.id = any (p_ids) and x.subject is not null;
    when 'tax_withholdings' then
      return query select w.id::text, w.user_id from tax_withholdings w where w.id = any (p_ids);
    when 'audit_log' then
      return query select null::text, null::uuid;
  end case;
end $$;

-- Writes an entry for each user whose data staff were shown, their own excepted; returns the rows unchanged. p_read: { action,
-- targetType, targetId?, atMost }. A list reads one row more than it shows.
create or replace function khidma.record_read(p_read jsonb, p_rows json) returns json language plpgsql as $$
declare
  ids uuid[] := case when p_read ? 'targetId' then array[(p_read ->> 'targetId')::uuid]
                     else array(select (r.value ->> 'id')::uuid from json_array_elements(p_rows) with ordinality r
                                 where r.ordinality <= (p_read ->> 'atMost')::int) end;
begin
  if json_array_length(p_rows) > 0 then
    insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, subject_user_id, request_id, ip_address, user_agent)
    select khidma.uuid_v7(), khidma.actor_id(), khidma.actor_role(), p_read ->> 'action', p_read ->> 'targetType', s.target, s.subject,
           khidma.request_id(), nullif(current_setting('khidma.ip', true), ''), nullif(current_setting('khidma.user_agent', true), '')
      from khidma.people_shown(p_read ->> 'targetType', ids) s where s.subject is distinct from khidma.actor_id();
  end if;
  return p_rows;
end $$;

-- Writes an entry for each task that was archived, without the old values, which the triggers leave out.
create or replace function khidma.audit_archived_tasks(p_ids uuid[]) returns void language plpgsql as $$
begin
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, subject_user_id, module, request_id, meta)
  select khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'tasks.archive', 'tasks', t.id::text, t.client_id,
         'tasks', khidma.request_id(), '{}' from tasks t where t.id = any (p_ids);
end $$;
