-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'job_application';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('job_application', 'applied', null, 'applied', 'applicant', null, 'job_application.applied'),
  ('job_application', 'shortlist', 'applied', 'shortlisted', 'manager', null, 'job_application.shortlisted'),
  ('job_application', 'interview', 'applied', 'interview', 'manager', null, 'job_application.interview'),
  ('job_application', 'interview', 'shortlisted', 'interview', 'manager', null, 'job_application.interview'),
  ('job_application', 'offer', 'shortlisted', 'offered', 'manager', null, 'job_application.offered'),
  ('job_application', 'offer', 'interview', 'offered', 'manager', null, 'job_application.offered'),
  ('job_application', 'hire', 'offered', 'hired', 'manager', null, 'job_application.hired'),
  ('job_application', 'reject', 'applied', 'rejected', 'manager', null, 'job_application.rejected'),
  ('job_application', 'reject', 'shortlisted', 'rejected', 'manager', null, 'job_application.rejected'),
  ('job_application', 'reject', 'interview', 'rejected', 'manager', null, 'job_application.rejected'),
  ('job_application', 'reject', 'offered', 'rejected', 'manager', null, 'job_application.rejected'),
  ('job_application', 'lapse', 'applied', 'rejected', 'system', null, 'job_application.ended'),
  ('job_application', 'lapse', 'shortlisted', 'rejected', 'system', null, 'job_application.ended'),
  ('job_application', 'lapse', 'interview', 'rejected', 'system', null, 'job_application.ended'),
  ('job_application', 'lapse', 'offered', 'rejected', 'system', null, 'job_application.ended'),
  ('job_application', 'withdraw', 'applied', 'withdrawn', 'applicant', null, 'job_application.withdrawn'),
  ('job_application', 'withdraw', 'applied', 'withdrawn', 'system', null, 'job_application.withdrawn'),
  ('job_application', 'withdraw', 'shortlisted', 'withdrawn', 'applicant', null, 'job_application.withdrawn'),
  ('job_application', 'withdraw', 'shortlisted', 'withdrawn', 'system', null, 'job_application.withdrawn'),
  ('job_application', 'withdraw', 'interview', 'withdrawn', 'applicant', null, 'job_application.withdrawn'),
  ('job_application', 'withdraw', 'interview', 'withdrawn', 'system', null, 'job_application.withdrawn'),
  ('job_application', 'withdraw', 'offered', 'withdrawn', 'applicant', null, 'job_application.withdrawn'),
  ('job_application', 'withdraw', 'offered', 'withdrawn', 'system', null, 'job_application.withdrawn');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_job_application(p_job_application job_applications) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_job_application.user_id = me then
    return 'applicant';
  elsif exists (select from company_members o where o.company_id = p_job_application.company_id and o.user_id = me and o.status = 'active' and o.role in ('owner', 'manager')) then
    return 'manager';
  elsif p_job_application.company_id = me then
    return 'company';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_job_application_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('job_application', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_job_application(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_job_application_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('job_application', was, new.status::text, khidma.party_in_job_application(new));
  the_applicant uuid := new.user_id;
  the_company uuid := new.company_id;
begin
  perform khidma.emit(
    made.event, 'job_application', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'jobApplicationId', new.id,
      'jobPostingId', new.posting_id,
      'userId', the_applicant,
      'companyId', the_company)),
    array[the_applicant, the_company] || khidma.hiring_members(new.company_id));
  return null;
end $$;

create or replace function khidma.job_application_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'hired' and was in ('offered') then
    perform khidma.after_job_application_hired(new);
  end if;
  if new.status = 'rejected' and was in ('applied', 'shortlisted', 'interview', 'offered') then
    perform khidma.after_job_application_rejected(new);
  end if;
  if new.status = 'withdrawn' and was in ('applied', 'shortlisted', 'interview', 'offered') then
    perform khidma.after_job_application_withdrawn(new);
  end if;
  return null;
end $$;
