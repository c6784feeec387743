-- Returns the user, country and profession of a subject; no row for one that does not exist.
create or replace function khidma.requirement_subject(p_subject_kind text, p_subject_id uuid)
returns table (user_id uuid, country text, role_key text, since timestamptz) language sql stable as $$
  select u.id, u.country, null::text, p.created_at from tasker_profiles p join users u on u.id = p.user_id
   where p_subject_kind = 'tasker' and p.user_id = p_subject_id
  union all
  select u.id, coalesce(c.country, u.country), null, c.created_at from company_profiles c join users u on u.id = c.user_id
   where p_subject_kind = 'company' and c.user_id = p_subject_id
  union all
  select u.id, u.country, p.profession, p.created_at from role_profiles p join users u on u.id = p.user_id
   where p_subject_kind = 'role_profile' and p.id = p_subject_id and p.deleted_at is null
$$;

-- Returns the status of papers: complete while a request that was approved is valid, else that of the newest attempt, whatever came of
-- the earlier ones; `done_at` is the time of the approval. Papers of the person count for whatever is theirs.
create or replace function khidma.papers_status(p_user_id uuid, p_subject_id uuid, p_type text, p_document text, out status text, out done_at timestamptz)
language plpgsql stable as $$
begin
  select case when r.status = 'approved' and (r.expires_at is null or r.expires_at > now()) then 'complete'
              when r.status = 'pending' then 'pending' when r.status = 'rejected' then 'rejected' else 'incomplete' end,
         case when r.status = 'approved' then r.reviewed_at end
    into status, done_at
    from verification_requests r
   where r.user_id = p_user_id and r.subject_id in (p_user_id, p_subject_id)
     and (p_document is not null or r.verification_type = p_type) and (p_document is null or r.document_type = p_document)
   order by r.status = 'approved' and (r.expires_at is null or r.expires_at > now()) desc, r.submitted_at desc, r.id desc limit 1;
end $$;

-- Returns the status of one requirement, before waivers. A kind that nobody knows, and papers that are not named, are incomplete: a row
-- that points at nothing is never met.
create or replace function khidma.requirement_status(
  r requirements, p_user_id uuid, p_subject_id uuid, out status text, out done_at timestamptz
) language plpgsql stable as $$
begin
  case r.kind
    when 'phone' then
      status := (select 'complete' from user_verifications v where v.user_id = p_user_id and v.phone_verified);
    when 'name' then
      status := (select 'complete' from users u where u.id = p_user_id and length(trim(u.full_name)) > 1);
    when 'bio' then
      status := (select 'complete' from tasker_profiles t where t.user_id = p_user_id and length(trim(t.bio)) > 0);
    when 'service_area' then
      status := (select 'complete' from tasker_service_areas a where a.tasker_id = p_user_id limit 1);
    when 'category' then
      status := (select 'complete' from tasker_categories c where c.tasker_id = p_user_id limit 1);
    when 'registration_number' then
      status := (select 'complete' from company_profiles c where c.user_id = p_user_id and length(trim(c.registration_number)) > 0);
    when 'terms' then
      select 'complete', s.created_at into status, done_at from requirement_submissions s
       where s.subject_id = p_subject_id and s.requirement_id = r.id and s.created_at >= r.effective_from order by s.id desc limit 1;
    when 'identity', 'business' then
      select s.status, s.done_at into status, done_at from khidma.papers_status(p_user_id, p_subject_id, r.kind, null) s;
    when 'document' then
      if r.document_type is not null then
        select s.status, s.done_at into status, done_at from khidma.papers_status(p_user_id, p_subject_id, null, r.document_type) s;
      end if;
    else
      null;
  end case;
  status := coalesce(status, 'incomplete');
end $$;

-- Returns everything that is asked of a subject, with its status: what checklists show, and what decides. Asked are the active rows
-- whose time has come, of its profession and country; of a subject whose country is not known, those of every country.
create or replace function khidma.requirements_of(p_subject_kind text, p_subject_id uuid)
returns table (requirement_id uuid, requirement_version int, kind text, document_type text, is_required boolean, "position" int, names jsonb,
               descriptions jsonb, status text, done_at timestamptz, waived_until timestamptz)
language sql stable as $$
  select r.id, r.version, r.kind, r.document_type, r.is_required, r."position", r.names, r.descriptions,
         case when s.status <> 'complete' and w.id is not null then 'waived' else s.status end, s.done_at, w.expires_at
    from khidma.requirement_subject(p_subject_kind, p_subject_id) b
    join requirements r on r.subject_kind = p_subject_kind and r.is_active and r.effective_from <= now()
     and (r.role_key is null or r.role_key = b.role_key) and (r.country is null or b.country is null or r.country = b.country)
   cross join lateral khidma.requirement_status(r, b.user_id, p_subject_id) s
    left join requirement_waivers w on w.subject_id = p_subject_id and w.requirement_id = r.id and w.ended_at is null
     and (w.expires_at is null or w.expires_at > now())
   order by r."position", r.id
$$;

-- Returns the kinds of what is required of a subject and missing; null for a subject that does not exist: nothing is met then.
create or replace function khidma.requirements_missing(p_subject_kind text, p_subject_id uuid) returns text[] language plpgsql stable as $$
begin
  return (
    select case when exists (select from khidma.requirement_subject(p_subject_kind, p_subject_id))
      then array(select coalesce(q.document_type, q.kind) from khidma.requirements_of(p_subject_kind, p_subject_id) q
                  where q.is_required and q.status not in ('complete', 'waived')) end);
end $$;

-- Returns whether all that is required of a subject is there.
create or replace function khidma.requirements_met(p_subject_kind text, p_subject_id uuid) returns boolean language sql stable as $$
  select coalesce(cardinality(khidma.requirements_missing(p_subject_kind, p_subject_id)) = 0, false)
$$;

-- Refuses what needs all requirements of a subject, and says which are missing.
create or replace function khidma.require_all(p_subject_kind text, p_subject_id uuid) returns void language plpgsql as $$
declare
  missing text[] := khidma.requirements_missing(p_subject_kind, p_subject_id);
begin
  if missing is null or cardinality(missing) > 0 then
    perform khidma.refuse(409, 'requirements_not_met', jsonb_build_object('missing', array_to_string(missing, ', ')));
  end if;
end $$;

-- Refuses to submit what lacks something required that nobody looks at yet: papers that wait for a decision are enough for now.
create or replace function khidma.require_attempts(p_subject_kind text, p_subject_id uuid) returns void language plpgsql as $$
declare
  missing text[] := array(select coalesce(q.document_type, q.kind) from khidma.requirements_of(p_subject_kind, p_subject_id) q
                           where q.is_required and q.status in ('incomplete', 'rejected'));
begin
  if cardinality(missing) > 0 then
    perform khidma.refuse(409, 'requirements_not_met', jsonb_build_object('missing', array_to_string(missing, ', ')));
  end if;
end $$;

-- Keeps taskers from becoming active without what is required, whoever moves them. The row is locked by its update, and whatever takes
-- a fulfilment back locks it as well (`recheck_tasker`): of both at once, one sees the other.
create or replace function khidma.guard_activation() returns trigger language plpgsql as $$
begin
  perform khidma.require_all('tasker', new.user_id);
  return new;
end $$;

-- Flags an active tasker who lacks what is required by now; they learn what is missing.
create or replace function khidma.recheck_tasker(p_user_id uuid) returns void language plpgsql as $$
declare
  t tasker_profiles;
  missing text[];
begin
  select * into t from tasker_profiles where user_id = p_user_id for no key update;
  if t.status = 'active' then
    missing := khidma.requirements_missing('tasker', p_user_id);
    if cardinality(missing) > 0 then
      perform khidma.flag_for_requirements(p_user_id);
      perform khidma.tell_user('requirement.lapsed', p_user_id, jsonb_build_object('missing', array_to_string(missing, ', ')));
    end if;
  end if;
end $$;

-- Rechecks the tasker of a waiver that has ended.
create or replace function khidma.follow_waiver() returns trigger language plpgsql as $$
begin
  if new.subject_kind = 'tasker' then
    perform khidma.recheck_tasker(new.subject_id);
  end if;
  return null;
end $$;

-- Rechecks the tasker whose papers were approved, and are no more.
create or replace function khidma.follow_lost_papers() returns trigger language plpgsql as $$
begin
  perform khidma.recheck_tasker(new.user_id);
  return null;
end $$;

-- Rechecks the tasker whom missing papers had put at risk, and whose papers are approved now.
create or replace function khidma.follow_approved_papers() returns trigger language plpgsql as $$
begin
  perform khidma.recheck_flagged(new.user_id);
  return null;
end $$;

-- Waives a requirement for a subject. Nobody waives their own.
create or replace function khidma.waive_requirement(
  p_id uuid, p_requirement uuid, p_subject_kind text, p_subject_id uuid, p_reason text, p_expires_at timestamptz
) returns void language plpgsql as $$
begin
  if not exists (select from requirements r where r.id = p_requirement and r.subject_kind = p_subject_kind)
    or not exists (select from khidma.requirement_subject(p_subject_kind, p_subject_id)) then
    perform khidma.refuse(404, 'not_found');
  end if;
  perform khidma.needs_approver();
  insert into requirement_waivers (id, requirement_id, subject_kind, subject_id, reason, waived_by, expires_at)
  values (p_id, p_requirement, p_subject_kind, p_subject_id, p_reason, khidma.actor_id(), p_expires_at);
end $$;

-- Ends waivers whose time has passed, which their readers know already. At most `p_limit`.
create or replace function khidma.end_waivers(p_limit int) returns json language plpgsql as $$
declare
  ended int;
begin
  update requirement_waivers set ended_at = now() where id in (
    select w.id from requirement_waivers w where w.ended_at is null and w.expires_at <= now()
     order by w.expires_at limit p_limit for update skip locked);
  get diagnostics ended = row_count;
  return json_build_object('waivers', ended);
end $$;

-- Returns, for each requirement of a kind of subject, how many of those who began in the last days have reached it, wait for a decision
-- and have done it, with the median time from their beginning. At most `p_most` subjects, the newest.
create or replace function khidma.onboarding_funnel(p_subject_kind text, p_days int, p_most int)
returns table (requirement_id uuid, kind text, document_type text, is_required boolean, names jsonb, reached int, waiting int, done int, rejected int,
               waived int, median_hours double precision)
language sql stable as $$
  with subjects as (
    (select p.user_id as id, p.created_at from tasker_profiles p
      where p_subject_kind = 'tasker' and p.created_at > now() - make_interval(days => p_days) order by p.created_at desc limit p_most)
    union all
    (select c.user_id, c.created_at from company_profiles c
      where p_subject_kind = 'company' and c.created_at > now() - make_interval(days => p_days) order by c.created_at desc limit p_most))
  select q.requirement_id, q.kind, q.document_type, q.is_required, q.names, count(*)::int,
         (count(*) filter (where q.status = 'pending'))::int, (count(*) filter (where q.status = 'complete'))::int,
         (count(*) filter (where q.status = 'rejected'))::int, (count(*) filter (where q.status = 'waived'))::int,
         round((percentile_cont(0.5) within group (order by extract(epoch from q.done_at - s.created_at) / 3600)
           filter (where q.done_at is not null))::numeric, 1)::double precision
    from subjects s cross join lateral khidma.requirements_of(p_subject_kind, s.id) q
   group by q.requirement_id, q.kind, q.document_type, q.is_required, q.names, q."position" order by q."position", q.requirement_id
$$;
