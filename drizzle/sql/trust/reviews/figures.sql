-- Returns the figures of somebody as of an instant, folded from their published, public reviews. The weight of a review halves with every
-- half-life; the rank mixes in the prior, as if so many reviews with that rating came first.
create or replace function khidma.fold_ratings(p_entity_type text, p_entity_id uuid, p_as_of timestamptz) returns rating_figures
language plpgsql stable as $$
declare
  half_life float8 := khidma.config_value('reviews.half_life_days', null, null, null)::float8;
  prior float8 := khidma.config_value('reviews.prior_rating', null, null, null)::float8;
  prior_reviews float8 := khidma.config_value('reviews.prior_reviews', null, null, null)::float8;
  folded rating_figures;
begin
  folded.entity_type := p_entity_type;
  folded.entity_id := p_entity_id;
  folded.as_of := p_as_of;
  select count(*), coalesce(sum(r.rating), 0),
         array[count(*) filter (where r.rating = 1), count(*) filter (where r.rating = 2), count(*) filter (where r.rating = 3),
               count(*) filter (where r.rating = 4), count(*) filter (where r.rating = 5)],
         coalesce(sum(w.weight), 0), coalesce(sum(w.weight * r.rating), 0)
    into folded.review_count, folded.rating_sum, folded.stars, folded.weight, folded.weighted_sum
    from reviews r,
         lateral (select power(0.5::float8, extract(epoch from p_as_of - r.published_at)::float8 / 86400 / half_life) as weight) w
   where r.entity_type = p_entity_type and r.entity_id = p_entity_id and r.status = 'published' and r.is_public;
  select coalesce(jsonb_object_agg(c.name, jsonb_build_object('count', c.count, 'sum', c.sum)), '{}') into folded.criteria
    from (select s.key as name, count(*) as count, sum(s.value::int) as sum
            from reviews r, jsonb_each_text(r.criteria) s
           where r.entity_type = p_entity_type and r.entity_id = p_entity_id and r.status = 'published' and r.is_public
           group by s.key) c;
  folded.rank := round(((prior_reviews * prior + folded.weighted_sum) / (prior_reviews + folded.weight))::numeric, 4);
  return folded;
end $$;

-- Folds the kept figures of somebody anew. The row's lock orders two changes about the same person; a tasker's profile repeats what
-- matching and the directory sort by.
create or replace function khidma.refresh_figures(p_entity_type text, p_entity_id uuid) returns void language plpgsql as $$
declare
  f rating_figures;
begin
  insert into rating_figures (entity_type, entity_id) values (p_entity_type, p_entity_id) on conflict do nothing;
  perform from rating_figures where entity_type = p_entity_type and entity_id = p_entity_id for update;
  f := khidma.fold_ratings(p_entity_type, p_entity_id, now());
  update rating_figures
     set review_count = f.review_count, rating_sum = f.rating_sum, stars = f.stars, criteria = f.criteria, weight = f.weight,
         weighted_sum = f.weighted_sum, rank = f.rank, as_of = f.as_of
   where entity_type = p_entity_type and entity_id = p_entity_id;
  if p_entity_type = 'professional' then
    perform khidma.set_rating(p_entity_id, case when f.review_count > 0 then round(f.rating_sum::numeric / f.review_count, 2) else 0 end,
      f.review_count, case when f.review_count > 0 then f.rank else 0 end);
  end if;
end $$;

-- Folds the figures of the reviewed after a change of what counts in them.
create or replace function khidma.follow_rating() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.status = 'published' and old.is_public then
    perform khidma.refresh_figures(old.entity_type, old.entity_id);
  elsif tg_op <> 'DELETE' and new.status = 'published' and new.is_public then
    perform khidma.refresh_figures(new.entity_type, new.entity_id);
  end if;
  return null;
end $$;

-- Folds figures that are a week old, since weights fall with time, at most `p_limit`; returns how many.
create or replace function khidma.refresh_old_figures(p_limit int) returns int language plpgsql as $$
declare
  f rating_figures;
  refreshed int := 0;
begin
  for f in select * from rating_figures where as_of < now() - interval '7 days' order by as_of limit p_limit for update skip locked loop
    perform khidma.refresh_figures(f.entity_type, f.entity_id);
    refreshed := refreshed + 1;
  end loop;
  return refreshed;
end $$;
