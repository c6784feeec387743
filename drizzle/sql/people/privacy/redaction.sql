-- Returns the redacted terms of a user: names, addresses and numbers by which texts of others may name them, of four characters
-- at least.
create or replace function khidma.identifiers_of(p_user_id uuid) returns text[] language plpgsql stable as $$
begin
  return (
    select coalesce(array_agg(distinct w.word order by w.word), '{}') from (
      select unnest(array[u.email, u.username, u.full_name]) from users u where u.id = p_user_id
      union all select s.* from users u, khidma.spellings_of(u.phone) s where u.id = p_user_id
      union all select display_name from client_profiles where user_id = p_user_id
      union all select display_name from candidate_profiles where user_id = p_user_id
      union all select unnest(array[contact_person_name, email]) from company_profiles where user_id = p_user_id
      union all select s.* from company_profiles c, khidma.spellings_of(c.phone) s where c.user_id = p_user_id
    ) w (word) where length(trim(w.word)) >= 4);
end $$;

-- Returns the spellings of a phone number: with its country code, as dialled from abroad, and as dialled at home.
create or replace function khidma.spellings_of(p_phone text) returns setof text language sql immutable parallel safe as $$
  select unnest(array[digits, '00' || digits, '0' || national, national])
    from (select ltrim(p_phone, '+'), regexp_replace(p_phone, '^\+(20|233|234|91|996)', '')) n (digits, national)
   where p_phone is not null
$$;

-- Returns a pattern that finds any of the redacted terms as whole words, whatever their case, and numbers however they are
-- grouped. Null for none.
create or replace function khidma.pattern_of(p_words text[]) returns text language plpgsql immutable parallel safe as $$
begin
  return (
    select '(?<![[:alnum:]])(' || string_agg(case when w ~ '^[0-9]{7,}$' then '\+?' || regexp_replace(w, '(.)(?=.)', '\1[ .()/-]*', 'g')
                                              else regexp_replace(w, '([].*+?^${}()|\\[])', '\\\1', 'g') end, '|' order by length(w) desc, w)
           || ')(?![[:alnum:]])' from unnest(p_words) w);
end $$;

-- Returns whether a text contains any of the redacted terms.
create or replace function khidma.names_any(p_text text, p_words text[]) returns boolean language sql immutable parallel safe as $$
  select coalesce(p_text ~* khidma.pattern_of(p_words), false)
$$;

-- Returns the pattern of those terms that have a number of characters; for none of them one that is found nowhere.
create or replace function khidma.pattern_of(p_words text[], p_length int4range) returns text language plpgsql immutable parallel safe as $$
begin
  return coalesce(khidma.pattern_of((select array_agg(w) from unnest(p_words) w where length(w) <@ p_length)), '$.');
end $$;

-- Replaces the redacted terms in a text by `[erased]`, and those that are shorter than that by `***`: a text at the limit of its
-- column stays within it.
create or replace function khidma.mask(p_text text, p_words text[]) returns text language sql immutable parallel safe as $$
  select regexp_replace(regexp_replace(p_text, khidma.pattern_of(p_words, '[8,)'), '[erased]', 'gi'),
                        khidma.pattern_of(p_words, '(,8)'), '***', 'gi')
$$;

-- Replaces the redacted terms in every text of a JSON value; its keys are ours and stay.
create or replace function khidma.mask(p_json jsonb, p_words text[]) returns jsonb language plpgsql immutable parallel safe as $$
begin
  return case jsonb_typeof(p_json)
    when 'string' then to_jsonb(khidma.mask(p_json #>> '{}', p_words))
    when 'array' then (select coalesce(jsonb_agg(khidma.mask(e.value, p_words) order by e.ordinality), '[]')
                         from jsonb_array_elements(p_json) with ordinality e)
    when 'object' then (select coalesce(jsonb_object_agg(e.key, khidma.mask(e.value, p_words)), '{}') from jsonb_each(p_json) e)
    else p_json end;
end $$;

-- Removes reasons from the history of a user's tasks and bookings during their erasure: all that they gave, and those of others that
-- name them. At most `p_limit` of each; returns how many, 0 when done. The pattern is compiled once, not for every row.
create or replace function khidma.redact_history(p_user_id uuid, p_words text[], p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pattern text := khidma.pattern_of(p_words);
begin
  if not exists (select from users u where u.id = p_user_id and u.erased_at is not null) then
    raise exception 'only for who is being erased' using errcode = 'restrict_violation';
  end if;
  return khidma.redact_task_history(p_user_id, pattern, p_limit) + khidma.redact_booking_history(p_user_id, pattern, p_limit);
end $$;
