-- What somebody may ask of us about themselves: everything we know, to be forgotten, and what they have agreed to. What
-- stands against forgetting, and what forgetting leaves.

alter table users
  -- From here on nobody acts as them, and their personal data is going or gone.
  add column erased_at timestamptz,
  add column legal_hold boolean not null default false;
--> statement-breakpoint
alter table users drop constraint users_reachable;
--> statement-breakpoint
alter table users add constraint users_reachable check (phone is not null or email is not null or erased_at is not null);
--> statement-breakpoint
create table export_requests (
  id uuid primary key,
  user_id uuid not null constraint export_requests_user_id_users_id_fk references users (id) on delete cascade,
  status text not null default 'pending',
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  storage_key text,
  file_size bigint,
  row_count integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completed_at timestamptz,
  expires_at timestamptz,
  version integer not null default 1,
  constraint export_requests_status check (status in ('pending', 'ready', 'expired', 'failed')),
  constraint export_requests_file check (status <> 'ready' or (storage_key is not null and expires_at is not null))
);
--> statement-breakpoint
create index idx_export_requests_user on export_requests (user_id, id);
--> statement-breakpoint
create unique index export_requests_one_pending on export_requests (user_id) where status = 'pending';
--> statement-breakpoint
create index idx_export_requests_due on export_requests (next_at) where status = 'pending';
--> statement-breakpoint
create index idx_export_requests_expiry on export_requests (expires_at) where status = 'ready';
--> statement-breakpoint
create table erasure_requests (
  id uuid primary key,
  user_id uuid not null constraint erasure_requests_user_id_users_id_fk references users (id) on delete restrict,
  status text not null default 'scheduled',
  scheduled_for timestamptz not null,
  reason text,
  -- What stood in its way when its time had come.
  obstacles text[] not null default '{}',
  attempts integer not null default 0,
  next_at timestamptz not null,
  pass smallint not null default 1,
  step text,
  step_cursor text,
  -- Encrypted: what others may have written of the person; gone when the last pass is done.
  identifiers text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  canceled_at timestamptz,
  started_at timestamptz,
  wiped_at timestamptz,
  completed_at timestamptz,
  version integer not null default 1,
  constraint erasure_requests_status check (status in ('scheduled', 'deferred', 'running', 'wiped', 'completed', 'canceled'))
);
--> statement-breakpoint
create unique index erasure_requests_one_open on erasure_requests (user_id) where status in ('scheduled', 'deferred', 'running', 'wiped');
--> statement-breakpoint
create index idx_erasure_requests_user on erasure_requests (user_id, id);
--> statement-breakpoint
create index idx_erasure_requests_status on erasure_requests (status, id);
--> statement-breakpoint
create index idx_erasure_requests_due on erasure_requests (next_at) where status in ('scheduled', 'deferred', 'running', 'wiped');
--> statement-breakpoint
create table consent_documents (
  id uuid primary key,
  kind text not null,
  document_version text not null,
  url text not null,
  is_required boolean not null,
  published_at timestamptz not null default now(),
  constraint consent_documents_kind check (kind in ('terms', 'privacy', 'marketing')),
  constraint consent_documents_kind_version_key unique (kind, document_version)
);
--> statement-breakpoint
insert into consent_documents (id, kind, document_version, url, is_required) values
  (khidma.uuid_v7(), 'terms', '2026-11', 'https://khidma.example/terms/2026-11', true),
  (khidma.uuid_v7(), 'privacy', '2026-11', 'https://khidma.example/privacy/2026-11', true),
  (khidma.uuid_v7(), 'marketing', '2026-11', 'https://khidma.example/marketing/2026-11', false);
--> statement-breakpoint
create table consents (
  id uuid primary key,
  user_id uuid not null constraint consents_user_id_users_id_fk references users (id) on delete restrict,
  document_id uuid not null constraint consents_document_id_consent_documents_id_fk references consent_documents (id) on delete restrict,
  granted_at timestamptz not null default now(),
  withdrawn_at timestamptz
);
--> statement-breakpoint
create unique index consents_standing_key on consents (user_id, document_id) where withdrawn_at is null;
--> statement-breakpoint
create index idx_consents_user on consents (user_id, id);
--> statement-breakpoint
create index idx_consents_document on consents (document_id);
--> statement-breakpoint
create table legal_holds (
  id uuid primary key,
  user_id uuid not null constraint legal_holds_user_id_users_id_fk references users (id) on delete restrict,
  reason text not null,
  placed_by uuid constraint legal_holds_placed_by_users_id_fk references users (id) on delete set null,
  placed_at timestamptz not null default now(),
  released_by uuid constraint legal_holds_released_by_users_id_fk references users (id) on delete set null,
  released_at timestamptz,
  release_reason text,
  updated_at timestamptz not null default now(),
  version integer not null default 1
);
--> statement-breakpoint
create index idx_legal_holds_user on legal_holds (user_id) where released_at is null;
--> statement-breakpoint
create index idx_idempotency_scope on idempotency_keys (scope);
--> statement-breakpoint
insert into permissions (id, name, resource, action, description) values
  (khidma.uuid_v7(), 'privacy.manage', 'privacy', 'manage', 'Place and release legal holds, publish what people agree to'),
  (khidma.uuid_v7(), 'privacy.read', 'privacy', 'read', 'See erasure requests, legal holds and retention runs');
--> statement-breakpoint
-- What the installation itself sets up is not written down.
alter table role_permissions disable trigger z_audit;
--> statement-breakpoint
insert into role_permissions (role_id, permission_id)
select r.id, p.id from (values ('admin', 'privacy.manage'), ('admin', 'privacy.read'), ('ops', 'privacy.read')) as t (role, permission)
  join roles r on r.name = t.role join permissions p on p.name = t.permission;
--> statement-breakpoint
alter table role_permissions enable trigger z_audit;
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['export_requests', 'erasure_requests', 'legal_holds'] loop
    execute format('create trigger a_touch before update on %I for each row execute function khidma.touch()', t);
  end loop;
end $$;
--> statement-breakpoint
create trigger z_audit after insert or update or delete on export_requests
  for each row execute function khidma.audit('storage_key', 'attempts', 'next_at');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on erasure_requests
  for each row execute function khidma.audit('reason', 'attempts', 'next_at', 'step', 'step_cursor', 'identifiers');
--> statement-breakpoint
create trigger z_audit after insert or update or delete on consent_documents for each row execute function khidma.audit();
--> statement-breakpoint
create trigger z_audit after insert or update or delete on consents for each row execute function khidma.audit();
--> statement-breakpoint
create trigger z_audit after insert or update or delete on legal_holds for each row execute function khidma.audit();
--> statement-breakpoint
-- When something was agreed to, and taken back, is the database's to say.
create function khidma.guard_consent() returns trigger language plpgsql as $$
declare
  allowed consents;
begin
  if tg_op = 'INSERT' then
    new.granted_at := now();
    new.withdrawn_at := null;
    return new;
  elsif tg_op = 'UPDATE' then
    allowed := old;
    allowed.withdrawn_at := new.withdrawn_at;
    if old.withdrawn_at is null and new.withdrawn_at = now() and new is not distinct from allowed then
      return new;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger append_only before update or delete on consents for each row execute function khidma.guard_consent();
--> statement-breakpoint
create trigger no_truncate before truncate on consents for each statement execute function khidma.append_only();
--> statement-breakpoint
-- What is done in somebody's name, and what ends everything in their name, wait for each other here: who writes shares the
-- lock, erasure and holds take it alone. After it was taken alone, no write that saw them as they were is still under way.
create function khidma.person_lock(p_user_id uuid) returns bigint language sql immutable parallel safe as $$
  select hashtextextended('person:' || p_user_id, 16)
$$;
--> statement-breakpoint
-- What has to come to an end before somebody can be forgotten: their work, what we owe them, a dispute, a hold. What they
-- owe us does not stand in the way: the books keep it, under an id that names nobody.
create function khidma.erasure_obstacles(p_user_id uuid) returns text[] language sql stable as $$
  select array_remove(array[
    case when (select u.legal_hold from users u where u.id = p_user_id) then 'legal_hold' end,
    case when exists (select from user_roles g join roles r on r.id = g.role_id and r.audience = 'internal'
                       where g.user_id = p_user_id and g.status = 'approved' and (g.expires_at is null or g.expires_at > now()))
      then 'staff' end,
    case when exists (select from tasks t where t.client_id = p_user_id and t.state in ('posted', 'matching', 'on_hold')) then 'open_task' end,
    case when exists (select from bookings b where p_user_id in (b.client_id, b.tasker_id)
                         and b.status in ('offered', 'accepted', 'confirmed', 'in_progress')) then 'open_booking' end,
    case when exists (select from disputes d join bookings b on b.id = d.booking_id where p_user_id in (b.client_id, b.tasker_id)
                         and d.status in ('open', 'investigating', 'escalated')) then 'open_dispute' end,
    case when exists (select from bookings b join tasks t on t.id = b.task_id where p_user_id in (b.client_id, b.tasker_id)
                         and b.status = 'completed' and t.state = 'completed') then 'unpaid_booking' end,
    case when exists (select from account_balances a where a.owner_user_id = p_user_id and a.balance <> 0
                         and a.kind in ('client_wallet', 'tasker_payable', 'escrow'))
        or exists (select from payouts p where p.tasker_id = p_user_id and p.status in ('scheduled', 'processing'))
      then 'unpaid_balance' end
  ], null)
$$;
--> statement-breakpoint
-- A hold is not told: who is being looked into is not warned. It stands in the way later.
create function khidma.assert_erasable(p_user_id uuid) returns void language plpgsql as $$
declare
  obstacles text[] := array_remove(khidma.erasure_obstacles(p_user_id), 'legal_hold');
  erased timestamptz;
begin
  select u.erased_at into erased from users u where u.id = p_user_id;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif erased is not null then
    perform khidma.refuse(409, 'already_erased');
  elsif cardinality(obstacles) > 0 then
    perform khidma.refuse(409, 'erasure_obstructed', jsonb_build_object('obstacles', array_to_string(obstacles, ', ')));
  end if;
end $$;
--> statement-breakpoint
-- A hold and the beginning of an erasure are put one after the other: whichever comes second finds the first.
create function khidma.hold_placed() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(khidma.person_lock(new.user_id));
  if not exists (select from users u where u.id = new.user_id) then
    perform khidma.refuse(404, 'not_found');
  end if;
  if exists (select from users u where u.id = new.user_id and u.erased_at is not null) then
    perform khidma.refuse(409, 'already_erased');
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger b_placed before insert on legal_holds for each row execute function khidma.hold_placed();
--> statement-breakpoint
-- Two that are released, or one released beside one placed, wait for each other as well: each must see the
-- other's hold, or the person would stay held, or be held no more, against what stands.
create function khidma.guard_hold() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(khidma.person_lock(old.user_id));
  if old.released_at is not null then
    perform khidma.refuse(409, 'hold_released');
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger b_guard before update of released_at on legal_holds for each row execute function khidma.guard_hold();
--> statement-breakpoint
create function khidma.follow_holds() returns trigger language plpgsql as $$
declare
  held boolean := exists (select from legal_holds h where h.user_id = new.user_id and h.released_at is null);
begin
  update users set legal_hold = held where id = new.user_id and legal_hold <> held;
  return null;
end $$;
--> statement-breakpoint
create trigger d_follow after insert or update of released_at on legal_holds for each row execute function khidma.follow_holds();
--> statement-breakpoint
-- The person hears of what becomes of their requests; of the end nobody is left to hear.
create function khidma.privacy_request_changed() returns trigger language plpgsql as $$
declare
  what text := case when tg_table_name = 'export_requests' then 'export' else 'erasure' end;
begin
  perform khidma.emit(what || '.' || new.status, what, new.id, new.version,
    jsonb_build_object('userId', new.user_id, what || 'Id', new.id), array[new.user_id]);
  return null;
end $$;
--> statement-breakpoint
create trigger e_changed after update of status on export_requests for each row
  when (old.status <> new.status and new.status in ('ready', 'failed')) execute function khidma.privacy_request_changed();
--> statement-breakpoint
create trigger e_created after insert on erasure_requests for each row execute function khidma.privacy_request_changed();
--> statement-breakpoint
create trigger e_changed after update of status on erasure_requests for each row
  when (old.status <> new.status and new.status in ('canceled', 'deferred', 'completed')) execute function khidma.privacy_request_changed();
--> statement-breakpoint
-- A number as people write it: with its country, as one dials it from abroad and at home.
create function khidma.spellings_of(p_phone text) returns setof text language sql immutable parallel safe as $$
  select unnest(array[digits, '00' || digits, '0' || national, national])
    from (select ltrim(p_phone, '+'), regexp_replace(p_phone, '^\+(20|233|234|91|996)', '')) n (digits, national)
   where p_phone is not null
$$;
--> statement-breakpoint
-- How somebody may be named in what others have written.
create function khidma.identifiers_of(p_user_id uuid) returns text[] language sql stable as $$
  select coalesce(array_agg(distinct w.word order by w.word), '{}') from (
    select unnest(array[u.email, u.username, u.full_name]) from users u where u.id = p_user_id
    union all select s.* from users u, khidma.spellings_of(u.phone) s where u.id = p_user_id
    union all select display_name from client_profiles where user_id = p_user_id
    union all select display_name from candidate_profiles where user_id = p_user_id
    union all select unnest(array[contact_person_name, email]) from company_profiles where user_id = p_user_id
    union all select s.* from company_profiles c, khidma.spellings_of(c.phone) s where c.user_id = p_user_id
  ) w (word) where length(trim(w.word)) >= 4
$$;
--> statement-breakpoint
-- Takes an erasure whose time has come, for one consumer and a few minutes. Outcomes: begun · resumed · deferred · none.
create function khidma.take_erasure(p_id uuid, p_lease_seconds int, out outcome text, out request erasure_requests, out words text[])
language plpgsql as $$
declare
  found_obstacles text[];
begin
  outcome := 'none';
  select * into request from erasure_requests r where r.id = p_id;
  if not found then
    return;
  end if;
  perform pg_advisory_xact_lock(khidma.person_lock(request.user_id));
  select * into request from erasure_requests r where r.id = p_id for update;
  if request.status not in ('scheduled', 'deferred', 'running', 'wiped') or request.next_at > now() then
    return;
  end if;
  if request.status in ('scheduled', 'deferred') then
    found_obstacles := khidma.erasure_obstacles(request.user_id);
    if cardinality(found_obstacles) > 0 then
      outcome := 'deferred';
      update erasure_requests set status = 'deferred', obstacles = found_obstacles, next_at = now() + interval '1 day'
        where id = p_id returning * into request;
      return;
    end if;
    -- What shuts an account shuts its sessions, sockets and offers.
    update users set erased_at = now(), status = 'closed' where id = request.user_id;
    update api_keys set revoked_at = now() where user_id = request.user_id and revoked_at is null;
    update webhook_subscriptions set active = false where user_id = request.user_id and active;
    outcome := 'begun';
    update erasure_requests set status = 'running', obstacles = '{}', started_at = now(), attempts = attempts + 1,
           next_at = now() + make_interval(secs => p_lease_seconds) where id = p_id returning * into request;
  else
    outcome := 'resumed';
    update erasure_requests set attempts = attempts + 1, next_at = now() + make_interval(secs => p_lease_seconds)
      where id = p_id returning * into request;
  end if;
  if request.identifiers is null then
    words := khidma.identifiers_of(request.user_id);
  end if;
end $$;
--> statement-breakpoint
-- A pattern that finds any of the words as words, whatever their case, and numbers however they are grouped. Null for none.
create function khidma.pattern_of(p_words text[]) returns text language sql immutable parallel safe as $$
  select '(?<![[:alnum:]])(' || string_agg(case when w ~ '^[0-9]{7,}$' then '\+?' || regexp_replace(w, '(.)(?=.)', '\1[ .()/-]*', 'g')
                                            else regexp_replace(w, '([].*+?^${}()|\\[])', '\\\1', 'g') end, '|' order by length(w) desc, w)
         || ')(?![[:alnum:]])' from unnest(p_words) w
$$;
--> statement-breakpoint
create function khidma.names_any(p_text text, p_words text[]) returns boolean language sql immutable parallel safe as $$
  select coalesce(p_text ~* khidma.pattern_of(p_words), false)
$$;
--> statement-breakpoint
create function khidma.mask(p_text text, p_words text[]) returns text language sql immutable parallel safe as $$
  select coalesce(regexp_replace(p_text, khidma.pattern_of(p_words), '[erased]', 'gi'), p_text)
$$;
--> statement-breakpoint
-- The same in every text of a JSON value; its keys are ours.
create function khidma.mask(p_json jsonb, p_words text[]) returns jsonb language plpgsql immutable parallel safe as $$
begin
  return case jsonb_typeof(p_json)
    when 'string' then to_jsonb(khidma.mask(p_json #>> '{}', p_words))
    when 'array' then (select coalesce(jsonb_agg(khidma.mask(e.value, p_words) order by e.ordinality), '[]')
                         from jsonb_array_elements(p_json) with ordinality e)
    when 'object' then (select coalesce(jsonb_object_agg(e.key, khidma.mask(e.value, p_words)), '{}') from jsonb_each(p_json) e)
    else p_json end;
end $$;
--> statement-breakpoint
-- As before: never rewritten. What erasure may take away is the reason that somebody wrote: told by the values alone.
create or replace function khidma.append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('khidma.purge', true) = tg_table_name then
    return old;
  end if;
  if tg_op = 'UPDATE' and tg_table_name = 'task_state_events'
    and to_jsonb(new) = to_jsonb(old) || '{"reason": null}' then
    return new;
  elsif tg_op = 'UPDATE' and tg_table_name = 'booking_events'
    and to_jsonb(new) = jsonb_set(to_jsonb(old), '{meta}', (to_jsonb(old) -> 'meta') - 'reason') then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
-- Takes the reasons out of the history of somebody's tasks and bookings: all that they gave, and those of others that name
-- them. Only for who is being erased. At most `p_limit` of each; says how many, 0 when done.
create function khidma.redact_history(p_user_id uuid, p_words text[], p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  redacted int;
  more int;
begin
  if not exists (select from users u where u.id = p_user_id and u.erased_at is not null) then
    raise exception 'only for who is being erased' using errcode = 'restrict_violation';
  end if;
  update task_state_events e set reason = null where e.id in (
    select h.id from task_state_events h join tasks t on t.id = h.task_id left join bookings b on b.task_id = t.id
     where p_user_id in (t.client_id, b.tasker_id) and h.reason is not null
       and (h.actor_user_id = p_user_id or khidma.names_any(h.reason, p_words)) limit p_limit);
  get diagnostics redacted = row_count;
  update booking_events e set meta = e.meta - 'reason' where e.id in (
    select h.id from booking_events h join bookings b on b.id = h.booking_id
     where p_user_id in (b.client_id, b.tasker_id) and h.meta ? 'reason'
       and (h.actor_user_id = p_user_id or khidma.names_any(h.meta ->> 'reason', p_words)) limit p_limit);
  get diagnostics more = row_count;
  return redacted + more;
end $$;
--> statement-breakpoint
-- Beside `khidma.redact_audit`: entries about others in which somebody is named, found by what they have to do with them.
create function khidma.redact_audit_naming(p_user_id uuid, p_words text[], p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids uuid[];
  entry uuid := khidma.uuid_v7();
begin
  if not exists (select from users u where u.id = p_user_id and u.erased_at is not null) then
    raise exception 'only for who is being erased' using errcode = 'restrict_violation';
  end if;
  select array_agg(f.id) into ids from (
    select a.id from (
        select 'tasks' as kind, t.id::text as id from tasks t left join bookings b on b.task_id = t.id where p_user_id in (t.client_id, b.tasker_id)
        union all select 'bookings', b.id::text from bookings b where p_user_id in (b.client_id, b.tasker_id)
        union all select 'reviews', r.id::text from reviews r where p_user_id in (r.reviewer_id, r.reviewee_id)
        union all select 'reports', r.id::text from reports r where p_user_id in (r.reporter_id, r.reported_user_id)
        union all select 'disputes', d.id::text from disputes d join bookings b on b.id = d.booking_id where p_user_id in (b.client_id, b.tasker_id)
        union all select 'legal_holds', h.id::text from legal_holds h where h.user_id = p_user_id
        union all select 'departments', d.id::text from departments d
      ) about join audit_log a on a.target_type = about.kind and a.target_id = about.id
     where a.redacted_at is null and khidma.names_any(a.meta::text, p_words) limit p_limit) f;
  if ids is null then
    return 0;
  end if;
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, module, request_id, meta)
  values (entry, khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'audit_log.redact', 'users', p_user_id::text, 'audit',
          khidma.request_id(), jsonb_build_object('rows', cardinality(ids)));
  update audit_log a set meta = khidma.redacted_meta(a.meta), ip_address = null, user_agent = null, salt = null,
                         redacted_at = now(), redacted_by = entry
    where a.id = any (ids);
  return cardinality(ids);
end $$;
--> statement-breakpoint
-- As before, less those who are erased: nothing is written down for them any more.
create or replace function khidma.event_for_fan_out(p_event uuid, out event json, out recipients json, out subscriptions json)
language sql stable as $$
  select to_json(o),
         (select coalesce(json_agg(json_build_object('userId', u.id, 'locale', u.locale)), '[]')
            from outbox_recipients r join users u on u.id = r.user_id and u.erased_at is null where r.event_id = o.id),
         -- A person's subscriptions hear of what concerns them; those of staff hear of everything.
         (select coalesce(json_agg(s.id), '[]')
            from webhook_subscriptions s join users u on u.id = s.user_id
           where s.active and s.created_at <= o.created_at
             and (u.role in ('ops', 'admin')
                  or exists (select 1 from outbox_recipients r where r.event_id = o.id and r.user_id = s.user_id))
             and (o.type = any (s.events) or '*' = any (s.events) or split_part(o.type, '.', 1) || '.*' = any (s.events)))
    from outbox o where o.id = p_event
$$;
--> statement-breakpoint
create trigger a_stamp before insert on consents for each row execute function khidma.guard_consent();
--> statement-breakpoint
-- What people have agreed to stays what it was.
create trigger append_only before update or delete on consent_documents for each row execute function khidma.append_only();
--> statement-breakpoint
create trigger no_truncate before truncate on consent_documents for each statement execute function khidma.append_only();
--> statement-breakpoint
create index idx_consent_documents_kind on consent_documents (kind, id);
--> statement-breakpoint
-- A hold ends by being released; whom it holds, and since when, is never rewritten. Words may be masked.
create function khidma.keep_hold() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.id = old.id and new.user_id = old.user_id and new.placed_at = old.placed_at
    and new.placed_by is not distinct from old.placed_by then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger append_only before update or delete on legal_holds for each row execute function khidma.keep_hold();
--> statement-breakpoint
create trigger no_truncate before truncate on legal_holds for each statement execute function khidma.append_only();
--> statement-breakpoint
create index idx_legal_holds_person on legal_holds (user_id, id);
--> statement-breakpoint
-- Who is held does not see their account change: neither its version nor its time moves with a hold.
drop trigger a_touch on users;
--> statement-breakpoint
create trigger a_touch before update on users for each row
  when (old.legal_hold is not distinct from new.legal_hold) execute function khidma.touch();
