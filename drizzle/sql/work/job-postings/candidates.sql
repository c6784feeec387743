-- Returns the words by which a candidate is found.
create or replace function khidma.candidate_words(c candidate_profiles) returns tsvector language plpgsql stable as $$
begin
  return (
    select khidma.text_vector(array_to_string(c.preferred_roles || c.skills, ' '), 'A')
           || khidma.text_vector(coalesce((select string_agg(x ->> 'title', ' ') from jsonb_array_elements(c.experience) x), ''), 'B')
           || khidma.text_vector(coalesce((select string_agg(concat_ws(' ', x ->> 'degree', x ->> 'field'), ' ') from jsonb_array_elements(c.education) x), ''), 'C'));
end $$;

-- Returns what candidates are filtered by that their profile says, whatever its case.
create or replace function khidma.candidate_facets(c candidate_profiles) returns text[] language plpgsql stable as $$
begin
  return (
    select array_remove(array(select distinct 'skill:' || lower(s) from unnest(c.skills) s) || ('city:' || lower(c.city)), null));
end $$;

-- Keeps the listing by which companies find a candidate (after a change of what it is made of): it is there while they look for work and their
-- profile is one that companies may read. Its id is new each time they begin to look, so that nobody is recognised by an old one. Names,
-- employers, schools and texts about themselves are not searched: they say who it is.
create or replace function khidma.list_candidate() returns trigger language plpgsql as $$
begin
  if not new.looking_for_work or new.status <> 'active' or new.visibility = 'private' then
    delete from candidate_listings where user_id = new.user_id;
    return null;
  end if;
  insert into candidate_listings (id, user_id, search_vector, facets, experience_years)
  values (khidma.uuid_v7(), new.user_id, khidma.candidate_words(new), khidma.candidate_facets(new), new.experience_years)
  on conflict (user_id) do update
    set search_vector = excluded.search_vector, facets = excluded.facets, experience_years = excluded.experience_years;
  return null;
end $$;

-- Returns whether a company may find a candidate: somebody else whose account is active, who does not work for it, without a block.
create or replace function khidma.may_find_candidate(p_company uuid, p_candidate uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from users u where u.id = p_candidate and u.status = 'active')
       and not khidma.blocked_between(p_company, p_candidate)
       and not exists (select from company_members m where m.company_id = p_company and m.user_id = p_candidate and m.status = 'active'));
end $$;

-- Returns whether a view of a company is open: for its time, while the candidate looks for work and may be found by it.
create or replace function khidma.is_view_open(v candidate_views) returns boolean language plpgsql stable as $$
begin
  return (
    select v.open_until > now() and exists (select from candidate_listings l where l.user_id = v.user_id)
       and khidma.may_find_candidate(v.company_id, v.user_id));
end $$;

-- Views how to reach a candidate for a company, and returns the view: one that is open costs nothing more, another uses one `contact_view`.
-- The lock of the company's entitlements lets one at a time look for a view; the listing is locked against its withdrawal, which waits or was
-- first. Whom the company cannot find is not there (404).
create or replace function khidma.view_candidate(p_id uuid, p_company uuid, p_listing uuid, p_user uuid) returns uuid language plpgsql as $$
declare
  candidate uuid;
  viewed uuid;
begin
  if not khidma.is_company_open(p_company) then
    perform khidma.refuse(409, 'company_not_open');
  end if;
  select l.user_id into candidate from candidate_listings l where l.id = p_listing for share;
  if candidate is null or not khidma.may_find_candidate(p_company, candidate) then
    perform khidma.refuse(404, 'not_found');
  end if;
  perform khidma.lock_entitlements(p_company, 'contact_view');
  select v.id into viewed from candidate_views v where v.company_id = p_company and v.user_id = candidate and v.open_until > now();
  if viewed is null then
    insert into candidate_views (id, company_id, user_id, viewed_by, entitlement_id, open_until)
    values (p_id, p_company, candidate, p_user, khidma.use_entitlement(p_company, 'contact_view', p_id),
            now() + make_interval(days => khidma.config_value('candidates.view_days', null, null, null)::int))
    returning id into viewed;
  end if;
  return viewed;
end $$;

-- Refuses the view of a candidate who is kept apart from the company: for it they are not there (before insert on candidate_views).
create or replace function khidma.guard_candidate_apart() returns trigger language plpgsql as $$
begin
  if khidma.are_apart(new.company_id, new.user_id) then
    perform khidma.refuse(404, 'not_found');
  end if;
  return new;
end $$;

-- Emits a view to the candidate and the company (after insert on candidate_views).
create or replace function khidma.candidate_viewed() returns trigger language plpgsql as $$
begin
  perform khidma.emit('candidate_view.created', 'candidate_view', new.id, 1,
    jsonb_build_object('candidateViewId', new.id, 'companyId', new.company_id, 'userId', new.user_id), array[new.user_id, new.company_id]);
  return null;
end $$;

-- Deletes views that ended a period ago, at most `p_limit`. Those of people and companies under legal hold stay.
create or replace function khidma.purge_candidate_views(p_limit int) returns json language plpgsql as $$
declare
  gone int;
begin
  delete from candidate_views where id = any (array(
    select v.id from candidate_views v
     where v.open_until < now() - khidma.retention_period('candidate_views')
       and not exists (select from users u where u.id in (v.user_id, v.company_id) and u.legal_hold)
     order by v.open_until limit p_limit for update skip locked));
  get diagnostics gone = row_count;
  return json_build_object('candidateViews', gone);
end $$;
