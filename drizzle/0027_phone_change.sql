-- A number is changed by proving the next one; an account is at home in a country, and begins with what is usual there.

alter table users add column country text constraint users_country check (country ~ '^[A-Z]{2}$');
--> statement-breakpoint
update users set locale = 'en' where locale !~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$';
--> statement-breakpoint
-- Which languages and countries there are is the Worker's to know (`core/locales.ts`).
alter table users add constraint users_locale check (locale ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$');
--> statement-breakpoint
alter table addresses alter column country drop default;
--> statement-breakpoint
-- Where somebody who names no country is at home; older accounts have one in their locale only.
create function khidma.home_country(p_user_id uuid) returns text language plpgsql stable as $$
declare
  home text := (select coalesce(u.country, substring(u.locale from '-([A-Z]{2})$')) from users u where u.id = p_user_id);
begin
  if home is null then
    perform khidma.refuse(422, 'country_required');
  end if;
  return home;
end $$;
--> statement-breakpoint
alter table otp_requests
  -- Whose the number is to be, of a change; of other codes, who had it until a change.
  add column user_id uuid constraint otp_requests_user_id_users_id_fk references users (id) on delete cascade,
  add column purpose text not null default 'sign_in' constraint otp_requests_purpose check (purpose in ('sign_in', 'change')),
  add constraint otp_requests_change check (purpose <> 'change' or user_id is not null);
--> statement-breakpoint
create index idx_otp_requests_user on otp_requests (user_id, created_at desc);
--> statement-breakpoint
drop function khidma.request_otp(uuid, text, text, text, jsonb, jsonb, text[], jsonb);
--> statement-breakpoint
-- As before; what the code is for, and of a change for whom, is kept with it.
create function khidma.request_otp(
  p_id uuid, p_phone text, p_otp_hash text, p_phone_key text, p_rules jsonb, p_limits jsonb, p_channels text[], p_prefixes jsonb,
  p_purpose text default 'sign_in', p_user_id uuid default null,
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
  insert into otp_requests (id, phone, otp_hash, number_block, ip_address, user_agent, channel, prefixes, purpose, user_id, expires_at)
  values (p_id, p_phone, p_otp_hash, left(p_phone, -4), nullif(current_setting('khidma.ip'), ''),
          nullif(current_setting('khidma.user_agent'), ''), request_otp.channel,
          array(select p.prefix from jsonb_to_recordset(p_prefixes) as p (prefix text)), p_purpose, p_user_id,
          now() + make_interval(secs => (p_rules ->> 'codeSeconds')::int))
  returning expires_at into code_expires_at;
  insert into otp_prefix_counts as c (prefix, channel, minute, shard, sent)
    select p.prefix, request_otp.channel, date_trunc('minute', now()), floor(random() * 16), 1 from jsonb_to_recordset(p_prefixes) as p (prefix text) order by p.prefix
    on conflict on constraint otp_prefix_counts_pkey do update set sent = c.sent + 1;
  delete from otp_prefix_counts o where (o.prefix, o.channel, o.minute, o.shard) in (
    select d.prefix, d.channel, d.minute, d.shard from otp_prefix_counts d where d.minute < now() - interval '1 day' order by d.minute limit 5 for update skip locked);
end $$;
--> statement-breakpoint
-- One check of a code, whose row the caller has locked: right · invalid · exhausted. The check stays taken.
create function khidma.check_otp(p_request otp_requests, p_otp_hash text, p_max_checks int) returns text language plpgsql as $$
declare
  request otp_requests := p_request;
begin
  if request.id is null or request.verified or request.expires_at <= now() then
    return 'invalid';
  elsif request.attempts >= p_max_checks then
    return 'exhausted';
  end if;
  update otp_requests set attempts = attempts + 1, verified = (otp_hash = p_otp_hash) where id = request.id returning * into request;
  if not request.verified then
    return 'invalid';
  end if;
  insert into otp_prefix_counts as c (prefix, channel, minute, shard, verified)
    select p, request.channel, date_trunc('minute', now()), floor(random() * 16), 1 from unnest(request.prefixes) p order by p
    on conflict (prefix, channel, minute, shard) do update set verified = c.verified + 1;
  return 'right';
end $$;
--> statement-breakpoint
drop function khidma.verify_otp(text, text, int, uuid, jsonb);
--> statement-breakpoint
-- As before, with codes for this purpose only; p_begins: { locale, timezone, currency, country } of an account that begins here.
create function khidma.verify_otp(p_phone text, p_otp_hash text, p_max_checks int, p_user_id uuid, p_begins jsonb, p_next jsonb)
returns khidma.sign_in language plpgsql as $$
declare
  result khidma.sign_in;
  request otp_requests;
  account users;
begin
  -- Only the newest code counts. Its row lock makes parallel checks wait for each other.
  select * into request from otp_requests r where r.phone = p_phone and r.purpose = 'sign_in'
    order by r.created_at desc, r.id desc limit 1 for update;
  -- A refusal is an outcome, not an exception: the check it took stays taken.
  result.outcome := khidma.check_otp(request, p_otp_hash, p_max_checks);
  if result.outcome <> 'right' then
    return result;
  end if;
  -- A change of number that runs beside this holds the account: either it sees the session that begins here, and ends it, or
  -- this sees that the number is nobody's by now.
  loop
    insert into users (id, phone, locale, timezone, currency, country)
    select p_user_id, p_phone, b.locale, khidma.zone_or_utc(b.timezone), b.currency, b.country
      from jsonb_to_record(p_begins) as b (locale text, timezone text, currency text, country text)
    on conflict (phone) do nothing;
    select * into account from users where phone = p_phone for share;
    exit when found;
  end loop;
  perform set_config('khidma.user_id', account.id::text, true), set_config('khidma.role', account.role::text, true);
  insert into user_verifications as v (user_id, phone_verified) values (account.id, true)
    on conflict (user_id) do update set phone_verified = true where not v.phone_verified;
  return khidma.after_first_factor(account, p_next, 'otp');
end $$;
--> statement-breakpoint
-- What the Worker takes for a zone may be news to this database, which lets nobody sign up for that.
create function khidma.zone_or_utc(name text) returns text language sql stable as $$
  select case when khidma.is_timezone(name) then name else 'UTC' end
$$;
--> statement-breakpoint
-- As before; the account begins with what is usual where its owner is.
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
  -- A registration that was under way while this came has a locale and no more.
  insert into users (id, email, email_verified_at, username, full_name, locale, timezone, currency, country)
  values (p_user_id, (taken.code).email, now(), fields ->> 'username', fields ->> 'fullName', coalesce(fields ->> 'locale', 'en'),
          khidma.zone_or_utc(coalesce(fields ->> 'timezone', 'UTC')), coalesce(fields ->> 'currency', 'EGP'), fields ->> 'country');
  insert into user_verifications (user_id) values (p_user_id);
  perform khidma.store_password(p_user_id, fields -> 'verifiers');
  update email_codes set fields = '{}', user_id = p_user_id where id = p_code_id;
  result.account := (select u from users u where u.id = p_user_id);
  return khidma.after_first_factor(result.account, p_next, 'registration');
end $$;
--> statement-breakpoint
-- Outcomes: requested · paused, and those of prove_self that are no "right". Whether somebody has the number plays no part.
create function khidma.request_phone_change(
  p_user_id uuid, p_session_id uuid, p_attempt jsonb, p_recent_seconds int,
  p_id uuid, p_phone text, p_otp_hash text, p_phone_key text, p_rules jsonb, p_limits jsonb, p_channels text[], p_prefixes jsonb,
  out outcome text, out retry_after int, out channel text, out code_expires_at timestamptz, out resend_at timestamptz, out tripped text
) language plpgsql as $$
begin
  select p.outcome, p.retry_after into outcome, retry_after from khidma.prove_self(p_user_id, p_session_id, p_attempt, p_recent_seconds) p;
  if outcome = 'right' then
    select r.outcome, r.channel, r.code_expires_at, r.resend_at, r.tripped into outcome, channel, code_expires_at, resend_at, tripped
      from khidma.request_otp(p_id, p_phone, p_otp_hash, p_phone_key, p_rules, p_limits, p_channels, p_prefixes, 'change', p_user_id) r;
  end if;
end $$;
--> statement-breakpoint
-- Outcomes: changed · invalid · exhausted · taken (somebody else has the number).
create function khidma.confirm_phone(
  p_id uuid, p_user_id uuid, p_session_id uuid, p_otp_hash text, p_max_checks int
) returns text language plpgsql as $$
declare
  request otp_requests;
  outcome text;
  replaced text;
begin
  -- Only the newest code of theirs counts, and only together with its id.
  select * into request from otp_requests r where r.user_id = p_user_id and r.purpose = 'change'
    order by r.created_at desc, r.id desc limit 1 for update;
  if request.id is distinct from p_id then
    return 'invalid';
  end if;
  outcome := khidma.check_otp(request, p_otp_hash, p_max_checks);
  if outcome <> 'right' then
    return outcome;
  end if;
  select u.phone into replaced from users u where u.id = p_user_id for update;
  if replaced = request.phone then
    return 'changed';
  end if;
  begin
    -- Who comes second to a number waits for the first, and hears that it is taken.
    update users set phone = request.phone where id = p_user_id;
  exception when unique_violation then
    return 'taken';
  end;
  insert into user_verifications as v (user_id, phone_verified) values (p_user_id, true)
    on conflict (user_id) do update set phone_verified = true where not v.phone_verified;
  -- Codes that went to the number that was: theirs still, so that they go with them.
  -- One that is being checked waits for this account: it is left to its ten minutes.
  update otp_requests set user_id = p_user_id where id in (
    select r.id from otp_requests r where r.phone = replaced and r.user_id is null for update skip locked);
  -- Who has begun to sign in by it does not end.
  delete from mfa_challenges where user_id = p_user_id and session_id is null and first_factor = 'otp';
  perform khidma.end_other_sessions(p_user_id, p_session_id, 'phone_changed');
  perform set_config('khidma.letter', (coalesce(nullif(current_setting('khidma.letter', true), ''), '{}')::jsonb
    || jsonb_build_object('replacedPhone', replaced))::text, true);
  perform khidma.tell_user('user.phone_changed', p_user_id);
  return 'changed';
end $$;
--> statement-breakpoint
-- As before; of a change of number to the number that was as well, by SMS. A letter may go both ways.
create or replace function khidma.plan_letter() returns trigger language plpgsql as $$
declare
  given jsonb := coalesce(nullif(current_setting('khidma.letter', true), ''), '{}')::jsonb;
  owner users;
  address text;
  phone text;
begin
  select * into owner from users u where u.id = new.object_id and u.erased_at is null;
  address := case when new.type = 'user.email_changed' then given ->> 'replaced'
                  when owner.email_verified_at is not null then owner.email end;
  phone := case when new.type = 'user.phone_changed' then given ->> 'replacedPhone' end;
  if owner.id is null or address is null and phone is null then
    return null;
  elsif given ->> 'key' is null then
    raise exception 'no key for the letter about %', new.type;
  end if;
  insert into security_letters (id, user_id, event_id, sealed)
  values ((given ->> 'id')::uuid, owner.id, new.id, khidma.sealed_letter(jsonb_strip_nulls(jsonb_build_object(
            'to', address, 'phone', phone,
            'address', case when new.type = 'user.email_changed' then left(owner.email, 1) || '***' || substring(owner.email from '@.*$') end,
            'number', case when new.type = 'user.phone_changed' then khidma.masked_phone(owner.phone) end))::text,
          decode(given ->> 'key', 'base64')));
  perform set_config('khidma.letter', '', true);
  return null;
end $$;
--> statement-breakpoint
drop trigger l_letter on outbox;
--> statement-breakpoint
create trigger l_letter after insert on outbox for each row
  when (new.type in ('user.password_changed', 'user.email_changed', 'user.phone_changed', 'user.mfa_enabled', 'user.mfa_disabled',
                     'user.backup_codes_changed', 'user.backup_code_used'))
  execute function khidma.plan_letter();
--> statement-breakpoint
-- The log says that a number was changed, by whom and when; which it was need not be read by everybody who reads the log.
create function khidma.masked_phone(p_phone text) returns text language sql immutable parallel safe as $$
  select left(p_phone, 4) || '***' || right(p_phone, 2)
$$;
--> statement-breakpoint
create function khidma.mask_audit() returns trigger language plpgsql as $$
begin
  new.meta := jsonb_set(new.meta, '{changes,phone}', (
    select jsonb_agg(to_jsonb(khidma.masked_phone(v.value #>> '{}')) order by v.ordinality)
      from jsonb_array_elements(new.meta -> 'changes' -> 'phone') with ordinality v));
  return new;
end $$;
--> statement-breakpoint
-- Before `a_stamp`, which takes the digest.
create trigger a_mask before insert on audit_log for each row
  when (new.target_type = 'users' and new.meta #> '{changes,phone}' is not null) execute function khidma.mask_audit();
