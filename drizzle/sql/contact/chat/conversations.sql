-- Opens the conversation of a booking, with both of its parties.
create or replace function khidma.open_conversation(b bookings) returns void language plpgsql as $$
declare
  conversation uuid;
begin
  insert into conversations (id, kind, booking_id) values (khidma.uuid_v7(), 'booking', b.id) returning id into conversation;
  insert into conversation_participants (conversation_id, user_id) values (conversation, b.client_id), (conversation, b.tasker_id);
  perform khidma.emit('conversation.opened', 'conversation', conversation, 1,
    jsonb_build_object('conversationId', conversation, 'bookingId', b.id, 'taskId', b.task_id,
      'clientId', b.client_id, 'taskerId', b.tasker_id),
    array[b.client_id, b.tasker_id]);
end $$;
