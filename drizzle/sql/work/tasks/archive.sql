-- Returns whether an old task must stay as it is: a party, or a participant of its conversation, is under legal hold, or a
-- dispute is not decided.
create or replace function khidma.task_is_kept(p_task_id uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from tasks t join users u on u.id = t.client_id and u.legal_hold where t.id = p_task_id)
        or exists (select from bookings b join users u on u.id in (b.client_id, b.tasker_id) and u.legal_hold where b.task_id = p_task_id)
        or exists (select from bookings b join conversations c on c.booking_id = b.id
                     join conversation_participants p on p.conversation_id = c.id join users u on u.id = p.user_id and u.legal_hold
                    where b.task_id = p_task_id)
        or exists (select from lead_requests r join users u on u.id = r.tasker_id and u.legal_hold where r.task_id = p_task_id)
        or exists (select from disputes d join bookings b on b.id = d.booking_id
                    where b.task_id = p_task_id and d.status in ('open', 'investigating', 'escalated')));
end $$;

-- Returns the conversations of bookings, and of requests for tasks as leads that have become none.
create or replace function khidma.conversations_of(p_tasks uuid[], p_bookings uuid[]) returns setof uuid language sql stable as $$
  select c.id from conversations c where c.booking_id = any (p_bookings)
  union
  select c.id from conversations c where c.lead_request_id = any (array(select r.id from lead_requests r where r.task_id = any (p_tasks)))
$$;

-- Archives tasks that ended a period ago: they keep what the ledger needs, and their free text and address move to `archived_tasks`, which
-- their client and staff with the permission read until the account is erased. A task that a template or a running series names stays as
-- it is. Photos go, as do the files of the chat. Their conversation ends, and its messages are deleted by `removals`. Reasons are in histories that the application cannot write to, hence the
-- owner's rights. Rows that are locked wait for the next run.
create or replace function khidma.archive_tasks(p_limit int) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids uuid[];
  booked uuid[];
  rooms uuid[];
begin
  perform khidma.heed_holds();
  select coalesce(array_agg(old.id), '{}') into ids from (
    select t.id from tasks t where t.updated_at < now() - khidma.retention_period('archived_tasks')
       and t.state in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed', 'draft', 'completed')
       and t.description <> '[archived]' and not khidma.task_is_kept(t.id)
       and not exists (select from task_templates n where n.task_id = t.id)
       and not exists (select from task_series s where s.task_id = t.id and s.ended_at is null)
     order by t.updated_at limit p_limit for update skip locked) old;
  select coalesce(array_agg(b.id), '{}') into booked from (
    select b.id from bookings b where b.task_id = any (ids) for update skip locked) b;
  select coalesce(array_agg(c.id), '{}') into rooms from (
    select c.id from conversations c where c.id = any (array(select khidma.conversations_of(ids, booked))) for update skip locked) c;
  -- The locks keep everybody from joining, disputing and writing from here on: checks again what has changed meanwhile.
  select coalesce(array_agg(t.id), '{}') into ids from tasks t
   where t.id = any (ids) and not khidma.task_is_kept(t.id)
     and not exists (select from bookings b left join conversations c on c.booking_id = b.id
                      where b.task_id = t.id and (b.id <> all (booked) or c.id <> all (rooms)))
     and not exists (select from lead_requests r join conversations c on c.lead_request_id = r.id where r.task_id = t.id and c.id <> all (rooms));
  select coalesce(array_agg(b.id), '{}') into booked from bookings b where b.task_id = any (ids);
  select coalesce(array_agg(c.id), '{}') into rooms from khidma.conversations_of(ids, booked) c (id);
  perform khidma.end_conversations(rooms);
  perform khidma.forget_candidates(ids);
  perform khidma.archive_bids(ids);
  perform khidma.archive_lead_requests(ids);
  update task_state_events set reason = null where task_id = any (ids) and reason is not null;
  perform khidma.archive_bookings(booked);
  perform khidma.archive_disputes(booked);
  perform khidma.archive_assignments(ids);
  insert into archived_tasks (task_id, client_id, title, description, address, district, lat, lng, structured_inputs, requirements, skills,
                              client_notes, internal_notes)
  select t.id, t.client_id, t.title, t.description, t.address, t.district, t.lat, t.lng, t.structured_inputs, t.requirements, t.skills,
         t.client_notes, t.internal_notes
    from tasks t where t.id = any (ids) and (select u.status from users u where u.id = t.client_id) <> 'closed';
  delete from task_photos where task_id = any (ids);
  update tasks set title = null, description = '[archived]', address = '[archived]', address_id = null, district = null,
                   lat = round(lat::numeric, 1), lng = round(lng::numeric, 1), structured_inputs = '{}', requirements = '{}', skills = '{}',
                   client_notes = null, internal_notes = null where id = any (ids);
  perform khidma.audit_archived_tasks(ids);
  return json_build_object('tasks', cardinality(ids), 'conversations', cardinality(rooms));
end $$;

-- Part of `khidma.redact_history` in the history of tasks, which the application cannot write to.
create or replace function khidma.redact_task_history(p_user_id uuid, p_pattern text, p_limit int) returns int language plpgsql as $$
declare
  redacted int;
begin
  update task_state_events e set reason = null where e.id in (
    select h.id from task_state_events h join tasks t on t.id = h.task_id left join bookings b on b.task_id = t.id
     where p_user_id in (t.client_id, b.tasker_id) and h.reason is not null
       and (h.actor_user_id = p_user_id or h.reason ~* p_pattern) limit p_limit);
  get diagnostics redacted = row_count;
  return redacted;
end $$;

-- Returns whether the history of a task is deleted after its period: the task has ended, and nobody is to keep it.
create or replace function khidma.forgets_history(p_task uuid) returns boolean language plpgsql stable as $$
begin
  return (
    select t.state in ('settled', 'reviewed', 'expired', 'canceled_by_client', 'canceled_by_tasker', 'failed') and not khidma.task_is_kept(t.id)
      from tasks t where t.id = p_task);
end $$;

-- Deletes the history of ended tasks after its period, at most `p_limit` entries of each sort: changes of state, clocks of service levels and
-- deadlines of bookings that have ended. The application cannot, hence the owner's rights.
create or replace function khidma.purge_task_history(p_limit int) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  purged int;
begin
  perform khidma.heed_holds();
  delete from task_state_events where id in (
    select e.id from task_state_events e where e.created_at < now() - khidma.retention_period('task_history') and khidma.forgets_history(e.task_id)
     order by e.created_at limit p_limit for update of e skip locked);
  get diagnostics purged = row_count;
  return json_build_object('entries', purged, 'clocks', khidma.purge_task_clocks(p_limit), 'deadlines', khidma.purge_booking_deadlines(p_limit));
end $$;
