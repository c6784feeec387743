-- Signing in and staying signed in: codes with their limits, sessions, rotating refresh tokens, devices.

-- Rules: { codeSeconds, resendRunSeconds, resendAfterSeconds: [first, second, …] }; limits: [{ key, count, perSeconds, exact }].
-- Knows nothing of users: known and unknown numbers take the same path.
create function khidma.request_otp(
  p_id uuid, p_phone text, p_otp_hash text, p_phone_key text, p_rules jsonb, p_limits jsonb,
  out code_expires_at timestamptz, out resend_at timestamptz
) language plpgsql as $$
declare
  locked record;
  the_limit record;
  waits int[] := array(select jsonb_array_elements_text(p_rules -> 'resendAfterSeconds')::int);
  run_since timestamptz := now() - make_interval(secs => (p_rules ->> 'resendRunSeconds')::int);
  sent int;
  last_at timestamptz;
  counted_at timestamptz;
begin
  -- Parallel requests that count under one key are counted one after another. Everyone locks in the order of the keys;
  -- the city-wide cap locks nobody, and may be passed by as many as run at that moment.
  for locked in select distinct l.key from jsonb_to_recordset(p_limits) as l (key text, exact boolean) where l.exact order by l.key loop
    perform pg_advisory_xact_lock(hashtextextended(locked.key, 10));
  end loop;

  select count(*), max(s.sent_at) into sent, last_at from otp_sends s where s.key = p_phone_key and s.sent_at > run_since;
  if sent > 0 then
    resend_at := last_at + make_interval(secs => waits[least(sent, cardinality(waits))]);
    if resend_at > now() then
      perform khidma.refuse(429, 'otp_too_soon',
        jsonb_build_object('retryAfterSeconds', ceil(extract(epoch from resend_at - now()))::int));
    end if;
  end if;

  for the_limit in select * from jsonb_to_recordset(p_limits) as l (key text, "count" int, "perSeconds" int) loop
    -- The oldest of the last `count`: while it is inside the window, the window is full.
    select s.sent_at + make_interval(secs => the_limit."perSeconds") into counted_at from otp_sends s
      where s.key = the_limit.key and s.sent_at > now() - make_interval(secs => the_limit."perSeconds")
      order by s.sent_at desc offset the_limit."count" - 1 limit 1;
    if found then
      perform khidma.refuse(429, 'rate_limited',
        jsonb_build_object('retryAfterSeconds', greatest(ceil(extract(epoch from counted_at - now())), 1)::int));
    end if;
  end loop;

  insert into otp_requests (id, phone, otp_hash, number_block, ip_address, user_agent, expires_at)
  values (p_id, p_phone, p_otp_hash, left(p_phone, -4), nullif(current_setting('khidma.ip'), ''),
          nullif(current_setting('khidma.user_agent'), ''), now() + make_interval(secs => (p_rules ->> 'codeSeconds')::int))
  returning expires_at into code_expires_at;
  insert into otp_sends (key, otp_request_id) select distinct l.key, p_id from jsonb_to_recordset(p_limits) as l (key text);
  resend_at := now() + make_interval(secs => waits[least(sent + 1, cardinality(waits))]);

  -- What no window reaches any more goes with the traffic: a few rows more than were added.
  delete from otp_sends s where (s.key, s.sent_at, s.otp_request_id) in (
    select o.key, o.sent_at, o.otp_request_id from otp_sends o where o.sent_at < now() - make_interval(secs =>
      (select max(l."perSeconds") from jsonb_to_recordset(p_limits) as l ("perSeconds" int)))
    order by o.sent_at limit 20 for update skip locked);
end $$;
--> statement-breakpoint
-- Null p_push_token: the device is told nothing. A token that another user had (the phone changed hands) moves.
create function khidma.register_device(
  p_user_id uuid, p_device_id text, p_platform text, p_push_token text, p_max_devices int
) returns void language plpgsql as $$
begin
  if p_push_token is not null then
    perform pg_advisory_xact_lock(hashtextextended('push_token:' || p_push_token, 10));
    update user_devices set push_token = null
      where push_token = p_push_token and (user_id, device_id) <> (p_user_id, p_device_id);
  end if;
  insert into user_devices (id, user_id, device_id, platform, push_token, last_seen_at)
  values (khidma.uuid_v7(), p_user_id, p_device_id, p_platform, p_push_token, now())
  on conflict (user_id, device_id) do update
    set platform = excluded.platform, push_token = excluded.push_token, last_seen_at = excluded.last_seen_at;
  delete from user_devices where id in (
    select id from user_devices where user_id = p_user_id order by last_seen_at desc nulls last, id desc offset p_max_devices);
end $$;
--> statement-breakpoint
-- Outcomes: signed_in · invalid · exhausted.
create function khidma.verify_otp(
  p_phone text, p_otp_hash text, p_max_checks int, p_user_id uuid,
  p_session_id uuid, p_token_id uuid, p_token_hash text, p_token_seconds int, p_device jsonb, p_max_devices int,
  out outcome text, out account users, out family uuid, out token uuid, out issued_at timestamptz
) language plpgsql as $$
declare
  request otp_requests;
  device text := p_device ->> 'deviceId';
begin
  -- Only the newest code counts. Its row lock makes parallel checks wait for each other.
  select * into request from otp_requests r where r.phone = p_phone order by r.created_at desc, r.id desc limit 1 for update;
  if not found or request.verified or request.expires_at <= now() then
    outcome := 'invalid';
    return;
  elsif request.attempts >= p_max_checks then
    outcome := 'exhausted';
    return;
  end if;
  -- A refusal is an outcome, not an exception: the check it took stays taken.
  update otp_requests set attempts = attempts + 1, verified = (otp_hash = p_otp_hash) where id = request.id returning * into request;
  if not request.verified then
    outcome := 'invalid';
    return;
  end if;

  insert into users (id, phone) values (p_user_id, p_phone) on conflict (phone) do nothing;
  select * into account from users where phone = p_phone;
  -- From here on it is they who act.
  perform set_config('khidma.user_id', account.id::text, true), set_config('khidma.role', account.role::text, true);
  insert into user_verifications as v (user_id, phone_verified) values (account.id, true)
    on conflict (user_id) do update set phone_verified = true where not v.phone_verified;
  insert into notification_preferences (user_id) values (account.id) on conflict (user_id) do nothing;
  insert into sessions (id, user_id, device_id, ip_address, user_agent)
  values (p_session_id, account.id, device, nullif(current_setting('khidma.ip'), ''), nullif(current_setting('khidma.user_agent'), ''));
  insert into refresh_tokens (id, session_id, token_hash, expires_at)
  values (p_token_id, p_session_id, p_token_hash, now() + make_interval(secs => p_token_seconds));
  if device is not null then
    -- Signing in again without a push token leaves the device the one it has.
    perform khidma.register_device(account.id, device, p_device ->> 'platform', coalesce(p_device ->> 'pushToken',
      (select d.push_token from user_devices d where d.user_id = account.id and d.device_id = device)), p_max_devices);
  end if;
  outcome := 'signed_in';
  family := p_session_id;
  token := p_token_id;
  issued_at := now();
end $$;
--> statement-breakpoint
-- Ends a session of a user and silences its device. False where it had ended before, or is not theirs.
create function khidma.end_session(p_session_id uuid, p_user_id uuid, p_reason text) returns boolean language plpgsql as $$
declare
  ended sessions;
begin
  update sessions set revoked_at = now(), revoked_reason = p_reason
    where id = p_session_id and user_id = p_user_id and revoked_at is null returning * into ended;
  if not found then
    return false;
  end if;
  update user_devices set push_token = null where user_id = ended.user_id and device_id = ended.device_id;
  return true;
end $$;
--> statement-breakpoint
-- Outcomes: refreshed · invalid (unknown, expired, ended) · overtaken (spent by a call that ran beside this one) · reused
-- (spent before this call began: the token was stolen, or its owner was overtaken by the thief; the family ends).
create function khidma.refresh_session(
  p_token_hash text, p_new_token_id uuid, p_new_token_hash text, p_token_seconds int,
  out outcome text, out account users, out family uuid, out token uuid, out issued_at timestamptz
) language plpgsql as $$
declare
  seen refresh_tokens;
  mine sessions;
  now_spent boolean;
begin
  outcome := 'invalid';
  select * into seen from refresh_tokens where token_hash = p_token_hash;
  if not found then
    return;
  end if;
  -- One exchange a family at a time. What was unspent when we looked and is spent now was spent by our neighbour.
  select * into mine from sessions where id = seen.session_id for update;
  select used_at is not null into now_spent from refresh_tokens where id = seen.id;
  if mine.revoked_at is not null or seen.expires_at <= now() or now_spent is null then
    return;
  end if;
  family := mine.id;
  select * into account from users where id = mine.user_id;
  perform set_config('khidma.user_id', account.id::text, true), set_config('khidma.role', account.role::text, true);
  if seen.used_at is not null then
    outcome := 'reused';
    perform khidma.end_session(mine.id, mine.user_id, 'refresh_token_reused');
    perform khidma.emit('session.revoked', 'session', mine.id, 1,
      jsonb_build_object('sessionId', mine.id, 'userId', mine.user_id, 'reason', 'refresh_token_reused'), array[mine.user_id]);
    return;
  elsif now_spent then
    outcome := 'overtaken';
    return;
  end if;

  update refresh_tokens set used_at = now(), replaced_by = p_new_token_id where id = seen.id;
  insert into refresh_tokens (id, session_id, token_hash, expires_at)
  values (p_new_token_id, mine.id, p_new_token_hash, now() + make_interval(secs => p_token_seconds));
  update sessions set last_used_at = now() where id = mine.id;
  update user_devices set last_seen_at = now() where user_id = mine.user_id and device_id = mine.device_id;
  outcome := 'refreshed';
  token := p_new_token_id;
  issued_at := now();
end $$;
