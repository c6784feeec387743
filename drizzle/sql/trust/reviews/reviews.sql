-- Refuses a review by a stranger or of a booking that is not completed, and sets the reviewee to the other party.
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

-- Refreshes the rating of a reviewed tasker, emits the event, and ends the task where both parties have reviewed. The task's row
-- lock orders the two reviews: the second one sees the first.
create or replace function khidma.after_review_created(r reviews) returns void language plpgsql as $$
declare
  booking bookings;
begin
  select b.* into booking from bookings b join tasks t on t.id = b.task_id where b.id = r.booking_id for update of t;
  if r.reviewee_id = booking.tasker_id then
    perform khidma.refresh_rating(r.reviewee_id);
  end if;
  perform khidma.emit('review.created', 'review', r.id, 1,
    jsonb_build_object('reviewId', r.id, 'bookingId', r.booking_id, 'taskId', booking.task_id, 'rating', r.rating,
      'reviewerId', r.reviewer_id, 'revieweeId', r.reviewee_id),
    array[booking.client_id, booking.tasker_id]);
  if (select count(*) from reviews o where o.booking_id = r.booking_id) >= 2 then
    perform khidma.end_reviewed_task(booking.task_id);
  end if;
end $$;

-- Calls the consequences of a new review.
create or replace function khidma.review_consequences() returns trigger language plpgsql as $$
begin
  perform khidma.after_review_created(new);
  return null;
end $$;
