-- Returns the names that sign in with the password of an account. An address counts once it is proven.
create or replace function khidma.sign_in_names(p_user_id uuid) returns text[] language plpgsql stable as $$
begin
  return (
    select array_remove(array[case when u.email_verified_at is not null then u.email end, u.username], null)
      from users u where u.id = p_user_id);
end $$;

-- Returns the account that signs in with a name.
create or replace function khidma.user_by_sign_in_name(p_name text) returns uuid language plpgsql stable as $$
begin
  return (
    select u.id from users u where u.email = p_name and u.email_verified_at is not null
    union all
    select u.id from users u where u.username = p_name
    limit 1);
end $$;

-- Counts one more failure under a key; returns until when the key is blocked, or null. Rule: { free, windowSeconds, blockSeconds,
-- maxBlockSeconds }: the `free`-th failure in a run blocks, every further one for twice as long; a run ends after a quiet window.
create or replace function khidma.count_failure(p_key text, p_rule jsonb) returns timestamptz language plpgsql as $$
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

-- Returns whether a password is the user's. p_hashes: [{ algorithm, hash }], of one password under every scheme that may be
-- stored.
create or replace function khidma.fits_password(p_user_id uuid, p_hashes jsonb) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from user_credentials c
      join jsonb_to_recordset(p_hashes) as h (algorithm text, hash text) on h.algorithm = c.password_algorithm and h.hash = c.password_hash
     where c.user_id = p_user_id));
end $$;

-- Checks a password. Outcomes: right · wrong · blocked. p_attempt: { name, hashes: as in fits_password, the newest scheme first,
-- under the salt that was read earlier, keys: { name, pair, network }, rules: { name, pair, network, knownSeconds } }. p_user_id:
-- the user whose password is checked, whatever the name; null: the account with that name. The name's row is locked: guesses at
-- one name, however many come at once, are counted one after another, here and not where the salt is read, as a guess that never
-- gets here has learned nothing. Names that no user has are counted and blocked like any other. A caller who has signed in from
-- this network earlier is stopped by their own mistakes only, never by a stranger's.
create or replace function khidma.check_password(p_attempt jsonb, p_user_id uuid, out outcome text, out owner uuid, out retry_after int)
language plpgsql as $$
declare
  keys jsonb := p_attempt -> 'keys';
  rules jsonb := p_attempt -> 'rules';
  newest jsonb := p_attempt -> 'hashes' -> 0;
  by_name sign_in_attempts;
  by_pair sign_in_attempts;
  by_network sign_in_attempts;
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

  owner := coalesce(p_user_id, khidma.user_by_sign_in_name(p_attempt ->> 'name'));
  outcome := 'wrong';
  if khidma.fits_password(owner, p_attempt -> 'hashes') then
    -- Only the right password locks the account, and then decides again: a change of password that runs beside a sign-in either
    -- sees the session that begins with it, and ends it, or has come first. Order of locks everywhere: attempts, account, credentials.
    if p_user_id is null then
      perform 1 from users u where u.id = owner for share;
    else
      perform 1 from users u where u.id = owner for update;
    end if;
    -- Rehashes under the newest scheme where the parameters have grown.
    update user_credentials set failed_attempts = by_pair.failed,
        password_algorithm = newest ->> 'algorithm', password_hash = newest ->> 'hash'
      where user_id = owner and khidma.fits_password(owner, p_attempt -> 'hashes');
    if found then
      outcome := 'right';
      update sign_in_attempts set failed = 0, blocked_until = null, succeeded_at = now() where key = keys ->> 'pair';
      return;
    end if;
  end if;
  perform khidma.count_failure(keys ->> 'pair', rules -> 'pair');
  name_blocked_until := khidma.count_failure(keys ->> 'name', rules -> 'name');
  perform khidma.count_failure(keys ->> 'network', rules -> 'network');
  delete from sign_in_attempts where key in (
    select a.key from sign_in_attempts a where a.seen_at < now() - make_interval(secs => (rules ->> 'knownSeconds')::int)
    order by a.seen_at limit 5 for update skip locked);
  if name_blocked_until is not null then
    update user_credentials c set told_blocked_at = now()
      where c.user_id = owner and c.password_hash is not null
        and (c.told_blocked_at is null or c.told_blocked_at < now() - interval '1 day');
    if found then
      perform khidma.emit('user.sign_in_blocked', 'user', owner, 1, jsonb_build_object('userId', owner), array[owner]);
    end if;
  end if;
end $$;

-- Checks that the caller is the user: a user with a password must show it; a user without one must have signed in within
-- `p_recent_seconds`. Outcomes: right · wrong · blocked · missing. The refusal of an ended session says why it ended.
create or replace function khidma.prove_self(p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int, out outcome text, out retry_after int)
language plpgsql as $$
begin
  perform 1 from sessions s where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null;
  if not found then
    perform khidma.refuse_ended(p_user_id);
  end if;
  if not exists (select from user_credentials c where c.user_id = p_user_id and c.password_hash is not null) then
    perform khidma.assert_recent(p_user_id, p_session_id, p_recent_seconds);
    outcome := 'right';
  elsif p_attempt is null then
    outcome := 'missing';
  else
    select c.outcome, c.retry_after into outcome, retry_after from khidma.check_password(p_attempt, p_user_id) c;
  end if;
end $$;

-- Stores a user's password. p_verifier: { salt, algorithm, hash }.
create or replace function khidma.store_password(p_user_id uuid, p_verifier jsonb) returns void language plpgsql as $$
begin
  perform 1 from users u where u.id = p_user_id for update;
  insert into user_credentials (user_id, password_changed_at, password_salt, password_algorithm, password_hash)
  values (p_user_id, now(), p_verifier ->> 'salt', p_verifier ->> 'algorithm', p_verifier ->> 'hash')
    on conflict (user_id) do update set password_changed_at = excluded.password_changed_at, password_salt = excluded.password_salt,
      password_algorithm = excluded.password_algorithm, password_hash = excluded.password_hash;
end $$;

-- Refuses to replace a proven address otherwise than by proving the next one; an address that is changed or removed without a
-- proof loses its proof.
create or replace function khidma.guard_email_proof() returns trigger language plpgsql as $$
begin
  if new.email is distinct from old.email and new.email_verified_at is not distinct from old.email_verified_at then
    if old.email_verified_at is not null and new.email is not null then
      perform khidma.refuse(409, 'email_proof_required');
    end if;
    new.email_verified_at := null;
  end if;
  return new;
end $$;

-- Changes a password and ends all other sessions. Outcomes: changed, and those of prove_self except "right".
create or replace function khidma.change_password(
  p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int, p_verifier jsonb,
  out outcome text, out retry_after int
) language plpgsql as $$
begin
  select p.outcome, p.retry_after into outcome, retry_after from khidma.prove_self(p_user_id, p_session_id, p_attempt, p_recent_seconds) p;
  if outcome <> 'right' then
    return;
  end if;
  perform khidma.store_password(p_user_id, p_verifier);
  perform khidma.end_other_sessions(p_user_id, p_session_id, 'password_changed');
  perform khidma.tell_security('user.password_changed', p_user_id);
  outcome := 'changed';
end $$;

-- Changes a username. Outcomes: changed, and those of prove_self except "right".
create or replace function khidma.change_username(
  p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int, p_username text,
  out outcome text, out retry_after int
) language plpgsql as $$
begin
  select p.outcome, p.retry_after into outcome, retry_after from khidma.prove_self(p_user_id, p_session_id, p_attempt, p_recent_seconds) p;
  if outcome <> 'right' then
    return;
  end if;
  update users set username = p_username where id = p_user_id and username is distinct from p_username;
  outcome := 'changed';
end $$;

-- Signs in with a password. Outcomes: those of after_first_factor (signed_in · mfa_required) · wrong · blocked.
create or replace function khidma.sign_in_by_password(p_attempt jsonb, p_next jsonb) returns khidma.sign_in language plpgsql as $$
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
  select * into account from users where id = checked.owner;
  return khidma.after_first_factor(account, p_next, 'password');
end $$;
