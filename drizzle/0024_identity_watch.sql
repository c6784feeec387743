-- Changes of the ways in are told by letter to the address that was proven before them; pauses of the sending of codes are
-- seen, and ended, by staff.

-- A letter that is still to be sent: to whom, and what it says beside its kind, under a key that only the Worker can make
-- (`security-letters.ts`). Gone once it was sent.
create table security_letters (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  event_id uuid not null constraint security_letters_event_key unique,
  sealed bytea not null,
  -- By an attempt that is under way: of two at once, one sends it.
  taken_until timestamptz,
  created_at timestamptz not null default now()
);
--> statement-breakpoint
create index idx_security_letters_user on security_letters (user_id);
--> statement-breakpoint
create index idx_security_letters_time on security_letters (created_at);
--> statement-breakpoint
alter table notification_deliveries drop constraint notification_deliveries_channel;
--> statement-breakpoint
alter table notification_deliveries add constraint notification_deliveries_channel
  check (channel in ('push', 'sms', 'email', 'letter'));
--> statement-breakpoint
-- Filled up with spaces, so that nothing can be told from its length, and added to the key byte by byte.
create function khidma.sealed_letter(p_text text, p_key bytea) returns bytea language plpgsql immutable as $$
declare
  plain bytea := convert_to(p_text, 'UTF8');
  result bytea := p_key;
begin
  if length(plain) > length(p_key) then
    raise exception 'a letter is longer than its key';
  end if;
  for i in 0 .. length(p_key) - 1 loop
    result := set_byte(result, i, get_byte(p_key, i) # case when i < length(plain) then get_byte(plain, i) else 32 end);
  end loop;
  return result;
end $$;
--> statement-breakpoint
-- `khidma.letter` is { id, key, replaced? }, given by the Worker before the change: a key is good for one letter. Without one
-- the change fails, rather than that nobody hears of it.
create function khidma.plan_letter() returns trigger language plpgsql as $$
declare
  given jsonb := coalesce(nullif(current_setting('khidma.letter', true), ''), '{}')::jsonb;
  owner users;
  address text;
begin
  select * into owner from users u where u.id = new.object_id and u.erased_at is null;
  address := case when new.type = 'user.email_changed' then given ->> 'replaced'
                  when owner.email_verified_at is not null then owner.email end;
  if address is null or owner.id is null then
    return null;
  elsif given ->> 'key' is null then
    raise exception 'no key for the letter about %', new.type;
  end if;
  insert into security_letters (id, user_id, event_id, sealed)
  values ((given ->> 'id')::uuid, owner.id, new.id, khidma.sealed_letter(jsonb_strip_nulls(jsonb_build_object(
            'to', address,
            'address', case when new.type = 'user.email_changed' then left(owner.email, 1) || '***' || substring(owner.email from '@.*$') end))::text,
          decode(given ->> 'key', 'base64')));
  perform set_config('khidma.letter', '', true);
  return null;
end $$;
--> statement-breakpoint
create trigger l_letter after insert on outbox for each row
  when (new.type in ('user.password_changed', 'user.email_changed', 'user.mfa_enabled', 'user.mfa_disabled',
                     'user.backup_codes_changed', 'user.backup_code_used'))
  execute function khidma.plan_letter();
--> statement-breakpoint
-- As before; the letter goes to the address that was proven until now.
create or replace function khidma.confirm_email(p_code_id uuid, p_user_id uuid, p_code_hash text) returns text language plpgsql as $$
declare
  taken record;
  password_changed timestamptz;
  replaced text;
begin
  select * into taken from khidma.take_email_code(p_code_id, 'change', p_user_id, p_code_hash);
  if taken.outcome <> 'right' then
    return taken.outcome;
  elsif not khidma.free_email((taken.code).email, p_user_id) then
    return 'taken';
  end if;
  select u.email into replaced from users u
    where u.id = p_user_id and u.email_verified_at is not null and u.email <> (taken.code).email for update;
  delete from password_verifiers where user_id = p_user_id and kind = 'email';
  update users set email = (taken.code).email, email_verified_at = now() where id = p_user_id;
  select c.password_changed_at into password_changed from user_credentials c where c.user_id = p_user_id;
  -- A password that was changed while the code was on its way is not brought back.
  if password_changed < (taken.code).created_at then
    perform khidma.keep_password_for(p_user_id, 'email', (taken.code).fields -> 'verifier');
  end if;
  update email_codes set fields = '{}' where id = p_code_id;
  perform set_config('khidma.letter', (coalesce(nullif(current_setting('khidma.letter', true), ''), '{}')::jsonb
    || jsonb_build_object('replaced', replaced))::text, true);
  perform khidma.tell_user('user.email_changed', p_user_id);
  return 'changed';
end $$;
--> statement-breakpoint
-- As before; the code is theirs from now on, and goes with them, whatever their address is by then.
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
  insert into users (id, email, email_verified_at, username, full_name, locale)
  values (p_user_id, (taken.code).email, now(), fields ->> 'username', fields ->> 'fullName', coalesce(fields ->> 'locale', 'ar-EG'));
  insert into user_verifications (user_id) values (p_user_id);
  perform khidma.store_password(p_user_id, fields -> 'verifiers');
  update email_codes set fields = '{}', user_id = p_user_id where id = p_code_id;
  result.account := (select u from users u where u.id = p_user_id);
  return khidma.after_first_factor(result.account, p_next, 'registration');
end $$;
--> statement-breakpoint
-- As before, and letters that nobody took within two days: the address is not kept for longer.
create or replace function khidma.purge_credentials(p_limit int) returns json language plpgsql as $$
declare
  codes int; challenges int; attempts int; counts int; sends int; letters int;
begin
  delete from email_codes where ctid = any (array(
    select c.ctid from email_codes c where c.created_at < now() - interval '1 day' order by c.created_at limit p_limit for update skip locked));
  get diagnostics codes = row_count;
  delete from mfa_challenges where ctid = any (array(
    select c.ctid from mfa_challenges c where c.created_at < now() - interval '1 day' order by c.created_at limit p_limit for update skip locked));
  get diagnostics challenges = row_count;
  delete from sign_in_attempts where ctid = any (array(
    select a.ctid from sign_in_attempts a where a.seen_at < now() - interval '30 days' order by a.seen_at limit p_limit for update skip locked));
  get diagnostics attempts = row_count;
  delete from otp_prefix_counts where ctid = any (array(
    select c.ctid from otp_prefix_counts c where c.minute < now() - interval '1 day'
     order by c.minute limit p_limit for update skip locked));
  get diagnostics counts = row_count;
  delete from otp_sends where ctid = any (array(
    select s.ctid from otp_sends s where s.sent_at < now() - interval '1 day'
     order by s.sent_at limit p_limit for update skip locked));
  get diagnostics sends = row_count;
  delete from security_letters where ctid = any (array(
    select l.ctid from security_letters l where l.created_at < now() - interval '2 days'
     order by l.created_at limit p_limit for update skip locked));
  get diagnostics letters = row_count;
  return json_build_object('emailCodes', codes, 'mfaChallenges', challenges, 'signInAttempts', attempts,
                           'otpPrefixCounts', counts, 'otpSends', sends, 'securityLetters', letters);
end $$;
--> statement-breakpoint
-- Whose app is lost or cannot be read, and who has no backup code left, is let in again by staff: as with accounts, by who
-- holds whatever the account carries, and never by themselves. Whoever was signed in is signed out.
create function khidma.reset_mfa(p_user_id uuid) returns void language plpgsql as $$
begin
  perform 1 from users u where u.id = p_user_id and u.erased_at is null for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif p_user_id = khidma.actor_id() then
    perform khidma.refuse(403, 'own_role');
  end if;
  perform khidma.must_hold(khidma.permitted_to(p_user_id));
  delete from mfa_factors where user_id = p_user_id;
  if not found then
    perform khidma.refuse(409, 'mfa_not_enrolled');
  end if;
  delete from mfa_backup_codes where user_id = p_user_id;
  delete from mfa_challenges where user_id = p_user_id;
  delete from sign_in_attempts where key = 'mfa:' || p_user_id;
  perform khidma.end_other_sessions(p_user_id, null, 'mfa_reset');
  perform khidma.tell_user('user.mfa_disabled', p_user_id);
end $$;
--> statement-breakpoint
alter table otp_breakers
  add column id uuid not null default khidma.uuid_v7() constraint otp_breakers_id_key unique,
  add column reset_at timestamptz,
  add column updated_at timestamptz not null default now(),
  add column version integer not null default 1;
--> statement-breakpoint
create trigger a_touch before update on otp_breakers for each row execute function khidma.touch();
--> statement-breakpoint
create trigger z_audit after insert or update or delete on otp_breakers for each row execute function khidma.audit();
--> statement-breakpoint
-- As before; who comes second to a trip has tripped nothing, and is paused by it.
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
--> statement-breakpoint
-- Nobody in particular is concerned: it reaches the webhooks of staff, and whoever of them reads events.
create function khidma.tell_breaker() returns trigger language plpgsql as $$
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
--> statement-breakpoint
create trigger e_tell after insert or update on otp_breakers for each row execute function khidma.tell_breaker();
--> statement-breakpoint
insert into permissions (id, name, resource, action, description) values
  (khidma.uuid_v7(), 'otp_breakers.read', 'otp_breakers', 'read', 'See where the sending of codes is paused'),
  (khidma.uuid_v7(), 'otp_breakers.reset', 'otp_breakers', 'reset', 'End a pause in the sending of codes'),
  (khidma.uuid_v7(), 'users.reset_mfa', 'users', 'reset_mfa', 'Take the second factors off an account whose owner has lost them');
--> statement-breakpoint
-- What the installation itself sets up is not written down.
alter table role_permissions disable trigger z_audit;
--> statement-breakpoint
insert into role_permissions (role_id, permission_id)
select r.id, p.id from (values ('admin', 'otp_breakers.read'), ('admin', 'otp_breakers.reset'), ('ops', 'otp_breakers.read'),
                               ('ops', 'otp_breakers.reset'), ('support', 'otp_breakers.read'),
                               ('admin', 'users.reset_mfa')) as t (role, permission)
  join roles r on r.name = t.role join permissions p on p.name = t.permission;
--> statement-breakpoint
alter table role_permissions enable trigger z_audit;
