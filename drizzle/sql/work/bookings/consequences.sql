create or replace function khidma.booking_consequences() returns trigger language plpgsql as $$
declare
  conversation uuid;
begin
  if new.status = 'accepted' then
    insert into conversations (id, kind, booking_id) values (khidma.uuid_v7(), 'booking', new.id) returning id into conversation;
    insert into conversation_participants (conversation_id, user_id)
    values (conversation, new.client_id), (conversation, new.tasker_id);
    perform khidma.emit('conversation.opened', 'conversation', conversation, 1,
      jsonb_build_object('conversationId', conversation, 'bookingId', new.id, 'taskId', new.task_id,
        'clientId', new.client_id, 'taskerId', new.tasker_id),
      array[new.client_id, new.tasker_id]);
  elsif new.status = 'canceled' then
    update payment_intents set status = 'canceled' where booking_id = new.id and status in ('requires_action', 'authorized');
  end if;
  if new.status = 'completed' and old.status = 'in_progress' then
    update tasker_profiles set bookings_ended = bookings_ended + 1, bookings_completed = bookings_completed + 1,
      completion_rate = (bookings_completed + 1)::numeric / (bookings_ended + 1) where user_id = new.tasker_id;
  elsif new.status = 'canceled' and khidma.actor_id() = new.tasker_id then
    update tasker_profiles set bookings_ended = bookings_ended + 1,
      completion_rate = bookings_completed::numeric / (bookings_ended + 1) where user_id = new.tasker_id;
  end if;
  return null;
end $$;
