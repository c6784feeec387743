-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'review';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('review', 'created', null, 'pending', 'reviewer', null, 'review.created'),
  ('review', 'publish', 'pending', 'published', 'system', null, 'review.published'),
  ('review', 'hold', 'pending', 'flagged', 'system', null, 'review.flagged'),
  ('review', 'flag', 'published', 'flagged', 'system', null, 'review.flagged'),
  ('review', 'publish', 'flagged', 'published', 'ops', null, 'review.published'),
  ('review', 'publish', 'hidden', 'published', 'ops', null, 'review.published'),
  ('review', 'hide', 'pending', 'hidden', 'ops', null, 'review.hidden'),
  ('review', 'hide', 'published', 'hidden', 'ops', null, 'review.hidden'),
  ('review', 'hide', 'flagged', 'hidden', 'ops', null, 'review.hidden'),
  ('review', 'appeal', 'hidden', 'flagged', 'reviewer', null, 'review.appealed');

-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_review(p_review reviews) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
  elsif p_review.reviewer_id = me then
    return 'reviewer';
  elsif p_review.reviewee_id = me then
    return 'reviewee';
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_review_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of('review', case when tg_op = 'UPDATE' then old.status::text end, new.status::text, khidma.party_in_review(new));
  return new;
end $$;

-- Writes the event of a transition. Other consequences are below.
create or replace function khidma.record_review_transition() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
  made state_transitions := khidma.transition_of('review', was, new.status::text, khidma.party_in_review(new));
  the_reviewer uuid := new.reviewer_id;
  the_reviewee uuid := new.reviewee_id;
begin
  perform khidma.emit(
    made.event, 'review', new.id, new.version,
    jsonb_strip_nulls(jsonb_build_object(
      'from', was,
      'to', new.status,
      'action', made.name,
      'party', made.party,
      'bookingId', new.booking_id,
      'reviewId', new.id,
      'rating', case when new.status = 'published' then new.rating end,
      'reviewerId', the_reviewer,
      'revieweeId', the_reviewee)),
    array[the_reviewer, the_reviewee]);
  return null;
end $$;

create or replace function khidma.review_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.status::text end;
begin
  if new.status = 'pending' and was is null then
    perform khidma.after_review_pending(new);
  end if;
  return null;
end $$;
