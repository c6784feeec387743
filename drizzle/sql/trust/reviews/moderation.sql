-- Refuses an answer of others than the reviewed, or to a review that they cannot read yet.
create or replace function khidma.guard_review_answer() returns trigger language plpgsql as $$
begin
  perform khidma.assert_review_side(new.review_id, 'reviewee');
  if not exists (select from reviews r where r.id = new.review_id and khidma.is_review_open(r)) then
    perform khidma.refuse(404, 'not_found');
  end if;
  return new;
end $$;

-- Tells the author of a review that it was answered.
create or replace function khidma.after_review_answered() returns trigger language plpgsql as $$
begin
  perform khidma.emit('review.answered', 'review', r.id, r.version,
    jsonb_build_object('reviewId', r.id, 'bookingId', r.booking_id, 'reviewerId', r.reviewer_id, 'revieweeId', r.reviewee_id),
    array[r.reviewer_id]) from reviews r where r.id = new.review_id;
  return null;
end $$;

-- Refuses a flag by somebody who cannot read the review (404), or of one's own review (403).
create or replace function khidma.guard_review_flag() returns trigger language plpgsql as $$
declare
  r reviews;
begin
  select * into r from reviews where id = new.review_id;
  if r.id is null or not khidma.may_read_review(r, new.user_id) then
    perform khidma.refuse(404, 'not_found');
  elsif r.reviewer_id = new.user_id then
    perform khidma.refuse(403, 'forbidden');
  end if;
  return new;
end $$;

-- Sends a review to moderation once enough readers have flagged it. The review is locked only while it can still be moved by flags, and no
-- more of them are counted than decide: the ten-thousandth flag costs what the first one did. Its own reviewed person alone is not enough.
create or replace function khidma.follow_review_flags() returns trigger language plpgsql as $$
declare
  r reviews;
  needed int;
begin
  perform from reviews where id = new.review_id and status = 'published' and moderated_at is null;
  if not found then
    return null;
  end if;
  select * into r from reviews where id = new.review_id for no key update;
  if r.status <> 'published' or r.moderated_at is not null then
    return null;
  end if;
  select khidma.config_of_task('reviews.flags_to_moderation', b.task_id)::int into needed from bookings b where b.id = r.booking_id;
  if (select count(*) from (select from review_flags f where f.review_id = r.id limit needed) f) >= needed then
    update reviews set status = 'flagged' where id = r.id;
  end if;
  return null;
end $$;

-- Sends a published review to moderation whose changed text the word filter has marked.
create or replace function khidma.follow_screening() returns trigger language plpgsql as $$
begin
  update reviews set status = 'flagged' where id = new.id;
  return null;
end $$;

-- Refuses a second appeal. Only the author of a hidden review has one (the machine).
create or replace function khidma.begin_review_appeal(p_id uuid) returns void language plpgsql as $$
declare
  r reviews;
begin
  perform khidma.assert_review_side(p_id, 'reviewer');
  select * into strict r from reviews where id = p_id for no key update;
  if r.appealed_at is not null then
    perform khidma.refuse(409, 'already_appealed');
  end if;
end $$;
