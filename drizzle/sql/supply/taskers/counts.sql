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

-- Repeats the figures of a tasker's reviews in the profile, which matching and the directory sort by. Writes nothing where they are the same.
create or replace function khidma.set_rating(p_tasker_id uuid, p_average numeric, p_count int, p_rank numeric) returns void language plpgsql as $$
begin
  update tasker_profiles set rating_avg = p_average, rating_count = p_count, rating_rank = p_rank
   where user_id = p_tasker_id and (rating_avg, rating_count, rating_rank) is distinct from (p_average, p_count, p_rank);
end $$;

-- Moves a tasker to at risk, or back, in the name of the rules of conduct.
create or replace function khidma.move_tasker_by_rule(p_tasker_id uuid, p_status tasker_status, p_reason text) returns void language plpgsql as $$
begin
  perform khidma.give_reason(p_reason);
  update tasker_profiles set status = p_status where user_id = p_tasker_id;
  perform khidma.give_reason('');
end $$;
