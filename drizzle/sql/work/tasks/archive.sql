-- Returns whether an old task must stay as it is: a party, or a participant of its conversation, is under legal hold, or a
-- dispute is not decided.
create or replace function khidma.task_is_kept(p_task_id uuid) returns boolean language sql stable as $$
  select exists (select from tasks t join users u on u.id = t.client_id and u.legal_hold where t.id = p_task_id)
      or exists (select from bookings b join users u on u.id in (b.client_id, b.tasker_id) and u.legal_hold where b.task_id = p_task_id)
      or exists (select from bookings b join conversations c on c.booking_id = b.id
                   join conversation_participants p on p.conversation_id = c.id join users u on u.id = p.user_id and u.legal_hold
                  where b.task_id = p_task_id)
      or exists (select from disputes d join bookings b on b.id = d.booking_id
                  where b.task_id = p_task_id and d.status in ('open', 'investigating', 'escalated'))
$$;

-- Archives tasks that ended a period ago: they keep what the ledger needs and lose free text and the address. Their conversation
-- ends, and its messages are deleted by `removals`. Reasons are in histories that the application cannot write to, hence the
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
     order by t.updated_at limit p_limit for update skip locked) old;
  select coalesce(array_agg(b.id), '{}') into booked from (
    select b.id from bookings b where b.task_id = any (ids) for update skip locked) b;
  select coalesce(array_agg(c.id), '{}') into rooms from (
    select c.id from conversations c where c.booking_id = any (booked) for update skip locked) c;
  -- The locks keep everybody from joining, disputing and writing from here on: checks again what has changed meanwhile.
  select coalesce(array_agg(t.id), '{}') into ids from tasks t
   where t.id = any (ids) and not khidma.task_is_kept(t.id)
     and not exists (select from bookings b left join conversations c on c.booking_id = b.id
                      where b.task_id = t.id and (b.id <> all (booked) or c.id <> all (rooms)));
  select coalesce(array_agg(b.id), '{}') into booked from bookings b where b.task_id = any (ids);
  select coalesce(array_agg(c.id), '{}') into rooms from conversations c where c.booking_id = any (booked);
  update conversations set ended_at = now() where id = any (rooms);
  update conversation_participants set removed_at = now() where conversation_id = any (rooms) and removed_at is null;
  perform khidma.note_removals('conversation', rooms::text[]);
  delete from task_candidates where task_id = any (ids);
  update task_state_events set reason = null where task_id = any (ids) and reason is not null;
  update booking_events set meta = meta - 'reason' where booking_id = any (booked) and meta ? 'reason';
  update bookings set cancel_reason = null where id = any (booked) and cancel_reason is not null;
  update tasks set description = '[archived]', address = '[archived]', district = null,
                   lat = round(lat::numeric, 1), lng = round(lng::numeric, 1), structured_inputs = '{}' where id = any (ids);
  -- One entry without the old values, which the triggers leave out.
  insert into audit_log (id, actor_user_id, actor_role, action, target_type, target_id, subject_user_id, module, request_id, meta)
  select khidma.uuid_v7(), khidma.actor_id(), coalesce(khidma.actor_role(), 'database'), 'tasks.archive', 'tasks', t.id::text, t.client_id,
         'tasks', khidma.request_id(), '{}' from tasks t where t.id = any (ids);
  return json_build_object('tasks', cardinality(ids), 'conversations', cardinality(rooms));
end $$;
