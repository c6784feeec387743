-- Signs that published reviews are not honest. A signal is a row and a case for moderation; it hides nothing, and counts in no figure. The
-- job takes reviews from a queue that their publication fills, so that each is looked at once, and looks at no more rows than named here.

-- Queues a review that is published for the first time (after update of status on reviews).
create or replace function khidma.queue_for_signals() returns trigger language plpgsql as $$
begin
  insert into review_signal_queue (review_id) values (new.id) on conflict do nothing;
  return null;
end $$;

-- Returns the hash of a device from which both people have signed in, null for none; the ids of devices leave their tables as hashes only.
create or replace function khidma.device_shared_by(p_a uuid, p_b uuid) returns text language plpgsql stable as $$
begin
  return (
    with of_a as (select s.device_id from sessions s where s.user_id = p_a and s.device_id is not null
                  union select d.device_id from user_devices d where d.user_id = p_a),
         of_b as (select s.device_id from sessions s where s.user_id = p_b and s.device_id is not null
                  union select d.device_id from user_devices d where d.user_id = p_b)
    select khidma.text_sha256(a.device_id) from of_a a join of_b b on b.device_id = a.device_id order by 1 limit 1);
end $$;

-- Returns whether two people have each reviewed the other as a professional: each was the other's client. That both sides of one booking
-- review each other is usual, and no sign.
create or replace function khidma.is_mutual(p_a uuid, p_b uuid, p_since timestamptz) returns boolean language plpgsql stable as $$
begin
  return (
    select exists (select from reviews r where r.reviewer_id = p_a and r.reviewee_id = p_b and r.entity_type = 'professional'
                      and r.status in ('published', 'flagged') and r.submitted_at > p_since)
       and exists (select from reviews r where r.reviewer_id = p_b and r.reviewee_id = p_a and r.entity_type = 'professional'
                      and r.status in ('published', 'flagged') and r.submitted_at > p_since));
end $$;

-- Returns the people with whom a person exchanged reviews since an instant; of the last 200 each way, so that those who work a lot cost
-- little: whoever has more is in no ring.
create or replace function khidma.review_partners(p_user uuid, p_since timestamptz) returns setof uuid language sql stable as $$
  select reviewee_id from (select r.reviewee_id from reviews r
    where r.reviewer_id = p_user and r.status in ('published', 'flagged') and r.submitted_at > p_since order by r.id desc limit 200) given
  union
  select reviewer_id from (select r.reviewer_id from reviews r
    where r.reviewee_id = p_user and r.status in ('published', 'flagged') and r.submitted_at > p_since order by r.id desc limit 200) got
$$;

-- Returns how many people are in the ring of a person, null for none: three or more, at most `p_most`, who exchanged reviews among
-- themselves alone, each with two others at least. The clients of a new tasker are no ring: each of them knows the tasker only.
create or replace function khidma.ring_of(p_user uuid, p_since timestamptz, p_most int) returns int language plpgsql stable as $$
declare
  members uuid[] := array[p_user];
  partners uuid[];
  place int := 1;
begin
  while place <= cardinality(members) loop
    partners := array(select p from khidma.review_partners(members[place], p_since) p);
    if cardinality(partners) < 2 or cardinality(partners) >= p_most then
      return null;
    end if;
    members := members || array(select p from unnest(partners) p where p <> all (members));
    if cardinality(members) > p_most then
      return null;
    end if;
    place := place + 1;
  end loop;
  return cardinality(members);
end $$;

-- Returns how many reviews somebody got within the hours before an instant and how many are usual in as many, by the 90 days before; null
-- where that is no burst. At most 1000 rows.
create or replace function khidma.burst_of(r reviews, p_rule jsonb) returns jsonb language plpgsql stable as $$
begin
  return (
    with latest as (
      select l.submitted_at from reviews l
       where l.entity_type = r.entity_type and l.entity_id = r.entity_id and l.id <= r.id and l.status in ('published', 'flagged')
       order by l.id desc limit 1000
    ), counted as (
      select count(*) filter (where l.submitted_at > r.submitted_at - make_interval(hours => (p_rule ->> 'hours')::int)) as got,
             count(*) filter (where l.submitted_at <= r.submitted_at - make_interval(hours => (p_rule ->> 'hours')::int)
                                and l.submitted_at > r.submitted_at - interval '90 days') * (p_rule ->> 'hours')::numeric / (90 * 24) as usual
        from latest l
    )
    select jsonb_build_object('reviews', c.got, 'hours', (p_rule ->> 'hours')::int, 'usual', round(c.usual, 2))
      from counted c where c.got >= (p_rule ->> 'least')::int and c.got >= (p_rule ->> 'factor')::numeric * c.usual);
end $$;

-- Looks for the signs of a published review, of the kinds that are wanted, and brings it before moderation where there is a new one.
create or replace function khidma.judge_review_signals(p_review uuid) returns int language plpgsql as $$
declare
  r reviews;
  wanted jsonb := khidma.config_value('reviews.signal_kinds', null, null, null);
  ring jsonb := khidma.config_value('reviews.signal_ring', null, null, null);
  since timestamptz := now() - make_interval(days => (ring ->> 'days')::int);
  found_here jsonb := '{}';
  device text;
  people int;
  burst jsonb;
  made int;
begin
  select * into r from reviews where id = p_review and status in ('published', 'flagged');
  if r.id is null then
    return 0;
  end if;
  if wanted ? 'same_device' then
    device := khidma.device_shared_by(r.reviewer_id, r.reviewee_id);
    if device is not null then
      found_here := found_here || jsonb_build_object('same_device', jsonb_build_object('deviceSha256', device));
    end if;
  end if;
  if wanted ? 'mutual' and khidma.is_mutual(r.reviewer_id, r.reviewee_id, since) then
    found_here := found_here || '{"mutual": {"people": 2}}';
  end if;
  if wanted ? 'ring' then
    people := khidma.ring_of(r.reviewer_id, since, (ring ->> 'people')::int);
    if people >= 3 then
      found_here := found_here || jsonb_build_object('ring', jsonb_build_object('people', people));
    end if;
  end if;
  if wanted ? 'burst' then
    burst := khidma.burst_of(r, khidma.config_value('reviews.signal_burst', null, null, null));
    if burst is not null then
      found_here := found_here || jsonb_build_object('burst', burst);
    end if;
  end if;
  insert into review_signals (id, review_id, kind, details)
  select khidma.uuid_v7(), r.id, f.key, f.value from jsonb_each(found_here) f on conflict (review_id, kind) do nothing;
  get diagnostics made = row_count;
  if made > 0 then
    perform khidma.open_case('moderation', 'review', r.id, 'moderation', null);
  end if;
  return made;
end $$;

-- Looks at published reviews that wait for it, the first ones first, at most `p_limit`; what another run has taken is left to it.
create or replace function khidma.find_review_signals(p_limit int) returns json language plpgsql as $$
declare
  taken uuid;
  looked int := 0;
  made int := 0;
begin
  for taken in
    delete from review_signal_queue where review_id in (
      select q.review_id from review_signal_queue q order by q.queued_at limit p_limit for update skip locked) returning review_id
  loop
    looked := looked + 1;
    made := made + khidma.judge_review_signals(taken);
  end loop;
  return json_build_object('reviews', looked, 'signals', made);
end $$;

-- Notes that staff have decided on a review: its signals are decided with it, and no case is left open (after update of status on reviews).
create or replace function khidma.follow_review_decision() returns trigger language plpgsql as $$
begin
  if khidma.actor_role() in ('ops', 'admin') then
    update review_signals set decided_at = now(), decided_by = khidma.actor_id() where review_id = new.id and decided_at is null;
    if found then
      perform khidma.close_case('moderation', new.id, new.status::text);
    end if;
  end if;
  return null;
end $$;

-- Decides that the open signals of a review mean nothing: it stays as it is. The same kind is not found again.
create or replace function khidma.dismiss_review_signals(p_review uuid) returns void language plpgsql as $$
declare
  r reviews;
begin
  select * into r from reviews where id = p_review for no key update;
  if r.id is null then
    perform khidma.refuse(404, 'not_found');
  end if;
  update review_signals set decided_at = now(), decided_by = khidma.actor_id() where review_id = p_review and decided_at is null;
  if not found then
    perform khidma.refuse(409, 'no_open_signals');
  elsif r.status <> 'flagged' then
    perform khidma.close_case('moderation', p_review, 'dismissed');
  end if;
end $$;

-- Signals whose period is over.
create or replace function khidma.purge_review_signals(p_limit int) returns json language plpgsql as $$
declare
  signals int;
begin
  delete from review_signals where ctid = any (array(
    select s.ctid from review_signals s where s.created_at < now() - khidma.retention_period('review_signals')
     order by s.created_at limit p_limit for update skip locked));
  get diagnostics signals = row_count;
  return json_build_object('signals', signals);
end $$;
