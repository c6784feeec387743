-- Returns the claims of a session's access token besides its user. Staff who have not shown a second factor may do nothing but
-- enrol one. Volatile, so that it sees the session that the same statement has opened.
create or replace function khidma.session_claims(
  p_user_id uuid, p_session_id uuid, out permissions text[], out has_mfa boolean, out mfa_at bigint, out restrictions text[]
) language plpgsql volatile as $$
declare
  held record;
begin
  has_mfa := exists (select from mfa_factors f where f.user_id = p_user_id);
  mfa_at := (select floor(extract(epoch from s.mfa_at)) from sessions s where s.id = p_session_id);
  select * into held from khidma.claims_of(p_user_id);
  permissions := case when held.role in ('client', 'tasker') or (has_mfa and mfa_at is not null) then held.permissions else '{}' end;
  restrictions := khidma.restricted_switches(p_user_id);
end $$;

-- Refuses a session to an account that is suspended or closed, by whatever sign-in method. The lock orders it with a concurrent
-- suspension: either the suspension sees the session, or this trigger sees the suspension. Whoever signs in to an account that is
-- inactive, or closed and within its window, has it back.
create or replace function khidma.guard_session() returns trigger language plpgsql as $$
declare
  account users;
begin
  select u.* into account from users u where u.id = new.user_id for share;
  if account.status = 'inactive' or (account.status = 'closed' and khidma.is_restorable(account)) then
    update users set status = 'active' where id = new.user_id;
  elsif account.status <> 'active' then
    perform khidma.refuse(403, 'account_' || account.status);
  end if;
  return new;
end $$;

-- Stores where a session was opened, as the edge saw it, so that the sign-in functions need no parameter for it.
create or replace function khidma.place_session() returns trigger language plpgsql as $$
begin
  new.country := coalesce(new.country, khidma.call_fact('country'));
  new.city := coalesce(new.city, khidma.call_fact('city'));
  return new;
end $$;

-- Stores from where a session was last refreshed.
create or replace function khidma.move_session() returns trigger language plpgsql as $$
begin
  -- A refresh is an anonymous call, and only anonymous calls carry the place that the edge saw.
  if khidma.call_fact('sourceId') is null and nullif(current_setting('khidma.ip', true), '') is not null then
    new.last_ip_address := current_setting('khidma.ip', true);
    new.last_country := khidma.call_fact('country');
    new.last_city := khidma.call_fact('city');
  end if;
  return new;
end $$;

-- Opens a session, as the last step of every sign-in method. p_next: { sessionId, tokenId, tokenHash, tokenSeconds, device,
-- maxDevices }.
create or replace function khidma.open_session(p_user_id uuid, p_next jsonb, p_first_factor text, p_mfa_at timestamptz) returns void
language plpgsql as $$
declare
  given jsonb := nullif(p_next -> 'device', 'null');
  device text := given ->> 'deviceId';
begin
  perform khidma.begin_preferences(p_user_id);
  insert into user_credentials as c (user_id, last_sign_in_at) values (p_user_id, now())
    on conflict (user_id) do update set last_sign_in_at = now();
  insert into sessions (id, user_id, device_id, ip_address, user_agent, first_factor, mfa_at)
  values ((p_next ->> 'sessionId')::uuid, p_user_id, device, nullif(current_setting('khidma.ip'), ''),
          nullif(current_setting('khidma.user_agent'), ''), p_first_factor, p_mfa_at);
  insert into refresh_tokens (id, session_id, token_hash, expires_at)
  values ((p_next ->> 'tokenId')::uuid, (p_next ->> 'sessionId')::uuid, p_next ->> 'tokenHash',
          now() + make_interval(secs => (p_next ->> 'tokenSeconds')::int));
  if device is not null then
    -- A sign-in without a push token leaves the device the one it has.
    perform khidma.register_device(p_user_id, device, given ->> 'platform', coalesce(given ->> 'pushToken',
      (select d.push_token from user_devices d where d.user_id = p_user_id and d.device_id = device)), (p_next ->> 'maxDevices')::int);
  end if;
end $$;

-- Emits to the owner a sign-in from a device that the account did not know: in the app, another device id; elsewhere, another
-- program or another country. The first device of an account is no news.
create or replace function khidma.session_opened() returns trigger language plpgsql as $$
declare
  knows_any boolean;
  knows_this boolean;
begin
  select count(*) > 0, coalesce(bool_or(case when new.device_id is not null then s.device_id = new.device_id
           else s.user_agent is not distinct from new.user_agent and s.country is not distinct from new.country end), false)
    into knows_any, knows_this from sessions s where s.user_id = new.user_id and s.id <> new.id;
  if knows_any and not knows_this then
    perform khidma.emit('session.opened', 'session', new.id, 1,
      jsonb_build_object('sessionId', new.id, 'userId', new.user_id), array[new.user_id]);
  end if;
  return null;
end $$;

-- Stops pushes to the device of a session that ends in any way (log-out, revocation, reset, erasure), unless it has signed in
-- again, and emits the event that closes its sockets. The event of the end is ordered after that of the beginning.
-- `refresh_session` emits the one of a reused refresh token itself.
create or replace function khidma.session_ended() returns trigger language plpgsql as $$
begin
  update user_devices d set push_token = null
    where d.user_id = new.user_id and d.device_id = new.device_id and d.push_token is not null
      and not exists (select from sessions s
                       where s.user_id = new.user_id and s.device_id = new.device_id and s.revoked_at is null);
  if new.revoked_reason is distinct from 'refresh_token_reused' then
    perform khidma.emit('session.revoked', 'session', new.id, 2,
      jsonb_build_object('sessionId', new.id, 'userId', new.user_id, 'reason', coalesce(new.revoked_reason, 'revoked'))
        -- Users who end it themselves get no notification.
        || case when khidma.actor_id() = new.user_id then jsonb_build_object('party', 'user') else '{}' end,
      array[new.user_id]);
  end if;
  return null;
end $$;

-- Ends a session of a user. False where it had ended earlier or belongs to another user.
create or replace function khidma.end_session(p_session_id uuid, p_user_id uuid, p_reason text) returns boolean
language plpgsql as $$
begin
  update sessions set revoked_at = now(), revoked_reason = p_reason
    where id = p_session_id and user_id = p_user_id and revoked_at is null;
  return found;
end $$;

-- Ends all sessions of a user but one; null keeps none.
create or replace function khidma.end_other_sessions(p_user_id uuid, p_keep_session_id uuid, p_reason text) returns void language plpgsql as $$
begin
  perform khidma.end_session(s.id, p_user_id, p_reason) from sessions s
    where s.user_id = p_user_id and s.revoked_at is null and s.id is distinct from p_keep_session_id;
end $$;

-- Exchanges a refresh token for the next one. Outcomes: refreshed · invalid (unknown, expired, ended) · reused. A token that is
-- used twice ends its family, whether the second use comes a moment or a day after the first: two callers hold it, and nothing
-- tells which of them is the owner. A client that is unsure whether its exchange arrived repeats it with the same
-- `Idempotency-Key` and gets the same answer.
create or replace function khidma.refresh_session(
  p_token_hash text, p_new_token_id uuid, p_new_token_hash text, p_token_seconds int,
  out outcome text, out account users, out family uuid, out token uuid, out issued_at timestamptz
) language plpgsql as $$
declare
  shown refresh_tokens;
  mine sessions;
begin
  outcome := 'invalid';
  select * into shown from refresh_tokens where token_hash = p_token_hash;
  if not found then
    return;
  end if;
  -- The lock allows one exchange a family at a time; the token is read again to see what the previous one has done.
  select * into mine from sessions where id = shown.session_id for update;
  select * into shown from refresh_tokens where id = shown.id;
  if not found or mine.revoked_at is not null or shown.expires_at <= now() then
    return;
  end if;
  family := mine.id;
  select * into account from users where id = mine.user_id;
  perform set_config('khidma.user_id', account.id::text, true), set_config('khidma.role', account.role::text, true);
  if shown.used_at is not null then
    outcome := 'reused';
    perform khidma.end_session(mine.id, mine.user_id, 'refresh_token_reused');
    perform khidma.emit('session.revoked', 'session', mine.id, 2,
      jsonb_build_object('sessionId', mine.id, 'userId', mine.user_id, 'reason', 'refresh_token_reused'), array[mine.user_id]);
    return;
  end if;
  update refresh_tokens set used_at = now(), replaced_by = p_new_token_id where id = shown.id;
  insert into refresh_tokens (id, session_id, token_hash, expires_at)
  values (p_new_token_id, mine.id, p_new_token_hash, now() + make_interval(secs => p_token_seconds));
  update sessions set last_used_at = now() where id = mine.id;
  update user_devices set last_seen_at = now() where user_id = mine.user_id and device_id = mine.device_id;
  outcome := 'refreshed';
  token := p_new_token_id;
  issued_at := now();
end $$;
