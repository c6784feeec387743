-- What follows from a change by itself: closed offers, the conversation, derived rates, reviews that end a task.

create function khidma.task_consequences() returns trigger language plpgsql as $$
begin
  if old.state = 'matching' and new.state <> 'matching' then
    update offers set status = 'withdrawn', answered_at = now() where task_id = new.id and status = 'pending';
  end if;
  if new.state = 'settled' and (select count(*) from reviews r join bookings b on b.id = r.booking_id
                                 where b.task_id = new.id) >= 2 then
    update tasks set state = 'reviewed' where id = new.id;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger d_consequences after update of state on tasks for each row execute function khidma.task_consequences();
--> statement-breakpoint
create function khidma.booking_consequences() returns trigger language plpgsql as $$
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
--> statement-breakpoint
create trigger d_consequences after insert or update of status on bookings
  for each row execute function khidma.booking_consequences();
--> statement-breakpoint
-- An offer that never reached the tasker's device, or that was withdrawn, hurts no rate.
create function khidma.offer_consequences() returns trigger language plpgsql as $$
begin
  if new.status in ('accepted', 'declined') or (new.status = 'expired' and new.delivered_at is not null) then
    update tasker_profiles set offers_answered = offers_answered + 1,
      offers_accepted = offers_accepted + (new.status = 'accepted')::int,
      acceptance_rate = (offers_accepted + (new.status = 'accepted')::int)::numeric / (offers_answered + 1)
      where user_id = new.tasker_id;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger d_consequences after update of status on offers for each row execute function khidma.offer_consequences();
--> statement-breakpoint
create function khidma.guard_review() returns trigger language plpgsql as $$
declare
  booking bookings;
begin
  select * into booking from bookings where id = new.booking_id for share;
  if not found or new.reviewer_id not in (booking.client_id, booking.tasker_id) then
    perform khidma.refuse(404, 'not_found');
  elsif booking.status <> 'completed' then
    perform khidma.refuse(409, 'not_reviewable');
  end if;
  new.reviewee_id := case when new.reviewer_id = booking.client_id then booking.tasker_id else booking.client_id end;
  return new;
end $$;
--> statement-breakpoint
create trigger b_guard before insert on reviews for each row execute function khidma.guard_review();
--> statement-breakpoint
create function khidma.review_consequences() returns trigger language plpgsql as $$
declare
  booking bookings;
begin
  -- The task's row lock orders the two reviews: the second one sees the first.
  select b.* into booking from bookings b join tasks t on t.id = b.task_id where b.id = new.booking_id for update of t;
  if new.reviewee_id = booking.tasker_id then
    perform 1 from tasker_profiles where user_id = new.reviewee_id for update;
    update tasker_profiles set (rating_avg, rating_count) =
      (select round(avg(r.rating), 2), count(*) from reviews r join bookings b on b.id = r.booking_id
        where r.reviewee_id = new.reviewee_id and b.tasker_id = new.reviewee_id)
      where user_id = new.reviewee_id;
  end if;
  perform khidma.emit('review.created', 'review', new.id, 1,
    jsonb_build_object('reviewId', new.id, 'bookingId', new.booking_id, 'taskId', booking.task_id, 'rating', new.rating,
      'reviewerId', new.reviewer_id, 'revieweeId', new.reviewee_id),
    array[booking.client_id, booking.tasker_id]);
  if (select count(*) from reviews where booking_id = new.booking_id) >= 2 then
    update tasks set state = 'reviewed' where id = booking.task_id and state = 'settled';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger d_consequences after insert on reviews for each row execute function khidma.review_consequences();
--> statement-breakpoint
-- `least` passes over null: without an agreed rate the fare would be the whole estimate.
create function khidma.fare_of(p_booking uuid) returns bigint language sql stable as $$
  select case
    when b.agreed_rate_amount is null then null
    when t.pricing_model = 'fixed' then b.agreed_rate_amount
    else least(
      (b.agreed_rate_amount * greatest(b.agreed_minimum_minutes,
         ceil(extract(epoch from b.completed_at - b.started_at) / 60)::int) + 30) / 60,
      coalesce(t.est_max_amount, 9223372036854775807)) end
  from bookings b join tasks t on t.id = b.task_id where b.id = p_booking
$$;
