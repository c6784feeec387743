-- Continues after a correct first factor: opens a session or, for a user with a second factor, a challenge. p_next as in
-- open_session, with { challengeId, challengeSeconds }.
create or replace function khidma.after_first_factor(p_account users, p_next jsonb, p_first_factor text) returns khidma.sign_in
language plpgsql as $$
declare
  result khidma.sign_in;
begin
  -- The user is the actor from here on.
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
  -- A closed or inactive account has come back by it.
  result.account := (select u from users u where u.id = p_account.id);
  result.outcome := 'signed_in';
  result.family := (p_next ->> 'sessionId')::uuid;
  result.token := (p_next ->> 'tokenId')::uuid;
  return result;
end $$;

-- Checks a second factor. Outcomes: right · wrong · blocked · invalid (no such challenge, or it is over). p_proof: { factorId,
-- counter } of a TOTP that fits, { backupHash }, or {} where the code fits nothing. A challenge allows five answers; the failures
-- of a user count over all challenges, so that a thief of the first factor cannot start again and again. A counter is accepted
-- once, and never an older one after it.
create or replace function khidma.take_second_factor(
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
    perform khidma.tell_security('user.backup_code_used', p_user_id, null, jsonb_build_object('left',
      (select count(*) from mfa_backup_codes b where b.user_id = p_user_id and b.used_at is null)));
  end if;
  update mfa_challenges set used_at = now() where id = challenge.id;
  update sign_in_attempts set failed = 0, blocked_until = null where key = mfa_key;
  outcome := 'right';
  first_factor := challenge.first_factor;
  device := challenge.device;
end $$;

-- Ends a sign-in by its second factor and opens the session. Outcomes: signed_in · wrong · blocked · invalid.
create or replace function khidma.sign_in_by_second_factor(p_challenge_id uuid, p_user_id uuid, p_proof jsonb, p_rules jsonb, p_next jsonb)
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
  result.account := (select u from users u where u.id = p_user_id);
  result.outcome := 'signed_in';
  result.issued_at := now();
  result.family := (p_next ->> 'sessionId')::uuid;
  result.token := (p_next ->> 'tokenId')::uuid;
  return result;
end $$;

-- Replaces all backup codes of a user by a new batch; refuses without a second factor.
create or replace function khidma.store_backup_codes(p_user_id uuid, p_batch_id uuid, p_codes text[]) returns void language plpgsql as $$
begin
  perform 1 from users u where u.id = p_user_id for update;
  if not exists (select from mfa_factors f where f.user_id = p_user_id) then
    perform khidma.refuse(409, 'mfa_not_enrolled');
  end if;
  delete from mfa_backup_codes where user_id = p_user_id;
  insert into mfa_backup_codes (user_id, code_hash, batch_id) select p_user_id, c, p_batch_id from unnest(p_codes) c;
end $$;

-- Adds a second factor. p_factor: { id, label, secret, counter }; p_codes: hashes of backup codes, stored with a user's first
-- factor. Locks the account, so that parallel calls respect the limit of factors.
create or replace function khidma.add_mfa_factor(
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
  -- A further factor needs a recent proof of the first.
  perform khidma.assert_recent(p_user_id, p_session_id, case when factors > 0 then p_recent_seconds else 86400 * 365 end);
  insert into mfa_factors (id, user_id, label, secret, last_counter, last_used_at)
  values ((p_factor ->> 'id')::uuid, p_user_id, p_factor ->> 'label', p_factor ->> 'secret', (p_factor ->> 'counter')::bigint, now());
  if factors = 0 then
    perform khidma.store_backup_codes(p_user_id, p_batch_id, p_codes);
  end if;
  update sessions set mfa_at = now() where id = p_session_id;
  perform khidma.tell_security('user.mfa_enabled', p_user_id);
end $$;

-- Removes a second factor, and the backup codes with the last one. Staff must keep one.
create or replace function khidma.remove_mfa_factor(p_user_id uuid, p_factor_id uuid) returns void language plpgsql as $$
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
  perform khidma.tell_security('user.mfa_disabled', p_user_id);
end $$;

-- Removes the second factors of a user who has lost them, at the request of staff: only by staff who hold every permission of
-- that account, and never on their own account. Ends every session of the account.
create or replace function khidma.reset_mfa(p_user_id uuid) returns void language plpgsql as $$
begin
  perform 1 from users u where u.id = p_user_id and u.erased_at is null for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif p_user_id = khidma.actor_id() then
    perform khidma.refuse(403, 'own_account');
  end if;
  perform khidma.must_hold(khidma.permitted_to(p_user_id));
  delete from mfa_factors where user_id = p_user_id;
  if not found then
    perform khidma.refuse(409, 'no_second_factor');
  end if;
  delete from mfa_backup_codes where user_id = p_user_id;
  delete from mfa_challenges where user_id = p_user_id;
  delete from sign_in_attempts where key = 'mfa:' || p_user_id;
  perform khidma.end_other_sessions(p_user_id, null, 'mfa_reset');
  perform khidma.tell_security('user.mfa_disabled', p_user_id);
end $$;

-- Checks a second factor for a running session, which counts as freshly confirmed afterwards. Outcomes: right · wrong · blocked ·
-- invalid. The refusal of an ended session says why it ended.
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

-- Refuses a sensitive change without a recent proof, as a token alone may have been stolen: a second factor shown within
-- `p_seconds` or, for users without one, a session that began within them. The refusal of an ended session says why it ended.
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
