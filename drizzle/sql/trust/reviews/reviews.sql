-- Returns when the time to review a booking ends: some days after its last completion (a dispute may have completed it again).
create or replace function khidma.review_window_end(b bookings) returns timestamptz language plpgsql stable as $$
begin
  return (
    select greatest(b.completed_at, (select max(e.created_at) from booking_events e where e.booking_id = b.id and e.to_status = 'completed'))
      + make_interval(days => khidma.config_of_task('reviews.window_days', b.task_id)::int));
end $$;

-- Returns whether a review can be read by others than its author: it is published, or its instant has passed and the job has not collected
-- it. Those that wait for staff, or will, cannot.
create or replace function khidma.is_review_open(r reviews) returns boolean language sql stable as $$
  select r.status = 'published' or (r.status = 'pending' and r.publishes_at <= now() and not r.screened)
$$;

-- Completes a new review with what follows from its booking. Refuses a stranger (404), a booking that is not completed, a time that is over,
-- and a review by somebody who can read that of the other side already.
create or replace function khidma.guard_review() returns trigger language plpgsql as $$
declare
  b bookings;
  ends timestamptz;
begin
  select * into b from bookings where id = new.booking_id for share;
  if not found or new.reviewer_id not in (b.client_id, b.tasker_id) then
    perform khidma.refuse(404, 'not_found');
  elsif b.status <> 'completed' then
    perform khidma.refuse(409, 'not_reviewable');
  end if;
  ends := coalesce(khidma.review_window_end(b), now() + make_interval(days => khidma.config_of_task('reviews.window_days', b.task_id)::int));
  if not exists (select from reviews r where r.booking_id = b.id and r.reviewer_id = new.reviewer_id)
    and (ends <= now() or exists (select from reviews r where r.booking_id = b.id and (r.published_at is not null or khidma.is_review_open(r))))
  then
    perform khidma.refuse(409, 'review_window_over', jsonb_build_object('endedAt', least(ends, now())));
  end if;
  new.reviewee_id := case when new.reviewer_id = b.client_id then b.tasker_id else b.client_id end;
  new.entity_id := new.reviewee_id;
  new.entity_type := case when new.reviewee_id = b.tasker_id then 'professional'
    when exists (select from company_profiles c where c.user_id = new.reviewee_id) then 'company' else 'client' end;
  new.contract_id := (select c.id from contracts c where c.booking_id = b.id and c.status <> 'draft' order by c.id desc limit 1);
  new.publishes_at := ends;
  new.edit_until := now() + make_interval(hours => khidma.config_of_task('reviews.edit_hours', b.task_id)::int);
  return new;
end $$;

-- Returns the key of the criteria by which somebody is reviewed.
create or replace function khidma.criteria_key(p_entity_type text) returns text language sql immutable as $$
  select 'reviews.criteria_of_' || case p_entity_type when 'professional' then 'professionals' when 'company' then 'companies' else 'clients' end
$$;

-- Refuses scores by criteria that are not asked for. What was scored stays when configuration changes.
create or replace function khidma.guard_criteria() returns trigger language plpgsql as $$
declare
  asked jsonb;
begin
  if new.criteria = '{}' then
    return new;
  end if;
  select khidma.config_of_task(khidma.criteria_key(new.entity_type), b.task_id) into asked from bookings b where b.id = new.booking_id;
  if exists (select from jsonb_object_keys(new.criteria) k where not asked ? k) then
    perform khidma.refuse(422, 'criteria_not_asked', jsonb_build_object('criteria', (select string_agg(a, ', ') from jsonb_array_elements_text(asked) a)));
  end if;
  return new;
end $$;

-- Stamps the first publication of a review, and the decisions of staff.
create or replace function khidma.stamp_review() returns trigger language plpgsql as $$
begin
  if new.status = old.status then
    return new;
  end if;
  if new.status = 'published' and new.published_at is null then
    new.published_at := now();
  end if;
  if khidma.actor_role() in ('ops', 'admin') and pg_trigger_depth() = 1 then
    new.moderated_at := now();
    new.moderated_by := khidma.actor_id();
    new.hidden_reason := case when new.status = 'hidden' then nullif(current_setting('khidma.reason', true), '') end;
  end if;
  return new;
end $$;

-- Publishes a pending review, or holds it back for staff where the word filter has marked it. Nothing where another has done it.
create or replace function khidma.publish_review(p_id uuid) returns void language plpgsql as $$
begin
  update reviews set status = case when screened then 'flagged' else 'published' end::review_status where id = p_id and status = 'pending';
end $$;

-- Publishes both reviews once the second one is written, and ends the task where it is settled. The task's row lock orders the two: the
-- second one sees the first. Reviews are published in the order of whom they are about, as the job does it: both lock figures in that order.
create or replace function khidma.after_review_pending(r reviews) returns void language plpgsql as $$
declare
  the_task uuid;
  each_id uuid;
begin
  select t.id into the_task from bookings b join tasks t on t.id = b.task_id where b.id = r.booking_id for update of t;
  if (select count(*) from reviews o where o.booking_id = r.booking_id) < 2 then
    return;
  end if;
  for each_id in select o.id from reviews o where o.booking_id = r.booking_id and o.status = 'pending' order by o.entity_type, o.entity_id loop
    perform khidma.publish_review(each_id);
  end loop;
  perform khidma.end_reviewed_task(the_task);
end $$;

-- Publishes reviews whose instant has passed, at most `p_limit`; returns how many. Everybody reads them already.
create or replace function khidma.publish_due_reviews(p_limit int) returns int language plpgsql as $$
declare
  due uuid[];
  each_id uuid;
begin
  due := array(select r.id from reviews r where r.status = 'pending' and r.publishes_at <= now()
                order by r.publishes_at limit p_limit for no key update skip locked);
  for each_id in select r.id from reviews r where r.id = any (due) order by r.entity_type, r.entity_id loop
    perform khidma.publish_review(each_id);
  end loop;
  return cardinality(due);
end $$;

-- Locks a review that its author changes. Refuses others, another version, one that staff have or
-- that can be changed no more, and scores once it can be read: nobody answers a bad review with a worse one.
create or replace function khidma.begin_review_edit(p_id uuid, p_version int, p_scores boolean) returns void language plpgsql as $$
declare
  r reviews;
begin
  perform khidma.assert_review_side(p_id, 'reviewer');
  select * into strict r from reviews where id = p_id for no key update;
  perform khidma.assert_version(r.version, p_version);
  if r.status not in ('pending', 'published') or khidma.is_review_open(r) and r.edit_until <= now() then
    perform khidma.refuse(409, 'review_not_editable', jsonb_build_object('status', r.status, 'editUntil', r.edit_until));
  elsif p_scores and khidma.is_review_open(r) then
    perform khidma.refuse(409, 'review_scores_sealed');
  end if;
end $$;

-- Refuses everybody but one side of a review: the other side with 403, strangers with 404.
create or replace function khidma.assert_review_side(p_id uuid, p_party text) returns void language plpgsql as $$
declare
  mine text := (select khidma.party_in_review(r) from reviews r where r.id = p_id);
begin
  if mine is null then
    perform khidma.refuse(404, 'not_found');
  elsif mine <> p_party then
    perform khidma.refuse(403, 'forbidden');
  end if;
end $$;

-- Replaces the photos of a review.
create or replace function khidma.set_review_photos(p_id uuid, p_media_ids uuid[]) returns void language plpgsql as $$
begin
  delete from review_photos where review_id = p_id;
  insert into review_photos (review_id, position, media_id)
  select p_id, m.position, m.id from unnest(p_media_ids) with ordinality m (id, position);
end $$;
