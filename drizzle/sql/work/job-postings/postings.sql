-- Returns a salary for a year, as searches compare it: so many hours, days, weeks and months of work.
create or replace function khidma.yearly_salary(p_amount bigint, p_period text) returns bigint language sql immutable parallel safe as $$
  select p_amount * case p_period when 'hour' then 2080 when 'day' then 260 when 'week' then 52 when 'month' then 12 when 'year' then 1 end
$$;

-- Keeps what searches read: the point, the salary of a year and the words (before insert or update of what they are made of).
create or replace function khidma.index_job_posting() returns trigger language plpgsql as $$
begin
  new.location := case when new.lat is not null then st_setsrid(st_makepoint(new.lng, new.lat), 4326)::geography end;
  new.salary_yearly := khidma.yearly_salary(coalesce(new.salary_max, new.salary_min), new.salary_period);
  new.search_vector := khidma.text_vector(new.title, 'A') || khidma.text_vector(concat_ws(' ', new.city, new.place_name), 'B')
                       || khidma.text_vector(new.description, 'C');
  return new;
end $$;

-- Keeps the times of a posting (before insert or update of status). It closes by the end of the days that are paid.
create or replace function khidma.stamp_job_posting() returns trigger language plpgsql as $$
begin
  if new.status = 'pending' then
    new.submitted_at := now();
    new.rejection_reason := null;
  elsif new.status = 'live' then
    new.live_at := coalesce(new.live_at, now());
    new.reviewed_at := now();
    new.paid_until := coalesce(new.paid_until, new.live_at + make_interval(days => (
      select x.days from job_posting_payments x where x.posting_id = new.id and x.status = 'reserved')));
    new.closes_at := least(new.closes_at, new.paid_until);
  elsif new.status = 'closed' then
    new.closed_at := coalesce(new.closed_at, now());
    new.close_reason := coalesce(new.close_reason, 'company');
    new.pending_changes := null;
  end if;
  return new;
end $$;

-- Refuses a posting whose company is not open, or whose time is over, as it is submitted and as it is approved: the instant and the company as
-- it is decide.
create or replace function khidma.guard_job_posting() returns trigger language plpgsql as $$
begin
  if not khidma.is_company_open(new.company_id) then
    perform khidma.refuse(409, 'company_not_open');
  elsif new.closes_at <= now() then
    perform khidma.refuse(409, 'job_posting_over');
  elsif new.status = 'live' then
    perform khidma.needs_approver();
  end if;
  return new;
end $$;

-- Keeps the case of a posting in step with what waits for a decision: the posting, or a change of a live one (after insert or update of status,
-- pending_changes).
create or replace function khidma.follow_job_posting_case() returns trigger language plpgsql as $$
declare
  waits boolean := new.status = 'pending' or new.pending_changes is not null;
  waited boolean := case when tg_op = 'UPDATE' then old.status = 'pending' or old.pending_changes is not null else false end;
begin
  if waits and not waited then
    perform khidma.open_case('approval', 'job_posting', new.id, 'approval', null, new.country);
  elsif waited and not waits then
    perform khidma.close_case('approval', new.id, case
      when new.status = 'closed' then 'closed'
      when new.rejection_reason is not null then 'rejected'
      when new.status = 'draft' then 'withdrawn'
      else 'approved' end);
  end if;
  return null;
end $$;

-- Makes the changes that wait public, in the name of whoever decides; the columns of a posting take them by name.
create or replace function khidma.apply_job_changes(p_posting uuid, p_reviewer uuid) returns void language plpgsql as $$
declare
  p job_postings;
  changed job_postings;
begin
  select * into strict p from job_postings j where j.id = p_posting for no key update;
  changed := jsonb_populate_record(p, p.pending_changes);
  update job_postings
     set title = changed.title, description = changed.description, employment_type = changed.employment_type, work_mode = changed.work_mode,
         place_name = changed.place_name, city = changed.city, country = changed.country, lat = changed.lat, lng = changed.lng,
         salary_min = changed.salary_min, salary_max = changed.salary_max, salary_currency = changed.salary_currency,
         salary_period = changed.salary_period, questions = changed.questions,
         pending_changes = null, rejection_reason = null, reviewed_at = now(), reviewed_by = p_reviewer
   where id = p_posting;
end $$;

-- Changes the text of a posting (`p_changes`, by the names of columns): that of a draft at once; that of a live one when it is approved, so that
-- the approved text stays public until then. The caller holds the lock of the posting.
create or replace function khidma.revise_job_posting(p_posting uuid, p_changes jsonb) returns void language plpgsql as $$
declare
  p job_postings;
  revised job_postings;
begin
  select * into strict p from job_postings j where j.id = p_posting;
  if p.status = 'draft' then
    revised := jsonb_populate_record(p, p_changes);
    update job_postings
       set title = revised.title, description = revised.description, employment_type = revised.employment_type, work_mode = revised.work_mode,
           place_name = revised.place_name, city = revised.city, country = revised.country, lat = revised.lat, lng = revised.lng,
           salary_min = revised.salary_min, salary_max = revised.salary_max, salary_currency = revised.salary_currency,
           salary_period = revised.salary_period, questions = revised.questions
     where id = p_posting;
  elsif p.status = 'live' then
    -- Checked now as the row that it becomes, so that no reviewer approves what the table refuses.
    revised := jsonb_populate_record(p, coalesce(p.pending_changes, '{}') || p_changes);
    if revised.work_mode <> 'remote' and revised.city is null then
      perform khidma.refuse(422, 'job_place_missing');
    end if;
    if revised is distinct from p then
      update job_postings set pending_changes = coalesce(pending_changes, '{}') || p_changes, rejection_reason = null where id = p_posting;
    end if;
  else
    perform khidma.refuse(409, 'job_posting_fixed', jsonb_build_object('status', p.status));
  end if;
end $$;

-- Decides about the changes of a live posting: null approves, a reason rejects. The public text stays as it is where they are rejected.
create or replace function khidma.decide_job_changes(p_posting uuid, p_reason text) returns void language plpgsql as $$
declare
  p job_postings;
begin
  select * into p from job_postings j where j.id = p_posting for no key update;
  if p.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif p.pending_changes is null then
    perform khidma.refuse(409, 'no_job_changes');
  end if;
  perform khidma.needs_approver();
  if p_reason is null then
    perform khidma.apply_job_changes(p_posting, khidma.actor_id());
  else
    perform khidma.give_reason(p_reason);
    update job_postings set pending_changes = null, rejection_reason = p_reason, reviewed_at = now(), reviewed_by = khidma.actor_id()
     where id = p_posting;
  end if;
end $$;

-- Approves what waits in the system's name, where policy lets the system decide alone about the company (after update of status,
-- pending_changes). It fires after the case was opened, which the approval closes.
create or replace function khidma.approve_job_alone() returns trigger language plpgsql as $$
begin
  if khidma.approves_alone('job_posting', new.company_id) then
    if new.status = 'pending' then
      update job_postings set status = 'live', reviewed_by = null where id = new.id and status = 'pending';
    else
      perform khidma.apply_job_changes(new.id, null);
    end if;
  end if;
  return null;
end $$;

-- Emits what becomes of the changes of a live posting to its company and those who hire for it (after update of pending_changes).
create or replace function khidma.job_changes_decided() returns trigger language plpgsql as $$
begin
  perform khidma.emit(
    case when new.pending_changes is not null then 'job_posting.changes_pending'
         when new.rejection_reason is not null then 'job_posting.changes_rejected'
         else 'job_posting.changes_approved' end,
    'job_posting', new.id, new.version, jsonb_build_object('jobPostingId', new.id, 'companyId', new.company_id),
    new.company_id || khidma.hiring_members(new.company_id));
  return null;
end $$;

-- Returns the instant until which a company that closes a posting now answers those who have applied.
create or replace function khidma.job_answer_by() returns timestamptz language sql stable as $$
  select now() + make_interval(days => khidma.config_value('job_postings.answer_days', null, null, null)::int)
$$;

-- Closes a posting. `p_ends`: what is open ends with it; otherwise the company has the time to answer.
create or replace function khidma.close_job_posting(p_posting uuid, p_why text, p_ends boolean) returns void language plpgsql as $$
begin
  update job_postings
     set status = 'closed', close_reason = p_why,
         answer_by = case when not p_ends and status = 'live' then khidma.job_answer_by() end
   where id = p_posting;
end $$;

-- Closes all postings of an account that is closed, and what is open with them.
create or replace function khidma.end_job_postings_of(p_user uuid) returns void language plpgsql as $$
begin
  perform from job_postings j where j.company_id = p_user and j.status <> 'closed' order by j.id for no key update;
  perform khidma.close_job_posting(j.id, 'account', true) from job_postings j where j.company_id = p_user and j.status <> 'closed';
end $$;

-- Returns whether everybody can read a posting now: the one condition for searches, its page and applications.
create or replace function khidma.is_job_open(p job_postings) returns boolean language sql stable as $$
  select p.status = 'live' and p.closes_at > now() and khidma.is_company_open(p.company_id)
$$;

-- Closes postings whose time is over, at most `p_limit` a run: nobody can apply already.
create or replace function khidma.end_job_postings(p_limit int) returns int language plpgsql as $$
declare
  due uuid[];
begin
  due := array(select j.id from job_postings j where j.status = 'live' and j.closes_at <= now()
                order by j.closes_at limit p_limit for no key update skip locked);
  perform khidma.close_job_posting(d.id, 'deadline', false) from unnest(due) d (id);
  return cardinality(due);
end $$;
