-- Raises a refusal for the caller: SQLSTATE KH + status, the catalogue code as message, its values as detail.
create or replace function khidma.refuse(status int, code text, details jsonb default '{}') returns void language plpgsql as $$
begin
  raise exception using errcode = 'KH' || status, message = code, detail = details::text;
end $$;

-- Refuses a credential that is valid by itself, and says why: its session has ended or its account is suspended. The app then
-- need not ask again.
create or replace function khidma.refuse_ended(p_user_id uuid) returns void language plpgsql as $$
begin
  if exists (select from users u where u.id = p_user_id and u.status = 'suspended') then
    perform khidma.refuse(403, 'account_suspended');
  end if;
  perform khidma.refuse(401, 'session_ended');
end $$;

-- Begins every write, and every read with an API key, as its first statement. Sets the actor and facts of the call for the
-- transaction, then refuses: a user who is erased; a session that has ended, however long its token lives (the refusal says why);
-- a key or a member of staff whose rights have changed since the credential was made. A finished idempotency key ends the
-- transaction here: KH200 carries the first answer's rows. The advisory lock, not the row, marks a key as running: a crash
-- releases it by itself.
create or replace function khidma.begin_request(
  p_role text, p_user_id uuid, p_request_id text, p_ip text, p_user_agent text,
  p_scope text, p_key text, p_request_hash text, p_call jsonb default null
) returns void language plpgsql as $$
declare
  known idempotency_keys;
begin
  perform set_config('khidma.role', p_role, true),
          set_config('khidma.user_id', coalesce(p_user_id::text, ''), true),
          set_config('khidma.request_id', coalesce(p_request_id, ''), true),
          set_config('khidma.ip', coalesce(p_ip, ''), true),
          set_config('khidma.user_agent', coalesce(p_user_agent, ''), true),
          set_config('khidma.reason', '', true),
          set_config('khidma.idempotency_scope', coalesce(p_scope, ''), true),
          set_config('khidma.idempotency_key', coalesce(p_key, ''), true),
          set_config('khidma.request_hash', coalesce(p_request_hash, ''), true),
          set_config('khidma.call', coalesce((p_call - 'keyHash')::text, ''), true);
  if p_user_id is not null then
    perform pg_advisory_xact_lock_shared(hashtextextended('person:' || p_user_id, 16));
    if exists (select from users u where u.id = p_user_id and u.erased_at is not null) then
      perform khidma.refuse(401, case when p_call ? 'keyId' then 'invalid_api_key' else 'session_ended' end);
    end if;
    if not p_call ? 'mayHaveEnded'
      and exists (select from sessions s where s.id = (p_call ->> 'sourceId')::uuid and s.revoked_at is not null) then
      perform khidma.refuse_ended(p_user_id);
    end if;
    if p_call ? 'needs' then
      perform khidma.refuse_restricted(p_user_id, p_call ->> 'needs');
    end if;
  end if;
  if p_call ? 'keyId' then
    perform set_config('khidma.role', khidma.admit_key(p_user_id, p_role, p_call), true);
  elsif p_role in ('ops', 'admin') and p_call ? 'roles' then
    perform set_config('khidma.role', khidma.admit_staff(p_user_id, p_call), true);
  end if;
  if p_key is null then
    return;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended(p_scope || chr(31) || p_key, 42)) then
    perform khidma.refuse(409, 'idempotency_in_progress', '{"retryAfterSeconds": 1}');
  end if;
  select * into known from idempotency_keys where scope = p_scope and key = p_key;
  if not found then
    return;
  end if;
  if known.created_at < now() - interval '24 hours' then
    delete from idempotency_keys where scope = p_scope and key = p_key;
    return;
  end if;
  if known.request_hash <> p_request_hash then
    perform khidma.refuse(422, 'idempotency_mismatch');
  end if;
  raise exception using errcode = 'KH200', message = 'replay', detail = known.rows::text;
end $$;

-- Ends every write, as its last statement: keeps the answer under its key and returns the events that the transaction wrote, in
-- order, with the data for their reactions.
create or replace function khidma.finish_request(p_rows json, out rows json, out events json) language plpgsql as $$
begin
  if current_setting('khidma.idempotency_key', true) <> '' then
    insert into idempotency_keys (scope, key, request_hash, rows)
    values (current_setting('khidma.idempotency_scope'), current_setting('khidma.idempotency_key'),
            current_setting('khidma.request_hash'), p_rows);
  end if;
  rows := p_rows;
  select coalesce(json_agg(json_build_object('id', o.id, 'type', o.type, 'objectId', o.object_id, 'createdAt', o.created_at,
                                             'data', o.data) order by o.seq), '[]') into events
    from outbox o where o.xid = pg_current_xact_id_if_assigned();
end $$;

-- Refuses a lost update: the row has changed since the caller read it.
create or replace function khidma.assert_version(actual int, expected int) returns void language plpgsql as $$
begin
  if expected is not null and actual is distinct from expected then
    perform khidma.refuse(412, 'precondition_failed');
  end if;
end $$;
