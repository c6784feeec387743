-- Returns what is reported: the person who answers for it, the booking that it belongs to, and a snapshot, since it may change or go.
-- Refuses with 404 what the reporter cannot see; staff see all.
create or replace function khidma.subject_of_report(
  p_type text, p_id uuid, p_reporter uuid, p_is_staff boolean, out reported uuid, out booking uuid, out snapshot jsonb
) language plpgsql stable as $$
declare
  is_there boolean := false;
begin
  case p_type
    when 'user' then
      select true, u.id, jsonb_build_object('name', u.full_name) into is_there, reported, snapshot from users u where u.id = p_id;
    when 'booking' then
      select true, case p_reporter when b.client_id then b.tasker_id when b.tasker_id then b.client_id end, b.id,
             jsonb_build_object('status', b.status, 'taskId', b.task_id)
        into is_there, reported, booking, snapshot
        from bookings b where b.id = p_id and (p_is_staff or p_reporter in (b.client_id, b.tasker_id));
    when 'review' then
      select true, r.reviewer_id, r.booking_id, jsonb_build_object('rating', r.rating, 'text', r.comment, 'revieweeId', r.reviewee_id)
        into is_there, reported, booking, snapshot
        from reviews r where r.id = p_id and (p_is_staff or khidma.may_read_review(r, p_reporter));
    when 'message' then
      select true, m.sender_id, c.booking_id,
             jsonb_build_object('text', m.text, 'mediaId', m.media_id, 'conversationId', c.id, 'createdAt', khidma.iso(m.created_at))
        into is_there, reported, booking, snapshot
        from messages m join conversations c on c.id = m.conversation_id
       where m.id = p_id and m.sender_id is not null
         and (p_is_staff or exists (select from conversation_participants p
               where p.conversation_id = c.id and p.user_id = p_reporter and p.removed_at is null));
    when 'task' then
      select true, t.client_id, jsonb_build_object('title', t.title, 'text', t.description) into is_there, reported, snapshot
        from tasks t where t.id = p_id and t.deleted_at is null and (p_is_staff or khidma.may_see_task(t.id, p_reporter));
  end case;
  if is_there is not true then
    perform khidma.refuse(404, 'not_found');
  end if;
end $$;

-- Creates a report with the reporter's files. `p_user` is whom a report of a booking names; else the person who answers for the subject.
create or replace function khidma.create_report(
  p_id uuid, p_reporter uuid, p_type text, p_subject uuid, p_user uuid, p_kind text, p_description text, p_media uuid[]
) returns void language plpgsql as $$
declare
  found_in record;
begin
  select * into found_in from khidma.subject_of_report(p_type, p_subject, p_reporter, khidma.actor_role() in ('ops', 'admin'));
  if p_user is not null and not exists (select from users u where u.id = p_user) then
    perform khidma.refuse(404, 'not_found');
  elsif coalesce(p_user, found_in.reported) = p_reporter then
    perform khidma.refuse(403, 'forbidden');
  end if;
  insert into reports (id, reporter_id, reported_user_id, booking_id, subject_type, subject_id, snapshot, kind, description)
  values (p_id, p_reporter, coalesce(p_user, found_in.reported), found_in.booking, p_type, p_subject, found_in.snapshot, p_kind, p_description);
  perform khidma.attach_to_report(p_id, m.id) from unnest(p_media) with ordinality m (id, place) order by m.place;
end $$;

-- Adds a file of the actor's own to a report of theirs. The caller has locked the report, or made it.
create or replace function khidma.attach_to_report(p_report uuid, p_media uuid) returns void language plpgsql as $$
begin
  if not exists (select from media_files m where m.id = p_media and m.user_id = khidma.actor_id()
                    and m.kind in ('image', 'document') and m.uploaded_at is not null) then
    perform khidma.refuse(422, 'media_refused');
  elsif (select count(*) from report_evidence e where e.report_id = p_report and e.media_id <> p_media) >= 10 then
    perform khidma.refuse(409, 'limit_reached', '{"limit": 10}');
  end if;
  insert into report_evidence (id, report_id, added_by, media_id) values (khidma.uuid_v7(), p_report, khidma.actor_id(), p_media)
  on conflict (report_id, media_id) do nothing;
end $$;

-- Adds a file to an open report, by its reporter.
create or replace function khidma.add_report_evidence(p_report uuid, p_media uuid) returns void language plpgsql as $$
declare
  r reports;
begin
  select * into r from reports where id = p_report for update;
  if r.id is null or r.reporter_id <> khidma.actor_id() then
    perform khidma.refuse(404, 'not_found');
  elsif r.status in ('resolved', 'dismissed') then
    perform khidma.refuse(409, 'report_decided', jsonb_build_object('status', r.status));
  end if;
  perform khidma.attach_to_report(p_report, p_media);
end $$;

-- Suspends the person who is reported, for a report that is about to be resolved by it: the account's own transition, in the same
-- transaction. The caller holds the permission of both.
create or replace function khidma.suspend_reported(p_report uuid, p_reason text) returns void language plpgsql as $$
declare
  r reports;
begin
  perform khidma.must_hold(array['reports.manage', 'users.manage']);
  select * into r from reports where id = p_report for update;
  if r.id is null then
    perform khidma.refuse(404, 'not_found');
  elsif r.status not in ('open', 'investigating') then
    perform khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', r.status, 'to', 'resolved'));
  elsif r.reported_user_id is null then
    perform khidma.refuse(409, 'nobody_reported');
  elsif r.reported_user_id = khidma.actor_id() then
    perform khidma.refuse(403, 'own_account');
  end if;
  perform khidma.suspend_account(r.reported_user_id, p_reason);
end $$;

-- Stamps a report with the decision (before update of status).
create or replace function khidma.stamp_report() returns trigger language plpgsql as $$
begin
  if new.status in ('resolved', 'dismissed') then
    new.decided_at := now();
    new.decided_by := case when khidma.actor_role() in ('ops', 'admin') then khidma.actor_id() end;
    new.outcome := coalesce(new.outcome, case new.status when 'resolved' then 'action_taken' else 'no_violation' end);
  end if;
  return new;
end $$;

-- Returns the subject of the case of a report: the person, so that all that is said of one lies in one case; else the thing. A review, a
-- message or a task is a case of its own, as it is decided by itself.
create or replace function khidma.case_subject_of(r reports, out subject_type text, out subject_id uuid) language sql stable as $$
  select case when r.subject_type in ('user', 'booking') and r.reported_user_id is not null then 'user' else r.subject_type end,
         case when r.subject_type in ('user', 'booking') and r.reported_user_id is not null then r.reported_user_id else r.subject_id end
$$;

-- Keeps the case of what is reported open while a report about it waits (after insert, update of status, or delete). The case's row orders
-- the decisions on its last reports, so that one of them closes it. Whoever investigates takes the case that nobody has.
create or replace function khidma.follow_report() returns trigger language plpgsql as $$
declare
  r reports := case when tg_op = 'DELETE' then old else new end;
  about record;
  waits boolean := tg_op <> 'DELETE' and r.status in ('open', 'investigating');
begin
  select * into about from khidma.case_subject_of(r);
  if tg_op = 'INSERT' and waits then
    perform khidma.open_case('report', about.subject_type, about.subject_id, 'report', null);
  elsif waits then
    perform khidma.take_case_of('report', about.subject_id);
  elsif tg_op <> 'INSERT' and old.status in ('open', 'investigating') then
    perform from cases c where c.kind = 'report' and c.subject_id = about.subject_id and c.status <> 'closed' for update;
    if not exists (select from reports o cross join lateral khidma.case_subject_of(o) a
                    where (o.subject_id = about.subject_id or o.reported_user_id = about.subject_id) and o.id <> r.id
                      and a.subject_id = about.subject_id and o.status in ('open', 'investigating')) then
      perform khidma.close_case('report', about.subject_id, case when tg_op = 'DELETE' then 'deleted' else r.status::text end);
    end if;
  end if;
  return null;
end $$;
