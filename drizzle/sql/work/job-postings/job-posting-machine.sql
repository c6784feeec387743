-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'job_posting';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('job_posting', 'created', null, 'draft', 'manager', null, 'job_posting.created'),
  ('job_posting', 'submit', 'draft', 'pending', 'manager', null, 'job_posting.submitted'),
  ('job_posting', 'withdraw', 'pending', 'draft', 'manager', null, 'job_posting.withdrawn'),
  ('job_posting', 'reject', 'pending', 'draft', 'ops', null, 'job_posting.rejected'),
  ('job_posting', 'approve', 'pending', 'live', 'ops', null, 'job_posting.live'),
  ('job_posting', 'approve', 'pending', 'live', 'system', null, 'job_posting.live'),
  ('job_posting', 'close', 'draft', 'closed', 'manager', null, 'job_posting.closed'),
  ('job_posting', 'close', 'draft', 'closed', 'ops', null, 'job_posting.closed'),
  ('job_posting', 'close', 'pending', 'closed', 'manager', null, 'job_posting.closed'),
  ('job_posting', 'close', 'pending', 'closed', 'ops', null, 'job_posting.closed'),
  ('job_posting', 'close', 'live', 'closed', 'manager', null, 'job_posting.closed'),
  ('job_posting', 'close', 'live', 'closed', 'ops', null, 'job_posting.closed'),
  ('job_posting', 'close', 'draft', 'closed', 'system', null, 'job_posting.closed'),
  ('job_posting', 'close', 'pending', 'closed', 'system', null, 'job_posting.closed'),
  ('job_posting', 'end', 'live', 'closed', 'system', null, 'job_posting.closed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_job_posting(p_job_posting job_postings) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif exists (select from company_members o where o.company_id = p_job_posting.company_id and o.user_id = me and o.status = 'active' and o.role in ('owner', 'manager')) then
    return 'manager';
  elsif p_job_posting.company_id = me then
    return 'company';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_job_posting_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('job_posting', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_job_posting(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_job_posting_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('job_posting', was, new.status::text, khidma.party_in_job_posting(new));
  the_company uuid := new.company_id;
begin
  perform khidma.emit(
    made.event, 'job_posting', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'jobPostingId', new.id,
      'companyId', the_company)),
    array[the_company] || khidma.hiring_members(new.company_id));
  return null;
end $$;

create or replace function khidma.job_posting_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'pending' and was in ('draft') then
    perform khidma.after_job_posting_pending(new);
  end if;
  if new.status = 'live' and was in ('pending') then
    perform khidma.after_job_posting_live(new);
  end if;
  if new.status = 'draft' and was in ('pending') then
    perform khidma.after_job_posting_draft(new);
  end if;
  if new.status = 'closed' and was in ('draft', 'pending', 'live') then
    perform khidma.after_job_posting_closed(new);
  end if;
  return null;
end $$;
