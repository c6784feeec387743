-- What goes from storage or from a live object is decided here first, in one transaction with an eye on legal holds, and
-- noted in `removals`. A job carries that out, and does it again until it is done: nothing out there goes by a decision
-- that was not made, and nothing stays because somebody died in between.

create table removals (
  id uuid primary key,
  -- file: its key in object storage; talk: the conversation whose words go, here and in its live log.
  kind text not null,
  key text not null,
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  decided_at timestamptz not null default now(),
  constraint removals_kind_key unique (kind, key),
  constraint removals_kind check (kind in ('file', 'talk'))
);
--> statement-breakpoint
create index idx_removals_due on removals (kind, next_at);
--> statement-breakpoint
-- All that was said goes: nobody takes part any more, and nothing is written down any more.
alter table conversations add column ended_at timestamptz;
--> statement-breakpoint
-- Jobs that take something away share this lock, placing a hold takes it alone: a hold that stands when a job looks is seen by
-- it, and one that is placed beside a job comes before all it does or after.
create function khidma.heed_holds() returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('holds', 25));
end $$;
--> statement-breakpoint
-- As before, and one after the other with the jobs.
create or replace function khidma.hold_placed() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('holds', 25));
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
create function khidma.note_removals(p_kind text, p_keys text[]) returns void language sql as $$
  insert into removals (id, kind, key) select khidma.uuid_v7(), p_kind, k.key from unnest(p_keys) k (key) on conflict do nothing
$$;
--> statement-breakpoint
-- Those whose turn it is, for one run; another takes them later and later, should this one not come back.
create function khidma.take_removals(p_kind text, p_limit int) returns table (id uuid, key text) language sql as $$
  update removals r set attempts = r.attempts + 1, next_at = now() + least(interval '1 minute' * 2 ^ least(r.attempts, 10), interval '1 hour')
    where r.id = any (array(select d.id from removals d where d.kind = p_kind and d.next_at <= now()
                             order by d.next_at limit p_limit for update skip locked))
    returning r.id, r.key
$$;
--> statement-breakpoint
drop function khidma.archive_tasks(uuid[]);
--> statement-breakpoint
drop function khidma.old_tasks(int);
--> statement-breakpoint
-- Tasks that ended five years ago keep what the books need, and lose what somebody wrote and where they live; their chat ends,
-- and what was said in it goes by `removals`. Reasons stand in histories that the application cannot write to: hence the
-- owner's rights. What somebody is busy with waits for the next run.
create function khidma.archive_tasks(p_limit int) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids uuid[];
  booked uuid[];
  rooms uuid[];
begin
  perform khidma.heed_holds();
  select coalesce(array_agg(old.id), '{}') into ids from (
    select t.id from tasks t where t.updated_at < now() - interval '5 years'
       and t.state in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed', 'draft', 'completed')
       and t.description <> '[archived]' and not khidma.task_is_kept(t.id)
     order by t.updated_at limit p_limit for update skip locked) old;
  select coalesce(array_agg(b.id), '{}') into booked from (
    select b.id from bookings b where b.task_id = any (ids) for update skip locked) b;
  select coalesce(array_agg(c.id), '{}') into rooms from (
    select c.id from conversations c where c.booking_id = any (booked) for update skip locked) c;
  -- By now nobody can join, dispute or write. What has become of them meanwhile?
  select coalesce(array_agg(t.id), '{}') into ids from tasks t
   where t.id = any (ids) and not khidma.task_is_kept(t.id)
     and not exists (select from bookings b left join conversations c on c.booking_id = b.id
                      where b.task_id = t.id and (b.id <> all (booked) or c.id <> all (rooms)));
  select coalesce(array_agg(b.id), '{}') into booked from bookings b where b.task_id = any (ids);
  select coalesce(array_agg(c.id), '{}') into rooms from conversations c where c.booking_id = any (booked);
  update conversations set ended_at = now() where id = any (rooms);
  update conversation_participants set removed_at = now() where conversation_id = any (rooms) and removed_at is null;
  perform khidma.note_removals('talk', rooms::text[]);
  delete from task_candidates where task_id = any (ids);
  update task_state_events set reason = null where task_id = any (ids) and reason is not null;
  update booking_events set meta = meta - 'reason' where booking_id = any (booked) and meta ? 'reason';
  update bookings set cancel_reason = null where id = any (booked) and cancel_reason is not null;
  update tasks set description = '[archived]', address = '[archived]', district = null,
                   lat = round(lat::numeric, 1), lng = round(lng::numeric, 1), structured_inputs = '{}' where id = any (ids);
  -- Without the old values, which the triggers leave out.
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, subject_user_id, module, request_id, meta)
  select khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'tasks.archive', 'tasks', t.id::text, t.client_id,
         'tasks', khidma.request_id(), '{}' from tasks t where t.id = any (ids);
  return json_build_object('tasks', cardinality(ids), 'conversations', cardinality(rooms));
end $$;
--> statement-breakpoint
-- What was said in a conversation that has ended, at most `p_limit` of a kind; says how many rows, 0 when done. Files that are
-- shown nowhere any more do not wait for a week.
create function khidma.remove_words(p_conversation_id uuid, p_limit int) returns int language plpgsql as $$
declare
  files uuid[];
  said int;
  entries int;
begin
  -- After a batch that is on its way to the archive.
  perform from conversations c where c.id = p_conversation_id and c.ended_at is not null for update;
  if not found then
    return 0;
  end if;
  with gone as (
    delete from messages where ctid = any (array(
      select m.ctid from messages m where m.conversation_id = p_conversation_id order by m.seq limit p_limit)) returning media_id)
  select count(*), coalesce(array_agg(g.media_id) filter (where g.media_id is not null), '{}') into said, files from gone g;
  update media_files set expires_at = now() where id = any (files) and expires_at > now();
  delete from conversation_entries where ctid = any (array(
    select e.ctid from conversation_entries e where e.conversation_id = p_conversation_id order by e.seq limit p_limit));
  get diagnostics entries = row_count;
  return said + entries;
end $$;
--> statement-breakpoint
-- Files whose week is over, and those that were announced a week ago and never came: their rows go here, their bytes by
-- `removals`. Of who is held all stay.
create function khidma.purge_media(p_limit int) returns json language plpgsql as $$
declare
  hidden int;
  keys text[];
begin
  perform khidma.heed_holds();
  hidden := khidma.end_temporary_media(p_limit);
  with gone as (
    delete from media_files where id = any (array(
      select m.id from media_files m where m.uploaded_at is null and m.created_at < now() - interval '7 days'
         and not exists (select from users u where u.id = m.user_id and u.legal_hold)
       order by m.created_at limit p_limit for update skip locked)) returning storage_key)
  select coalesce(array_agg(g.storage_key), '{}') into keys from gone g;
  perform khidma.note_removals('file', keys);
  return json_build_object('shownNowhere', hidden, 'removed', cardinality(keys));
end $$;
--> statement-breakpoint
-- As before; the pattern is made once, not for every row.
create or replace function khidma.redact_history(p_user_id uuid, p_words text[], p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pattern text := khidma.pattern_of(p_words);
  redacted int;
  more int;
begin
  if not exists (select from users u where u.id = p_user_id and u.erased_at is not null) then
    raise exception 'only for who is being erased' using errcode = 'restrict_violation';
  end if;
  update task_state_events e set reason = null where e.id in (
    select h.id from task_state_events h join tasks t on t.id = h.task_id left join bookings b on b.task_id = t.id
     where p_user_id in (t.client_id, b.tasker_id) and h.reason is not null
       and (h.actor_user_id = p_user_id or h.reason ~* pattern) limit p_limit);
  get diagnostics redacted = row_count;
  update booking_events e set meta = e.meta - 'reason' where e.id in (
    select h.id from booking_events h join bookings b on b.id = h.booking_id
     where p_user_id in (b.client_id, b.tasker_id) and h.meta ? 'reason'
       and (h.actor_user_id = p_user_id or h.meta ->> 'reason' ~* pattern) limit p_limit);
  get diagnostics more = row_count;
  return redacted + more;
end $$;
--> statement-breakpoint
-- As before; the pattern is made once, not for every row.
create or replace function khidma.redact_audit_naming(p_user_id uuid, p_words text[], p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pattern text := khidma.pattern_of(p_words);
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
     where a.redacted_at is null and a.meta::text ~* pattern limit p_limit) f;
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
-- Those that were archived before.
update conversations c set ended_at = now() from bookings b join tasks t on t.id = b.task_id
 where b.id = c.booking_id and t.description = '[archived]' and t.updated_at < now() - interval '5 years';
--> statement-breakpoint
insert into removals (id, kind, key) select khidma.uuid_v7(), 'talk', c.id::text from conversations c where c.ended_at is not null;
