-- Returns the states in which an application is open.
create or replace function khidma.open_application() returns job_application_status[] language sql immutable parallel safe as $$
  select '{applied,shortlisted,interview,offered}'::job_application_status[]
$$;

-- Returns the answers with the questions as they were asked, in their order: refuses an answer to no question, and a required one that is
-- missing (422).
create or replace function khidma.answers_of(p_questions jsonb, p_answers jsonb) returns jsonb language plpgsql stable as $$
declare
  unknown text := (select a ->> 'key' from jsonb_array_elements(p_answers) a
                    where not exists (select from jsonb_array_elements(p_questions) q where q ->> 'key' = a ->> 'key') limit 1);
  missing text := (select q ->> 'key' from jsonb_array_elements(p_questions) q
                    where (q ->> 'isRequired')::boolean
                      and not exists (select from jsonb_array_elements(p_answers) a where a ->> 'key' = q ->> 'key') limit 1);
begin
  if unknown is not null then
    perform khidma.refuse(422, 'job_question_unknown', jsonb_build_object('key', unknown));
  elsif missing is not null then
    perform khidma.refuse(422, 'job_answer_missing', jsonb_build_object('key', missing));
  end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('key', q.value ->> 'key', 'question', q.value ->> 'text', 'answer', a.value ->> 'answer') order by q.ordinality)
      from jsonb_array_elements(p_questions) with ordinality q
      join jsonb_array_elements(p_answers) a on a.value ->> 'key' = q.value ->> 'key'), '[]');
end $$;

-- Applies for a posting (`p_fields`: coverNote, answers, contactEmail, contactPhone). The posting is locked against its end, which waits and then
-- ends what was made, or was first and is seen. One that nobody can read is not there (404); one that has ended is refused (409).
create or replace function khidma.apply_for_job(p_id uuid, p_posting uuid, p_user uuid, p_fields jsonb) returns void language plpgsql as $$
declare
  p job_postings;
begin
  select * into p from job_postings j where j.id = p_posting for share;
  if p.id is null or p.live_at is null or not khidma.is_company_open(p.company_id) then
    perform khidma.refuse(404, 'not_found');
  elsif not khidma.is_job_open(p) then
    perform khidma.refuse(409, 'job_closed');
  elsif exists (select from company_members m where m.company_id = p.company_id and m.user_id = p_user and m.status = 'active') then
    perform khidma.refuse(409, 'own_job');
  elsif not exists (select from candidate_profiles c where c.user_id = p_user) then
    perform khidma.refuse(409, 'candidate_profile_missing');
  end if;
  insert into job_applications (id, posting_id, company_id, user_id, status, cover_note, answers, contact_email, contact_phone)
  values (p_id, p.id, p.company_id, p_user, 'applied', p_fields ->> 'coverNote', khidma.answers_of(p.questions, p_fields -> 'answers'),
          p_fields ->> 'contactEmail', p_fields ->> 'contactPhone');
end $$;

-- Refuses the application for a job of a company from which the applicant is kept apart: for them it is not there (before insert on
-- job_applications).
create or replace function khidma.guard_applicant_apart() returns trigger language plpgsql as $$
begin
  if khidma.are_apart(new.company_id, new.user_id) then
    perform khidma.refuse(404, 'not_found');
  end if;
  return new;
end $$;

-- Locks an application for whoever acts on it, and refuses others: strangers hear 404; people of the company in another role, and the applicant
-- where only the company acts, 403. A company that is not open acts on nothing.
create or replace function khidma.act_on_application(p_application uuid, p_user uuid, p_roles text[], p_by_company boolean) returns void language plpgsql as $$
declare
  a job_applications;
begin
  select * into a from job_applications x where x.id = p_application for no key update;
  if a.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif a.user_id = p_user then
    if p_by_company then
      perform khidma.refuse(403, 'forbidden');
    end if;
    return;
  end if;
  perform khidma.act_for_company(a.company_id, p_user, p_roles);
  if not p_by_company then
    perform khidma.refuse(403, 'forbidden');
  elsif not khidma.is_company_open(a.company_id) then
    perform khidma.refuse(409, 'company_not_open');
  end if;
end $$;

-- Keeps the end of an application (before update of status).
create or replace function khidma.stamp_job_application() returns trigger language plpgsql as $$
begin
  if new.status in ('hired', 'rejected', 'withdrawn') then
    new.ended_at := coalesce(new.ended_at, now());
  end if;
  return new;
end $$;

-- Gives the time of an interview back that is still to come.
create or replace function khidma.release_coming_interview(a job_applications) returns void language plpgsql as $$
begin
  if a.interview_at > now() then
    perform khidma.release_interview(a.id);
  end if;
end $$;

create or replace function khidma.after_job_application_hired(a job_applications) returns void language plpgsql as $$
begin
  perform khidma.release_coming_interview(a);
end $$;

create or replace function khidma.after_job_application_rejected(a job_applications) returns void language plpgsql as $$
begin
  perform khidma.release_coming_interview(a);
end $$;

create or replace function khidma.after_job_application_withdrawn(a job_applications) returns void language plpgsql as $$
begin
  perform khidma.release_coming_interview(a);
end $$;

-- Gives the time of an interview back with its application (after delete).
create or replace function khidma.release_interview_gone() returns trigger language plpgsql as $$
begin
  perform khidma.release_interview(old.id);
  return null;
end $$;

-- Proposes times for an interview, or others in place of those: what was chosen before is free again. The caller holds the application.
create or replace function khidma.propose_interview(p_application uuid, p_slots jsonb, p_minutes int, p_note text) returns void language plpgsql as $$
begin
  if exists (select from jsonb_array_elements_text(p_slots) s where s::timestamptz <= now()) then
    perform khidma.refuse(422, 'interview_over');
  end if;
  perform khidma.release_interview(p_application);
  update job_applications
     set interview_slots = p_slots, interview_minutes = p_minutes, interview_note = p_note, interview_at = null
   where id = p_application;
end $$;

-- Chooses one of the proposed times: it is taken up in the calendar of an applicant who is a tasker. The caller holds the application.
create or replace function khidma.choose_interview(p_application uuid, p_at timestamptz) returns void language plpgsql as $$
declare
  a job_applications;
begin
  select * into a from job_applications x where x.id = p_application;
  if a.status <> 'interview' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', a.status, 'to', 'interview'));
  elsif p_at <= now() or not exists (select from jsonb_array_elements_text(a.interview_slots) s where s::timestamptz = p_at) then
    perform khidma.refuse(409, 'interview_not_proposed');
  end if;
  perform khidma.hold_interview(a.user_id, a.id, tstzrange(p_at, p_at + make_interval(mins => a.interview_minutes)));
  update job_applications set interview_at = p_at where id = p_application;
end $$;

-- Emits what changes about an interview: times to the applicant, the choice to the company and those who hire for it (after update of interview_slots, interview_at).
create or replace function khidma.interview_changed() returns trigger language plpgsql as $$
begin
  perform khidma.emit(case when new.interview_at is not null then 'job_application.interview_chosen' else 'job_application.interview_proposed' end,
    'job_application', new.id, new.version,
    jsonb_build_object('jobApplicationId', new.id, 'jobPostingId', new.posting_id, 'companyId', new.company_id, 'userId', new.user_id),
    case when new.interview_at is not null then new.company_id || khidma.hiring_members(new.company_id) else array[new.user_id] end);
  return null;
end $$;

-- Ends the open applications of a posting: nobody waits for an answer that cannot come.
create or replace function khidma.lapse_job_applications(p_posting uuid) returns int language plpgsql as $$
declare
  ended int;
begin
  perform from job_applications a where a.posting_id = p_posting and a.status = any (khidma.open_application()) order by a.id for no key update;
  update job_applications set status = 'rejected' where posting_id = p_posting and status = any (khidma.open_application());
  get diagnostics ended = row_count;
  return ended;
end $$;

-- Ends what is open with a posting that is closed, unless its company has time to answer, and gives back what is reserved for one that waited.
create or replace function khidma.after_job_posting_closed(p job_postings) returns void language plpgsql as $$
begin
  perform khidma.settle_job_payment(p.id, 'returned');
  if p.answer_by is null then
    perform khidma.lapse_job_applications(p.id);
  end if;
end $$;

-- Ends what companies have not answered in time, of at most `p_limit` postings a run; each is looked at once.
create or replace function khidma.end_unanswered_applications(p_limit int) returns int language plpgsql as $$
declare
  due uuid[];
  ended int;
begin
  due := array(select j.id from job_postings j where j.answer_by <= now() order by j.answer_by limit p_limit for no key update skip locked);
  select coalesce(sum(khidma.lapse_job_applications(d.id)), 0) into ended from unnest(due) d (id);
  update job_postings set answer_by = null where id = any (due);
  return ended;
end $$;

-- Withdraws the open applications of an account that is suspended or closed.
create or replace function khidma.withdraw_job_applications_of(p_user uuid) returns void language plpgsql as $$
begin
  update job_applications set status = 'withdrawn' where user_id = p_user and status = any (khidma.open_application());
end $$;

-- Withdraws the open applications of two who are kept apart, whichever of them is the company: an ending that everybody knows.
create or replace function khidma.end_applications_between(p_a uuid, p_b uuid) returns void language plpgsql as $$
begin
  update job_applications set status = 'withdrawn'
   where (company_id = p_a and user_id = p_b or company_id = p_b and user_id = p_a) and status = any (khidma.open_application());
end $$;

-- Returns whether a user hires for a company that a candidate has applied to, or that has viewed them: the one condition on reading their
-- profile and their résumé. It ends with the application, unless they were hired, or with the view, and while the company is not open.
create or replace function khidma.reads_applicant(p_user uuid, p_candidate uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (
      select from company_members m
       where m.user_id = p_user and m.status = 'active' and m.role in ('owner', 'manager') and khidma.is_company_open(m.company_id)
         and (exists (select from job_applications a
                       where a.company_id = m.company_id and a.user_id = p_candidate
                         and a.status in ('applied', 'shortlisted', 'interview', 'offered', 'hired'))
           or exists (select from candidate_views v where v.company_id = m.company_id and v.user_id = p_candidate and khidma.is_view_open(v)))));
end $$;

-- Deletes applications that ended a period ago, then postings that were closed a period ago and have none, at most `p_limit` of each. Those of
-- people and companies under legal hold stay.
create or replace function khidma.purge_jobs(p_limit int) returns json language plpgsql as $$
declare
  applications int;
  postings int;
begin
  delete from job_applications where id = any (array(
    select a.id from job_applications a
     where a.ended_at < now() - khidma.retention_period('job_applications')
       and not exists (select from users u where u.id in (a.user_id, a.company_id) and u.legal_hold)
     order by a.ended_at limit p_limit for update skip locked));
  get diagnostics applications = row_count;
  delete from job_postings where id = any (array(
    select j.id from job_postings j
     where j.status = 'closed' and j.closed_at < now() - khidma.retention_period('job_postings')
       and not exists (select from job_applications a where a.posting_id = j.id)
       and not exists (select from users u where u.id = j.company_id and u.legal_hold)
     order by j.closed_at limit p_limit for update skip locked));
  get diagnostics postings = row_count;
  return json_build_object('applications', applications, 'postings', postings);
end $$;
