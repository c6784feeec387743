-- Who somebody is beside their way in: account, settings, profiles, languages, addresses, and the proof of identity.

create type account_type as enum ('individual', 'company');
--> statement-breakpoint
create type user_status as enum ('active', 'suspended', 'closed');
--> statement-breakpoint
create type verification_status as enum ('unverified', 'pending', 'verified', 'rejected');
--> statement-breakpoint
create type language_proficiency as enum ('basic', 'conversational', 'fluent', 'native');
--> statement-breakpoint
-- Declared immutable for the check below: zones are renamed less often than databases are restored.
create function khidma.is_timezone(name text) returns boolean language plpgsql immutable as $$
begin
  -- No abbreviations and no POSIX rules, which Postgres would take as well.
  if name !~ '^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$' then
    return false;
  end if;
  perform timestamptz 'epoch' at time zone name;
  return true;
exception when invalid_parameter_value then
  return false;
end $$;
--> statement-breakpoint
alter table users
  add column account_type account_type not null default 'individual',
  add column status user_status not null default 'active',
  add column timezone text not null default 'Africa/Cairo',
  add column currency text not null default 'EGP',
  add constraint users_timezone check (khidma.is_timezone(timezone)),
  add constraint users_currency check (currency in ('EGP', 'NGN', 'KGS', 'INR', 'GHS'));
--> statement-breakpoint
create table user_profiles (
  user_id uuid primary key references users (id) on delete cascade,
  bio text,
  date_of_birth date,
  gender text,
  avatar_media_id uuid references media_files (id) on delete set null,
  job_title text,
  website_url text,
  linkedin_url text,
  twitter_handle text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint user_profiles_born check (date_of_birth between date '1900-01-01' and date '2100-01-01'),
  constraint user_profiles_gender check (gender in ('female', 'male', 'other', 'undisclosed'))
);
--> statement-breakpoint
create table user_settings (
  user_id uuid primary key references users (id) on delete cascade,
  theme text not null default 'system',
  text_size text not null default 'medium',
  reduce_motion boolean not null default false,
  distance_unit text not null default 'km',
  time_format text not null default '24h',
  week_starts_on text not null default 'saturday',
  start_screen text not null default 'home',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint user_settings_theme check (theme in ('system', 'light', 'dark')),
  constraint user_settings_text_size check (text_size in ('small', 'medium', 'large', 'extra_large')),
  constraint user_settings_distance_unit check (distance_unit in ('km', 'mi')),
  constraint user_settings_time_format check (time_format in ('12h', '24h')),
  constraint user_settings_week_starts_on check (week_starts_on in ('saturday', 'sunday', 'monday')),
  constraint user_settings_start_screen check (start_screen in ('home', 'tasks', 'bookings', 'messages'))
);
--> statement-breakpoint
create table client_profiles (
  user_id uuid primary key references users (id) on delete cascade,
  display_name text,
  city text,
  district text,
  preferred_payment_method payment_method,
  contact_preference text not null default 'any',
  note_for_taskers text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint client_profiles_contact check (contact_preference in ('any', 'chat', 'phone'))
);
--> statement-breakpoint
create table favourite_taskers (
  id uuid primary key,
  client_id uuid not null references users (id) on delete cascade,
  tasker_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  constraint favourite_taskers_client_tasker_key unique (client_id, tasker_id),
  constraint favourite_taskers_other check (client_id <> tasker_id)
);
--> statement-breakpoint
create index idx_favourite_taskers_client on favourite_taskers (client_id, id);
--> statement-breakpoint
create index idx_favourite_taskers_tasker on favourite_taskers (tasker_id);
--> statement-breakpoint
create table company_profiles (
  user_id uuid primary key references users (id) on delete cascade,
  company_name text not null,
  business_type text,
  industry text,
  registration_number text,
  contact_person_name text,
  contact_person_title text,
  email text,
  phone text,
  city text,
  country text,
  bio text,
  website_url text,
  logo_media_id uuid references media_files (id) on delete set null,
  status text not null default 'active',
  approval_status text not null default 'pending',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint company_profiles_phone check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint company_profiles_country check (country ~ '^[A-Z]{2}$'),
  constraint company_profiles_status check (status in ('active', 'hidden')),
  constraint company_profiles_approval check (approval_status in ('pending', 'approved', 'rejected'))
);
--> statement-breakpoint
create table candidate_profiles (
  user_id uuid primary key references users (id) on delete cascade,
  display_name text,
  bio text,
  city text,
  experience_years integer,
  preferred_roles text[] not null default '{}',
  skills text[] not null default '{}',
  experience jsonb not null default '[]',
  education jsonb not null default '[]',
  expected_salary_amount bigint,
  expected_salary_currency text,
  resume_media_id uuid references media_files (id) on delete set null,
  status text not null default 'draft',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint candidate_profiles_years check (experience_years between 0 and 80),
  constraint candidate_profiles_lists check (jsonb_typeof(experience) = 'array' and jsonb_typeof(education) = 'array'),
  constraint candidate_profiles_salary check (
    (expected_salary_amount is null) = (expected_salary_currency is null) and expected_salary_amount > 0),
  constraint candidate_profiles_currency check (expected_salary_currency in ('EGP', 'NGN', 'KGS', 'INR', 'GHS')),
  constraint candidate_profiles_status check (status in ('draft', 'active', 'hidden'))
);
--> statement-breakpoint
create table languages (
  code text primary key,
  name text not null,
  native_name text not null,
  is_active boolean not null default true,
  is_default boolean not null default false,
  sort_order integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint languages_code check (code ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'),
  constraint languages_default_active check (is_active or not is_default)
);
--> statement-breakpoint
create unique index languages_one_default on languages (is_default) where is_default;
--> statement-breakpoint
insert into languages (code, name, native_name, is_default, sort_order) values
  ('ar', 'Arabic', 'العربية', true, 1), ('en', 'English', 'English', false, 2), ('ru', 'Russian', 'Русский', false, 3),
  ('ky', 'Kyrgyz', 'Кыргызча', false, 4), ('hi', 'Hindi', 'हिन्दी', false, 5), ('ha', 'Hausa', 'Hausa', false, 10),
  ('ig', 'Igbo', 'Igbo', false, 11), ('yo', 'Yoruba', 'Yorùbá', false, 12), ('pcm', 'Nigerian Pidgin', 'Naijá', false, 13),
  ('ak', 'Akan', 'Akan', false, 14), ('ee', 'Ewe', 'Eʋegbe', false, 15), ('gaa', 'Ga', 'Gã', false, 16),
  ('kn', 'Kannada', 'ಕನ್ನಡ', false, 20), ('ta', 'Tamil', 'தமிழ்', false, 21), ('te', 'Telugu', 'తెలుగు', false, 22),
  ('ml', 'Malayalam', 'മലയാളം', false, 23), ('bn', 'Bengali', 'বাংলা', false, 24), ('mr', 'Marathi', 'मराठी', false, 25),
  ('gu', 'Gujarati', 'ગુજરાતી', false, 26), ('pa', 'Punjabi', 'ਪੰਜਾਬੀ', false, 27), ('ur', 'Urdu', 'اردو', false, 28),
  ('uz', 'Uzbek', 'Oʻzbekcha', false, 30), ('kk', 'Kazakh', 'Қазақша', false, 31), ('tg', 'Tajik', 'Тоҷикӣ', false, 32),
  ('tr', 'Turkish', 'Türkçe', false, 33), ('fr', 'French', 'Français', false, 40), ('de', 'German', 'Deutsch', false, 41),
  ('es', 'Spanish', 'Español', false, 42), ('it', 'Italian', 'Italiano', false, 43), ('pt', 'Portuguese', 'Português', false, 44),
  ('sw', 'Swahili', 'Kiswahili', false, 45), ('zh', 'Chinese', '中文', false, 46);
--> statement-breakpoint
create table user_languages (
  user_id uuid not null references users (id) on delete cascade,
  language_code text not null references languages (code) on update cascade,
  proficiency language_proficiency not null,
  created_at timestamptz not null default now(),
  primary key (user_id, language_code)
);
--> statement-breakpoint
create index idx_user_languages_code on user_languages (language_code);
--> statement-breakpoint
create table addresses (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  label text not null,
  address text not null,
  city text not null,
  district text,
  region text,
  postal_code text,
  country text not null default 'EG',
  instructions text,
  lat double precision,
  lng double precision,
  location geography(Point, 4326) generated always as (st_setsrid(st_makepoint(lng, lat), 4326)::geography) stored,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  constraint addresses_place check (
    (lat is null) = (lng is null) and lat between -90 and 90 and lng between -180 and 180),
  constraint addresses_country check (country ~ '^[A-Z]{2}$')
);
--> statement-breakpoint
create index idx_addresses_user on addresses (user_id, id);
--> statement-breakpoint
create index idx_addresses_geo on addresses using gist (location);
--> statement-breakpoint
create unique index addresses_one_default on addresses (user_id) where is_default;
--> statement-breakpoint
-- The number itself is nowhere: the columns take a keyed hash and four characters, and nothing else fits.
alter table user_verifications
  alter column verification_status drop default,
  alter column verification_status type verification_status using verification_status::verification_status,
  alter column verification_status set default 'unverified',
  add column document_type text,
  add column document_country text,
  add column front_media_id uuid references media_files (id) on delete set null,
  add column back_media_id uuid references media_files (id) on delete set null,
  add column selfie_media_id uuid references media_files (id) on delete set null,
  add column submitted_at timestamptz,
  add column reviewed_at timestamptz,
  add column reviewed_by uuid references users (id) on delete set null,
  add column rejection_reason text,
  add column version integer not null default 1,
  add constraint user_verifications_hash check (national_id_hash ~ '^[0-9a-f]{64}$'),
  add constraint user_verifications_last4 check (national_id_last4 ~ '^[0-9A-Z]{4}$'),
  add constraint user_verifications_document check (
    document_type in ('national_id', 'passport', 'residence_permit', 'driving_licence')),
  add constraint user_verifications_country check (document_country ~ '^[A-Z]{2}$'),
  add constraint user_verifications_not_own check (reviewed_by <> user_id);
--> statement-breakpoint
-- Of those who were verified only: a claim that nobody has checked keeps nobody else out.
create unique index user_verifications_national_id_key on user_verifications (national_id_hash)
  where verification_status = 'verified';
--> statement-breakpoint
create index idx_user_verifications_hash on user_verifications (national_id_hash) where national_id_hash is not null;
--> statement-breakpoint
create index idx_user_verifications_queue on user_verifications (verification_status, submitted_at, user_id)
  where submitted_at is not null;
--> statement-breakpoint
create or replace trigger a_touch before update on user_verifications for each row execute function khidma.touch();
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['user_profiles', 'user_settings', 'client_profiles', 'company_profiles', 'candidate_profiles',
    'addresses'] loop
    execute format('create trigger a_touch before update on %I for each row execute function khidma.touch()', t);
  end loop;
  create trigger a_touch before update on languages for each row execute function khidma.touch_time();
end $$;
--> statement-breakpoint
-- What the log need not know to say who changed what is hidden from it: less to find there, less to erase.
create trigger z_audit after insert or update or delete on user_profiles
  for each row execute function khidma.audit('date_of_birth', 'gender', 'bio');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on client_profiles
  for each row execute function khidma.audit('note_for_taskers', 'display_name');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on company_profiles for each row execute function khidma.audit();
--> statement-breakpoint
create trigger z_audit after insert or update or delete on candidate_profiles
  for each row execute function khidma.audit('display_name', 'bio', 'experience', 'education', 'expected_salary_amount');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on addresses
  for each row execute function khidma.audit('label', 'address', 'instructions', 'postal_code', 'lat', 'lng', 'location');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on languages for each row execute function khidma.audit();
--> statement-breakpoint
insert into state_transitions (machine, name, from_state, to_state, party, drives_to) values
  ('verification', 'submit', 'unverified', 'pending', 'owner', null),
  ('verification', 'submit', 'rejected', 'pending', 'owner', null),
  ('verification', 'approve', 'pending', 'verified', 'ops', null),
  ('verification', 'reject', 'pending', 'rejected', 'ops', null);
--> statement-breakpoint
create or replace function khidma.people_of(machine text, obj jsonb, out client uuid, out tasker uuid) language plpgsql stable as $$
begin
  case machine
    when 'task' then
      client := obj ->> 'client_id';
      select b.tasker_id into tasker from bookings b where b.task_id = (obj ->> 'id')::uuid;
    when 'booking' then
      client := obj ->> 'client_id';
      tasker := obj ->> 'tasker_id';
    when 'tasker' then
      tasker := obj ->> 'user_id';
    when 'offer', 'payout' then
      tasker := obj ->> 'tasker_id';
    when 'payment_intent', 'dispute' then
      select b.client_id, b.tasker_id into client, tasker from bookings b where b.id = (obj ->> 'booking_id')::uuid;
    when 'report' then
      client := obj ->> 'reporter_id';
    when 'verification' then
      client := obj ->> 'user_id';
  end case;
end $$;
--> statement-breakpoint
-- Whose verification it is has no client's part in it, whatever else decides who has which part.
alter function khidma.party_in(text, jsonb) rename to part_in;
--> statement-breakpoint
create function khidma.party_in(machine text, obj jsonb) returns text language sql stable as $$
  select case when machine = 'verification' and part = 'client' then 'owner' else part end
    from khidma.part_in(machine, obj) part
$$;
--> statement-breakpoint
create trigger b_guard_state before update of verification_status on user_verifications
  for each row execute function khidma.guard_state('verification', 'verification_status');
--> statement-breakpoint
-- Everybody begins unverified. Only who may check papers brings somebody in who is further.
create function khidma.guard_new_verification() returns trigger language plpgsql as $$
begin
  if coalesce(khidma.actor_role(), '') not in ('ops', 'admin', 'system') then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger b_guard_new before insert on user_verifications for each row
  when (new.verification_status <> 'unverified') execute function khidma.guard_new_verification();
--> statement-breakpoint
create function khidma.record_verification() returns trigger language plpgsql as $$
declare
  made state_transitions := khidma.transition_of('verification', old.verification_status::text,
                                                 new.verification_status::text, to_jsonb(new));
begin
  perform khidma.emit('verification.' || new.verification_status, 'verification', new.user_id, new.version,
    jsonb_build_object('from', old.verification_status, 'to', new.verification_status, 'action', made.name,
                       'party', made.party, 'userId', new.user_id),
    array[new.user_id]);
  return null;
end $$;
--> statement-breakpoint
create trigger c_record_transition after update of verification_status on user_verifications
  for each row execute function khidma.record_verification();
--> statement-breakpoint
-- Nobody who was shut out lets themselves in again; closing one's own account is one's own to do.
create function khidma.guard_user_status() returns trigger language plpgsql as $$
begin
  if khidma.actor_role() in ('client', 'tasker', 'anonymous')
    and not (new.status = 'closed' and old.status = 'active' and new.id is not distinct from khidma.actor_id())
  then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger b_guard_status before update of status on users for each row
  when (old.status is distinct from new.status) execute function khidma.guard_user_status();
--> statement-breakpoint
-- The same as before, for people whose account is active.
create or replace function khidma.refresh_match_index(p_tasker uuid) returns void language plpgsql as $$
begin
  perform 1 from tasker_profiles where user_id = p_tasker for update;
  delete from match_index where tasker_id = p_tasker;
  insert into match_index (tasker_id, category, center, radius_m, rating_avg, rating_count, acceptance_rate,
                           completion_rate, offers_answered, bookings_ended)
  select p.user_id, c.category, st_setsrid(st_makepoint(a.center_lng, a.center_lat), 4326)::geography,
         a.radius_km * 1000, p.rating_avg, p.rating_count, p.acceptance_rate, p.completion_rate,
         p.offers_answered, p.bookings_ended
    from tasker_profiles p
    join users u on u.id = p.user_id
    join tasker_service_areas a on a.tasker_id = p.user_id
    join tasker_categories c on c.tasker_id = p.user_id
   where p.user_id = p_tasker and p.status in ('active', 'at_risk') and u.status = 'active';
end $$;
--> statement-breakpoint
-- Who is shut out is signed out everywhere, hears of no more work and is found by nobody. What is booked stays booked:
-- the other side of it decides with ops.
create function khidma.user_status_consequences() returns trigger language plpgsql as $$
declare
  live sessions;
begin
  if new.status <> 'active' then
    for live in select * from sessions s where s.user_id = new.id and s.revoked_at is null order by s.id loop
      perform khidma.end_session(live.id, new.id, 'account_' || new.status);
    end loop;
    update offers set status = 'withdrawn', answered_at = now() where tasker_id = new.id and status = 'pending';
  end if;
  if exists (select from tasker_profiles p where p.user_id = new.id) then
    perform khidma.refresh_match_index(new.id);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger d_consequences after update of status on users for each row
  when (old.status is distinct from new.status) execute function khidma.user_status_consequences();
--> statement-breakpoint
-- However somebody signs in, it ends with a session. The lock orders it with a suspension that runs beside it: either
-- the suspension sees the session, or this sees the suspension.
create function khidma.guard_session() returns trigger language plpgsql as $$
declare
  account user_status;
begin
  select u.status into account from users u where u.id = new.user_id for share;
  if account <> 'active' then
    perform khidma.refuse(403, 'account_' || account);
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger b_guard before insert on sessions for each row execute function khidma.guard_session();
--> statement-breakpoint
-- A company under another name or number is another company to whoever approved it.
create function khidma.approve_again() returns trigger language plpgsql as $$
begin
  new.approval_status := 'pending';
  return new;
end $$;
--> statement-breakpoint
create trigger b_approve_again before update of company_name, registration_number on company_profiles for each row
  when ((old.company_name, old.registration_number) is distinct from (new.company_name, new.registration_number))
  execute function khidma.approve_again();
--> statement-breakpoint
-- Found by the file: when one is deleted, whoever showed it shows it no more.
create index idx_user_profiles_avatar on user_profiles (avatar_media_id) where avatar_media_id is not null;
--> statement-breakpoint
create index idx_company_profiles_logo on company_profiles (logo_media_id) where logo_media_id is not null;
--> statement-breakpoint
create index idx_candidate_profiles_resume on candidate_profiles (resume_media_id) where resume_media_id is not null;
--> statement-breakpoint
create index idx_user_verifications_front on user_verifications (front_media_id) where front_media_id is not null;
--> statement-breakpoint
create index idx_user_verifications_back on user_verifications (back_media_id) where back_media_id is not null;
--> statement-breakpoint
create index idx_user_verifications_selfie on user_verifications (selfie_media_id) where selfie_media_id is not null;
