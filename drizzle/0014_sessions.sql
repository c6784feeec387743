-- Where sessions are and how they end, machines that call with keys, and what every transaction checks of them.

alter table sessions add column country text, add column city text,
  add constraint sessions_country check (country ~ '^[A-Z0-9]{2}$');
--> statement-breakpoint
alter table api_keys
  add column secret_id uuid not null,
  add column owner_role user_role not null default 'client',
  add column requests_per_minute integer,
  add column previous_hash text,
  add column previous_until timestamptz,
  add column updated_at timestamptz not null default now(),
  add column version integer not null default 1,
  add constraint api_keys_requests_per_minute check (requests_per_minute > 0),
  add constraint api_keys_previous check ((previous_hash is null) = (previous_until is null));
--> statement-breakpoint
-- That it was used is no change of the key.
create trigger a_touch before update on api_keys for each row
  when (old.last_used_at is not distinct from new.last_used_at) execute function khidma.touch();
--> statement-breakpoint
drop trigger z_audit on api_keys;
--> statement-breakpoint
create trigger z_audit after insert or update or delete on api_keys for each row
  execute function khidma.audit('key_hash', 'previous_hash', 'last_used_at');
--> statement-breakpoint
-- A fact of the call that runs: keyId, country, city … (`CallFacts` of src/db/unit.ts).
create function khidma.call_fact(p_name text) returns text language sql stable as $$
  select nullif(current_setting('khidma.call', true), '')::jsonb ->> p_name
$$;
--> statement-breakpoint
-- The Worker has verified the key's signature and its scope. What only the database knows: whether the key still stands, and
-- who its owner is by now. Returns the role that the call is made in.
create function khidma.admit_key(p_user_id uuid, p_role text, p_call jsonb) returns text language plpgsql as $$
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
  -- Columns of later migrations: by name, as the row stands by then.
  if to_jsonb(owner) ->> 'status' is distinct from 'active' or to_jsonb(owner) ->> 'erased_at' is not null then
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
drop function khidma.begin_request(text, uuid, text, text, text, text, text, text);
--> statement-breakpoint
-- First statement of every write, and of every read with a key. A finished idempotency key ends the transaction here: KH200
-- carries the first answer's rows. The advisory lock, not the row, marks a key as running: a crash releases it by itself.
create function khidma.begin_request(
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
  if p_call ? 'keyId' then
    perform set_config('khidma.role', khidma.admit_key(p_user_id, p_role, p_call), true);
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
-- Where a session was opened, as the edge saw it; the function that signs in need not know.
create function khidma.place_session() returns trigger language plpgsql as $$
begin
  new.country := coalesce(new.country, khidma.call_fact('country'));
  new.city := coalesce(new.city, khidma.call_fact('city'));
  return new;
end $$;
--> statement-breakpoint
create trigger b_place before insert on sessions for each row execute function khidma.place_session();
--> statement-breakpoint
-- However a session ends (log-out, revocation, reset, erasure), its device falls silent, unless it has signed in again, and
-- the event closes its sockets. A refresh token that came twice is told by `refresh_session` itself.
create function khidma.session_ended() returns trigger language plpgsql as $$
begin
  update user_devices d set push_token = null
    where d.user_id = new.user_id and d.device_id = new.device_id and d.push_token is not null
      and not exists (select from sessions s
                       where s.user_id = new.user_id and s.device_id = new.device_id and s.revoked_at is null);
  if new.revoked_reason is distinct from 'refresh_token_reused' then
    perform khidma.emit('session.revoked', 'session', new.id, 1,
      jsonb_build_object('sessionId', new.id, 'userId', new.user_id, 'reason', coalesce(new.revoked_reason, 'revoked'))
        -- Who has ended it need not be told.
        || case when khidma.actor_id() = new.user_id then jsonb_build_object('party', 'user') else '{}' end,
      array[new.user_id]);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger e_ended after update of revoked_at on sessions for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function khidma.session_ended();
--> statement-breakpoint
-- Ends a session of a user. False where it had ended before, or is not theirs.
create or replace function khidma.end_session(p_session_id uuid, p_user_id uuid, p_reason text) returns boolean
language plpgsql as $$
begin
  update sessions set revoked_at = now(), revoked_reason = p_reason
    where id = p_session_id and user_id = p_user_id and revoked_at is null;
  return found;
end $$;
--> statement-breakpoint
-- The owner hears of every key that is made or replaced: who made it may have been a thief.
create function khidma.api_key_changed() returns trigger language plpgsql as $$
declare
  what text := case when tg_op = 'INSERT' then 'created' when new.revoked_at is not null then 'revoked' else 'rotated' end;
begin
  perform khidma.emit('api_key.' || what, 'api_key', new.id, new.version,
    jsonb_build_object('apiKeyId', new.id, 'userId', new.user_id)
      -- Without an overlap nothing of the old key goes on.
      || case when what = 'rotated' then jsonb_build_object('overlaps', coalesce(new.previous_until > now(), false)) else '{}' end,
    array[new.user_id]);
  return null;
end $$;
--> statement-breakpoint
create trigger e_created after insert on api_keys for each row execute function khidma.api_key_changed();
--> statement-breakpoint
create trigger e_changed after update on api_keys for each row
  when (new.revoked_at is null and old.key_hash <> new.key_hash or old.revoked_at is null and new.revoked_at is not null)
  execute function khidma.api_key_changed();
--> statement-breakpoint
-- Devices that nobody opened the app on for 90 days, sessions unused for 120 (they ran out long before), keys that ended a
-- year ago: a bounded number of rows a run; tells what went.
create function khidma.purge_callers(p_limit int) returns json language plpgsql as $$
declare
  devices int; ended int; keys int;
begin
  delete from user_devices where id in (
    select d.id from user_devices d where d.last_seen_at < now() - interval '90 days'
     order by d.last_seen_at limit p_limit for update skip locked);
  get diagnostics devices = row_count;
  delete from sessions where id in (
    select s.id from sessions s where s.last_used_at < now() - interval '120 days'
     order by s.last_used_at limit p_limit for update skip locked);
  get diagnostics ended = row_count;
  delete from api_keys where id in (
    select k.id from api_keys k where least(k.revoked_at, k.expires_at) < now() - interval '1 year'
     limit p_limit for update skip locked);
  get diagnostics keys = row_count;
  return json_build_object('devices', devices, 'sessions', ended, 'apiKeys', keys);
end $$;
--> statement-breakpoint
create index idx_sessions_last_used on sessions (last_used_at);
