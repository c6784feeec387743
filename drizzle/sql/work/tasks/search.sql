-- Returns the lexemes of a text with one weight, in every language of the platform and as they are: nobody says which one was written.
create or replace function khidma.text_vector(p_text text, p_weight "char") returns tsvector language plpgsql immutable parallel safe as $$
begin
  return setweight(to_tsvector('simple'::regconfig, p_text) || to_tsvector('english'::regconfig, p_text)
                   || to_tsvector('arabic'::regconfig, p_text) || to_tsvector('russian'::regconfig, p_text)
                   || to_tsvector('hindi'::regconfig, p_text), p_weight);
end $$;

-- Returns what is searched for, in the language of web searches ("quotes", or, -not): in any of those languages, each form once. Null where
-- there is no word in it.
create or replace function khidma.text_query(p_query text) returns tsquery language plpgsql immutable parallel safe as $$
begin
  return (
    select string_agg(distinct q::text, ' | ')::tsquery
      from unnest(array[websearch_to_tsquery('simple'::regconfig, p_query), websearch_to_tsquery('english'::regconfig, p_query),
                        websearch_to_tsquery('arabic'::regconfig, p_query), websearch_to_tsquery('russian'::regconfig, p_query),
                        websearch_to_tsquery('hindi'::regconfig, p_query)]) q
     where numnode(q) > 0);
end $$;

-- Returns whether a vector matches a search: the one condition, for staff over all tasks as for taskers over open ones. Postgres inlines
-- it, so that an index on the vector serves.
create or replace function khidma.matches_text(p_vector tsvector, p_query text) returns boolean language sql immutable parallel safe as $$
  select p_vector @@ khidma.text_query(p_query)
$$;

-- Returns the words of a task by weight: its title (A), its description (B), the names of its categories as they are now (C).
create or replace function khidma.task_vector(t tasks) returns tsvector language plpgsql stable as $$
begin
  return (
    select khidma.text_vector(coalesce(t.title, ''), 'A') || khidma.text_vector(t.description, 'B')
           || khidma.text_vector(coalesce((select string_agg(n.value, ' ' order by c.slug, n.key)
                from task_categories c cross join lateral jsonb_each_text(c.names) n where c.slug in (t.category, t.subcategory)), ''), 'C'));
end $$;

-- Keeps the search vector (before insert or update of what it is made of). Names of categories are those of the last such change.
create or replace function khidma.keep_task_vector() returns trigger language plpgsql as $$
begin
  new.search_vector := khidma.task_vector(new);
  return new;
end $$;

-- Returns the newest tasks that match a search and are not deleted, at most `p_limit`, with their ranks.
--
-- A word that many tasks have must not make a search read them all, and no index has words in the order of time. So `idx_tasks_search` has
-- beside the words of a task the span in which it was created, of some three days: the first five digits of its id. The search asks for
-- spans backwards: for the newest, and each time for as many as should have what is missing. Once those would be more than nine months,
-- as for rare words after the first month, all that is older is asked for at once. The filters are part of the index as well: states by
-- number, as Postgres takes their names for changeable.
create or replace function khidma.newest_matches(p_query text, p_limit int, p_state task_state, p_category text, p_city text)
returns table (id uuid, rank double precision) language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
declare
  wanted tsquery := khidma.text_query(p_query);
  facets text[] := array_remove(array['city:' || lower(p_city), 'state:' || hashenum(p_state)::text, 'category:' || p_category], null);
  -- Behind the newest of the spans that were not asked for.
  span_end int := (select ('x000' || left(t.id::text, 5))::bit(32)::int + 1 from tasks t order by t.id desc limit 1);
  asked int := 0;
  ask_for int := 1;
  found_so_far int := 0;
  found_now int;
begin
  while ask_for > 0 and asked + ask_for <= 90 and span_end > 0 loop
    return query
    select k.id, round(ts_rank(k.search_vector, wanted)::numeric, 4)::double precision
      from (select t.id, t.search_vector from tasks t
             where t.search_vector @@ wanted and t.deleted_at is null
               and array[left(t.id::text, 5), 'city:' || lower(t.city), 'state:' || hashenum(t.state)::text, 'category:' || t.category, 'category:' || t.subcategory]
                   && array(select lpad(to_hex(n), 5, '0') from generate_series(greatest(span_end - ask_for, 0), span_end - 1) n)
               and array[left(t.id::text, 5), 'city:' || lower(t.city), 'state:' || hashenum(t.state)::text, 'category:' || t.category, 'category:' || t.subcategory]
                   @> facets
             order by t.id desc limit p_limit - found_so_far) k;
    get diagnostics found_now = row_count;
    found_so_far := found_so_far + found_now;
    asked := asked + ask_for;
    span_end := span_end - ask_for;
    ask_for := ceil(1.5 * (p_limit - found_so_far) * asked / greatest(found_so_far, 1));
    -- A few days say little about the months before them.
    if asked < 10 then
      ask_for := least(ask_for, 9);
    end if;
  end loop;
  if found_so_far = p_limit or span_end <= 0 then
    return;
  end if;
  -- As a text: it must not be found by the index of ids, which has nearly all of them. To contain nothing would be asked of the whole index.
  if facets = '{}' then
    return query
    select k.id, round(ts_rank(k.search_vector, wanted)::numeric, 4)::double precision
      from (select t.id, t.search_vector from tasks t
             where t.search_vector @@ wanted and t.deleted_at is null
               and left(t.id::text, 5) collate "C" < lpad(to_hex(span_end), 5, '0')
             order by t.id desc limit p_limit - found_so_far) k;
  else
    return query
    select k.id, round(ts_rank(k.search_vector, wanted)::numeric, 4)::double precision
      from (select t.id, t.search_vector from tasks t
             where t.search_vector @@ wanted and t.deleted_at is null
               and left(t.id::text, 5) collate "C" < lpad(to_hex(span_end), 5, '0')
               and array[left(t.id::text, 5), 'city:' || lower(t.city), 'state:' || hashenum(t.state)::text, 'category:' || t.category, 'category:' || t.subcategory]
                   @> facets
             order by t.id desc limit p_limit - found_so_far) k;
  end if;
end $$;
