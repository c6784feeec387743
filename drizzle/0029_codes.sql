-- Why a credential that is good by itself is refused: its session has ended, or its account is suspended. An app does not ask
-- the same again and again where it knows.

-- As before; staff who were suspended are told so.
create or replace function khidma.admit_staff(p_user_id uuid, p_call jsonb) returns text language plpgsql as $$
declare
  held record;
begin
  if not exists (select from users u where u.id = p_user_id and u.status = 'active') then
    perform khidma.refuse_ended(p_user_id);
  end if;
  select * into held from khidma.claims_of(p_user_id);
  if p_call ? 'permission' and p_call ->> 'permission' <> all (held.permissions) then
    perform khidma.refuse(403, 'permission_missing', jsonb_build_object('permission', p_call ->> 'permission'));
  end if;
  if not (p_call -> 'roles' ? held.role) then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return held.role;
end $$;
--> statement-breakpoint
-- Suspension ends every session: what it is told as is why.
create function khidma.refuse_ended(p_user_id uuid) returns void language plpgsql as $$
begin
  if exists (select from users u where u.id = p_user_id and u.status = 'suspended') then
    perform khidma.refuse(403, 'account_suspended');
  end if;
  perform khidma.refuse(401, 'session_ended');
end $$;
--> statement-breakpoint
-- A value as an export tells it: times as the API writes them.
create function khidma.told(value timestamptz) returns json language sql stable as $$
  select to_json(to_char(value at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
$$;
--> statement-breakpoint
create function khidma.told(value tstzrange) returns json language sql stable as $$
  select case when value is not null then json_build_object('from', khidma.told(lower(value)), 'until', khidma.told(upper(value))) end
$$;
--> statement-breakpoint
create function khidma.told(value anyelement) returns json language sql stable as $$ select to_json(value) $$;
--> statement-breakpoint
-- As before; who has shown the key's secret is told that its owner is suspended.
create or replace function khidma.admit_key(p_user_id uuid, p_role text, p_call jsonb) returns text language plpgsql as $$
declare
  the_key api_keys;
  owner users;
begin
  select * into the_key from api_keys where id = (p_call ->> 'keyId')::uuid and user_id = p_user_id;
  if not found or the_key.revoked_at is not null or the_key.expires_at <= now() or (
    the_key.key_hash = p_call ->> 'keyHash'
    or (the_key.previous_until > now() and the_key.previous_hash = p_call ->> 'keyHash')) is not true then
    perform khidma.refuse(401, 'invalid_api_key');
  end if;
  select * into owner from users where id = p_user_id;
  if owner.status = 'suspended' and owner.erased_at is null then
    perform khidma.refuse(403, 'account_suspended');
  end if;
  if owner.status is distinct from 'active' or owner.erased_at is not null then
    perform khidma.refuse(401, 'invalid_api_key');
  end if;
  -- The Worker has let the call pass in the role that stands in the key. Of other roles only a client's is never too much.
  if owner.role::text <> p_role and not (p_role = 'client' and owner.role = 'tasker') then
    perform khidma.refuse(401, 'invalid_api_key');
  end if;
  if not (p_call -> 'roles' ? owner.role::text) then
    perform khidma.refuse(403, 'forbidden');
  end if;
  -- What staff may do stands in no key: it is read now.
  if p_call ? 'permission' and owner.role::text not in ('client', 'tasker') then
    if not exists (select from khidma.claims_of(owner.id) c where p_call ->> 'permission' = any (c.permissions)) then
      perform khidma.refuse(403, 'forbidden');
    end if;
  end if;
  -- At most once a minute, and never waiting: a busy key is no hot row.
  if the_key.last_used_at is null or the_key.last_used_at < now() - interval '1 minute' then
    update api_keys set last_used_at = now() where id = (
      select k.id from api_keys k where k.id = the_key.id
        and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute') for update skip locked);
  end if;
  return owner.role::text;
end $$;
--> statement-breakpoint
-- As before; whoever is refused is told why.
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
--> statement-breakpoint
-- As before; whoever is refused is told why.
create or replace function khidma.step_up(
  p_challenge_id uuid, p_user_id uuid, p_session_id uuid, p_proof jsonb, p_rules jsonb,
  out outcome text, out retry_after int, out issued_at timestamptz
) language plpgsql as $$
begin
  perform 1 from sessions s where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null for update;
  if not found then
    perform khidma.refuse_ended(p_user_id);
  end if;
  select t.outcome, t.retry_after into outcome, retry_after
    from khidma.take_second_factor(p_challenge_id, p_user_id, p_session_id, p_proof, p_rules) t;
  if outcome = 'right' then
    issued_at := now();
    update sessions set mfa_at = now() where id = p_session_id;
  end if;
end $$;
--> statement-breakpoint
-- As before; whoever is refused is told why.
create or replace function khidma.assert_recent(p_user_id uuid, p_session_id uuid, p_seconds int) returns void language plpgsql as $$
declare
  mine sessions;
begin
  select * into mine from sessions s where s.id = p_session_id and s.user_id = p_user_id for update;
  if not found or mine.revoked_at is not null then
    perform khidma.refuse_ended(p_user_id);
  elsif mine.mfa_at > now() - make_interval(secs => p_seconds) then
    return;
  elsif exists (select from mfa_factors f where f.user_id = p_user_id) then
    perform khidma.refuse(403, 'mfa_required');
  elsif mine.created_at < now() - make_interval(secs => p_seconds) then
    perform khidma.refuse(403, 'sign_in_again');
  end if;
end $$;
--> statement-breakpoint
-- As before; whoever is refused is told why.
create or replace function khidma.prove_self(p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int, out outcome text, out retry_after int)
language plpgsql as $$
begin
  perform 1 from sessions s where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null;
  if not found then
    perform khidma.refuse_ended(p_user_id);
  end if;
  if not exists (select from password_verifiers v where v.user_id = p_user_id) then
    perform khidma.assert_recent(p_user_id, p_session_id, p_recent_seconds);
    outcome := 'right';
  elsif p_attempt is null then
    outcome := 'missing';
  else
    select c.outcome, c.retry_after into outcome, retry_after from khidma.check_password(p_attempt, p_user_id) c;
  end if;
end $$;
