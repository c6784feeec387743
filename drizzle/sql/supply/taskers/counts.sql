-- Counts an offer that the tasker answered or let expire, in the acceptance rate.
create or replace function khidma.count_answer(p_tasker_id uuid, p_accepted boolean) returns void language plpgsql as $$
begin
  update tasker_profiles set offers_answered = offers_answered + 1, offers_accepted = offers_accepted + p_accepted::int,
         acceptance_rate = (offers_accepted + p_accepted::int)::numeric / (offers_answered + 1)
   where user_id = p_tasker_id;
end $$;

-- Counts a booking that the tasker completed or ended otherwise, in the completion rate.
create or replace function khidma.count_booking(p_tasker_id uuid, p_completed boolean) returns void language plpgsql as $$
begin
  update tasker_profiles set bookings_ended = bookings_ended + 1, bookings_completed = bookings_completed + p_completed::int,
         completion_rate = (bookings_completed + p_completed::int)::numeric / (bookings_ended + 1)
   where user_id = p_tasker_id;
end $$;

-- Sets a tasker's rating to the average of the ratings by clients. The profile's row lock orders two reviews of one tasker.
create or replace function khidma.refresh_rating(p_tasker_id uuid) returns void language plpgsql as $$
begin
  perform 1 from tasker_profiles where user_id = p_tasker_id for update;
  update tasker_profiles set (rating_avg, rating_count) =
    (select round(avg(r.rating), 2), count(*) from reviews r join bookings b on b.id = r.booking_id
      where r.reviewee_id = p_tasker_id and b.tasker_id = p_tasker_id)
   where user_id = p_tasker_id;
end $$;
