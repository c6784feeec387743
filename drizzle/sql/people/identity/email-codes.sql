-- Frees an address for the user who proves it: an account that only named it loses it. False where another account has proven it.
create or replace function khidma.free_email(p_email text, p_user_id uuid) returns boolean language plpgsql as $$
begin
  update users set email = null
    where email = p_email and id is distinct from p_user_id and email_verified_at is null and phone is not null;
  return not exists (select from users u where u.email = p_email and u.id is distinct from p_user_id);
end $$;

-- Stores and counts an e-mail code. p_fields: the input that waits for the code. A registration with an address that a user has
-- proven, and a reset for one that no user has proven, are stored like any other, and their code opens nothing.
create or replace function khidma.request_email_code(
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

-- Checks an e-mail code, whose row it locks; five attempts a code. Outcomes: right · wrong · exhausted.
create or replace function khidma.take_email_code(p_id uuid, p_purpose text, p_user_id uuid, p_code_hash text, out outcome text, out code email_codes)
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

-- Ends a registration by its e-mail code and opens the first session. Outcomes: signed_in · wrong · exhausted · taken (another
-- user has proven the address meanwhile). The account begins with the usual locale, time zone and currency of its country. The
-- code now belongs to the user and is erased with them, even where they change their address.
create or replace function khidma.confirm_registration(p_code_id uuid, p_code_hash text, p_user_id uuid, p_next jsonb)
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
  -- A registration from before the country was asked for has a locale and no more.
  insert into users (id, email, email_verified_at, username, full_name, locale, timezone, currency, country)
  values (p_user_id, (taken.code).email, now(), fields ->> 'username', fields ->> 'fullName', coalesce(fields ->> 'locale', 'en'),
          khidma.zone_or_utc(coalesce(fields ->> 'timezone', 'UTC')), coalesce(fields ->> 'currency', 'EGP'), fields ->> 'country');
  perform khidma.begin_verification(p_user_id);
  perform khidma.store_password(p_user_id, fields -> 'verifier');
  update email_codes set fields = '{}', user_id = p_user_id where id = p_code_id;
  result.account := (select u from users u where u.id = p_user_id);
  return khidma.after_first_factor(result.account, p_next, 'registration');
end $$;

-- Stores and counts the code for a change of e-mail address. Outcomes: requested, and those of prove_self except "right".
create or replace function khidma.request_email_change(
  p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int,
  p_id uuid, p_email text, p_code_hash text, p_main_key text, p_rules jsonb, p_limits jsonb,
  out outcome text, out retry_after int, out code_expires_at timestamptz, out resend_at timestamptz
) language plpgsql as $$
begin
  select p.outcome, p.retry_after into outcome, retry_after from khidma.prove_self(p_user_id, p_session_id, p_attempt, p_recent_seconds) p;
  if outcome <> 'right' then
    return;
  end if;
  select r.code_expires_at, r.resend_at into code_expires_at, resend_at
    from khidma.request_email_code(p_id, 'change', p_email, p_user_id, p_code_hash, '{}', p_main_key, p_rules, p_limits) r;
  outcome := 'requested';
end $$;

-- Ends a change of e-mail address by its code. Outcomes: changed · wrong · exhausted · taken.
create or replace function khidma.confirm_email(p_code_id uuid, p_user_id uuid, p_code_hash text) returns text language plpgsql as $$
declare
  taken record;
  before users;
begin
  select * into taken from khidma.take_email_code(p_code_id, 'change', p_user_id, p_code_hash);
  if taken.outcome <> 'right' then
    return taken.outcome;
  elsif not khidma.free_email((taken.code).email, p_user_id) then
    return 'taken';
  end if;
  select * into before from users u where u.id = p_user_id for update;
  -- By the clock, as the lock is held: of two changes whose transactions began in the same microsecond each has a time of its own.
  update users set email = (taken.code).email, email_verified_at = clock_timestamp() where id = p_user_id;
  perform khidma.tell_security('user.email_changed', p_user_id, before);
  return 'changed';
end $$;

-- Checks the code of a password reset. Outcomes: right · wrong · exhausted. `names`: the sign-in names that the new password must
-- not contain, and whose blocks it lifts.
create or replace function khidma.verify_reset(p_code_id uuid, p_code_hash text, out outcome text, out user_id uuid, out names text[], out verified_at timestamptz)
language plpgsql as $$
declare
  taken record;
begin
  select * into taken from khidma.take_email_code(p_code_id, 'reset', null, p_code_hash);
  outcome := taken.outcome;
  if outcome = 'right' then
    user_id := (taken.code).user_id;
    verified_at := (taken.code).used_at;
    names := khidma.sign_in_names(user_id);
  end if;
end $$;

-- Sets a new password after a verified reset code. Outcomes: reset · invalid. All sessions of the user end; the blocks on their
-- names are lifted, as the owner has proven who they are.
create or replace function khidma.reset_password(p_code_id uuid, p_user_id uuid, p_verifier jsonb, p_name_keys text[], p_seconds int, out outcome text)
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
  delete from sign_in_attempts where key = any (p_name_keys);
  perform khidma.store_password(p_user_id, p_verifier);
  update email_codes set completed_at = now() where id = p_code_id;
  perform khidma.end_other_sessions(p_user_id, null, 'password_reset');
  perform khidma.tell_security('user.password_changed', p_user_id);
  outcome := 'reset';
end $$;
