-- Returns when the window of a limit has room again; null: now. The window is full while the oldest of the last `p_count` under
-- the key is inside it.
create or replace function khidma.window_full_until(p_key text, p_count int, p_seconds int) returns timestamptz language plpgsql stable as $$
begin
  return (
    select s.sent_at + make_interval(secs => p_seconds) from otp_sends s
      where s.key = p_key and s.sent_at > now() - make_interval(secs => p_seconds)
      order by s.sent_at desc offset p_count - 1 limit 1);
end $$;

-- Counts a code that is to be sent. Limits: [{ key, count, perSeconds, exact }]; rules: { resendRunSeconds, resendAfterSeconds }.
-- Returns when the next may be asked for under the main key. Reads no users: known and unknown addresses take the same path.
create or replace function khidma.count_send(p_id uuid, p_main_key text, p_rules jsonb, p_limits jsonb) returns timestamptz
language plpgsql as $$
declare
  locked record;
  the_limit record;
  waits int[] := array(select jsonb_array_elements_text(p_rules -> 'resendAfterSeconds')::int);
  run_since timestamptz := now() - make_interval(secs => (p_rules ->> 'resendRunSeconds')::int);
  sent int;
  last_at timestamptz;
  full_until timestamptz;
begin
  -- Parallel requests under one key are counted one after another. All lock in the order of the keys; the city-wide cap takes no
  -- lock, and may be exceeded by as many as run at that moment.
  for locked in select distinct l.key from jsonb_to_recordset(p_limits) as l (key text, exact boolean) where l.exact order by l.key loop
    perform pg_advisory_xact_lock(hashtextextended(locked.key, 10));
  end loop;

  select count(*), max(s.sent_at) into sent, last_at from otp_sends s where s.key = p_main_key and s.sent_at > run_since;
  if sent > 0 and last_at + make_interval(secs => waits[least(sent, cardinality(waits))]) > now() then
    perform khidma.refuse(429, 'otp_too_soon', jsonb_build_object('retryAfterSeconds',
      ceil(extract(epoch from last_at + make_interval(secs => waits[least(sent, cardinality(waits))]) - now()))::int));
  end if;

  for the_limit in select * from jsonb_to_recordset(p_limits) as l (key text, "count" int, "perSeconds" int) loop
    full_until := khidma.window_full_until(the_limit.key, the_limit."count", the_limit."perSeconds");
    if full_until is not null then
      perform khidma.refuse(429, 'rate_limited',
        jsonb_build_object('retryAfterSeconds', greatest(ceil(extract(epoch from full_until - now())), 1)::int));
    end if;
  end loop;
  insert into otp_sends (key, otp_request_id) select distinct l.key, p_id from jsonb_to_recordset(p_limits) as l (key text);

  -- Rows older than every window are deleted with the traffic: a few more than were added.
  delete from otp_sends s where (s.key, s.sent_at, s.otp_request_id) in (
    select o.key, o.sent_at, o.otp_request_id from otp_sends o where o.sent_at < now() - make_interval(secs =>
      (select max(l."perSeconds") from jsonb_to_recordset(p_limits) as l ("perSeconds" int)))
    order by o.sent_at limit 20 for update skip locked);
  return now() + make_interval(secs => waits[least(sent + 1, cardinality(waits))]);
end $$;

-- Opens the breaker against SMS pumping: codes that are sent to numbers where nobody types them in. p_prefixes: [{ prefix,
-- minSent, minVerifiedPercent }]. Returns until when a channel is paused for one of the prefixes, or null, and opens the breaker
-- where the counts of the window demand it; `tripped` names the prefix only for the call that opened it. Codes of the last two
-- minutes may still be typed in and do not count. After a pause the count starts anew; a prefix that is still pumped is paused
-- for twice as long.
create or replace function khidma.otp_pause(p_channel text, p_prefixes jsonb, p_rules jsonb, out paused_until timestamptz, out tripped text)
language plpgsql as $$
declare
  watched record;
  known otp_breakers;
  counted record;
  since timestamptz;
begin
  for watched in select * from jsonb_to_recordset(p_prefixes) as p (prefix text, "minSent" int, "minVerifiedPercent" int) loop
    select * into known from otp_breakers b where b.prefix = watched.prefix and b.channel = p_channel;
    if known.paused_until > now() then
      paused_until := greatest(paused_until, known.paused_until);
      continue;
    end if;
    since := greatest(now() - make_interval(secs => (p_rules ->> 'windowSeconds')::int), known.paused_until);
    select coalesce(sum(c.sent) filter (where c.minute < now() - interval '2 minutes'), 0) as sent, coalesce(sum(c.verified), 0) as verified
      into counted from otp_prefix_counts c
      where c.prefix = watched.prefix and c.channel = p_channel and c.minute > since;
    if counted.sent >= watched."minSent" and counted.verified * 100 < counted.sent * watched."minVerifiedPercent" then
      insert into otp_breakers as b (prefix, channel, tripped_at, paused_until, sent, verified)
      values (watched.prefix, p_channel, now(), now() + make_interval(secs => (p_rules ->> 'pauseSeconds')::int), counted.sent, counted.verified)
      on conflict (prefix, channel) do update set tripped_at = now(), sent = excluded.sent, verified = excluded.verified,
        trips = case when b.paused_until > now() - interval '1 day' then b.trips + 1 else 1 end,
        paused_until = now() + make_interval(secs => least((p_rules ->> 'maxPauseSeconds')::int, (p_rules ->> 'pauseSeconds')::int
          * case when b.paused_until > now() - interval '1 day' then 2 ^ least(b.trips, 10) else 1 end)::int)
        where b.paused_until <= now()
      returning b.paused_until into since;
      if found then
        tripped := watched.prefix;
      else
        select b.paused_until into since from otp_breakers b
          where b.prefix = watched.prefix and b.channel = p_channel and b.paused_until > clock_timestamp();
      end if;
      paused_until := greatest(paused_until, since);
    end if;
  end loop;
end $$;

-- Emits that a breaker was opened or reset. The event has no recipients: it reaches the webhooks of staff, and staff who read
-- events.
create or replace function khidma.tell_breaker() returns trigger language plpgsql as $$
declare
  happened text := case when tg_op = 'INSERT' or new.tripped_at is distinct from old.tripped_at then 'tripped'
                        when new.reset_at is distinct from old.reset_at then 'reset' end;
begin
  if happened is not null then
    perform khidma.emit('otp_breaker.' || happened, 'otp_breaker', new.id, new.version,
      jsonb_build_object('otpBreakerId', new.id, 'prefix', new.prefix, 'channel', new.channel), '{}'::uuid[]);
  end if;
  return null;
end $$;

-- Returns whether a session proves that its device has signed in to the account that has the number now. A session that was ended
-- by anything but its own log-out (by its owner from elsewhere, a reset, a change of number, a stolen token) proves nothing any
-- more.
create or replace function khidma.is_known_device(p_session_id uuid, p_phone text, p_seconds int) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (
      select from sessions s join users u on u.id = s.user_id
       where s.id = p_session_id and u.phone = p_phone and (s.revoked_at is null or s.revoked_reason = 'logout')
         and s.last_used_at > now() - make_interval(secs => p_seconds)));
end $$;

-- Returns when a code may be guessed at again; null: now. p_guesses: [{ key, count, perSeconds }].
create or replace function khidma.guesses_full_until(p_guesses jsonb) returns timestamptz language plpgsql stable as $$
begin
  return (
    select max(khidma.window_full_until(l.key, l."count", l."perSeconds"))
      from jsonb_to_recordset(p_guesses) as l (key text, "count" int, "perSeconds" int));
end $$;

-- Stores and counts a code. Outcomes: requested · paused (the breaker is open on every usable channel for the number's prefix).
-- Rules: { codeSeconds, resendRunSeconds, resendAfterSeconds, knownSeconds, pastBreaker, breaker: { windowSeconds, pauseSeconds,
-- maxPauseSeconds } }; channels in the order of preference. p_counted: { anyone, known }, the keys under which the requester is
-- counted, each { key, limits: [{ key, count, perSeconds, exact }], guesses: [{ key, count, perSeconds }] }; `known`, which may
-- be null, is for requesters with a session (sessionId) of a device that the number's account knows. The two share nothing: no
-- stranger fills the windows of the owner. While the breaker is open a known device is still sent a few codes a day. The code
-- keeps its purpose, for a change of number its user, and the keys under which guesses at it count: the network may be another by
-- then. Reads no users otherwise: known and unknown numbers take the same path.
create or replace function khidma.request_otp(
  p_id uuid, p_phone text, p_otp_hash text, p_counted jsonb, p_rules jsonb, p_channels text[], p_prefixes jsonb,
  p_purpose text default 'sign_in', p_user_id uuid default null,
  out outcome text, out channel text, out code_expires_at timestamptz, out resend_at timestamptz, out tripped text
) language plpgsql as $$
declare
  is_known boolean := khidma.is_known_device((p_counted -> 'known' ->> 'sessionId')::uuid, p_phone, (p_rules ->> 'knownSeconds')::int);
  counted jsonb := case when is_known then p_counted -> 'known' else p_counted -> 'anyone' end;
  wanted text;
  pause record;
  full_until timestamptz := khidma.guesses_full_until(counted -> 'guesses');
begin
  -- A code that may not be checked is not sent.
  if full_until is not null then
    perform khidma.refuse(429, 'rate_limited',
      jsonb_build_object('retryAfterSeconds', greatest(ceil(extract(epoch from full_until - now())), 1)::int));
  end if;
  foreach wanted in array p_channels loop
    select * into pause from khidma.otp_pause(wanted, p_prefixes, p_rules -> 'breaker');
    tripped := coalesce(tripped, wanted || ' ' || pause.tripped);
    if pause.paused_until is null then
      channel := wanted;
      exit;
    end if;
    resend_at := least(resend_at, pause.paused_until);
  end loop;
  if channel is null and is_known
     and khidma.window_full_until(counted ->> 'key', (p_rules ->> 'pastBreaker')::int, 86400) is null then
    channel := p_channels[1];
  end if;
  if channel is null then
    -- The outcome is no exception, so that the pause that was just stored is committed.
    outcome := 'paused';
    return;
  end if;
  outcome := 'requested';
  resend_at := khidma.count_send(p_id, counted ->> 'key', p_rules, counted -> 'limits');
  insert into otp_requests (id, phone, otp_hash, number_block, ip_address, user_agent, channel, prefixes, purpose, user_id, requester,
                            guesses, expires_at)
  values (p_id, p_phone, p_otp_hash, left(p_phone, -4), nullif(current_setting('khidma.ip'), ''),
          nullif(current_setting('khidma.user_agent'), ''), request_otp.channel,
          array(select p.prefix from jsonb_to_recordset(p_prefixes) as p (prefix text)), p_purpose, p_user_id, counted ->> 'key',
          counted -> 'guesses', now() + make_interval(secs => (p_rules ->> 'codeSeconds')::int))
  returning expires_at into code_expires_at;
  insert into otp_prefix_counts as c (prefix, channel, minute, shard, sent)
    select p.prefix, request_otp.channel, date_trunc('minute', now()), floor(random() * 16), 1 from jsonb_to_recordset(p_prefixes) as p (prefix text) order by p.prefix
    on conflict on constraint otp_prefix_counts_pkey do update set sent = c.sent + 1;
  delete from otp_prefix_counts o where (o.prefix, o.channel, o.minute, o.shard) in (
    select d.prefix, d.channel, d.minute, d.shard from otp_prefix_counts d where d.minute < now() - interval '1 day' order by d.minute limit 5 for update skip locked);
end $$;

-- Checks a code once; the caller has locked its row. Outcomes: right · invalid · exhausted (this code has had its checks) · spent
-- (so have all codes of the number, or all that this requester had sent there; retry_after in seconds). A check that was used is
-- not given back. Guesses at all codes of a number come one after another, so that however many codes are open the guesses of a
-- day are bounded exactly; the right code counts as none.
create or replace function khidma.check_otp(
  p_request otp_requests, p_otp_hash text, p_max_checks int, out outcome text, out retry_after int
) language plpgsql as $$
declare
  request otp_requests := p_request;
  counted record;
  full_until timestamptz;
begin
  if request.id is null or request.verified or request.expires_at <= now() then
    outcome := 'invalid';
    return;
  elsif request.attempts >= p_max_checks then
    outcome := 'exhausted';
    return;
  end if;
  for counted in select distinct g.key from jsonb_to_recordset(request.guesses) as g (key text) order by g.key loop
    perform pg_advisory_xact_lock(hashtextextended(counted.key, 10));
  end loop;
  full_until := khidma.guesses_full_until(request.guesses);
  if full_until is not null then
    outcome := 'spent';
    retry_after := greatest(ceil(extract(epoch from full_until - now())), 1);
    return;
  end if;
  update otp_requests set attempts = attempts + 1, verified = (otp_hash = p_otp_hash) where id = request.id returning * into request;
  if not request.verified then
    outcome := 'invalid';
    -- By the clock, not the transaction: two that began together and waited for each other both count.
    insert into otp_sends (key, sent_at, otp_request_id)
      select distinct g.key, clock_timestamp(), request.id from jsonb_to_recordset(request.guesses) as g (key text);
    return;
  end if;
  outcome := 'right';
  insert into otp_prefix_counts as c (prefix, channel, minute, shard, verified)
    select p, request.channel, date_trunc('minute', now()), floor(random() * 16), 1 from unnest(request.prefixes) p order by p
    on conflict (prefix, channel, minute, shard) do update set verified = c.verified + 1;
end $$;

-- Signs in with a code of purpose `sign_in`, by its id, which only its requester received: nobody else can use up its checks.
-- Outcomes: those of a sign-in, and those of check_otp except "right". p_begins: { locale, timezone, currency, country } of an
-- account that is created here.
create or replace function khidma.verify_otp(
  p_id uuid, p_phone text, p_otp_hash text, p_max_checks int, p_user_id uuid, p_begins jsonb, p_next jsonb
) returns khidma.sign_in language plpgsql as $$
declare
  result khidma.sign_in;
  request otp_requests;
  account users;
begin
  -- The row lock makes parallel checks wait for each other.
  select * into request from otp_requests r where r.id = p_id and r.phone = p_phone and r.purpose = 'sign_in' for update;
  -- A refusal is an outcome, not an exception, so that the check that it used is committed.
  select c.outcome, c.retry_after into result.outcome, result.retry_after from khidma.check_otp(request, p_otp_hash, p_max_checks) c;
  if result.outcome <> 'right' then
    return result;
  end if;
  -- A concurrent change of number holds the account: either it sees the session that begins here, and ends it, or this statement
  -- sees that no account has the number any more.
  loop
    insert into users (id, phone, locale, timezone, currency, country)
    select p_user_id, p_phone, b.locale, khidma.zone_or_utc(b.timezone), b.currency, b.country
      from jsonb_to_record(p_begins) as b (locale text, timezone text, currency text, country text)
    on conflict (phone) do nothing;
    select * into account from users where phone = p_phone for share;
    exit when found;
  end loop;
  perform set_config('khidma.user_id', account.id::text, true), set_config('khidma.role', account.role::text, true);
  perform khidma.phone_verified(account.id);
  return khidma.after_first_factor(account, p_next, 'otp');
end $$;
