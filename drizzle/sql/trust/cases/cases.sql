-- Returns when a case of a kind that is opened now must be decided.
create or replace function khidma.case_due(p_kind text) returns timestamptz language sql stable as $$
  select now() + make_interval(hours => coalesce((khidma.config_value('cases.hours', null, null, null) ->> p_kind)::int, 48))
$$;

-- Opens a case of a kind about a subject, or returns the one that is open already. `p_due_at` null takes the time of its kind.
create or replace function khidma.open_case(
  p_kind text, p_subject_type text, p_subject_id uuid, p_queue text, p_due_at timestamptz, p_country text default null
) returns uuid language plpgsql as $$
declare
  opened uuid;
begin
  insert into cases as c (id, kind, subject_type, subject_id, queue, country, due_at)
  values (khidma.uuid_v7(), p_kind, p_subject_type, p_subject_id, p_queue, p_country, coalesce(p_due_at, khidma.case_due(p_kind)))
      on conflict (kind, subject_id) where status <> 'closed' do update set queue = c.queue
  returning id into opened;
  return opened;
end $$;

-- Closes the open case of a kind about a subject with the decision of the actor, in the transaction of its effect; returns its id, or
-- null where none is open. A share of the cases that people decide, and of what the system approves alone, is looked at once more by another
-- person.
create or replace function khidma.close_case(p_kind text, p_subject_id uuid, p_decision text) returns uuid language plpgsql as $$
declare
  c cases;
begin
  update cases set status = 'closed', decision = p_decision
   where kind = p_kind and subject_id = p_subject_id and status <> 'closed' returning * into c;
  if c.kind <> 'second_look' and random() * 100 < (case
       when c.decided_by is not null then khidma.second_look_percent(c.kind)
       when p_decision = 'approved' then khidma.config_value('approval.second_look_percent', c.country, null, null)::numeric
     end) then
    perform khidma.open_case('second_look', 'case', c.id, c.queue, null, c.country);
  end if;
  return c.id;
end $$;

-- Gives the open case of a kind about a subject back to everybody, for another person must decide.
create or replace function khidma.release_case(p_kind text, p_subject_id uuid) returns void language plpgsql as $$
begin
  update cases set status = 'open', assignee_id = null, assigned_at = null
   where kind = p_kind and subject_id = p_subject_id and status = 'assigned';
end $$;

-- Gives the open case of a kind about a subject to the member of staff who begins to work on it; one that a colleague has stays theirs.
create or replace function khidma.take_case_of(p_kind text, p_subject_id uuid) returns void language plpgsql as $$
begin
  if khidma.actor_role() in ('ops', 'admin') and khidma.actor_id() is not null then
    update cases set status = 'assigned', assignee_id = khidma.actor_id()
     where kind = p_kind and subject_id = p_subject_id and status = 'open';
  end if;
end $$;

-- Keeps the case of a row in step with its status (after insert, update of it, or delete): open while a person must decide, and closed with
-- the status that follows, or with the row. The arguments are the kind of the case, which is its queue too, the type of the subject, the
-- columns of its id and of its status, and every status that waits.
create or replace function khidma.follow_in_case() returns trigger language plpgsql as $$
declare
  was jsonb := to_jsonb(old);
  made jsonb := to_jsonb(new);
  subject uuid := coalesce(made, was) ->> tg_argv[2];
  waits boolean := coalesce(made ->> tg_argv[3] = any (tg_argv[4:]), false);
  waited boolean := coalesce(was ->> tg_argv[3] = any (tg_argv[4:]), false);
begin
  if waits and not waited then
    perform khidma.open_case(tg_argv[0], tg_argv[1], subject, tg_argv[0], null,
      (select u.country from users u where u.id = (made ->> 'user_id')::uuid));
  elsif waited and not waits then
    perform khidma.close_case(tg_argv[0], subject, coalesce(made ->> tg_argv[3], 'deleted'));
  end if;
  return null;
end $$;

-- Returns the share of the decisions of a kind that somebody looks at again, in percent.
create or replace function khidma.second_look_percent(p_kind text) returns numeric language sql stable as $$
  select coalesce((khidma.config_value('cases.second_look_percent', null, null, null) ->> p_kind)::numeric, 0)
$$;

-- Marks the last decision about a subject as overturned: it counts in the figures of its reviewer.
create or replace function khidma.reverse_case(p_kind text, p_subject_id uuid) returns void language plpgsql as $$
begin
  update cases set reversed_at = now()
   where id = (select c.id from cases c where c.kind = p_kind and c.subject_id = p_subject_id and c.status = 'closed'
                order by c.decided_at desc, c.id desc limit 1) and reversed_at is null;
end $$;

-- Stamps a case with what its status means: who works on it, and who has decided.
create or replace function khidma.stamp_case() returns trigger language plpgsql as $$
begin
  if new.status = 'open' then
    new.assignee_id := null;
    new.assigned_at := null;
  elsif new.status = 'assigned' then
    new.assignee_id := coalesce(new.assignee_id, khidma.actor_id());
    new.assigned_at := coalesce(new.assigned_at, now());
  else
    new.decision := coalesce(new.decision, 'closed');
    new.decided_at := coalesce(new.decided_at, now());
    new.decided_by := coalesce(new.decided_by, case when khidma.actor_role() in ('ops', 'admin') then khidma.actor_id() end);
  end if;
  return new;
end $$;

-- Refuses a second look by those who decided the first time: as assignee, and as the one who decides.
create or replace function khidma.guard_case() returns trigger language plpgsql as $$
begin
  if new.kind = 'second_look' and exists (
      select from cases f where f.id = new.subject_id and f.decided_by in (new.assignee_id, new.decided_by)) then
    perform khidma.refuse(403, 'own_decision');
  end if;
  return new;
end $$;

-- Gives an open or assigned case to a colleague who may work on cases.
create or replace function khidma.assign_case(p_case uuid, p_assignee uuid) returns void language plpgsql as $$
declare
  c cases;
begin
  select * into c from cases where id = p_case for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  end if;
  if not khidma.holds(p_assignee, 'cases.work') then
    perform khidma.refuse(422, 'assignee_not_permitted');
  end if;
  if c.status = 'assigned' then
    update cases set assignee_id = p_assignee, assigned_at = now() where id = p_case and assignee_id <> p_assignee;
  else
    update cases set status = 'assigned', assignee_id = p_assignee where id = p_case;
  end if;
end $$;

-- Decides a second look: a first decision that somebody else would not have made counts against its reviewer. The subject stays as it is;
-- its area's own operations change it.
create or replace function khidma.decide_second_look(p_case uuid, p_agrees boolean, p_note text) returns void language plpgsql as $$
declare
  c cases;
begin
  select * into c from cases where id = p_case for update;
  if not found then
    perform khidma.refuse(404, 'not_found');
  elsif c.kind <> 'second_look' then
    perform khidma.refuse(409, 'not_a_second_look');
  elsif c.status = 'closed' then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', 'closed', 'to', 'closed'));
  end if;
  if p_note is not null then
    insert into case_notes (id, case_id, author_id, text) values (khidma.uuid_v7(), p_case, khidma.actor_id(), p_note);
  end if;
  if not p_agrees then
    update cases set reversed_at = now() where id = c.subject_id and reversed_at is null;
  end if;
  perform khidma.close_case('second_look', c.subject_id, case when p_agrees then 'agreed' else 'disagreed' end);
end $$;

-- Tells of cases whose time has passed, each once. At most `p_limit`; what is locked is left to the next run.
create or replace function khidma.tell_overdue_cases(p_limit int) returns json language plpgsql as $$
declare
  told int := 0;
  c cases;
begin
  for c in
    update cases set overdue_at = now() where id in (
      select d.id from cases d where d.status <> 'closed' and d.due_at <= now() and d.overdue_at is null
       order by d.due_at limit p_limit for update skip locked) returning *
  loop
    perform khidma.emit('case.overdue', 'case', c.id, c.version, jsonb_strip_nulls(jsonb_build_object(
      'caseId', c.id, 'kind', c.kind, 'subjectId', c.subject_id, 'queue', c.queue, 'userId', c.assignee_id)), array[c.assignee_id]);
    told := told + 1;
  end loop;
  return json_build_object('overdue', told);
end $$;
