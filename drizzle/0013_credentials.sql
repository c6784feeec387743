-- Ways in: names and passwords, proven e-mail addresses, second factors, and what keeps guessing and pumping expensive.

alter table users alter column phone drop not null;
--> statement-breakpoint
alter table users add column username text constraint users_username_key unique;
--> statement-breakpoint
alter table users add column email_verified_at timestamptz;
--> statement-breakpoint
-- Lower case only, so that unique means unique to a reader; without an @, so that a name is never taken for an address.
alter table users add constraint users_username_form check (username ~ '^[a-z0-9][a-z0-9._-]{1,48}[a-z0-9]$');
--> statement-breakpoint
alter table users add constraint users_reachable check (phone is not null or email is not null);
--> statement-breakpoint
alter table sessions add column first_factor text not null default 'otp'
  constraint sessions_first_factor check (first_factor in ('otp', 'password', 'registration'));
--> statement-breakpoint
-- When this session last showed a second factor.
alter table sessions add column mfa_at timestamptz;
--> statement-breakpoint
create table user_credentials (
  user_id uuid primary key references users (id) on delete cascade,
  password_changed_at timestamptz,
  failed_attempts int not null default 0,
  last_sign_in_at timestamptz,
  told_blocked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create table password_verifiers (
  name_hash text constraint password_verifiers_pkey primary key,
  user_id uuid not null references users (id) on delete cascade,
  kind text not null constraint password_verifiers_kind check (kind in ('email', 'username')),
  algorithm text not null,
  password_hash text not null,
  created_at timestamptz not null default now(),
  constraint password_verifiers_user_kind_key unique (user_id, kind)
);
--> statement-breakpoint
create table sign_in_attempts (
  key text primary key,
  failed int not null default 0,
  last_failed_at timestamptz,
  blocked_until timestamptz,
  succeeded_at timestamptz,
  seen_at timestamptz not null default now()
);
--> statement-breakpoint
create index idx_sign_in_attempts_seen on sign_in_attempts (seen_at);
--> statement-breakpoint
create table email_codes (
  id uuid primary key,
  purpose text not null constraint email_codes_purpose check (purpose in ('register', 'reset', 'change')),
  email text not null,
  user_id uuid references users (id) on delete cascade,
  code_hash text not null,
  fields jsonb not null default '{}',
  attempts smallint not null default 0 constraint email_codes_attempts check (attempts between 0 and 5),
  ip_address text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  sent_at timestamptz,
  used_at timestamptz,
  completed_at timestamptz
);
--> statement-breakpoint
create index idx_email_codes_time on email_codes (created_at);
--> statement-breakpoint
create index idx_email_codes_user on email_codes (user_id);
--> statement-breakpoint
create table mfa_factors (
  id uuid constraint mfa_factors_pkey primary key,
  user_id uuid not null references users (id) on delete cascade,
  kind text not null default 'totp' constraint mfa_factors_kind check (kind = 'totp'),
  label text not null,
  secret text not null,
  last_counter bigint not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
--> statement-breakpoint
create index idx_mfa_factors_user on mfa_factors (user_id, id);
--> statement-breakpoint
create table mfa_backup_codes (
  user_id uuid not null references users (id) on delete cascade,
  code_hash text not null,
  batch_id uuid not null,
  created_at timestamptz not null default now(),
  used_at timestamptz,
  constraint mfa_backup_codes_pkey primary key (user_id, code_hash)
);
--> statement-breakpoint
create table mfa_challenges (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  session_id uuid references sessions (id) on delete cascade,
  first_factor text not null,
  device jsonb,
  attempts smallint not null default 0 constraint mfa_challenges_attempts check (attempts between 0 and 5),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
--> statement-breakpoint
create index idx_mfa_challenges_user on mfa_challenges (user_id);
--> statement-breakpoint
create index idx_mfa_challenges_session on mfa_challenges (session_id);
--> statement-breakpoint
create index idx_mfa_challenges_time on mfa_challenges (created_at);
--> statement-breakpoint
alter table otp_requests add column channel text not null default 'sms'
  constraint otp_requests_channel check (channel in ('sms', 'whatsapp', 'voice'));
--> statement-breakpoint
alter table otp_requests add column sent_by text;
--> statement-breakpoint
alter table otp_requests add column prefixes text[] not null default '{}';
--> statement-breakpoint
create table otp_prefix_counts (
  prefix text not null,
  channel text not null,
  minute timestamptz not null,
  -- A country's codes are counted on sixteen rows, so that no row serialises it.
  shard smallint not null default 0,
  sent int not null default 0,
  verified int not null default 0,
  constraint otp_prefix_counts_pkey primary key (prefix, channel, minute, shard)
);
--> statement-breakpoint
create index idx_otp_prefix_counts_minute on otp_prefix_counts (minute);
--> statement-breakpoint
create table otp_breakers (
  prefix text not null,
  channel text not null,
  tripped_at timestamptz not null,
  paused_until timestamptz not null,
  trips int not null default 1,
  sent int not null,
  verified int not null,
  constraint otp_breakers_pkey primary key (prefix, channel)
);
--> statement-breakpoint
create trigger a_touch before update on user_credentials for each row execute function khidma.touch_time();
--> statement-breakpoint
create trigger z_audit after insert or update or delete on user_credentials
  for each row execute function khidma.audit('last_sign_in_at', 'failed_attempts');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on password_verifiers
  for each row execute function khidma.audit('name_hash', 'password_hash');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on mfa_factors
  for each row execute function khidma.audit('secret', 'last_counter', 'last_used_at');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on mfa_backup_codes
  for each row execute function khidma.audit('code_hash');
--> statement-breakpoint
-- A name that is no longer somebody's opens nothing. A proven address is changed by proving the next one, and no other way.
create function khidma.names_changed() returns trigger language plpgsql as $$
begin
  if new.email is distinct from old.email then
    if new.email_verified_at is not distinct from old.email_verified_at then
      if old.email_verified_at is not null and new.email is not null then
        perform khidma.refuse(409, 'email_proof_required');
      end if;
      new.email_verified_at := null;
    end if;
    delete from password_verifiers where user_id = new.id and kind = 'email';
  end if;
  if new.username is distinct from old.username then
    delete from password_verifiers where user_id = new.id and kind = 'username';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger b_names before update of email, username on users for each row execute function khidma.names_changed();
--> statement-breakpoint
-- Limits: [{ key, count, perSeconds, exact }]; rules: { resendRunSeconds, resendAfterSeconds }. Returns when the next may be
-- asked for under the main key. Knows nothing of users: known and unknown addresses take the same path.
create function khidma.count_send(p_id uuid, p_main_key text, p_rules jsonb, p_limits jsonb) returns timestamptz
language plpgsql as $$
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

  select count(*), max(s.sent_at) into sent, last_at from otp_sends s where s.key = p_main_key and s.sent_at > run_since;
  if sent > 0 and last_at + make_interval(secs => waits[least(sent, cardinality(waits))]) > now() then
    perform khidma.refuse(429, 'otp_too_soon', jsonb_build_object('retryAfterSeconds',
      ceil(extract(epoch from last_at + make_interval(secs => waits[least(sent, cardinality(waits))]) - now()))::int));
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
  insert into otp_sends (key, otp_request_id) select distinct l.key, p_id from jsonb_to_recordset(p_limits) as l (key text);

  -- What no window reaches any more goes with the traffic: a few rows more than were added.
  delete from otp_sends s where (s.key, s.sent_at, s.otp_request_id) in (
    select o.key, o.sent_at, o.otp_request_id from otp_sends o where o.sent_at < now() - make_interval(secs =>
      (select max(l."perSeconds") from jsonb_to_recordset(p_limits) as l ("perSeconds" int)))
    order by o.sent_at limit 20 for update skip locked);
  return now() + make_interval(secs => waits[least(sent + 1, cardinality(waits))]);
end $$;
--> statement-breakpoint
-- Pumped numbers are sent codes that nobody types in. p_prefixes: [{ prefix, minSent, minVerifiedPercent }]. Returns until
-- when a channel is paused for one of them, or null; trips it where the last hour says so. What was sent in the last two
-- minutes may still be typed in. After a pause the count starts anew: what is still pumped is paused for twice as long.
create function khidma.otp_pause(p_channel text, p_prefixes jsonb, p_rules jsonb, out paused_until timestamptz, out tripped text)
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
      paused_until := greatest(paused_until, since);
      tripped := watched.prefix;
    end if;
  end loop;
end $$;
--> statement-breakpoint
drop function khidma.request_otp(uuid, text, text, text, jsonb, jsonb);
--> statement-breakpoint
-- Outcomes: requested · paused (every channel that may be used is paused for the number's prefix). Rules: { codeSeconds,
-- resendRunSeconds, resendAfterSeconds, breaker: { windowSeconds, pauseSeconds, maxPauseSeconds } }. Channels in the order in
-- which they are wanted.
create function khidma.request_otp(
  p_id uuid, p_phone text, p_otp_hash text, p_phone_key text, p_rules jsonb, p_limits jsonb, p_channels text[], p_prefixes jsonb,
  out outcome text, out channel text, out code_expires_at timestamptz, out resend_at timestamptz, out tripped text
) language plpgsql as $$
declare
  wanted text;
  pause record;
begin
  foreach wanted in array p_channels loop
    select * into pause from khidma.otp_pause(wanted, p_prefixes, p_rules -> 'breaker');
    tripped := coalesce(tripped, wanted || ' ' || pause.tripped);
    if pause.paused_until is null then
      channel := wanted;
      exit;
    end if;
    resend_at := least(resend_at, pause.paused_until);
  end loop;
  if channel is null then
    -- No exception: the pause that was just written down stays.
    outcome := 'paused';
    return;
  end if;
  outcome := 'requested';
  resend_at := khidma.count_send(p_id, p_phone_key, p_rules, p_limits);
  insert into otp_requests (id, phone, otp_hash, number_block, ip_address, user_agent, channel, prefixes, expires_at)
  values (p_id, p_phone, p_otp_hash, left(p_phone, -4), nullif(current_setting('khidma.ip'), ''),
          nullif(current_setting('khidma.user_agent'), ''), request_otp.channel,
          array(select p.prefix from jsonb_to_recordset(p_prefixes) as p (prefix text)),
          now() + make_interval(secs => (p_rules ->> 'codeSeconds')::int))
  returning expires_at into code_expires_at;
  insert into otp_prefix_counts as c (prefix, channel, minute, shard, sent)
    select p.prefix, request_otp.channel, date_trunc('minute', now()), floor(random() * 16), 1 from jsonb_to_recordset(p_prefixes) as p (prefix text) order by p.prefix
    on conflict on constraint otp_prefix_counts_pkey do update set sent = c.sent + 1;
  delete from otp_prefix_counts o where (o.prefix, o.channel, o.minute, o.shard) in (
    select d.prefix, d.channel, d.minute, d.shard from otp_prefix_counts d where d.minute < now() - interval '1 day' order by d.minute limit 5 for update skip locked);
end $$;
--> statement-breakpoint
-- What every way in ends with. p_next: { sessionId, tokenId, tokenHash, tokenSeconds, device, maxDevices }.
create function khidma.open_session(p_user_id uuid, p_next jsonb, p_first_factor text, p_mfa_at timestamptz) returns void
language plpgsql as $$
declare
  given jsonb := nullif(p_next -> 'device', 'null');
  device text := given ->> 'deviceId';
begin
  insert into notification_preferences (user_id) values (p_user_id) on conflict (user_id) do nothing;
  insert into user_credentials as c (user_id, last_sign_in_at) values (p_user_id, now())
    on conflict (user_id) do update set last_sign_in_at = now();
  insert into sessions (id, user_id, device_id, ip_address, user_agent, first_factor, mfa_at)
  values ((p_next ->> 'sessionId')::uuid, p_user_id, device, nullif(current_setting('khidma.ip'), ''),
          nullif(current_setting('khidma.user_agent'), ''), p_first_factor, p_mfa_at);
  insert into refresh_tokens (id, session_id, token_hash, expires_at)
  values ((p_next ->> 'tokenId')::uuid, (p_next ->> 'sessionId')::uuid, p_next ->> 'tokenHash',
          now() + make_interval(secs => (p_next ->> 'tokenSeconds')::int));
  if device is not null then
    -- Signing in again without a push token leaves the device the one it has.
    perform khidma.register_device(p_user_id, device, given ->> 'platform', coalesce(given ->> 'pushToken',
      (select d.push_token from user_devices d where d.user_id = p_user_id and d.device_id = device)), (p_next ->> 'maxDevices')::int);
  end if;
end $$;
--> statement-breakpoint
-- What a way in comes to: signed_in · mfa_required, and the refusals of its own.
create type khidma.sign_in as (
  outcome text, account users, family uuid, token uuid, issued_at timestamptz, challenge uuid, challenge_until timestamptz, retry_after int
);
--> statement-breakpoint
-- The first factor was right: a session, or for who has a second one a challenge. p_next as in open_session, with
-- { challengeId, challengeSeconds }.
create function khidma.after_first_factor(p_account users, p_next jsonb, p_first_factor text) returns khidma.sign_in
language plpgsql as $$
declare
  result khidma.sign_in;
begin
  -- From here on it is they who act.
  perform set_config('khidma.user_id', p_account.id::text, true), set_config('khidma.role', p_account.role::text, true);
  result.account := p_account;
  result.issued_at := now();
  if exists (select from mfa_factors f where f.user_id = p_account.id) then
    insert into mfa_challenges (id, user_id, first_factor, device, expires_at)
    values ((p_next ->> 'challengeId')::uuid, p_account.id, p_first_factor, nullif(p_next -> 'device', 'null'),
            now() + make_interval(secs => (p_next ->> 'challengeSeconds')::int))
    returning id, expires_at into result.challenge, result.challenge_until;
    delete from mfa_challenges where id in (
      select c.id from mfa_challenges c where c.created_at < now() - interval '1 day' order by c.created_at limit 5 for update skip locked);
    result.outcome := 'mfa_required';
    return result;
  end if;
  perform khidma.open_session(p_account.id, p_next, p_first_factor, null);
  result.outcome := 'signed_in';
  result.family := (p_next ->> 'sessionId')::uuid;
  result.token := (p_next ->> 'tokenId')::uuid;
  return result;
end $$;
--> statement-breakpoint
drop function khidma.verify_otp(text, text, int, uuid, uuid, uuid, text, int, jsonb, int);
--> statement-breakpoint
-- Outcomes: those of a way in · invalid · exhausted.
create function khidma.verify_otp(p_phone text, p_otp_hash text, p_max_checks int, p_user_id uuid, p_next jsonb)
returns khidma.sign_in language plpgsql as $$
declare
  result khidma.sign_in;
  request otp_requests;
  account users;
begin
  -- Only the newest code counts. Its row lock makes parallel checks wait for each other.
  select * into request from otp_requests r where r.phone = p_phone order by r.created_at desc, r.id desc limit 1 for update;
  if not found or request.verified or request.expires_at <= now() then
    result.outcome := 'invalid';
    return result;
  elsif request.attempts >= p_max_checks then
    result.outcome := 'exhausted';
    return result;
  end if;
  -- A refusal is an outcome, not an exception: the check it took stays taken.
  update otp_requests set attempts = attempts + 1, verified = (otp_hash = p_otp_hash) where id = request.id returning * into request;
  if not request.verified then
    result.outcome := 'invalid';
    return result;
  end if;
  insert into otp_prefix_counts as c (prefix, channel, minute, shard, verified)
    select p, request.channel, date_trunc('minute', now()), floor(random() * 16), 1 from unnest(request.prefixes) p order by p
    on conflict (prefix, channel, minute, shard) do update set verified = c.verified + 1;

  insert into users (id, phone) values (p_user_id, p_phone) on conflict (phone) do nothing;
  select * into account from users where phone = p_phone;
  perform set_config('khidma.user_id', account.id::text, true), set_config('khidma.role', account.role::text, true);
  insert into user_verifications as v (user_id, phone_verified) values (account.id, true)
    on conflict (user_id) do update set phone_verified = true where not v.phone_verified;
  return khidma.after_first_factor(account, p_next, 'otp');
end $$;
--> statement-breakpoint
-- What the access token of a session says besides whose it is. Staff who have not shown a second factor may do nothing
-- but enrol one. Volatile, so that it sees the session that the same statement has opened.
create function khidma.session_claims(
  p_user_id uuid, p_session_id uuid, out permissions text[], out has_mfa boolean, out mfa_at bigint
) language plpgsql volatile as $$
declare
  held record;
begin
  has_mfa := exists (select from mfa_factors f where f.user_id = p_user_id);
  mfa_at := (select floor(extract(epoch from s.mfa_at)) from sessions s where s.id = p_session_id);
  select * into held from khidma.claims_of(p_user_id);
  permissions := case when held.role in ('client', 'tasker') or (has_mfa and mfa_at is not null) then held.permissions else '{}' end;
end $$;
--> statement-breakpoint
-- One more failure under a key. Rule: { free, windowSeconds, blockSeconds, maxBlockSeconds }: the `free`-th failure in a run
-- blocks, every further one for twice as long; a run ends after a quiet window.
create function khidma.count_failure(p_key text, p_rule jsonb) returns timestamptz language plpgsql as $$
declare
  counted sign_in_attempts;
  over int;
begin
  insert into sign_in_attempts as a (key, failed, last_failed_at) values (p_key, 1, now())
    on conflict (key) do update set seen_at = now(), last_failed_at = now(),
      failed = case when a.last_failed_at > now() - make_interval(secs => (p_rule ->> 'windowSeconds')::int) then a.failed + 1 else 1 end
    returning * into counted;
  over := counted.failed - (p_rule ->> 'free')::int;
  if over < 0 then
    return null;
  end if;
  update sign_in_attempts set blocked_until = now() + make_interval(secs =>
      least((p_rule ->> 'maxBlockSeconds')::int, (p_rule ->> 'blockSeconds')::int * 2 ^ least(over, 16))::int)
    where key = p_key returning blocked_until into counted.blocked_until;
  return counted.blocked_until;
end $$;
--> statement-breakpoint
-- Outcomes: right · wrong · blocked. p_attempt: { nameHash, hashes: [{ algorithm, hash }] newest scheme first, keys: { name,
-- pair, network }, rules: { name, pair, network, knownSeconds } }. The name's row is locked: guesses at one name, however
-- many come at once, are counted one after another. Names that nobody has are counted and blocked like any other. Who has
-- signed in from this network before is stopped by their own mistakes only, never by a stranger's.
create function khidma.check_password(p_attempt jsonb, p_user_id uuid, out outcome text, out owner uuid, out retry_after int)
language plpgsql as $$
declare
  keys jsonb := p_attempt -> 'keys';
  rules jsonb := p_attempt -> 'rules';
  newest jsonb := p_attempt -> 'hashes' -> 0;
  by_name sign_in_attempts;
  by_pair sign_in_attempts;
  by_network sign_in_attempts;
  verifier password_verifiers;
  blocked_until timestamptz;
  name_blocked_until timestamptz;
begin
  insert into sign_in_attempts as a (key) values (keys ->> 'name') on conflict (key) do update set seen_at = now() returning * into by_name;
  insert into sign_in_attempts as a (key) values (keys ->> 'pair') on conflict (key) do update set seen_at = now() returning * into by_pair;
  select * into by_network from sign_in_attempts a where a.key = keys ->> 'network';
  blocked_until := by_pair.blocked_until;
  if by_pair.succeeded_at is null or by_pair.succeeded_at < now() - make_interval(secs => (rules ->> 'knownSeconds')::int) then
    blocked_until := greatest(blocked_until, by_name.blocked_until, by_network.blocked_until);
  end if;
  if blocked_until > now() then
    outcome := 'blocked';
    retry_after := ceil(extract(epoch from blocked_until - now()));
    return;
  end if;

  select * into verifier from password_verifiers v where v.name_hash = p_attempt ->> 'nameHash';
  outcome := case when (p_user_id is null or verifier.user_id = p_user_id)
    and exists (select from jsonb_to_recordset(p_attempt -> 'hashes') as h (algorithm text, hash text)
                 where h.algorithm = verifier.algorithm and h.hash = verifier.password_hash) then 'right' else 'wrong' end;
  if outcome = 'right' then
    owner := verifier.user_id;
    update sign_in_attempts set failed = 0, blocked_until = null, succeeded_at = now() where key = keys ->> 'pair';
    insert into user_credentials (user_id, failed_attempts) values (owner, by_pair.failed)
      on conflict (user_id) do update set failed_attempts = excluded.failed_attempts;
    -- The parameters have grown since it was stored.
    update password_verifiers set algorithm = newest ->> 'algorithm', password_hash = newest ->> 'hash'
      where name_hash = verifier.name_hash and algorithm <> newest ->> 'algorithm';
    return;
  end if;
  perform khidma.count_failure(keys ->> 'pair', rules -> 'pair');
  name_blocked_until := khidma.count_failure(keys ->> 'name', rules -> 'name');
  perform khidma.count_failure(keys ->> 'network', rules -> 'network');
  delete from sign_in_attempts where key in (
    select a.key from sign_in_attempts a where a.seen_at < now() - make_interval(secs => (rules ->> 'knownSeconds')::int)
    order by a.seen_at limit 5 for update skip locked);
  if name_blocked_until is not null and verifier.user_id is not null then
    insert into user_credentials as c (user_id, told_blocked_at) values (verifier.user_id, now())
      on conflict (user_id) do update set told_blocked_at = now()
      where c.told_blocked_at is null or c.told_blocked_at < now() - interval '1 day';
    if found then
      perform khidma.emit('user.sign_in_blocked', 'user', verifier.user_id, 1,
        jsonb_build_object('userId', verifier.user_id), array[verifier.user_id]);
    end if;
  end if;
end $$;
--> statement-breakpoint
-- Outcomes: those of a way in · wrong · blocked.
create function khidma.sign_in_by_password(p_attempt jsonb, p_next jsonb) returns khidma.sign_in language plpgsql as $$
declare
  result khidma.sign_in;
  checked record;
  account users;
begin
  select * into checked from khidma.check_password(p_attempt, null);
  if checked.outcome <> 'right' then
    result.outcome := checked.outcome;
    result.retry_after := checked.retry_after;
    return result;
  end if;
  -- A change of password that runs beside this holds the row: either it sees the session that begins here, and ends it, or
  -- this sees that the password is another one by now.
  select * into account from users where id = checked.owner for share;
  if not exists (select from password_verifiers v
                  where v.name_hash = p_attempt ->> 'nameHash' and v.password_hash = p_attempt -> 'hashes' -> 0 ->> 'hash') then
    result.outcome := 'wrong';
    return result;
  end if;
  return khidma.after_first_factor(account, p_next, 'password');
end $$;
--> statement-breakpoint
-- Outcomes: right · wrong · blocked · invalid (no such challenge, or it is over). p_proof: { factorId, counter } of a TOTP that
-- fits, { backupHash }, or {} where the code fits nothing. Five answers a challenge; over all challenges the failures of a
-- person count, so that a thief of the first factor cannot start again and again. A counter is taken once, and never an older
-- one after it.
create function khidma.take_second_factor(
  p_challenge_id uuid, p_user_id uuid, p_session_id uuid, p_proof jsonb, p_rules jsonb,
  out outcome text, out retry_after int, out first_factor text, out device jsonb
) language plpgsql as $$
declare
  challenge mfa_challenges;
  failures sign_in_attempts;
  mfa_key text := 'mfa:' || p_user_id;
begin
  insert into sign_in_attempts as a (key) values (mfa_key) on conflict (key) do update set seen_at = now() returning * into failures;
  if failures.blocked_until > now() then
    outcome := 'blocked';
    retry_after := ceil(extract(epoch from failures.blocked_until - now()));
    return;
  end if;
  select * into challenge from mfa_challenges c where c.id = p_challenge_id and c.user_id = p_user_id for update;
  if not found or challenge.used_at is not null or challenge.expires_at <= now()
     or challenge.session_id is distinct from p_session_id or challenge.attempts >= 5 then
    outcome := 'invalid';
    return;
  end if;
  update mfa_challenges set attempts = attempts + 1 where id = challenge.id;
  if p_proof ? 'backupHash' then
    update mfa_backup_codes set used_at = now()
      where user_id = p_user_id and code_hash = p_proof ->> 'backupHash' and used_at is null;
  else
    update mfa_factors set last_counter = (p_proof ->> 'counter')::bigint, last_used_at = now()
      where id = (p_proof ->> 'factorId')::uuid and user_id = p_user_id and last_counter < (p_proof ->> 'counter')::bigint;
  end if;
  if not found then
    outcome := 'wrong';
    perform khidma.count_failure(mfa_key, p_rules);
    return;
  end if;
  if p_proof ? 'backupHash' then
    perform khidma.emit('user.backup_code_used', 'user', p_user_id, 1, jsonb_build_object('userId', p_user_id, 'left',
      (select count(*) from mfa_backup_codes b where b.user_id = p_user_id and b.used_at is null)), array[p_user_id]);
  end if;
  update mfa_challenges set used_at = now() where id = challenge.id;
  update sign_in_attempts set failed = 0, blocked_until = null where key = mfa_key;
  outcome := 'right';
  first_factor := challenge.first_factor;
  device := challenge.device;
end $$;
--> statement-breakpoint
-- Outcomes: signed_in · wrong · blocked · invalid.
create function khidma.sign_in_by_second_factor(p_challenge_id uuid, p_user_id uuid, p_proof jsonb, p_rules jsonb, p_next jsonb)
returns khidma.sign_in language plpgsql as $$
declare
  result khidma.sign_in;
  taken record;
begin
  result.account := (select u from users u where u.id = p_user_id);
  perform set_config('khidma.user_id', p_user_id::text, true), set_config('khidma.role', coalesce((result.account).role::text, 'anonymous'), true);
  select * into taken from khidma.take_second_factor(p_challenge_id, p_user_id, null, p_proof, p_rules);
  result.outcome := taken.outcome;
  result.retry_after := taken.retry_after;
  if taken.outcome <> 'right' then
    result.account := null;
    return result;
  end if;
  perform khidma.open_session(p_user_id, p_next || jsonb_build_object('device', taken.device), taken.first_factor, now());
  result.outcome := 'signed_in';
  result.issued_at := now();
  result.family := (p_next ->> 'sessionId')::uuid;
  result.token := (p_next ->> 'tokenId')::uuid;
  return result;
end $$;
--> statement-breakpoint
-- Outcomes: right · wrong · blocked · invalid. The session has shown its second factor from now on.
create function khidma.step_up(
  p_challenge_id uuid, p_user_id uuid, p_session_id uuid, p_proof jsonb, p_rules jsonb,
  out outcome text, out retry_after int, out issued_at timestamptz
) language plpgsql as $$
begin
  perform 1 from sessions s where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null for update;
  if not found then
    perform khidma.refuse(401, 'unauthenticated');
  end if;
  select t.outcome, t.retry_after into outcome, retry_after
    from khidma.take_second_factor(p_challenge_id, p_user_id, p_session_id, p_proof, p_rules) t;
  if outcome = 'right' then
    issued_at := now();
    update sessions set mfa_at = now() where id = p_session_id;
  end if;
end $$;
--> statement-breakpoint
-- Sensitive changes ask for more than a token that may have been stolen: a second factor that was shown a moment ago, or of
-- who has none a session that began a moment ago.
create function khidma.assert_recent(p_user_id uuid, p_session_id uuid, p_seconds int) returns void language plpgsql as $$
declare
  mine sessions;
begin
  select * into mine from sessions s where s.id = p_session_id and s.user_id = p_user_id for update;
  if not found or mine.revoked_at is not null then
    perform khidma.refuse(401, 'unauthenticated');
  elsif mine.mfa_at > now() - make_interval(secs => p_seconds) then
    return;
  elsif exists (select from mfa_factors f where f.user_id = p_user_id) then
    perform khidma.refuse(403, 'mfa_required');
  elsif mine.created_at < now() - make_interval(secs => p_seconds) then
    perform khidma.refuse(403, 'sign_in_again');
  end if;
end $$;
--> statement-breakpoint
-- p_fields: what waits for the code. A registration with an address that somebody has proven, and a reset for one that nobody
-- has, are written down like any other, and their code opens nothing.
create function khidma.request_email_code(
  p_id uuid, p_purpose text, p_email text, p_user_id uuid, p_code_hash text, p_fields jsonb,
  p_main_key text, p_rules jsonb, p_limits jsonb, out code_expires_at timestamptz, out resend_at timestamptz
) language plpgsql as $$
begin
  resend_at := khidma.count_send(p_id, p_main_key, p_rules, p_limits);
  insert into email_codes (id, purpose, email, user_id, code_hash, fields, ip_address, expires_at)
  values (p_id, p_purpose, p_email,
          case when p_purpose = 'change' then p_user_id
               else (select u.id from users u where u.email = p_email and u.email_verified_at is not null) end,
          p_code_hash, p_fields, nullif(current_setting('khidma.ip'), ''), now() + make_interval(secs => (p_rules ->> 'codeSeconds')::int))
  returning expires_at into code_expires_at;
  delete from email_codes where id in (
    select c.id from email_codes c where c.expires_at < now() - interval '1 hour' order by c.created_at limit 5 for update skip locked);
end $$;
--> statement-breakpoint
-- Outcomes: right · wrong · exhausted.
create function khidma.take_email_code(p_id uuid, p_purpose text, p_user_id uuid, p_code_hash text, out outcome text, out code email_codes)
language plpgsql as $$
begin
  select * into code from email_codes c where c.id = p_id and c.purpose = p_purpose for update;
  outcome := 'wrong';
  if not found or code.used_at is not null or code.expires_at <= now() or (p_user_id is not null and code.user_id <> p_user_id) then
    return;
  elsif code.attempts >= 5 then
    outcome := 'exhausted';
    return;
  end if;
  update email_codes set attempts = attempts + 1,
      used_at = case when code_hash = p_code_hash and (user_id is null) = (purpose = 'register') then now() end
    where id = p_id returning * into code;
  if code.used_at is not null then
    outcome := 'right';
  end if;
end $$;
--> statement-breakpoint
-- An address belongs to who proves it: an account that only named it loses it. False where another account has proven it.
create function khidma.free_email(p_email text, p_user_id uuid) returns boolean language plpgsql as $$
begin
  update users set email = null
    where email = p_email and id is distinct from p_user_id and email_verified_at is null and phone is not null;
  return not exists (select from users u where u.email = p_email and u.id is distinct from p_user_id);
end $$;
--> statement-breakpoint
-- p_verifiers: [{ kind, name, nameHash, algorithm, hash }], one for every name that the person signs in with: a name left out
-- would keep the old password. False where they are not just those.
create function khidma.store_password(p_user_id uuid, p_verifiers jsonb) returns boolean language plpgsql as $$
begin
  perform 1 from users u where u.id = p_user_id for update;
  if exists (
    (select v.kind, v.name from jsonb_to_recordset(p_verifiers) as v (kind text, name text)
     except
     select n.kind, n.name from khidma.sign_in_names(p_user_id) n)
    union all
    (select n.kind, n.name from khidma.sign_in_names(p_user_id) n
     except
     select v.kind, v.name from jsonb_to_recordset(p_verifiers) as v (kind text, name text))
  ) then
    return false;
  end if;
  delete from password_verifiers where user_id = p_user_id;
  insert into password_verifiers (name_hash, user_id, kind, algorithm, password_hash)
    select v."nameHash", p_user_id, v.kind, v.algorithm, v.hash
      from jsonb_to_recordset(p_verifiers) as v (kind text, "nameHash" text, algorithm text, hash text);
  insert into user_credentials (user_id, password_changed_at) values (p_user_id, now())
    on conflict (user_id) do update set password_changed_at = now();
  return true;
end $$;
--> statement-breakpoint
-- An address counts once it is proven.
create function khidma.sign_in_names(p_user_id uuid) returns table (kind text, name text) language sql volatile as $$
  select n.kind, n.name from users u
    cross join lateral (values ('email', case when u.email_verified_at is not null then u.email end), ('username', u.username)) n (kind, name)
    where u.id = p_user_id and n.name is not null
$$;
--> statement-breakpoint
create function khidma.end_other_sessions(p_user_id uuid, p_keep_session_id uuid, p_reason text) returns void language plpgsql as $$
begin
  perform khidma.end_session(s.id, p_user_id, p_reason) from sessions s
    where s.user_id = p_user_id and s.revoked_at is null and s.id is distinct from p_keep_session_id;
end $$;
--> statement-breakpoint
create function khidma.tell_user(p_type text, p_user_id uuid, p_data jsonb default '{}') returns void language sql as $$
  select khidma.emit(p_type, 'user', p_user_id, (select u.version from users u where u.id = p_user_id),
    jsonb_build_object('userId', p_user_id) || p_data, array[p_user_id])
$$;
--> statement-breakpoint
-- Outcomes: signed_in · wrong · exhausted · taken (somebody else has proven the address meanwhile).
create function khidma.confirm_registration(p_code_id uuid, p_code_hash text, p_user_id uuid, p_next jsonb)
returns khidma.sign_in language plpgsql as $$
declare
  result khidma.sign_in;
  taken record;
  fields jsonb;
begin
  select * into taken from khidma.take_email_code(p_code_id, 'register', null, p_code_hash);
  result.outcome := taken.outcome;
  if taken.outcome <> 'right' then
    return result;
  end if;
  fields := (taken.code).fields;
  if not khidma.free_email((taken.code).email, null) then
    result.outcome := 'taken';
    return result;
  end if;
  perform set_config('khidma.user_id', p_user_id::text, true), set_config('khidma.role', 'client', true);
  insert into users (id, email, email_verified_at, username, full_name, locale)
  values (p_user_id, (taken.code).email, now(), fields ->> 'username', fields ->> 'fullName', coalesce(fields ->> 'locale', 'ar-EG'));
  insert into user_verifications (user_id) values (p_user_id);
  perform khidma.store_password(p_user_id, fields -> 'verifiers');
  update email_codes set fields = '{}' where id = p_code_id;
  result.account := (select u from users u where u.id = p_user_id);
  return khidma.after_first_factor(result.account, p_next, 'registration');
end $$;
--> statement-breakpoint
-- Outcomes: right · wrong · exhausted. Names: what the new password must be stored under.
create function khidma.verify_reset(p_code_id uuid, p_code_hash text, out outcome text, out user_id uuid, out names jsonb, out verified_at timestamptz)
language plpgsql as $$
declare
  taken record;
begin
  select * into taken from khidma.take_email_code(p_code_id, 'reset', null, p_code_hash);
  outcome := taken.outcome;
  if outcome = 'right' then
    user_id := (taken.code).user_id;
    verified_at := (taken.code).used_at;
    select jsonb_agg(jsonb_build_object('kind', n.kind, 'name', n.name) order by n.kind) into names from khidma.sign_in_names(user_id) n;
  end if;
end $$;
--> statement-breakpoint
-- Outcomes: reset · invalid · changed (the names are others by now). Everybody who was signed in is signed out; the blocks on
-- the names are lifted, as their owner has shown who they are.
create function khidma.reset_password(p_code_id uuid, p_user_id uuid, p_verifiers jsonb, p_name_keys text[], p_seconds int, out outcome text)
language plpgsql as $$
declare
  code email_codes;
begin
  select * into code from email_codes c where c.id = p_code_id and c.user_id = p_user_id and c.purpose = 'reset' for update;
  if not found or code.completed_at is not null or code.used_at is null or code.used_at < now() - make_interval(secs => p_seconds) then
    outcome := 'invalid';
    return;
  end if;
  perform set_config('khidma.user_id', p_user_id::text, true),
          set_config('khidma.role', (select u.role::text from users u where u.id = p_user_id), true);
  if not khidma.store_password(p_user_id, p_verifiers) then
    outcome := 'changed';
    return;
  end if;
  update email_codes set completed_at = now() where id = p_code_id;
  delete from sign_in_attempts where key = any (p_name_keys);
  perform khidma.end_other_sessions(p_user_id, null, 'password_reset');
  perform khidma.tell_user('user.password_changed', p_user_id);
  outcome := 'reset';
end $$;
--> statement-breakpoint
-- Who has a password shows it; who has none must have signed in a moment ago. Outcomes: right · wrong · blocked · missing.
create function khidma.prove_self(p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int, out outcome text, out retry_after int)
language plpgsql as $$
begin
  perform 1 from sessions s where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null;
  if not found then
    perform khidma.refuse(401, 'unauthenticated');
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
--> statement-breakpoint
-- Outcomes: changed · names_differ, and those of prove_self that are no "right". All other sessions end.
create function khidma.change_password(
  p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int, p_verifiers jsonb,
  out outcome text, out retry_after int
) language plpgsql as $$
begin
  select p.outcome, p.retry_after into outcome, retry_after from khidma.prove_self(p_user_id, p_session_id, p_attempt, p_recent_seconds) p;
  if outcome <> 'right' then
    return;
  elsif not khidma.store_password(p_user_id, p_verifiers) then
    outcome := 'names_differ';
    return;
  end if;
  perform khidma.end_other_sessions(p_user_id, p_session_id, 'password_changed');
  perform khidma.tell_user('user.password_changed', p_user_id);
  outcome := 'changed';
end $$;
--> statement-breakpoint
-- p_verifier: of the new name with the password that was just shown; null for who has none. Outcomes as above.
create function khidma.change_username(
  p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int, p_username text, p_verifier jsonb,
  out outcome text, out retry_after int
) language plpgsql as $$
begin
  select p.outcome, p.retry_after into outcome, retry_after from khidma.prove_self(p_user_id, p_session_id, p_attempt, p_recent_seconds) p;
  if outcome <> 'right' then
    return;
  end if;
  update users set username = p_username where id = p_user_id and username is distinct from p_username;
  if found then
    perform khidma.keep_password_for(p_user_id, 'username', p_verifier);
  end if;
  outcome := 'changed';
end $$;
--> statement-breakpoint
-- The password that opens the other names opens a new one as well; who has none gets none by this.
create function khidma.keep_password_for(p_user_id uuid, p_kind text, p_verifier jsonb) returns void language plpgsql as $$
begin
  if p_verifier is not null and p_verifier <> 'null' and exists (
    select from user_credentials c where c.user_id = p_user_id and c.password_changed_at is not null) then
    insert into password_verifiers (name_hash, user_id, kind, algorithm, password_hash)
    values (p_verifier ->> 'nameHash', p_user_id, p_kind, p_verifier ->> 'algorithm', p_verifier ->> 'hash');
  end if;
end $$;
--> statement-breakpoint
-- Outcomes: requested, and those of prove_self that are no "right".
create function khidma.request_email_change(
  p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int,
  p_id uuid, p_email text, p_code_hash text, p_fields jsonb, p_main_key text, p_rules jsonb, p_limits jsonb,
  out outcome text, out retry_after int, out code_expires_at timestamptz, out resend_at timestamptz
) language plpgsql as $$
begin
  select p.outcome, p.retry_after into outcome, retry_after from khidma.prove_self(p_user_id, p_session_id, p_attempt, p_recent_seconds) p;
  if outcome <> 'right' then
    return;
  end if;
  select r.code_expires_at, r.resend_at into code_expires_at, resend_at
    from khidma.request_email_code(p_id, 'change', p_email, p_user_id, p_code_hash, p_fields, p_main_key, p_rules, p_limits) r;
  outcome := 'requested';
end $$;
--> statement-breakpoint
-- Outcomes: changed · wrong · exhausted · taken.
create function khidma.confirm_email(p_code_id uuid, p_user_id uuid, p_code_hash text) returns text language plpgsql as $$
declare
  taken record;
  password_changed timestamptz;
begin
  select * into taken from khidma.take_email_code(p_code_id, 'change', p_user_id, p_code_hash);
  if taken.outcome <> 'right' then
    return taken.outcome;
  elsif not khidma.free_email((taken.code).email, p_user_id) then
    return 'taken';
  end if;
  delete from password_verifiers where user_id = p_user_id and kind = 'email';
  update users set email = (taken.code).email, email_verified_at = now() where id = p_user_id;
  select c.password_changed_at into password_changed from user_credentials c where c.user_id = p_user_id;
  -- A password that was changed while the code was on its way is not brought back.
  if password_changed < (taken.code).created_at then
    perform khidma.keep_password_for(p_user_id, 'email', (taken.code).fields -> 'verifier');
  end if;
  update email_codes set fields = '{}' where id = p_code_id;
  perform khidma.tell_user('user.email_changed', p_user_id);
  return 'changed';
end $$;
--> statement-breakpoint
-- p_factor: { id, label, secret, counter }; p_codes: hashes of backup codes, stored with a person's first factor.
create function khidma.add_mfa_factor(
  p_user_id uuid, p_session_id uuid, p_factor jsonb, p_batch_id uuid, p_codes text[], p_max_factors int, p_recent_seconds int
) returns void language plpgsql as $$
declare
  factors int;
begin
  perform 1 from users u where u.id = p_user_id for update;
  select count(*) into factors from mfa_factors f where f.user_id = p_user_id;
  if factors >= p_max_factors then
    perform khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', p_max_factors));
  end if;
  -- A second one only by who can show the first.
  perform khidma.assert_recent(p_user_id, p_session_id, case when factors > 0 then p_recent_seconds else 86400 * 365 end);
  insert into mfa_factors (id, user_id, label, secret, last_counter, last_used_at)
  values ((p_factor ->> 'id')::uuid, p_user_id, p_factor ->> 'label', p_factor ->> 'secret', (p_factor ->> 'counter')::bigint, now());
  if factors = 0 then
    perform khidma.store_backup_codes(p_user_id, p_batch_id, p_codes);
  end if;
  update sessions set mfa_at = now() where id = p_session_id;
  perform khidma.tell_user('user.mfa_enabled', p_user_id);
end $$;
--> statement-breakpoint
create function khidma.store_backup_codes(p_user_id uuid, p_batch_id uuid, p_codes text[]) returns void language plpgsql as $$
begin
  perform 1 from users u where u.id = p_user_id for update;
  if not exists (select from mfa_factors f where f.user_id = p_user_id) then
    perform khidma.refuse(409, 'mfa_not_enrolled');
  end if;
  delete from mfa_backup_codes where user_id = p_user_id;
  insert into mfa_backup_codes (user_id, code_hash, batch_id) select p_user_id, c, p_batch_id from unnest(p_codes) c;
end $$;
--> statement-breakpoint
create function khidma.remove_mfa_factor(p_user_id uuid, p_factor_id uuid) returns void language plpgsql as $$
declare
  my_role text;
begin
  select u.role::text into my_role from users u where u.id = p_user_id for update;
  perform 1 from mfa_factors f where f.user_id = p_user_id and f.id = p_factor_id;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  if not exists (select from mfa_factors f where f.user_id = p_user_id and f.id <> p_factor_id) then
    if my_role not in ('client', 'tasker') then
      perform khidma.refuse(409, 'mfa_needed');
    end if;
    delete from mfa_backup_codes where user_id = p_user_id;
  end if;
  delete from mfa_factors where id = p_factor_id;
  perform khidma.tell_user('user.mfa_disabled', p_user_id);
end $$;
--> statement-breakpoint
-- Everything here that is old enough to go, a bounded number of rows a run; what goes with the traffic goes without it, too.
create function khidma.purge_credentials(p_limit int) returns json language plpgsql as $$
declare
  codes int; challenges int; attempts int; counts int;
begin
  delete from email_codes where id in (
    select c.id from email_codes c where c.created_at < now() - interval '1 day' order by c.created_at limit p_limit);
  get diagnostics codes = row_count;
  delete from mfa_challenges where id in (
    select c.id from mfa_challenges c where c.created_at < now() - interval '1 day' order by c.created_at limit p_limit);
  get diagnostics challenges = row_count;
  delete from sign_in_attempts where key in (
    select a.key from sign_in_attempts a where a.seen_at < now() - interval '30 days' order by a.seen_at limit p_limit);
  get diagnostics attempts = row_count;
  delete from otp_prefix_counts where (prefix, channel, minute, shard) in (
    select c.prefix, c.channel, c.minute, c.shard from otp_prefix_counts c where c.minute < now() - interval '1 day' order by c.minute limit p_limit);
  get diagnostics counts = row_count;
  return json_build_object('emailCodes', codes, 'mfaChallenges', challenges, 'signInAttempts', attempts, 'otpPrefixCounts', counts);
end $$;
