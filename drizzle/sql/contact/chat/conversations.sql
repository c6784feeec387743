-- Opens the conversation of a request for a lead that its client answers (before update of status on lead_requests): the event of the answer
-- names it, and its live object writes into it what was said until then.
create or replace function khidma.open_lead_conversation() returns trigger language plpgsql as $$
declare
  conversation uuid := khidma.uuid_v7();
begin
  insert into conversations (id, kind, lead_request_id) values (conversation, 'booking', new.id);
  insert into conversation_participants (conversation_id, user_id)
  select conversation, p from tasks t cross join unnest(array[t.client_id, new.tasker_id]) p where t.id = new.task_id;
  return new;
end $$;

-- Opens the conversation of a booking, with both of its parties. Where the two have one about the lead that it comes of, that
-- conversation becomes the booking's, so that nothing they have said is lost.
create or replace function khidma.open_conversation(b bookings) returns void language plpgsql as $$
declare
  conversation uuid;
begin
  update conversations set booking_id = b.id where id = (
    select c.id from lead_requests r join conversations c on c.lead_request_id = r.id
     where r.task_id = b.task_id and r.tasker_id = b.tasker_id and r.status = 'accepted' and c.booking_id is null and c.ended_at is null)
  returning id into conversation;
  if conversation is null then
    insert into conversations (id, kind, booking_id) values (khidma.uuid_v7(), 'booking', b.id) returning id into conversation;
    insert into conversation_participants (conversation_id, user_id) values (conversation, b.client_id), (conversation, b.tasker_id);
  end if;
  perform khidma.emit('conversation.opened', 'conversation', conversation, 1,
    jsonb_build_object('conversationId', conversation, 'bookingId', b.id, 'taskId', b.task_id,
      'clientId', b.client_id, 'taskerId', b.tasker_id),
    array[b.client_id, b.tasker_id]);
end $$;

-- Deletes the messages and entries of a conversation that has ended, at most `p_limit` of each; returns how many rows, 0 when
-- done. Files that no row shows any more expire at once instead of after a week.
create or replace function khidma.remove_messages(p_conversation_id uuid, p_limit int) returns int language plpgsql as $$
declare
  files uuid[];
  said int;
  entries int;
begin
  -- The lock waits for a batch that is being archived.
  perform from conversations c where c.id = p_conversation_id and c.ended_at is not null for update;
  if not found then
    return 0;
  end if;
  with gone as (
    delete from messages where ctid = any (array(
      select m.ctid from messages m where m.conversation_id = p_conversation_id order by m.seq limit p_limit)) returning media_id)
  select count(*), coalesce(array_agg(g.media_id) filter (where g.media_id is not null), '{}') into said, files from gone g;
  perform khidma.expire_media(files);
  delete from conversation_entries where ctid = any (array(
    select e.ctid from conversation_entries e where e.conversation_id = p_conversation_id order by e.seq limit p_limit));
  get diagnostics entries = row_count;
  return said + entries;
end $$;

-- Ends conversations: nobody takes part any more, and their messages are deleted by `removals`.
create or replace function khidma.end_conversations(p_ids uuid[]) returns void language plpgsql as $$
begin
  update conversations set ended_at = now() where id = any (p_ids);
  update conversation_participants set removed_at = now() where conversation_id = any (p_ids) and removed_at is null;
  perform khidma.note_removals('conversation', p_ids::text[]);
end $$;
