create or replace function khidma.guard_review() returns trigger language plpgsql as $$
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

create or replace function khidma.review_consequences() returns trigger language plpgsql as $$
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
