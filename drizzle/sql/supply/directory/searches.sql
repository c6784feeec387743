-- Keeps what was searched for, without whoever searched: the day and no time, and an id that tells none either.
create or replace function khidma.count_search(p_term text, p_filters jsonb, p_results int) returns boolean language plpgsql as $$
begin
  insert into directory_searches (id, day, term, filters, results)
  values (gen_random_uuid(), (now() at time zone 'UTC')::date, p_term, p_filters, p_results);
  return true;
end $$;

-- Searches whose period is over.
create or replace function khidma.purge_searches(p_limit int) returns json language plpgsql as $$
declare
  searches int;
begin
  delete from directory_searches where ctid = any (array(
    select s.ctid from directory_searches s where s.day < now() - khidma.retention_period('directory_searches')
     order by s.day limit p_limit for update skip locked));
  get diagnostics searches = row_count;
  return json_build_object('searches', searches);
end $$;
