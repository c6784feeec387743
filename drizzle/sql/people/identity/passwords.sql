-- An address counts once it is proven.
create or replace function khidma.sign_in_names(p_user_id uuid) returns table (kind text, name text) language sql volatile as $$
  select n.kind, n.name from users u
    cross join lateral (values ('email', case when u.email_verified_at is not null then u.email end), ('username', u.username)) n (kind, name)
    where u.id = p_user_id and n.name is not null
$$;

-- One more failure under a key. Rule: { free, windowSeconds, blockSeconds, maxBlockSeconds }: the `free`-th failure in a run
-- blocks, every further one for twice as long; a run ends after a quiet window.
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

-- Outcomes: right · wrong · blocked. p_attempt: { nameHash, hashes: [{ algorithm, hash }] newest scheme first, keys: { name,
-- pair, network }, rules: { name, pair, network, knownSeconds } }. The name's row is locked: guesses at one name, however
-- many come at once, are counted one after another. Names that nobody has are counted and blocked like any other. Who has
-- signed in from this network before is stopped by their own mistakes only, never by a stranger's.
create or replace function khidma.check_password(p_attempt jsonb, p_user_id uuid, out outcome text, out owner uuid, out retry_after int)
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

-- A user with a password must show it; a user without one must have signed in within `p_recent_seconds`. Outcomes: right ·
-- wrong · blocked · missing. The refusal of an ended session says why it ended.
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

-- p_verifiers: [{ kind, name, nameHash, algorithm, hash }], one for every name that the person signs in with: a name left out
-- would keep the old password. False where they are not just those.
create or replace function khidma.store_password(p_user_id uuid, p_verifiers jsonb) returns boolean language plpgsql as $$
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

-- The password that opens the other names opens a new one as well; who has none gets none by this.
create or replace function khidma.keep_password_for(p_user_id uuid, p_kind text, p_verifier jsonb) returns void language plpgsql as $$
begin
  if p_verifier is not null and p_verifier <> 'null' and exists (
    select from user_credentials c where c.user_id = p_user_id and c.password_changed_at is not null) then
    insert into password_verifiers (name_hash, user_id, kind, algorithm, password_hash)
    values (p_verifier ->> 'nameHash', p_user_id, p_kind, p_verifier ->> 'algorithm', p_verifier ->> 'hash');
  end if;
end $$;

-- A name that is no longer somebody's opens nothing. A proven address is changed by proving the next one, and no other way.
create or replace function khidma.names_changed() returns trigger language plpgsql as $$
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

-- Outcomes: changed · names_differ, and those of prove_self that are no "right". All other sessions end.
create or replace function khidma.change_password(
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
  perform khidma.tell_security('user.password_changed', p_user_id);
  outcome := 'changed';
end $$;

-- p_verifier: of the new name with the password that was just shown; null for who has none. Outcomes as above.
create or replace function khidma.change_username(
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

-- Outcomes: those of a way in · wrong · blocked.
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
